"""A mail server on 127.0.0.1 that fails on demand, at the phase that a test names."""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

DROP, STALL, TRICKLE = "drop", "stall", "trickle"


@dataclass
class Received:
    sender: str
    recipients: list[str] = field(default_factory=list)
    data: bytes = b""


class FaultServer:
    """Answers each phase (greeting, ehlo, auth, mail, rcpt, data, end) as `replies` says: a reply line, or DROP
    (closes the connection), STALL (never answers), TRICKLE (a byte now and then). `once` is used up first.
    `accepted` holds the mails that were answered with 250 after their content; `seen` all whose content came."""

    def __init__(self, *, features: tuple[str, ...] = ("8BITMIME", "PIPELINING"), **replies: str) -> None:
        self.features, self.replies = features, replies
        self.once: dict[str, list[str]] = {}
        self.accepted: list[Received] = []
        self.seen: list[Received] = []
        self.connections = 0
        self.delay = 0.0  # seconds before each answer
        self.commands: list[str] = []
        self.ended = threading.Event()
        self.in_data = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.threads: list[threading.Thread] = []
        self.open: list[socket.socket] = []

    def __enter__(self) -> "FaultServer":
        self._start(self._accept)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.ended.set()
        for wire in [self.socket, *self.open]:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()
        for thread in self.threads:
            thread.join(5)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _start(self, work, *arguments) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.ended.is_set():
            try:
                wire, _ = self.socket.accept()
            except OSError:
                return
            self.open.append(wire)
            self.connections += 1
            self._start(self._talk, wire)

    def _answer(self, phase: str, default: str) -> str:
        waiting = self.once.get(phase)
        return waiting.pop(0) if waiting else self.replies.get(phase, default)

    def _say(self, wire: socket.socket, phase: str, default: str) -> bool:
        """False when the connection is over."""
        time.sleep(self.delay)
        answer = self._answer(phase, default)
        if answer == DROP:
            return False
        if answer == STALL:
            self.ended.wait(60)
            return False
        if answer == TRICKLE:
            while not self.ended.is_set():
                wire.sendall(b"2")
                time.sleep(0.05)
            return False
        wire.sendall(answer.encode() + b"\r\n")
        return not answer.startswith("421")

    def _talk(self, wire: socket.socket) -> None:
        with suppress(OSError), wire, wire.makefile("rb") as lines:
            if self._say(wire, "greeting", "220 fault.test"):
                self._commands(wire, lines)
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def _commands(self, wire: socket.socket, lines) -> None:
        mail = Received("")
        while line := lines.readline():
            word = line.split(maxsplit=1)[0].upper().decode() if line.strip() else ""
            self.commands.append(line.decode("ascii", "replace").strip())
            argument = line.decode().partition(":")[2].split(">")[0].strip(" <\r\n")
            if word == "QUIT":
                wire.sendall(b"221 bye\r\n")
                return
            if word == "RSET":
                wire.sendall(b"250 ok\r\n")
                continue
            if word in ("EHLO", "HELO"):
                names = ["fault.test", *self.features]
                default = "\r\n".join(
                    f"250{'-' if n < len(names) - 1 else ' '}{x}" for n, x in enumerate(names)
                )
                goes_on = self._say(wire, "ehlo", default)
            elif word == "AUTH":
                goes_on = self._say(wire, "auth", "235 welcome")
            elif word == "MAIL":
                mail = Received(argument)
                goes_on = self._say(wire, "mail", "250 ok")
            elif word == "RCPT":
                mail.recipients.append(argument)
                goes_on = self._say(wire, "rcpt", "250 ok")
            elif word == "DATA":
                goes_on = self._content(wire, lines, mail)
            else:
                wire.sendall(b"502 unknown\r\n")
                continue
            if not goes_on:
                return

    def _content(self, wire: socket.socket, lines, mail: Received) -> bool:
        answer = self._answer("data", "354 go on")
        if answer == DROP:
            return False
        wire.sendall(answer.encode() + b"\r\n")
        if not answer.startswith("354"):
            return True
        content = []
        while (line := lines.readline()) not in (b".\r\n", b""):
            content.append(line[1:] if line.startswith(b"..") else line)
        mail.data = b"".join(content)
        self.seen.append(mail)
        self.in_data.set()
        if self.replies.get("end", "250").startswith("250") and not self.once.get("end"):
            self.accepted.append(mail)
        return self._say(wire, "end", "250 2.0.0 accepted")
