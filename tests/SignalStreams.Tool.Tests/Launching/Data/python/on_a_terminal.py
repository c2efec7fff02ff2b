"""Runs a command on a terminal of its own, closes the terminal when a mark has been printed, and prints how the command ended.

on_a_terminal.py MARK COMMAND...
"""
import os
import pty
import select
import sys
import time

mark = sys.argv[1].encode()
pid, master = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])

seen = b""
limit = time.monotonic() + 30
while mark not in seen and time.monotonic() < limit:
    if select.select([master], [], [], 1)[0]:
        seen += os.read(master, 65536)
print("seen" if mark in seen else "not seen: " + repr(seen[-2000:]), flush=True)
os.close(master)
_, status = os.waitpid(pid, 0)
print("ended", os.waitstatus_to_exitcode(status), flush=True)
