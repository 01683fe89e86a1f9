"""The sender as operations start it: real processes, in a group of their own that is killed as one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = ("run", "send-reminders")
TIMETABLE = ()


class Senders:
    """So many processes of one process group; with several, a process leads it that ends with the last of them."""

    def __init__(self, count: int, environ: dict[str, str], log: Path, arguments: tuple[str, ...]) -> None:
        program = ["jobs"] if count == 1 else ["tests.crash.workers", str(count)]
        with log.open("ab") as output:
            self.leader = subprocess.Popen(
                [sys.executable, "-m", *program, *arguments],
                cwd=ROOT,
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        """Whether any of them still runs."""
        return self.leader.poll() is None

    def kill(self) -> bool:
        """SIGKILL for the whole group. False if all had ended by themselves."""
        if self.is_alive():
            os.killpg(self.leader.pid, signal.SIGKILL)
        return self.leader.wait() == -signal.SIGKILL

    def wait(self, seconds: float) -> int:
        """The exit code. Raises subprocess.TimeoutExpired."""
        return self.leader.wait(seconds)
