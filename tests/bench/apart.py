"""Runs a bench's function in a fresh process, if wanted on one core: no import, cache or memory of another measurement
is in it. Arguments and answers are JSON. A generator takes turns with others: it goes on when it is asked to."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import GeneratorType, TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Apart:
    """The process. It imports first and waits: several can be told to begin at the same moment."""

    def __init__(self, work: Callable[..., Any], *arguments: object, core: int | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.apart"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._say(json.dumps([work.__module__, work.__name__, arguments, core]))
        self.answer()

    def __enter__(self) -> "Apart":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def go(self) -> "Apart":
        """Begin, or go on for one turn."""
        self._say("")
        return self

    def answer(self) -> Any:
        """What it answered to `go`. Raises RuntimeError if it failed; it said why on stderr."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a measurement failed")
        return json.loads(line)

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")


def apart(work: Callable[..., Any], *arguments: object, core: int | None = None) -> Any:
    """Run one function to its end."""
    with Apart(work, *arguments, core=core) as process:
        return process.go().answer()


def memory(name: str) -> int:
    """Memory of this process in bytes: VmRSS now, VmHWM at most so far."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"{name} is not told here")


def _main() -> None:
    module, name, arguments, core = json.loads(sys.stdin.readline())
    if core is not None:
        os.sched_setaffinity(0, {core})
    work = getattr(import_module(module), name)
    print("null", flush=True)
    turns = None
    while sys.stdin.readline():
        answer = work(*arguments) if turns is None else next(turns)
        if isinstance(answer, GeneratorType):
            turns, answer = answer, next(answer)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _main()
