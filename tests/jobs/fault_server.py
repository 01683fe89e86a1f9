"""A mail server on 127.0.0.1 that fails on demand, at the phase that a test names.

Here it runs in threads of the test; `fault_process.py` runs the same in a process of its own, whose log is the judge.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

DROP, STALL, TRICKLE = "drop", "stall", "trickle"
LOSE = "lose"  # takes the content like a 250, and closes without saying so
END_OF_CONTENT = b"\r\n.\r\n"

Event = dict[str, object]


@dataclass
class Received:
    sender: str
    recipients: list[str] = field(default_factory=list)
    data: bytes = b""


class _Wire:
    """One connection, read by lines and by whole contents."""

    def __init__(self, wire: socket.socket, number: int) -> None:
        self.wire, self.number, self.buffer = wire, number, b""
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def until(self, mark: bytes) -> bytes:
        """Everything up to and with the mark; nothing when the connection ended before it."""
        looked = 0
        while (at := self.buffer.find(mark, looked)) < 0:
            looked = max(0, len(self.buffer) - len(mark))
            more = self.wire.recv(1 << 16)
            if not more:
                return b""
            self.buffer += more
        end = at + len(mark)
        found, self.buffer = self.buffer[:end], self.buffer[end:]
        return found

    def content(self) -> bytes | None:
        """A mail's bytes with the dots as they were; None when the connection ended in the middle."""
        self.buffer = b"\r\n" + self.buffer  # a content that is empty ends at once
        found = self.until(END_OF_CONTENT)
        return found[2:-3].replace(b"\r\n..", b"\r\n.").removeprefix(b".") if found else None


class FaultServer:
    """Answers each phase (greeting, ehlo, auth, mail, rcpt, data, end) as `replies` says: a reply line, or DROP
    (closes the connection), STALL (never answers), TRICKLE (a byte now and then), LOSE (only at the end). A reply for
    one recipient is called "rcpt anna@lotse.example". `once` is used up first.
    `accepted` holds the mails that were taken after their content; `seen` all whose content came.
    `journal` is told every event before the next one happens; while it waits, that connection waits."""

    def __init__(
        self,
        *,
        port: int = 0,
        features: tuple[str, ...] = ("8BITMIME", "PIPELINING"),
        journal: Callable[[Event], None] = lambda event: None,
        keeps_mails: bool = True,
        **replies: str,
    ) -> None:
        self.features, self.replies, self.journal, self.keeps_mails = features, replies, journal, keeps_mails
        self.once: dict[str, list[str]] = {}
        self.accepted: list[Received] = []
        self.seen: list[Received] = []
        self.connections = 0
        self.delay = 0.0  # seconds before each answer
        self.delays: dict[str, float] = {}  # the same for one phase
        self.commands: list[str] = []
        self.ended = threading.Event()
        self.in_data = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.threads: list[threading.Thread] = []
        self.open: list[socket.socket] = []

    def __enter__(self) -> "FaultServer":
        self._start(self._accept, self.socket)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.ended.set()
        self._hang_up()
        for thread in self.threads:
            thread.join(5)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def go_away(self) -> None:
        """Break every connection and refuse new ones; the port stays ours."""
        self._hang_up()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", self.port))  # bound without listening: connection refused

    def come_back(self) -> None:
        self.socket.listen(128)
        self._start(self._accept, self.socket)

    def _hang_up(self) -> None:
        for wire in [self.socket, *self.open]:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()
        self.open.clear()

    def _start(self, work, *arguments) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self, door: socket.socket) -> None:
        while not self.ended.is_set():
            try:
                wire, _ = door.accept()
            except OSError:
                return
            self.open.append(wire)
            self.connections += 1
            self._start(self._talk, wire, self.connections)

    def _answer(self, phase: str, default: str, about: str = "") -> str:
        if waiting := self.once.get(phase):
            return waiting.pop(0)
        return self.replies.get(f"{phase} {about}") or self.replies.get(phase, default)

    def _say(self, wire: _Wire, phase: str, answer: str) -> bool:
        """False when the connection is over."""
        if pause := self.delays.get(phase, self.delay):
            self.ended.wait(pause)
        self.journal({"event": phase, "connection": wire.number, "reply": answer})
        if answer in (DROP, LOSE):
            return False
        if answer == STALL:
            self.ended.wait(60)
            return False
        if answer == TRICKLE:
            while not self.ended.wait(0.05):
                wire.wire.sendall(b"2")
            return False
        wire.wire.sendall(answer.encode() + b"\r\n")
        return not answer.startswith("421")

    def _talk(self, accepted: socket.socket, number: int) -> None:
        wire = _Wire(accepted, number)
        self.journal({"event": "open", "connection": number})
        with suppress(OSError), accepted:
            if self._say(wire, "greeting", self._answer("greeting", "220 fault.test")):
                self._commands(wire)
            with suppress(OSError):
                accepted.shutdown(socket.SHUT_RDWR)
        self.journal({"event": "closed", "connection": number})

    def _greeting(self) -> str:
        names = ["fault.test", *self.features]
        return "\r\n".join(f"250{'-' if n < len(names) - 1 else ' '}{x}" for n, x in enumerate(names))

    def _commands(self, wire: _Wire) -> None:
        mail = Received("")
        while line := wire.until(b"\n"):
            word = line.split(maxsplit=1)[0].upper().decode() if line.strip() else ""
            if self.keeps_mails:
                self.commands.append(line.decode("ascii", "replace").strip())
            argument = line.decode().partition(":")[2].split(">")[0].strip(" <\r\n")
            if word == "QUIT":
                wire.wire.sendall(b"221 bye\r\n")
                return
            if word == "RSET":
                wire.wire.sendall(b"250 ok\r\n")
                continue
            if word in ("EHLO", "HELO"):
                goes_on = self._say(wire, "ehlo", self._answer("ehlo", self._greeting()))
            elif word == "AUTH":
                goes_on = self._say(wire, "auth", self._answer("auth", "235 welcome"))
            elif word == "MAIL":
                mail = Received(argument)
                goes_on = self._say(wire, "mail", self._answer("mail", "250 ok"))
            elif word == "RCPT":
                mail.recipients.append(argument)
                goes_on = self._say(wire, "rcpt", self._answer("rcpt", "250 ok", argument))
            elif word == "DATA":
                goes_on = self._content(wire, mail)
            else:
                wire.wire.sendall(b"502 unknown\r\n")
                continue
            if not goes_on:
                return

    def _content(self, wire: _Wire, mail: Received) -> bool:
        answer = self._answer("data", "354 go on")
        if not self._say(wire, "data", answer):
            return False
        if not answer.startswith("354"):
            return True
        content = wire.content()
        if content is None:
            return False
        mail.data = content
        about = {"connection": wire.number, "recipients": mail.recipients, "message_id": _message_id(content)}
        if self.keeps_mails:
            self.seen.append(mail)
        self.journal({"event": "content", **about})
        self.in_data.set()
        answer = self._answer("end", "250 2.0.0 accepted")
        if answer.startswith("250") or answer == LOSE:
            if self.keeps_mails:
                self.accepted.append(mail)
            self.journal({"event": "accepted", **about})  # like a real server: kept first, then said
        goes_on = self._say(wire, "end", answer)
        self.journal({"event": "answered", **about})
        return goes_on


def _message_id(content: bytes) -> str:
    head = b"\r\n" + content.partition(b"\r\n\r\n")[0]
    at = head.lower().find(b"\r\nmessage-id:")
    value = head[at + 13 :].lstrip() if at >= 0 else b""
    return value.partition(b">")[0].decode("ascii", "replace") + ">" if value else ""
