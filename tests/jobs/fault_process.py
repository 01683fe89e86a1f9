"""The fault server in a process of its own, whose log says what really happened, whatever the sender claims.

    python -m tests.jobs.fault_process --log server.log

prints its port, and obeys orders on its standard input, one JSON object a line: `replies`, `once`, `delay`, `delays`,
`features` as in FaultServer, `away` (true: refuses connections), `mark` (see _Journal); it ends when its input does.
The log has one JSON object a line, written at once: open, each phase with its reply, content (all bytes came),
accepted (kept; logged before the 250 is said), answered (the 250 was handed over), closed.
"""

import argparse
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from pathlib import Path
from types import TracebackType

from tests.jobs.fault_server import Event, FaultServer

ROOT = Path(__file__).resolve().parents[2]


class _Journal:
    """Writes the log, and marks an event: {"event": "content", "after": 3, "hold": 0.5} prints a line at the third
    content from now on and holds that connection so long, unless `mark` is set anew."""

    def __init__(self, path: str) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if path else None
        self.lock = threading.Lock()
        self.mark: dict[str, object] | None = None
        self.left = 0
        self.released = threading.Event()

    def set_mark(self, mark: dict[str, object] | None) -> None:
        with self.lock:
            self.mark, self.left = mark, int(str(mark["after"])) if mark else 0
            self.released.set()
            self.released = threading.Event()

    def __call__(self, event: Event) -> None:
        if self.file is not None:
            line = json.dumps({"at": round(time.time(), 6), **event}, ensure_ascii=False)
            os.write(self.file, line.encode() + b"\n")
        with self.lock:
            mark, released = self.mark, self.released
            if mark is None or event["event"] != mark["event"]:
                return
            self.left -= 1
            if self.left:
                return
        _print({"marked": event["event"]})
        released.wait(float(str(mark.get("hold", 0))))


def _print(value: object) -> None:
    os.write(1, json.dumps(value).encode() + b"\n")


def _obey(order: dict, server: FaultServer, journal: _Journal) -> None:
    for name in ("replies", "once", "delay", "delays", "features"):
        if name in order:
            setattr(server, name, order[name])
    if "mark" in order:
        journal.set_mark(order["mark"])
    if "away" in order:
        (server.go_away if order["away"] else server.come_back)()


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.jobs.fault_process")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", default="")
    parser.add_argument("--orders", type=json.loads, default={}, help="the first orders, as JSON")
    chosen = parser.parse_args()
    journal = _Journal(chosen.log)
    server = FaultServer(port=chosen.port, journal=journal, keeps_mails=False)
    _obey(chosen.orders, server, journal)
    with server:
        _print({"port": server.port})
        for line in sys.stdin:
            _obey(json.loads(line), server, journal)
            _print({"done": True})


class FaultProcess:
    """That process, as tests hold it."""

    def __init__(self, log: Path, **orders: object) -> None:
        self.log = log
        command = [sys.executable, "-m", "tests.jobs.fault_process", "--log", str(log)]
        self.process = subprocess.Popen(
            [*command, "--orders", json.dumps(orders)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._buffer = b""
        self._marks: deque[Event] = deque()
        self.port = int(str(self._hear("port", 20)["port"]))

    def __enter__(self) -> "FaultProcess":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def order(self, **orders: object) -> None:
        """Done when this returns."""
        self.process.stdin.write(json.dumps(orders).encode() + b"\n")
        self.process.stdin.flush()
        self._hear("done", 10)

    def mark(self, event: str, after: int = 1, hold: float = 0) -> None:
        """Ask to be told when this event happened so many times from now on."""
        self._marks.clear()
        self.order(mark={"event": event, "after": after, "hold": hold})

    def is_marked(self, seconds: float) -> bool:
        """Whether the marked event happened by then; returns at once when it does."""
        if not self._marks:
            self._listen(time.monotonic() + seconds)
        return bool(self._marks)

    def release(self) -> None:
        """Whoever is held goes on; nothing is marked any more."""
        self.order(mark=None)

    def events(self, *names: str) -> list[Event]:
        """What the log says, all of it or the events of these names."""
        lines = self.log.read_bytes().splitlines() if self.log.exists() else []
        found = [json.loads(line) for line in lines]
        return [event for event in found if not names or event["event"] in names]

    def accepted(self) -> Counter[str]:
        """How many times each Message-ID was taken."""
        return Counter(str(event["message_id"]) for event in self.events("accepted"))

    def recipients(self, event: str = "accepted") -> list[str]:
        return [address for found in self.events(event) for address in found["recipients"]]

    def _hear(self, name: str, seconds: float) -> Event:
        until = time.monotonic() + seconds
        while (said := self._listen(until)) is not None:
            if name in said:
                return said
        raise RuntimeError("the fault server does not answer")

    def _listen(self, until: float) -> Event | None:
        """The next thing it says; None when it is silent until then. A mark is kept for `is_marked`."""
        out = self.process.stdout.fileno()
        while b"\n" not in self._buffer:
            if not select.select([out], [], [], max(0.0, until - time.monotonic()))[0]:
                return None
            more = os.read(out, 1 << 16)
            if not more:
                raise RuntimeError("the fault server ended")
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\n")
        said = json.loads(line)
        if "marked" in said:
            self._marks.append(said)
        return said


if __name__ == "__main__":
    main()
