"""The one place that speaks SMTP. It speaks MAIL, RCPT and DATA itself, so that each phase is told apart (RFC 5321):
what the server refuses, whom it refuses, and what may have arrived although nobody said so."""

import base64
import re
import smtplib
import socket
import ssl
from contextlib import suppress

from jobs.outcome import Kind, Outcome, ServerFault
from jobs.watchdog import Watchdog
from settings import SmtpServer

SOCKET_TIMEOUT = 60.0  # seconds for one answer
DIALOGUE_AT_MOST = 300.0  # seconds for one mail with everything that belongs to it; a claim lasts 600
MAILS_A_CONNECTION = 50
_UNKNOWN = re.compile(rb"5\.1\.1(?!\d)")  # RFC 3463: bad destination mailbox address


def _text(code: int, reply: bytes | str) -> str:
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(words.split())}"


def _context(server: SmtpServer) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=server.ca_file or None)
    if not (server.user or server.ca_file or server.implicit_tls):
        # Encrypted if the server offers it, whoever it is: better than in the clear, and no secret is told (RFC 7435).
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Relay:
    """A connection to the mail server for one batch. Opened by `with`; raises ServerFault if that fails."""

    def __init__(
        self, server: SmtpServer, *, timeout: float = SOCKET_TIMEOUT, dialogue: float = DIALOGUE_AT_MOST
    ) -> None:
        self.server, self.timeout = server, timeout
        self.watchdog = Watchdog(dialogue, self._cut)
        self.connection: smtplib.SMTP | None = None
        self.sent = 0

    def __enter__(self) -> "Relay":
        self.watchdog.start()
        try:
            with self.watchdog.turn():
                self._open()
        except BaseException:
            self.watchdog.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        self.watchdog.stop()

    def send(self, sender: str, recipient: str, data: bytes) -> Outcome:
        """Hand one mail over to one recipient. Raises ServerFault if the server is at fault before the mail began."""
        # A server that trickles never times out by itself.
        with self.watchdog.turn():
            if self.connection is None or self.sent >= MAILS_A_CONNECTION:
                self._close()
                self._open()
            outcome = self._dialogue(sender, recipient, data)
        self.sent += 1
        if outcome.kind in (Kind.DROPPED, Kind.NO_ANSWER) or outcome.reply.startswith("421"):
            self._break()
        elif outcome.kind is not Kind.DELIVERED:
            self._reset()
        return outcome

    # Opening and closing

    def _open(self) -> None:
        server, connection = self.server, None
        try:
            connection = self._connect()
            self._greet(connection)
            if not server.implicit_tls:
                self._encrypt(connection)
            if server.user:
                self._sign_in(connection)
        except smtplib.SMTPResponseException as error:
            self._break(connection)
            raise ServerFault(_text(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._break(connection)
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise ServerFault(f"{server.host}:{server.port}: {reason}") from error
        except ServerFault:
            self._break(connection)
            raise
        self.connection, self.sent = connection, 0

    def _connect(self) -> smtplib.SMTP:
        if self.server.implicit_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(timeout=self.timeout, context=_context(self.server))
        else:
            connection = smtplib.SMTP(timeout=self.timeout)
        connection._host = self.server.host  # type: ignore[attr-defined]  # the name that the certificate must carry
        self.connection = connection  # the time limit must be able to break it
        code, reply = connection.connect(self.server.host, self.server.port)
        if code != 220:
            raise ServerFault(_text(code, reply))
        return connection

    @staticmethod
    def _greet(connection: smtplib.SMTP) -> None:
        code, reply = connection.ehlo()
        if code != 250:
            code, reply = connection.helo()
        if code != 250:
            raise ServerFault(_text(code, reply))

    def _encrypt(self, connection: smtplib.SMTP) -> None:
        if not connection.has_extn("starttls"):
            if self.server.require_starttls:
                raise ServerFault("STARTTLS: not offered by the server")
            return
        connection.starttls(context=_context(self.server))
        self._greet(connection)

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        """AUTH PLAIN or LOGIN, in UTF-8: smtplib's own knows ASCII alone."""
        user, password = self.server.user, self.server.password
        offered = connection.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered or not offered:
            code, reply = connection.docmd("AUTH", "PLAIN " + _base64(f"\0{user}\0{password}"))
        elif "LOGIN" in offered:
            code, reply = connection.docmd("AUTH", "LOGIN " + _base64(user))
            if code == 334:
                code, reply = connection.docmd(_base64(password))
        else:
            raise ServerFault(f"AUTH: the server offers neither PLAIN nor LOGIN ({' '.join(offered)})")
        if code not in (235, 503):  # 503: already signed in
            raise ServerFault(_text(code, reply))

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.timeout = 5
            with suppress(OSError, smtplib.SMTPException):
                if self.connection.sock is not None:
                    self.connection.sock.settimeout(5)
                self.connection.quit()
        self._break()

    def _break(self, connection: smtplib.SMTP | None = None) -> None:
        connection = connection or self.connection
        if connection is not None:
            with suppress(OSError):
                connection.close()
        self.connection = None

    def _reset(self) -> None:
        try:
            if self.connection is None or self.connection.rset()[0] != 250:
                self._break()
        except (OSError, smtplib.SMTPException):
            self._break()

    # One mail

    def _dialogue(self, sender: str, recipient: str, data: bytes) -> Outcome:
        connection = self.connection
        assert connection is not None  # noqa: S101  (`send` opened it)
        try:
            address = _ascii_address(recipient)
        except ValueError:
            return Outcome(Kind.REFUSED, "553 5.1.3 the address cannot be written in SMTP")
        try:
            options = ["BODY=8BITMIME"] if not data.isascii() and connection.has_extn("8bitmime") else []
            code, reply = connection.mail(sender, options)
            if code >= 500:
                self._reset()
                raise ServerFault(_text(code, reply))
            if code != 250:
                return Outcome(Kind.TEMPORARY, _text(code, reply))
            code, reply = connection.rcpt(address)
            if code >= 500:
                return Outcome(Kind.REFUSED, _text(code, reply), is_unknown=_UNKNOWN.match(reply) is not None)
            if code not in (250, 251):
                return Outcome(Kind.TEMPORARY, _text(code, reply))
            code, reply = connection.docmd("DATA")
            if code != 354:
                return Outcome(Kind.CONTENT if code >= 500 else Kind.TEMPORARY, _text(code, reply))
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Kind.DROPPED, str(error))
        return self._content(connection, data)

    @staticmethod
    def _content(connection: smtplib.SMTP, data: bytes) -> Outcome:
        """From here on only a clear answer says that the mail did not arrive."""
        try:
            connection.send(_dot_stuffed(data))
            code, reply = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Kind.NO_ANSWER, str(error))
        if code == 250:
            return Outcome(Kind.DELIVERED, _text(code, reply))
        if code >= 500:
            return Outcome(Kind.CONTENT, _text(code, reply))
        return Outcome(Kind.TEMPORARY if code >= 400 else Kind.NO_ANSWER, _text(code, reply))

    def _cut(self) -> None:
        wire = self.connection.sock if self.connection is not None else None
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _ascii_address(address: str) -> str:
    """The address as SMTP can carry it. Raises ValueError where it cannot."""
    local, _, domain = address.rpartition("@")
    if "ß" in domain:  # Python's codec would make another domain of it
        raise ValueError("not an address of IDNA 2003")
    name = f"{local}@{domain.encode('idna').decode()}"
    if not local or not name.isascii() or any(c <= " " or c in "<>\x7f" for c in name):
        raise ValueError("not an ASCII address")
    return name


def _dot_stuffed(data: bytes) -> bytes:
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    stuffed = lines.replace(b"\r\n.", b"\r\n..")
    stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"
