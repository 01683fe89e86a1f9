"""A mail server that takes everything at once and keeps nothing but a count and the Message-IDs.

It runs in a process of its own, so that it takes no time from the sender; `Sink` starts it and asks it.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections import Counter
from types import TracebackType

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_END = b"\r\n.\r\n"


class _Dialogue(asyncio.Protocol):
    """One connection."""

    def __init__(self, seen: Counter[str]) -> None:
        self.seen, self.buffer, self.in_data = seen, bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._content() if self.in_data else self._command():
            pass

    def _content(self) -> bool:
        end = self.buffer.find(_END)
        if end < 0:
            return False
        found = _MESSAGE_ID.search(self.buffer, 0, end)
        self.seen[found[1].decode() if found else ""] += 1
        del self.buffer[: end + len(_END)]
        self.in_data = False
        self.transport.write(b"250 taken\r\n")
        return True

    def _command(self) -> bool:
        end = self.buffer.find(b"\r\n")
        if end < 0:
            return False
        verb = bytes(self.buffer[:4]).upper()
        del self.buffer[: end + 2]
        if verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go on\r\n")
        elif verb == b"EHLO":
            self.transport.write(b"250-sink\r\n250 8BITMIME\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 ok\r\n")
        return True


async def _serve() -> None:
    seen: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Dialogue(seen), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()

    def answer() -> None:
        """Each line on stdin asks for what came since the last one; its end ends the server."""
        if not sys.stdin.readline():
            ended.set()
            return
        print(json.dumps(seen), flush=True)
        seen.clear()

    loop.add_reader(sys.stdin.fileno(), answer)
    await ended.wait()
    server.close()


class Sink:
    """The running server. `core` pins it to one core of this computer."""

    def __init__(self, core: int | None = None) -> None:
        self.core = core

    def __enter__(self) -> "Sink":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.sink"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        if self.core is not None:
            os.sched_setaffinity(self.process.pid, {self.core})
        self.port = int(self._line())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def taken(self) -> Counter[str]:
        """How often each Message-ID came since the last question."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        return Counter(json.loads(self._line()))

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


if __name__ == "__main__":
    asyncio.run(_serve())
