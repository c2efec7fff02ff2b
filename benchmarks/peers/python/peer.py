"""AnyIO, open_signal_receiver. Arguments: BACKEND MODE [ARGUMENT], where BACKEND is asyncio or trio."""

import os
import sys
import time
from signal import SIGHUP, SIGINT, SIGTERM

import anyio

backend, mode, *rest = sys.argv[1:]
argument = int(rest[0]) if rest else 0


async def latency():
    with anyio.open_signal_receiver(argument) as signals:
        os.write(1, b"r")
        async for _ in signals:
            os.write(1, b"x")


async def count():
    counted = last = 0
    with anyio.open_signal_receiver(argument, SIGINT) as signals:
        os.write(1, b"r")
        async for signal in signals:
            if signal == SIGINT:
                os.write(1, b"count=%d misordered=na last_ns=%d\n" % (counted, last))
                counted = last = 0
            else:
                counted += 1
                last = time.monotonic_ns()


async def order():
    with anyio.open_signal_receiver(SIGHUP, SIGTERM) as signals:
        os.write(1, b"r")
        async for signal in signals:
            os.write(1, b"h" if signal == SIGHUP else b"t")


async def shutdown():
    waiting = stopped = 0
    ready = anyio.Event()

    async def task():
        nonlocal waiting, stopped
        try:
            waiting += 1
            if waiting == argument:
                ready.set()
            await anyio.sleep_forever()
        finally:
            stopped += 1

    with anyio.open_signal_receiver(SIGTERM) as signals:
        async with anyio.create_task_group() as tasks:
            for _ in range(argument):
                tasks.start_soon(task)
            await ready.wait()
            os.write(1, b"r")
            async for _ in signals:
                tasks.cancel_scope.cancel()
                break
    os.write(1, b"stopped=%d\n" % stopped)


modes = {"latency": latency, "count": count, "order": order, "shutdown": shutdown}
anyio.run(modes[mode], backend=backend)
