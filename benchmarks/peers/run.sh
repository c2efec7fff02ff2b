#!/usr/bin/env bash
# Builds what is not up to date, measures, and prints the tables; see README.md.
#   ./run.sh [latency|storm|order|shutdown|first|all|selftest] [[name=]command ...] [-- [name=]command ...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
part=${1:-all}
[ $# -eq 0 ] || shift
case $part in
    latency | storm | order | shutdown | first | all) ;;
    selftest)
        "$here/build.sh" >&2
        exec python3 "$here/driver/selftest.py"
        ;;
    *)
        sed -n 's/^#   //p' "$0" >&2
        exit 2
        ;;
esac

"$here/build.sh" >&2
exec python3 "$here/driver/drive.py" "$part" "$@"
