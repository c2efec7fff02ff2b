"""Checks each peer's side of the protocol against known signals, 60 ms apart. Not a measurement."""

import ctypes
import os
import re
import select
import signal
import subprocess
import sys
import time

from peers import all_peers

REAL_TIME = 39  # SIGRTMIN+5
PAUSE = 0.06
TASKS = 7
libc = ctypes.CDLL(None, use_errno=True)


class Target:
    """A started peer. Ends with the block, and with this program."""

    def __init__(self, peer, *arguments):
        environment = dict(os.environ)
        if peer.environment != "-":
            name, value = peer.environment.split("=")
            environment[name] = value
        self.late = peer.late
        self.process = subprocess.Popen(
            [*peer.command, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            preexec_fn=lambda: libc.prctl(1, signal.SIGKILL),  # PR_SET_PDEATHSIG
        )

    def __enter__(self):
        self.expect("r")
        time.sleep(0.1 if self.late else 0)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def send(self, number, value=None):
        if value is None:
            self.process.send_signal(number)
        else:
            libc.sigqueue(self.process.pid, int(number), ctypes.c_void_p(value))
        time.sleep(PAUSE)

    def read(self, length, limit=10.0):
        """So many bytes, or less: up to a newline, to the end, or what came within the limit."""
        got, end = b"", time.monotonic() + limit
        while len(got) < length and not got.endswith(b"\n"):
            if not select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                break
            byte = os.read(self.process.stdout.fileno(), 1)
            if not byte:
                break
            got += byte
        return got.decode()

    def expect(self, text):
        got = self.read(len(text))
        assert got == text, f"{text!r} expected, {got!r} came"


def check_latency(peer):
    for number in (signal.SIGTERM, signal.SIGUSR2):
        with Target(peer, "latency", int(number)) as target:
            for _ in range(3):
                target.send(number)
                target.expect("x")
            assert target.read(1, limit=0) == "", "more bytes than signals"


def check_count(peer):
    number = REAL_TIME if peer.real_time else int(signal.SIGUSR2)
    started = time.monotonic_ns()
    with Target(peer, "count", number) as target:
        for value in (0, 2, 1, 3, 3):
            target.send(number, value)
        asked = time.monotonic_ns()
        target.send(signal.SIGINT)
        line = target.read(200)
        found = re.fullmatch(r"count=(\d+) misordered=(\d+|na) last_ns=(\d+)\n", line)
        assert found, f"not a summary: {line!r}"
        assert found[1] == "5", line
        assert found[2] == ("1" if peer.sees_values else "na"), line
        assert started < int(found[3]) < asked, f"last_ns is not the time of the last signal: {line!r}"
        assert asked - int(found[3]) < (PAUSE + 0.05) * 1e9, f"last_ns is too early: {line!r}"

        target.send(number, 5)
        target.send(signal.SIGINT)
        line = target.read(200)
        assert line.startswith("count=1 "), f"the second summary does not start from zero: {line!r}"
        if peer.sees_values:
            assert " misordered=0 " in line, line


def check_order(peer):
    with Target(peer, "order") as target:
        for letter in "htth":
            target.send(signal.SIGHUP if letter == "h" else signal.SIGTERM)
            target.expect(letter)


def check_shutdown(peer):
    with Target(peer, "shutdown", TASKS) as target:
        target.send(signal.SIGTERM)
        target.expect(f"stopped={TASKS}\n")
        code = target.process.wait(10)
        assert code == 0, f"exit {code}"


CHECKS = {"latency": check_latency, "rtstorm": check_count, "order": check_order, "shutdown": check_shutdown}


def main():
    only = os.environ.get("PEERS_ONLY", "")
    failures = 0
    for peer in all_peers():
        if not re.search(only, peer.name):
            continue
        if peer.missing:
            print(f"SKIPPED {peer.name}: {peer.missing}")
            continue
        for part, run_check in CHECKS.items():
            if part not in peer.parts:
                continue
            name = f"{peer.name} {run_check.__name__[len('check_'):]}"
            try:
                run_check(peer)
                print("ok     ", name)
            except (AssertionError, subprocess.TimeoutExpired) as failure:
                failures += 1
                print("FAILED ", name, "|", failure)
    print(f"{failures} failed")
    sys.exit(failures > 0)


main()
