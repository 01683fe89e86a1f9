"""A city that exists only to be measured: the starter data, colleagues, and as many dates and contacts as wanted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlmodel import Session, SQLModel

from models import tables as tables
from models.application.phases import phases as the_phases
from models.application.phases import the_application
from models.catalogue.load import load
from models.commitments.checklist import Commitment, CommitmentState
from models.commitments.editions import the_edition
from models.commitments.proofs import CommitmentProof
from models.conferences.conferences import Conference, ConferenceDeadline
from models.contacts.people import Person
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision
from models.followups import FollowUp, FollowUpKind
from models.migrations import migrate
from models.officers import Officer, Role
from settings import Settings, SmtpServer

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday, 08:00 in Leipzig
DUE_ON = date(2026, 11, 25)  # the default rule reminds of it at NOW
COLLEAGUES = 20


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on this computer's disk for one bench."""
    with TemporaryDirectory(prefix="lotse-bench-", dir="/var/tmp") as found:
        yield Path(found)


def settings_for(url: str, data_dir: Path, port: int | None = None) -> Settings:
    """Settings as in use; with a port, the relay listens there."""
    return Settings(
        database_url=url,
        data_dir=data_dir,
        smtp=None if port is None else SmtpServer("127.0.0.1", port),
        mail_from="lotse@leipzig.example",
        base_url="https://lotse.leipzig.example",
        secret_key="only for measuring, long enough for all",
        time_zone="Europe/Berlin",
        trusted_hosts=("127.0.0.1",),
        is_demo=False,
    )


def found_city(url: str, now: datetime = NOW) -> list[int]:
    """A migrated database with the starter data and colleagues, whose ids are answered; the first leads the case."""
    migrate(url)
    database = Database(url)
    with database.write(now) as session:
        session.info["unrecorded"] = True
        load(session, now, now.date())
        people = [
            Officer(name=f"Kollegin {n}", email=f"kollegin-{n}@leipzig.example", role=Role.ADMIN)
            for n in range(COLLEAGUES)
        ]
        session.add_all(people)
        session.flush()
        the_application(session).case_lead_id = people[0].key
        keys = [person.key for person in people]
        session.commit()
    database.close()
    return keys


def add_commitments(session: Session, days: Sequence[date], officers: Sequence[int]) -> None:
    """One commitment for each day; the colleagues answer for them in turn."""
    edition = the_edition(session).key
    rows = [
        {
            "edition_id": edition,
            "code": f"bench-{n}",
            "label_de": f"Zusage {n}: Bericht an das Netzwerk",
            "label_en": f"Commitment {n}: report to the network",
        }
        | {"due_on": day, "responsible_id": officers[n % len(officers)]}
        for n, day in enumerate(days)
    ]
    _add(session, Commitment(), rows)


def add_subjects(session: Session, count: int, officers: Sequence[int], now: datetime = NOW) -> None:
    """Commitments, follow-ups and deadlines, spread evenly over five years to either side."""
    span = timedelta(days=5 * 365)
    days = [now.date() - span + timedelta(days=2 * span.days * n // count) for n in range(count)]
    add_commitments(session, days[0::3], officers)
    who = [officers[n % len(officers)] for n in range(count)]
    follow_ups = [
        {"what": f"Wiedervorlage {n}", "due_on": day, "responsible_id": who[n]}
        for n, day in enumerate(days[1::3])
    ]
    _add(session, FollowUp(kind=FollowUpKind.TASK, subject_kind="commitment", subject_id=1), follow_ups)
    parent = session.connection().execute(select(func.min(_table(Conference).c.id))).scalar_one()
    deadlines = [
        {"name": f"Frist {n}", "due_on": day, "responsible_id": who[n]} for n, day in enumerate(days[2::3])
    ]
    _add(session, ConferenceDeadline(conference_id=parent), deadlines)


def add_checklist(
    session: Session,
    items: int,
    evidence: int,
    revisions: int,
    officers: Sequence[int],
    *,
    name: str = "many",
) -> None:
    """So many items of the edition in force, spread over all phases, and so many pieces of evidence with so many
    revisions each; each proves one item, every third expires soon, every seventh has expired."""
    edition, phases = the_edition(session).key, [phase.key for phase in the_phases(session)]
    before = session.connection().execute(select(func.max(_table(Commitment).c.id))).scalar() or 0
    states = list(CommitmentState)[:3]
    _add(session, Commitment(), [
        {
            "edition_id": edition, "code": f"{name}-{n}", "position": 100 + n, "label_de": f"Zusage {n}: Bericht",
            "label_en": f"Commitment {n}: report", "phase_id": phases[n % len(phases)], "state": states[n % 3],
            "due_on": NOW.date() + timedelta(days=n % 400), "responsible_id": officers[n % len(officers)],
            "search_text": f"zusage {n} bericht", "sort_key": f"zusage {n}",
        }
        for n in range(items)
    ])  # fmt: skip
    keys = _keys(session, Commitment, before)
    first = session.connection().execute(select(func.max(_table(Evidence).c.id))).scalar() or 0
    _add(session, Evidence(name=""), [
        {"name": f"Nachweis {n}", "owner_id": officers[n % len(officers)]} for n in range(evidence)
    ])  # fmt: skip
    proofs = _keys(session, Evidence, first)
    long_ago = NOW - timedelta(days=1000)
    _add(session, CommitmentProof(commitment_id=0, evidence_id=0, linked_at=long_ago), [
        {"commitment_id": keys[n % len(keys)], "evidence_id": proof} for n, proof in enumerate(proofs)
    ])  # fmt: skip
    _add(session, EvidenceRevision(evidence_id=0, kind=EvidenceKind.FILE, added_at=long_ago), [
        {
            "evidence_id": proof, "number": number, "sha256": f"{n * revisions + number:064x}",
            "file_name": "brief.pdf",
            "added_at": long_ago + timedelta(days=number),
            "replaced_at": long_ago + timedelta(days=number + 1) if number < revisions else None,
            "valid_until": NOW.date() + timedelta(days=10 if n % 3 == 0 else -3 if n % 7 == 0 else 900),
        }
        for n, proof in enumerate(proofs)
        for number in range(1, revisions + 1)
    ])  # fmt: skip


def _keys(session: Session, kind: type[SQLModel], after: int) -> list[int]:
    table = _table(kind)
    found = select(table.c.id).where(table.c.id > after).order_by(table.c.id)
    return list(session.connection().execute(found).scalars())


def add_people(session: Session, count: int) -> None:
    """Contacts: a thousand are written, the others copied from them by the database itself."""
    table = _table(Person)
    seed = [
        {"given_name": "Kim", "family_name": f"Muster {n}", "email": f"kontakt-{n}@beispiel.example"}
        | {"search_text": f"kim muster {n}", "sort_key": f"muster {n}", "source": "Messung"}
        for n in range(min(count, 1000))
    ]
    _add(session, Person(), seed)
    columns = [column for column in table.columns if column.name != "id"]
    have = len(seed)
    while have < count:
        copied = select(*columns).order_by(table.c.id).limit(min(have, count - have))
        session.connection().execute(insert(table).from_select([c.name for c in columns], copied))
        have += min(have, count - have)


def _table(kind: type[SQLModel]) -> Table:
    table: Table = SQLModel.metadata.tables[str(kind.__tablename__)]
    return table


def _add(session: Session, like: SQLModel, rows: list[dict[str, Any]]) -> None:
    """Insert by Core in bulk: the columns of `like`, changed by each row."""
    base = like.model_dump(exclude={"id"})
    for start in range(0, len(rows), 10_000):
        part = [base | row for row in rows[start : start + 10_000]]
        session.connection().execute(insert(_table(type(like))), part)
