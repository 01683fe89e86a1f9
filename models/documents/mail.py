"""One mail to one person: text first, HTML beside it, a calendar part where there is a date (RFC 5322, 3834)."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from html import escape
from typing import Any

from models.language import translator


@dataclass(frozen=True)
class Item:
    """One line of a list: a title with its address, and what is to be said of it."""

    title: str
    address: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """What a mail says: paragraphs, facts (label, value), lists (heading, lines), at most one button (label, address).
    `struck` names the labels of facts that do not hold any more."""

    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    lists: tuple[tuple[str, tuple[Item, ...]], ...] = ()
    struck: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Envelope:
    """From whom, to whom, in which thread."""

    sender_name: str
    sender: str
    reply_to: str
    to_name: str
    to_address: str
    subject: str
    message_id: str
    date: datetime
    language: str
    headers: tuple[tuple[str, str], ...] = field(default=())


# Their values are identifiers and addresses. The email package would break a long one up into encoded words, which no
# mail program understands there (RFC 8058 and 5322 want them as they are).
_UNBROKEN = ("list-unsubscribe", "message-id", "in-reply-to", "references")


class _Unbroken(EmailPolicy):
    """The policy of SMTP, but such a value stands as it is, each of its parts on a line; and a subject line begins on
    the line of its name."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() == "subject":  # a long one would leave the first line empty otherwise
            charset = "us-ascii" if str(value).isascii() else "utf-8"
            written = Header(str(value), charset, header_name=name).encode(linesep=self.linesep)
            return f"{name}: {written}{self.linesep}".encode("ascii")
        if name.lower() not in _UNBROKEN or not str(value).isascii():
            return super().fold_binary(name, value)
        parts = f"{self.linesep} ".join(str(value).split())
        return f"{name}: {parts}{self.linesep}".encode("ascii")


_POLICY = _Unbroken(linesep=SMTP.linesep)


def one_line(value: str) -> str:
    """A value that can stand in a header: no line breaks, no control characters, and nothing that the email package
    would decode: "=?utf-8?q?=0d=0aBcc:...?=" would become a header of its own (T21, CVE-2024-6923)."""
    return " ".join("".join(c if c.isprintable() else " " for c in value.replace("=?", "= ?")).split())


def mail_file_name(message_id: str) -> str:
    """Under which name a mail with this Message-ID is filed where there is no mail server."""
    name = message_id.strip().strip("<>")
    safe = "".join(c if c.isalnum() or c in "-.@" else "_" for c in name).lstrip(".") or "mail"
    return f"{safe[:200]}.eml"


def _ascii_domain(address: str) -> str:
    """The address with its domain as DNS knows it; the email package would garble an umlaut there."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address  # the sender will say that it cannot be written in SMTP


def letter_text(letter: Letter) -> str:
    """The plain text part."""
    lines = [letter.heading, ""]
    for paragraph in letter.paragraphs:
        lines += [paragraph, ""]
    if letter.facts:
        lines += [f"{label}: {value}" for label, value in letter.facts] + [""]
    for heading, items in letter.lists:
        lines += [heading, ""]
        for item in items:
            lines += [f"* {item.title}", *(f"  {note}" for note in item.notes), f"  {item.address}", ""]
    for paragraph in letter.after:
        lines += [paragraph, ""]
    if letter.button:
        lines += [f"{letter.button[0]}:", letter.button[1], ""]
    if letter.closing:
        lines += ["-- ", *letter.closing]
    return "\n".join(lines).rstrip() + "\n"


_BODY = "margin:0;padding:24px;background:#ffffff;color:#171a2b;font-family:'Fira Sans',Arial,sans-serif;font-size:16px"
_BUTTON = "display:inline-block;padding:12px 20px;background:#171a2b;color:#ffffff;text-decoration:none;font-weight:600"


def letter_html(letter: Letter, language: str) -> str:
    """The HTML part; every value is escaped, nothing is fetched from anywhere."""
    parts = [f'<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">{escape(letter.heading)}</h1>']
    parts += [f'<p style="margin:0 0 16px;line-height:1.5">{_lines(p)}</p>' for p in letter.paragraphs]
    if letter.facts:
        cell = "padding:4px 16px 4px 0;text-align:left;vertical-align:top"
        broken = (
            f"{cell};overflow-wrap:anywhere;word-break:break-word"  # an address may be wider than a phone
        )
        rows = "".join(
            f'<tr><th scope="row" style="{cell};font-weight:600">{escape(label)}</th>'
            f'<td style="{broken}">{_maybe_struck(value, label in letter.struck)}</td></tr>'
            for label, value in letter.facts
        )
        parts.append(f'<table style="border-collapse:collapse;margin:0 0 16px">{rows}</table>')
    for heading, items in letter.lists:
        parts.append(f'<h2 style="font-size:17px;line-height:1.3;margin:24px 0 8px">{escape(heading)}</h2>')
        parts.append(f'<ul style="margin:0 0 16px;padding:0 0 0 20px">{"".join(map(_item_html, items))}</ul>')
    parts += [f'<p style="margin:0 0 16px;line-height:1.5">{_lines(p)}</p>' for p in letter.after]
    if letter.button:
        label, address = (escape(part, quote=True) for part in letter.button)
        parts.append(f'<p style="margin:0 0 24px"><a href="{address}" style="{_BUTTON}">{label}</a></p>')
    if letter.closing:
        lines = "<br>".join(escape(line) for line in letter.closing)
        parts.append(f'<p style="margin:24px 0 0;font-size:14px;color:#4a4d5c;line-height:1.5">{lines}</p>')
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(letter.heading)}</title></head>"
        f'<body style="{_BODY}"><div style="max-width:600px">{"".join(parts)}</div></body></html>\n'
    )


def _lines(paragraph: str) -> str:
    return escape(paragraph).replace("\n", "<br>")


def _maybe_struck(value: str, is_struck: bool) -> str:
    return f"<s>{escape(value)}</s>" if is_struck else escape(value)


def _item_html(item: Item) -> str:
    notes = "".join(f'<br><span style="color:#4a4d5c">{escape(note)}</span>' for note in item.notes)
    link = f'<a href="{escape(item.address, quote=True)}" style="color:#171a2b">{escape(item.title)}</a>'
    return f'<li style="margin:0 0 8px;line-height:1.4">{link}{notes}</li>'


def mail_bytes(envelope: Envelope, letter: Letter, calendar: tuple[bytes, str] | None = None) -> bytes:
    """The finished mail as it goes over the wire (CRLF). `calendar` = bytes and METHOD."""
    mail = EmailMessage(policy=_POLICY)
    mail["Subject"] = one_line(envelope.subject)
    mail["From"] = Address(one_line(envelope.sender_name), addr_spec=envelope.sender)
    mail["To"] = Address(one_line(envelope.to_name), addr_spec=_ascii_domain(envelope.to_address))
    if envelope.reply_to and envelope.reply_to != envelope.sender:
        mail["Reply-To"] = Address(addr_spec=_ascii_domain(envelope.reply_to))
    mail["Date"] = format_datetime(envelope.date)
    mail["Message-ID"] = envelope.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply, RN, NRN"
    for name, value in envelope.headers:
        mail[name] = one_line(value)
    mail.set_content(letter_text(letter))
    mail.add_alternative(letter_html(letter, envelope.language), subtype="html")
    if calendar:
        content, method = calendar
        _, params = translator(envelope.language), {"charset": "utf-8", "method": method}
        mail.add_attachment(
            content,
            maintype="text",
            subtype="calendar",
            filename=_("date.ics"),
            params=params,
        )
    mail["Content-Language"] = envelope.language  # last: new content throws such headers away
    _name_boundaries(mail, envelope.message_id)
    return mail.as_bytes()


def _name_boundaries(mail: EmailMessage, name: str) -> None:
    """Boundaries are made of the mail's name, not by chance: the same mail is the same bytes (T20). No encoded line
    can begin like this, since "=" is written "=3D" there."""
    parts = [part for part in mail.walk() if part.is_multipart()]
    for n, part in enumerate(parts):
        digest = hashlib.sha256(f"{n} {name}".encode()).hexdigest()[:24]
        part.set_boundary(f"=_{digest}_=")
