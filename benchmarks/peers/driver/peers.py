"""Who is measured, and in which parts."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
BIN = FOLDER / "artifacts" / "bin"
SIGNAL_PARTS = ("latency", "storm", "rtstorm", "order", "first")
STORM_PARTS = ("storm", "rtstorm")
REFERENCE = "c-selfpipe"
# What the ratios of a part refer to, where it is not REFERENCE.
REFERENCES = {"shutdown": "go", "first": "net-chan"}


@dataclass(frozen=True)
class Peer:
    name: str
    command: tuple
    parts: tuple = SIGNAL_PARTS
    environment: str = "-"
    sees_values: bool = False  # those sent by sigqueue()
    real_time: bool = True  # can listen to real-time signals
    late: bool = False  # listens only a moment after it says so
    missing: str = ""  # why it cannot be started


@lru_cache
def find_python():
    """A Python that has AnyIO: PEERS_PYTHON, the one on the path, or the system's. And the back ends it has."""
    for name in (os.environ.get("PEERS_PYTHON"), "python3", "/usr/bin/python3"):
        if not name or not shutil.which(name):
            continue
        # Its own path: a version manager's wrapper would start slowly.
        own_path = ask(name, "import anyio, sys; print(sys.executable)")
        if own_path:
            return own_path, ask(own_path, "import trio; print('yes')") == "yes"
    return None, False


def ask(python, code):
    result = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else ""


def all_peers():
    def binary(name, *arguments):
        return (str(BIN / name), *arguments)

    def net(program, *arguments):
        return binary(f"net-{program}/net-{program}", *arguments)

    def unless(condition, why):
        return "" if condition else why

    node = shutil.which("node")
    python, has_trio = find_python()
    no_node = unless(node, "node is not installed")
    no_anyio = unless(python, "no python3 with the package anyio")
    no_trio = no_anyio or unless(has_trio, "the package trio is not installed")
    node_command = (node or "node", str(FOLDER / "node" / "peer.js"))
    anyio_command = (python or "python3", str(FOLDER / "python" / "peer.py"))
    own = binary("signalstreams/SignalStreams.PeersTarget")
    every_part = (*SIGNAL_PARTS, "shutdown")

    peers = [
        Peer("c-sigwait", binary("c-sigwait"), every_part, sees_values=True),
        Peer(REFERENCE, binary("c-selfpipe"), every_part, sees_values=True),
        # A second time: how far its ratio is from 1 is the noise of the ratios.
        Peer("c-selfpipe(AA)", binary("c-selfpipe"), ("latency",), sees_values=True),
        Peer("c-selfpipe(nomask)", binary("c-selfpipe"), ("order",), "PEERS_NOMASK=1", sees_values=True),
        Peer("go", binary("go-peer"), every_part),
        Peer("go(cap16k)", binary("go-peer"), STORM_PARTS, "PEERS_CAP=16384"),
        Peer("tokio", binary("tokio-peer", "mt"), every_part),
        Peer("tokio-ct", binary("tokio-peer", "ct"), every_part),
        Peer("sighook", binary("sighook-peer", "plain")),
        Peer("sighook-origin", binary("sighook-peer", "origin")),
        Peer("sighook-raw", binary("sighook-peer", "raw"), STORM_PARTS, sees_values=True),
        Peer("node", node_command, every_part, real_time=False, missing=no_node),
        Peer("anyio-asyncio", (*anyio_command, "asyncio"), every_part, missing=no_anyio),
        Peer("anyio-trio", (*anyio_command, "trio"), every_part, missing=no_trio),
        Peer("net-raw", net("basic", "raw")),
        Peer("net-chan", net("basic", "chan")),
        Peer("net-chan(cap16k)", net("basic", "chan"), STORM_PARTS, "PEERS_CAP=16384"),
        Peer("net-cts", net("basic", "cts"), ("shutdown",)),
        Peer("net-rx", net("rx")),
        # A signal that comes before WaitAny() was called does not end it.
        Peer("mono-posix", net("mono"), late=True),
        Peer("net-host-many", net("host", "many"), ("shutdown",)),
        Peer("net-host-one", net("host", "one"), ("shutdown",)),
        Peer("signalstreams-host-many", binary("signalstreams-host/net-host-signalstreams", "many"), ("shutdown",)),
        Peer("signalstreams-host-one", binary("signalstreams-host/net-host-signalstreams", "one"), ("shutdown",)),
        Peer("signalstreams", own, every_part, sees_values=True),
        Peer("signalstreams-run", (*own, "run"), every_part, sees_values=True),
    ]
    return [check(peer) for peer in peers]


def check(peer):
    program = peer.command[0]
    if not peer.missing and not os.path.exists(program):
        return replace(peer, missing="it was not built")
    return peer


def selected(part):
    """The peers of a part that are there; PEERS_ONLY is a regular expression, and the references always run."""
    only = os.environ.get("PEERS_ONLY")
    always = (REFERENCE, REFERENCES.get(part, REFERENCE))
    return [
        peer
        for peer in all_peers()
        if part in peer.parts
        and not peer.missing
        and (not only or peer.name in always or re.search(only, peer.name))
    ]
