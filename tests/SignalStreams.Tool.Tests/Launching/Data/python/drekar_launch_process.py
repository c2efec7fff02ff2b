"""Stands in for the package drekar-launch-process: calls back at the first SIGINT or SIGTERM."""
import signal
import threading

_event = threading.Event()


def _handler(number, frame):
    _event.set()


signal.signal(signal.SIGINT, _handler)
signal.signal(signal.SIGTERM, _handler)


def wait_exit_callback(callback):
    def wait():
        _event.wait()
        callback()

    threading.Thread(target=wait, daemon=True).start()
