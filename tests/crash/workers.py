"""Where several senders are forked from, after the imports and before anything is opened: four starts of Python, a
hundred times, would cost more than everything that is tested. Each does what `python -m jobs` does, in a process of its
own.

One order a line, one answer a line (JSON): start a group, ask whether its leader still runs, kill the whole group.
"""

import json
import os
import signal
import sys

from sqlalchemy.orm import configure_mappers

from jobs.__main__ import main


def start(count: int, arguments: list[str], environ: dict[str, str], log: str) -> int:
    """The number of a new process group, whose leader ends with the last of its workers."""
    if leader := os.fork():
        return leader
    os.setsid()
    for stream, path in ((0, os.devnull), (1, log), (2, log)):
        os.dup2(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT), stream)
    for _ in range(count):
        if os.fork() == 0:
            os._exit(_work(arguments, environ))
    os._exit(max(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(count)))


def _work(arguments: list[str], environ: dict[str, str]) -> int:
    try:
        return main(arguments, environ)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def obey(order: dict) -> int | None:
    """The group's number, or the leader's exit code (None: it runs)."""
    if "start" in order:
        return start(**order["start"])
    leader = order.get("kill") or order["ask"]
    if "kill" in order:
        os.killpg(leader, signal.SIGKILL)  # an ended leader keeps the number until somebody waits for it
    pid, status = os.waitpid(leader, 0 if "kill" in order else os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


if __name__ == "__main__":
    configure_mappers()
    for line in sys.stdin:
        print(json.dumps(obey(json.loads(line))), flush=True)
