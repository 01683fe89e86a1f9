"""What is read from a mail that somebody kept as a file: who wrote, when, what, and what lay in it."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from models.base import LINE, N_, NAME, NOTE

LETTER_LIMIT = 25 * 1024 * 1024  # bytes of one file
ATTACHMENTS_LIMIT = 100
RECIPIENTS_LIMIT = 200

NO_LETTER = N_("This is not a mail. Please save it in your mail program as .eml or .msg and try again.")
DAMAGED = N_("This mail is damaged and cannot be read. Please copy its text by hand.")
TOO_LARGE = N_("The mail is too large. Files may have up to 25 MB.")
EMPTY = N_("The file is empty.")

TEXT_CUT = N_("The text is very long. Only its beginning was taken over.")
NO_TEXT = N_("The mail has no text that can be read here.")
ONLY_RTF = N_("The text of this mail is kept in Outlook’s own format only. Please copy it by hand.")
NO_DATE = N_("The mail does not say when it was sent.")
PARTS_LEFT = N_("The mail has very many attachments. Only the first ones are listed.")
PACKED = N_("Outlook has packed attachments into winmail.dat. They cannot be read here.")
ENCRYPTED = N_("The mail is encrypted. Its text can be read in your mail program only.")


class NoLetterError(Exception):
    """This file is no mail that can be read; `reason` is the msgid that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Address:
    """A name, a mail address, or both; either may be empty."""

    name: str
    address: str


@dataclass(frozen=True)
class LetterAttachment:
    """What lay in the mail. `content` is None for what can only be named: a mail inside an Outlook mail."""

    name: str
    media_type: str
    content: bytes | None = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.content or b"")


@dataclass(frozen=True)
class Letter:
    """A mail. `sent_at` is aware, or None where the mail does not say it; `text` has at most NOTE characters; `remarks`
    are msgids of what a reader should know."""

    sender: Address
    recipients: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    subject: str = ""
    text: str = field(default="", repr=False)
    message_id: str = ""
    attachments: tuple[LetterAttachment, ...] = ()
    remarks: tuple[str, ...] = ()


def one_line(text: str, limit: int = LINE) -> str:
    """Text on one line, without anything invisible (marks of direction, control characters), cut."""
    shown = "".join(c if c.isprintable() else " " for c in text[: limit * 4])
    return " ".join(shown.split())[:limit].rstrip()


def an_address(name: str, address: str) -> Address:
    """Name and address as they can be shown; a name that repeats the address is none."""
    clean, mail = one_line(name, NAME).strip("'\" "), one_line(address, LINE).strip("<>'\" ")
    return Address("" if clean.casefold() == mail.casefold() else clean, mail)


_BLANK_LINES = re.compile(r"\n{4,}")


def body_text(text: str) -> tuple[str, bool]:
    """A text as it is kept: line breaks as \\n, nothing invisible that a database refuses, at most NOTE characters; and
    whether it was cut."""
    begun = text[: NOTE * 3].replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    kept = "".join(
        c for c in begun if c in "\n\t" or (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff")
    )
    lines = _BLANK_LINES.sub("\n\n\n", "\n".join(line.rstrip(" \t") for line in kept.split("\n"))).strip()
    return lines[:NOTE].rstrip(), len(lines) > NOTE or len(text) > NOTE * 3
