#!/usr/bin/env bash
# Builds everything into artifacts/bin, as far as it is not up to date. Peers whose tools are not installed are skipped; the driver, and the
# library's own side, have to build. `rm -r artifacts` makes it start from nothing.
set -u
cd "$(dirname "$0")"
bin=$PWD/artifacts/bin
stamps=$PWD/artifacts/stamps
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
mkdir -p "$bin" "$stamps"

for tool in gcc dotnet python3; do
    if ! command -v $tool >/dev/null; then
        echo "$tool is missing; nothing can be measured without it." >&2
        exit 1
    fi
done

loudly() {
    printf '\n!!! %s\n\n' "$*" >&2
}

# is_fresh NAME SOURCE...: was it built after the last change of its sources?
is_fresh() {
    local stamp=$stamps/$1
    shift
    [ -e "$stamp" ] && [ -z "$(find "$@" -newer "$stamp" -print -quit)" ]
}

# build NAME PRODUCT TOOL SOURCES COMMAND...: a peer that may be missing. What was built before does not stay when it fails.
build() {
    local name=$1 product=$2 tool=$3 sources=$4
    shift 4
    # Several sources in one argument.
    # shellcheck disable=SC2086
    if [ -e "$bin/$product" ] && is_fresh "$name" $sources; then
        return
    fi

    rm -rf "${bin:?}/$product" "$stamps/$name"
    if ! command -v "$tool" >/dev/null; then
        loudly "SKIPPED: $name. $tool is not installed."
    elif "$@" && [ -e "$bin/$product" ]; then
        touch "$stamps/$name"
    else
        loudly "SKIPPED: $name. It did not build; see above."
    fi
}

build_c() {
    gcc -O2 -Wall -Wextra -pthread -o "$bin/$1" "$2" -lrt
}

# No network: it has no modules beside the standard library's.
build_go() {
    (cd go && CGO_ENABLED=0 go build -o "$bin/go-peer" .)
}

# rust/.cargo/config.toml takes the crates from Debian's packages, and no network.
build_rust() {
    (cd rust && CARGO_TARGET_DIR=../artifacts/cargo cargo build --release --quiet --package "$1") && cp "artifacts/cargo/release/$1" "$bin/"
}

build_net() {
    dotnet publish "net/$1" -c Release -o "$bin/net-$1" -v quiet
}

# build_library NAME PROJECT: a program that has the library in it.
build_library() {
    local machine
    case $(uname -m) in
        x86_64) machine=linux-x64 ;;
        aarch64) machine=linux-arm64 ;;
        *) machine=linux-$(uname -m) ;;
    esac

    rm -rf "${bin:?}/$1" "$stamps/$1"
    # Its intermediate files are kept apart from those of the repository's own build, which has no runtime identifier.
    local publish=(dotnet publish "$2" -c Release -r "$machine" --self-contained false -p:ArtifactsPath="$PWD/artifacts/signalstreams" -o "$bin/$1" -v quiet)
    if "${publish[@]}" -p:PublishReadyToRun=true; then
        echo "ReadyToRun, the program itself just in time" >"$bin/$1/compiled.txt"
        touch "$stamps/$1"
        return
    fi

    loudly "SignalStreams could not be compiled ahead of time (is the crossgen package not to be had?). $1 IS MEASURED JUST IN TIME." \
        "Its start-up and its first signal are slower than compiled ahead."
    rm -rf "${bin:?}/$1"
    "${publish[@]}" -p:PublishReadyToRun=false || return
    echo "JUST IN TIME: it could not be compiled ahead" >"$bin/$1/compiled.txt"
}

if ! [ -e "$bin/bench" ] || ! is_fresh bench driver/bench.c; then
    build_c bench driver/bench.c || exit
    touch "$stamps/bench"
fi

build c-sigwait c-sigwait gcc c build_c c-sigwait c/sigwait.c
build c-selfpipe c-selfpipe gcc c build_c c-selfpipe c/selfpipe.c
build go go-peer go go build_go
for crate in tokio-peer sighook-peer; do
    build $crate $crate cargo "rust/.cargo rust/Cargo.toml rust/$crate" build_rust $crate
done

shared="net/Directory.Build.props net/Directory.Packages.props net/Shared ../../Directory.Packages.props"
for program in basic rx mono host; do
    build net-$program net-$program/net-$program dotnet "$shared net/$program" build_net $program
done

library="../../src ../Directory.Build.props ../../Directory.Build.props ../../Directory.Packages.props ../../global.json"
# Several sources in one argument.
# shellcheck disable=SC2086
if ! [ -e "$bin/signalstreams/SignalStreams.PeersTarget" ] || ! is_fresh signalstreams $library ../SignalStreams.PeersTarget; then
    build_library signalstreams ../SignalStreams.PeersTarget || exit
fi

# shellcheck disable=SC2086
if ! [ -e "$bin/signalstreams-host/net-host-signalstreams" ] || ! is_fresh signalstreams-host $library $shared net/host net/host-signalstreams; then
    build_library signalstreams-host net/host-signalstreams || exit
fi
