"""Starts the driver for each part and prints the tables. No time is taken here.

usage: drive.py latency|storm|order|shutdown|first|all [[name=]command...] [-- [name=]command...]
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from peers import BIN, FOLDER, REFERENCE, REFERENCES, Peer, all_peers, selected

QUICK = os.environ.get("PEERS_QUICK") == "1"
NAN = float("nan")
SIGTERM, SIGUSR2 = 15, 12


def setting(name, default, quick=None):
    return int(os.environ.get(name, quick if QUICK and quick is not None else default))


# ---------------------------------------------------------------- targets of the command line


def parse_extras(words):
    """Targets beside the peers, separated by "--"; they are listed as *NAME."""
    groups = [[]]
    for word in words:
        if word == "--":
            groups.append([])
        else:
            groups[-1].append(word)

    extras, names = [], set()
    for command in filter(None, groups):
        named = re.match(r"([A-Za-z0-9_.()-]+)=(.+)$", command[0])
        if named:
            name, command = named[1], [named[2], *command[1:]]
        else:
            is_host = os.path.basename(command[0]) == "dotnet" and len(command) > 1
            name = Path(command[1] if is_host else command[0]).stem
        if not shutil.which(command[0]):
            sys.exit(f"no such command: {command[0]}")
        while name in names:
            name += "'"
        names.add(name)
        extras.append(Peer(f"*{name}", tuple(map(absolute, command))))
    return extras


def absolute(word):
    """The driver runs in the folder of the results."""
    return str(Path(word).resolve()) if os.sep in word and os.path.exists(word) else word


# ---------------------------------------------------------------- a run of the driver


class Run:
    """One run of the driver: the rows that it wrote, and what went wrong."""

    def __init__(self, part, session, **options):
        options["total_s"] = setting("PEERS_TOTAL_S", 600)
        options["nice"] = setting("PEERS_NICE", -10)
        peers = selected(part) + session.extras
        self.names = [peer.name for peer in peers]
        self.session = session
        list_file = session.results / f"{part}.peers.tsv"
        sample_file = session.results / f"{part}.samples.tsv"
        list_file.write_text(
            "".join("\t".join([peer.name, peer.environment, *peer.command]) + "\n" for peer in peers)
        )

        wait_until_idle(setting("PEERS_WAIT_IDLE_S", 90, 0))
        words = [f"{name}={value}" for name, value in options.items()]
        command = [str(BIN / "bench"), part, str(list_file), str(sample_file), str(session.results / "log"), *words]
        started, busy_before, own_before = time.time(), busy_seconds(), own_seconds()
        code = run_bounded(command, session.results, options["total_s"] + 60)
        wall = time.time() - started
        others = max(0, busy_seconds() - busy_before - (own_seconds() - own_before)) / wall * 100
        rows = [line.split("\t") for line in sample_file.read_text().splitlines()]
        self.rows = defaultdict(list)  # by kind
        for row in rows:
            self.rows[row[0]].append(row[1:])

        incomplete = f"; STOPPED EARLY, INCOMPLETE (exit {code})" if code else ""
        if code:
            session.incomplete.append(part)
        session.say(
            f"\n[{part}: {wall:.0f} s, {' '.join(words)}{incomplete}; "
            f"CPU used by others on this machine meanwhile: {others:.0f} % of one core]"
        )
        granted = dict((row[0], int(row[1])) for row in self.rows["info"])
        for name in ("nice", "sigpending"):
            if name in options and granted.get(name) != options[name]:
                session.say(f"({name} {options[name]} is not permitted here: {granted.get(name)})")

    def say_problems(self):
        problems = [tuple(row) for row in self.rows["drop"]]
        failures = defaultdict(int)
        for name, why in self.rows["fail"]:
            failures[name, why] += 1
        problems += [(name, f"{why} ({count}x)") for (name, why), count in failures.items()]
        for name, why in problems:
            self.session.say(f"  - {name}: {why}")


def run_bounded(command, folder, limit):
    cpus = os.environ.get("PEERS_CPUS")

    def pin():
        if cpus:
            os.sched_setaffinity(0, {int(cpu) for cpu in cpus.split(",")})

    process = subprocess.Popen(command, cwd=folder, preexec_fn=pin)
    try:
        return process.wait(limit)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.terminate()  # the targets die with it
        return process.wait(30) or 1


def busy_seconds():
    """CPU time that this machine used, the time that was stolen from it included."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def wait_until_idle(limit):
    """Gives others on this machine a bounded time to calm down."""
    end = time.time() + limit
    while time.time() < end:
        before = busy_seconds()
        time.sleep(3)
        if (busy_seconds() - before) / 3 < 0.12:
            return


# ---------------------------------------------------------------- numbers and tables


def quantile(values, fraction):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * fraction))]


def median(values):
    values = sorted(values)
    return (values[len(values) // 2] + values[(len(values) - 1) // 2]) / 2


def ratio(value, reference):
    return value / reference if reference else NAN


def ratio_text(value):
    if value != value:
        return "n/a"
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def range_text(values, digits):
    return f"{min(values):.{digits}f}-{max(values):.{digits}f}"


def not_measured(name, columns):
    return [name, "n/a", *[""] * (columns - 2)]


# ---------------------------------------------------------------- the parts


def measure_latency(session):
    run = Run(
        "latency",
        session,
        rounds=setting("PEERS_ROUNDS", 40, 6),
        iters=setting("PEERS_ITERS", 50, 40),
        gap_us=setting("PEERS_GAP_US", 500),
    )
    samples = defaultdict(lambda: defaultdict(list))  # (signal, peer) -> round -> us
    for name, number, round_number, ns in run.rows["lat"]:
        samples[int(number), name][int(round_number)].append(int(ns) / 1e3)

    columns = ["p50", "p90", "p99", "x50", "x50 range", "x99"]
    summary, table = {}, []
    for name in run.names:
        row = [name]
        for number in (SIGTERM, SIGUSR2):
            rounds, reference = samples.get((number, name)), samples.get((number, REFERENCE), {})
            if not rounds:
                row += not_measured("", len(columns) + 1)[1:]
                continue
            every = [us for block in rounds.values() for us in block]
            every_reference = [us for block in reference.values() for us in block]
            ratios = [median(rounds[key]) / median(reference[key]) for key in rounds if key in reference] or [NAN]
            p50, p90, p99 = (quantile(every, fraction) for fraction in (0.5, 0.9, 0.99))
            low, high = quantile(ratios, 0.1), quantile(ratios, 0.9)
            p99_ratio = ratio(p99, quantile(every_reference, 0.99)) if every_reference else NAN
            row += [f"{p50:.1f}", f"{p90:.1f}", f"{p99:.1f}", ratio_text(median(ratios))]
            row += [f"{low:.2f}-{high:.2f}", ratio_text(p99_ratio)]
            summary[f"{name}/{number}"] = dict(
                n=len(every),
                p50=p50,
                p90=p90,
                p99=p99,
                max=max(every),
                ratio=median(ratios),
                ratio10=low,
                ratio90=high,
                p99ratio=p99_ratio,
            )
        table.append(row)

    session.say(
        f"\n### Latency: kill() to the byte, us. x50: p50 over that of {REFERENCE}, median of the rounds' ratios; "
        "its range: 10-90 % of the rounds; x99: ratio of p99\n"
    )
    session.say_table(["peer", *(f"TERM {c}" for c in columns), *(f"USR2 {c}" for c in columns)], table)
    run.say_problems()
    stray = defaultdict(int)
    for name, _, _, count in run.rows["extra"]:
        stray[name] += int(count)
    if stray:
        session.say(f"  bytes that no signal asked for: {dict(stray)}")
    return summary


def measure_storm(session, part):
    queued = part == "rtstorm"
    run = Run(
        part,
        session,
        rounds=setting("PEERS_STORM_ROUNDS", 11, 2),
        n=setting("PEERS_N", 10000),
        sigpending=setting("PEERS_SIGPENDING", 65536),
    )
    rounds = defaultdict(list)
    for name, _, _, sent, full, counted, misordered, send_ns, last_ns, busy_ns, cpu_ns in run.rows["storm"]:
        rounds[name].append(
            dict(
                sent=int(sent),
                eagain=int(full),
                count=int(counted),
                misordered=misordered,
                send=int(send_ns) / 1e6,
                last=int(last_ns) / 1e6,
                quiet=int(busy_ns) / 1e6,
                cpu=int(cpu_ns) / 1e3,
            )
        )

    def cpu_per_signal(name):
        return median([each["cpu"] / each["count"] for each in rounds[name] if each["count"]] or [NAN])

    reference_cpu = cpu_per_signal(REFERENCE)
    head = ["peer", "sent", "delivered", "range"]
    if queued:
        head += ["lost", "misordered", "send ms", "quiet ms", "k/s", "EAGAIN"]
    else:
        head += ["% of sent", "send ms", "quiet ms"]
    head += ["CPU us/signal", "x"]
    summary, table = {}, []
    for name in run.names:
        mine = rounds.get(name)
        if not mine:
            table.append(not_measured(name, len(head)))
            continue

        def middle(key):
            return median([each[key] for each in mine])

        counts = [each["count"] for each in mine]
        lost = median([each["sent"] - each["count"] for each in mine])
        # Per ms: thousands in a second.
        rate = median([each["count"] / max(each["last"], each["send"]) for each in mine if each["last"] > 0] or [0])
        known = sorted({int(each["misordered"]) for each in mine if each["misordered"] != "na"})
        misordered = "/".join(map(str, known)) if known else "n/a"
        full = sum(each["eagain"] for each in mine)
        cpu = cpu_per_signal(name)
        row = [name, f"{middle('sent'):.0f}", f"{median(counts):.0f}", range_text(counts, 0)]
        if queued:
            row += [f"{lost:.0f}", misordered, f"{middle('send'):.1f}", f"{middle('last'):.1f}", f"{rate:.0f}", full]
        else:
            row += [f"{median(counts) / middle('sent') * 100:.1f}", f"{middle('send'):.1f}", f"{middle('last'):.1f}"]
        row += ["n/a" if cpu != cpu else f"{cpu:.1f}", ratio_text(ratio(cpu, reference_cpu))]
        table.append(row)
        summary[name] = dict(
            sent=middle("sent"),
            delivered=median(counts),
            min=min(counts),
            max=max(counts),
            lost=lost,
            misordered=misordered,
            last_ms=middle("last"),
            quiet_ms=middle("quiet"),
            send_ms=middle("send"),
            rate_k=rate,
            eagain=full,
            cpu_ms=middle("cpu") / 1e3,
            cpu_us_per_signal=cpu,
            cpu_ratio=ratio(cpu, reference_cpu),
        )

    what = (
        "Storm (b): real-time signal SIGRTMIN+5, sent by sigqueue() with the values 0, 1, 2 ..."
        if queued
        else "Storm (a): one standard signal, SIGUSR2, as fast as possible; the kernel merges those that are pending"
    )
    session.say(
        f"\n### {what}; medians of rounds. CPU: user and system time of the target over delivered; "
        f"x: over {REFERENCE}\n"
    )
    session.say_table(head, table)
    run.say_problems()
    return summary


def measure_order(session):
    spacing_us = setting("PEERS_SPACING_US", 20)
    run = Run(
        "order",
        session,
        rounds=setting("PEERS_ORDER_ROUNDS", 10, 2),
        pairs=setting("PEERS_PAIRS", 50),
        spacing_us=spacing_us,
    )
    pairs = defaultdict(lambda: dict(good=0, inverted=0, missing=0, spacings=[]))
    repeated = 0
    for name, direction, _, good, inverted, missing, spacing_ns, late in run.rows["order"]:
        sums = pairs[name, int(direction)]
        sums["good"] += int(good)
        sums["inverted"] += int(inverted)
        sums["missing"] += int(missing)
        if int(spacing_ns):
            sums["spacings"].append(int(spacing_ns) / 1e3)
        repeated += int(late)

    summary, table = {}, []
    for name in run.names:
        row = [name]
        for direction, letters in enumerate(("HT", "TH")):
            sums = pairs[name, direction]
            total = sums["good"] + sums["inverted"] + sums["missing"]
            if total:
                row += [f"{sums['inverted']}/{total}", f"{sums['inverted'] / total * 100:.1f}", sums["missing"]]
            else:
                row += ["n/a", "", ""]
            summary[f"{name}/{letters}"] = dict(
                good=sums["good"],
                inverted=sums["inverted"],
                missing=sums["missing"],
                spacing_us=median(sums["spacings"]) if sums["spacings"] else None,
            )
        table.append(row)

    spacings = [spacing for sums in pairs.values() for spacing in sums["spacings"]] or [NAN]
    session.say(
        f"\n### Order of a pair sent {spacing_us} us apart (blocks' means: {range_text(spacings, 1)} us; {repeated} "
        "pairs further apart were repeated); inverted: the consumer saw them the other way round\n"
    )
    session.say_table(["peer", "HUP,TERM inverted", "%", "missing", "TERM,HUP inverted", "%", "missing"], table)
    run.say_problems()
    return summary


def measure_shutdown(session):
    tasks = setting("PEERS_TASKS", 100)
    run = Run("shutdown", session, rounds=setting("PEERS_SHUT_ROUNDS", 11, 3), tasks=tasks)
    rounds = defaultdict(list)
    for name, _, ready_ns, exit_ns, peak_kib, before_kib, code, stopped in run.rows["shut"]:
        rounds[name].append(
            dict(
                ready=int(ready_ns) / 1e6,
                exit=int(exit_ns) / 1e6,
                peak=max(int(peak_kib), int(before_kib)) / 1024,
                before=int(before_kib) / 1024,
                clean=int(code) == 0 and int(stopped) == tasks,
            )
        )

    reference = REFERENCES["shutdown"]
    reference_ready, reference_exit = (
        median([each[key] for each in rounds[reference]] or [NAN]) for key in ("ready", "exit")
    )
    head = ["peer", "ready p50", "range", "x", "exit p50", "range", "x", "RSS before", "peak RSS", "clean"]
    summary, table = {}, []
    for name in run.names:
        mine = rounds.get(name)
        if not mine:
            table.append(not_measured(name, len(head)))
            continue
        ready, exits = [each["ready"] for each in mine], [each["exit"] for each in mine]
        clean = sum(each["clean"] for each in mine)
        before, peak = median([each["before"] for each in mine]), max(each["peak"] for each in mine)
        row = [name, f"{median(ready):.1f}", range_text(ready, 1), ratio_text(ratio(median(ready), reference_ready))]
        row += [f"{median(exits):.2f}", range_text(exits, 2), ratio_text(ratio(median(exits), reference_exit))]
        row += [f"{before:.1f}", f"{peak:.1f}", f"{clean}/{len(mine)}"]
        table.append(row)
        summary[name] = dict(
            ready_ms=median(ready),
            ready_min=min(ready),
            ready_max=max(ready),
            exit_ms=median(exits),
            exit_min=min(exits),
            exit_max=max(exits),
            rss_mb=peak,
            hwm_mb=before,
            clean=clean,
            rounds=len(mine),
        )

    session.say(
        f"\n### Start-up and shutdown with {tasks} waiting tasks: ms from fork to ready, ms from SIGTERM to the end "
        f"of the process; x: over {reference}; the C rows have a thread for each task; RSS in MiB\n"
    )
    session.say_table(head, table)
    run.say_problems()
    return summary


def measure_first(session):
    run = Run("first", session, rounds=setting("PEERS_FIRST_ROUNDS", 15, 3))
    samples = defaultdict(list)
    for name, _, ns in run.rows["first"]:
        samples[name].append(int(ns) / 1e3)

    reference = REFERENCES["first"]
    reference_us = median(samples[reference] or [NAN])
    head = ["peer", "starts", "p50 us", "range", "x"]
    summary, table = {}, []
    for name in run.names:
        mine = samples.get(name)
        if not mine:
            table.append(not_measured(name, len(head)))
            continue
        x = ratio(median(mine), reference_us)
        table.append([name, len(mine), f"{median(mine):.0f}", range_text(mine, 0), ratio_text(x)])
        summary[name] = dict(starts=len(mine), p50=median(mine), min=min(mine), max=max(mine), ratio=x)

    session.say(
        "\n### The first signal after a fresh start, just-in-time compilation included: SIGTERM, 300 ms after ready; "
        f"kill() to the byte, us; x: over {reference}\n"
    )
    session.say_table(head, table)
    run.say_problems()
    return summary


# ---------------------------------------------------------------- the session


class Session:
    """What is common to the parts of one call: the folder of the results, and everything that is printed."""

    def __init__(self, extras):
        self.extras = extras
        self.incomplete = []
        self.results = FOLDER / "artifacts" / "results" / time.strftime("%Y%m%d-%H%M%S")
        self.results.mkdir(parents=True)

    def say(self, text):
        print(text, flush=True)
        with open(self.results / "tables.md", "a") as file:
            print(text, file=file)

    def say_table(self, head, rows):
        widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]

        def line(row):
            numbers = [str(cell).rjust(width) for cell, width in zip(row[1:], widths[1:])]
            return "| " + " | ".join([str(row[0]).ljust(widths[0]), *numbers]) + " |"

        self.say(line(head))
        rulers = ["-" * (width + 1) + ":" for width in widths[1:]]
        self.say("|" + "|".join(["-" * (widths[0] + 2), *rulers]) + "|")
        for row in rows:
            self.say(line(row))

    def describe(self):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")
        cpus = os.environ.get("PEERS_CPUS")
        pinned = f"; pinned to CPU {cpus}" if cpus else ""
        load = os.getloadavg()[0]
        self.say(f"machine: {os.cpu_count()} x {cpu}, Linux {os.uname().release}, load {load:.2f}{pinned}")
        self.say("versions: " + " | ".join(f"{name} {version}" for name, version in versions()))
        self.say("SignalStreams.dll: " + (BIN / "signalstreams" / "compiled.txt").read_text().strip())
        for peer in all_peers():
            if peer.missing:
                self.say(f"SKIPPED {peer.name}: {peer.missing}")


def version_of(command, pattern=r"[0-9]+\.[0-9.]*[0-9]"):
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return "none"
    found = re.search(pattern, result.stdout + result.stderr)
    return found[0] if found else "?"


def versions():
    yield "gcc", version_of(["gcc", "--version"], r"\d+\.\d+\.\d+")
    yield "go", version_of(["go", "version"])
    yield "rustc", version_of(["rustc", "--version"])
    lock = FOLDER / "rust" / "Cargo.lock"
    crates = lock.read_text() if lock.exists() else ""
    for crate in ("tokio", "signal-hook"):
        found = re.search(rf'name = "{crate}"\nversion = "([^"]+)"', crates)
        yield crate, found[1] if found else "none"
    yield "node", version_of(["node", "--version"])
    python = next((peer.command[0] for peer in all_peers() if peer.name == "anyio-asyncio"), "python3")
    yield "python", version_of([python, "--version"])
    for package in ("anyio", "trio"):
        code = f"from importlib.metadata import version; print(version('{package}'))"
        yield package, version_of([python, "-c", code])
    yield ".NET", version_of(["dotnet", "--list-runtimes"], r"(?<=NETCore\.App )10\.[0-9.]+")


PARTS = {
    "latency": lambda session: {"latency": measure_latency(session)},
    "storm": lambda session: {part: measure_storm(session, part) for part in ("storm", "rtstorm")},
    "order": lambda session: {"order": measure_order(session)},
    "shutdown": lambda session: {"shutdown": measure_shutdown(session)},
    "first": lambda session: {"first": measure_first(session)},
}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in (*PARTS, "all"):
        sys.exit(__doc__)
    session = Session(parse_extras(sys.argv[2:]))
    session.describe()
    summary = {}
    for part in PARTS if sys.argv[1] == "all" else [sys.argv[1]]:
        summary.update(PARTS[part](session))
    (session.results / "summary.json").write_text(json.dumps(summary, indent=1))
    print(f"\nload at the end {os.getloadavg()[0]:.2f}; tables, samples and what the targets said: {session.results}")
    if session.incomplete:
        sys.exit(f"incomplete: {', '.join(session.incomplete)}")


main()
