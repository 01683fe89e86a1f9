"""Erasures written down beside the database, so that a restored backup does not bring anybody back.

One line for each: installation, key of the person, moment, reason. No names. Only ever appended to.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from models.city import the_city
from models.contacts.people import Person, PersonState
from models.files import FileStore
from models.privacy.erasing import Erased, erase
from models.privacy.planning import plan_erasure
from models.privacy.records import Erasure, ErasureReason

NAME = "erased-contacts"


@dataclass(frozen=True)
class Line:
    """One erasure."""

    installation: str
    person_id: int
    erased_at: datetime
    reason: ErasureReason


class Ledger:
    """The file in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.file = data_dir / NAME

    def write(self, session: Session, erasure: Erasure, people: Iterable[int] = ()) -> None:
        """Append an erasure; before the commit, so that none is missing. `people`: those merged into her as well; in an
        older backup they are contacts of their own. Raises OSError."""
        moment = erasure.erased_at.astimezone(UTC).isoformat()
        said, installation = f"{moment}\t{erasure.reason.value}\n", the_city(session).installation
        line = "".join(f"{installation}\t{key}\t{said}" for key in sorted({erasure.person_id, *people}))
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def lines(self) -> Iterator[Line]:
        """Every line that can be read."""
        try:
            written = self.file.read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return
        for one in written:
            try:
                installation, key, moment, reason = one.split("\t")
                yield Line(installation, int(key), datetime.fromisoformat(moment), ErasureReason(reason))
            except ValueError:
                continue  # a power cut in the middle of a line


def erase_again(
    session: Session, ledger: Ledger, files: FileStore, backup_at: datetime, now: datetime
) -> list[Erased]:
    """Erase whom a backup of this moment brought back. An older line means a key that somebody else has now. The caller
    commits."""
    installation, found = the_city(session).installation, []
    for line in ledger.lines():
        person = session.get(Person, line.person_id) if line.installation == installation else None
        if person is None or line.erased_at <= backup_at or person.state is not PersonState.ACTIVE:
            continue
        # What may mean somebody of the same name is not known any more: it stays, as the first proposal was.
        unsure = plan_erasure(session, person, files).mentions.unsure
        found.append(erase(session, person, line.reason, files, now, line.erased_at.date(), unsure))
    return found
