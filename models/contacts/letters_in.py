"""Mails that were dropped on a person: looked at first, and kept only as far as somebody wanted.

Until then the file lies in a folder of its own, under a name that only its officer knows. It is in no backup, and goes
when the officer decides, at the latest on the next day.
"""

import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path

from sqlmodel import Session, col, select

from models.base import LINE
from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.people import Person, listed
from models.contacts.points import ContactPoint, PointKind, point_key
from models.documents.letter_parts import Address, Letter

KEPT = timedelta(days=1)
FOLDER = "letters"  # in the folder of data
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}")


class LettersIn:
    """Uploaded mails that nobody has decided about. Names hold the moment, the person and the officer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes, person_id: int, officer_id: int, now: datetime) -> str:
        """Keep a mail for a while. Answers the key by which this officer finds it again."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        token = secrets.token_urlsafe(24)
        path = self.folder / f"{int(now.timestamp())}.{person_id}.{officer_id}.{token}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(content)
        return token

    def _path(self, token: str, person_id: int, officer_id: int) -> Path | None:
        if not _TOKEN.fullmatch(token):
            return None
        return next(self.folder.glob(f"*.{person_id}.{officer_id}.{token}"), None)

    def read(self, token: str, person_id: int, officer_id: int) -> bytes | None:
        """The mail; None where it is gone, or another colleague's."""
        path = self._path(token, person_id, officer_id)
        try:
            return path.read_bytes() if path is not None else None
        except FileNotFoundError:
            return None

    def forget(self, token: str, person_id: int, officer_id: int) -> None:
        """Delete it."""
        path = self._path(token, person_id, officer_id)
        if path is not None:
            path.unlink(missing_ok=True)

    def forget_about(self, person_ids: Iterable[int]) -> None:
        """Delete all that was dropped on these people."""
        for key in person_ids:
            for path in self.folder.glob(f"*.{key}.*.*"):
                path.unlink(missing_ok=True)

    def forget_old(self, now: datetime) -> int:
        """Delete what was uploaded a day ago and left lying. Answers how many."""
        before, gone = int((now - KEPT).timestamp()), 0
        for path in self.folder.glob("*.*.*.*"):
            stamp = path.name.partition(".")[0]
            if not stamp.isdigit() or int(stamp) <= before:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


def key_of(letter: Letter) -> str:
    """By what the same mail is known again: its Message-ID, else what it says."""
    if letter.message_id:
        return letter.message_id[:LINE]
    said = "\n".join((letter.sender.address, str(letter.sent_at), letter.subject, letter.text))
    return f"sha256:{sha256(said.encode()).hexdigest()}"


def sender_text(sender: Address) -> str:
    """Name and address of a sender on one line."""
    both = (
        f"{sender.name} <{sender.address}>"
        if sender.name and sender.address
        else sender.name or sender.address
    )
    return both[:LINE]


def interaction_of(letter: Letter, person_id: int, now: datetime, zone: tzinfo) -> Interaction:
    """The interaction that a mail becomes; of today where it does not say its day. Not stored."""
    sent_at = min(letter.sent_at or now, now)  # clocks of strangers may be ahead
    return Interaction(
        kind=InteractionKind.MAIL,
        person_id=person_id,
        held_on=sent_at.astimezone(zone).date(),
        subject=letter.subject,
        body=letter.text,
        sender=sender_text(letter.sender),
        message_id=key_of(letter),
        written_at=now,
    )


@dataclass(frozen=True)
class Whose:
    """Whose mail it is: whether the person wrote or received it, and who else here has one of its addresses; `writers`
    are the keys of those who have the sender's."""

    wrote: bool
    received: bool
    others: list[Person]
    writers: frozenset[int]


def whose(session: Session, person: Person, letter: Letter) -> Whose:
    """Compare the addresses of a mail with those of the people here."""
    sender = point_key(PointKind.EMAIL, letter.sender.address)
    named = {point_key(PointKind.EMAIL, one.address) for one in letter.recipients} - {""}
    owners = _owners(session, named | ({sender} - {""}))
    own = {address for address, people in owners.items() if person.key in people}
    others = [key for address in sorted(owners, key=lambda a: a != sender) for key in owners[address]]
    wanted = [key for key in dict.fromkeys(others) if key != person.key]
    found = {one.key: one for one in session.exec(select(Person).where(col(Person.id).in_(wanted), listed()))}
    known = [found[key] for key in wanted if key in found]
    return Whose(sender in own, bool(own & named), known, frozenset(owners.get(sender, [])))


def _owners(session: Session, addresses: set[str]) -> dict[str, list[int]]:
    """Mail address -> keys of the people who have it."""
    found: dict[str, list[int]] = {}
    if not addresses:
        return found
    first = select(Person.email_key, Person.id).where(col(Person.email_key).in_(addresses), listed())
    further = select(ContactPoint.value_key, ContactPoint.person_id).where(
        ContactPoint.kind == PointKind.EMAIL,
        col(ContactPoint.value_key).in_(addresses),
        col(ContactPoint.person_id).is_not(None),
    )
    for address, key in [*session.exec(first), *session.exec(further)]:
        if key is not None:
            found.setdefault(address, []).append(key)
    return found
