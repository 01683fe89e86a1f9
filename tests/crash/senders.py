"""The sender: real processes, in a group of their own that is killed as one."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Protocol

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = ("run", "send-reminders")
TIMETABLE = ()


class Senders(Protocol):
    """A running group."""

    def is_alive(self) -> bool:
        """Whether any of them still runs."""

    def kill(self) -> bool:
        """SIGKILL for the whole group. False if all had ended by themselves."""


class One:
    """The sender as operations start it."""

    def __init__(self, environ: dict[str, str], log: Path, arguments: tuple[str, ...]) -> None:
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jobs", *arguments],
                cwd=ROOT,
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> bool:
        if self.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait() == -signal.SIGKILL

    def wait(self, seconds: float) -> int:
        """The exit code. Raises subprocess.TimeoutExpired."""
        return self.process.wait(seconds)


class Workers:
    """Starts groups of several, one group after the other; see workers.py."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.workers"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def start(self, environ: dict[str, str], log: Path, arguments: tuple[str, ...]) -> "_Group":
        order = {"count": self.count, "arguments": arguments, "environ": environ, "log": str(log)}
        return _Group(self, self.order(start=order))

    def order(self, **order: object) -> int | None:
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class _Group:
    def __init__(self, workers: Workers, number: int) -> None:
        self.workers, self.number = workers, number
        self.code: int | None = None

    def is_alive(self) -> bool:
        if self.code is None:
            self.code = self.workers.order(ask=self.number)
        return self.code is None

    def kill(self) -> bool:
        if self.is_alive():
            self.code = self.workers.order(kill=self.number)
        return self.code == -signal.SIGKILL
