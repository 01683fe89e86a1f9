"""No table and no column can keep a person who was erased, or keep her from her own data: found by the metadata."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlmodel import Session, SQLModel

from models.contacts.people import Person, PersonState
from models.database import Database
from models.files import FileStore
from models.folding import fold
from models.privacy import columns
from models.privacy.access import access
from models.privacy.columns import (
    IMPERSONAL,
    PUBLIC,
    is_bytes,
    is_personal,
    may_hold_text,
    walked,
    walked_tables,
)
from models.privacy.erasing import erase
from models.privacy.records import ErasureReason
from models.reminders.rules import SubjectKind
from tests.guards.filled import SINGLE, Made, Values, fill_every_table

GIVEN, FAMILY = "Verena", "Müßigbrodt"
EMAIL, PHONE, SECOND = "verena.muessigbrodt@kiel.example", "0431 987-6543", "+49 171 5550123"
PLANTED = [
    f"{GIVEN} {FAMILY}", f"{FAMILY}, {GIVEN}", "VERENA MUESSIGBRODT", EMAIL, "+49 (0)431 / 98 76 543", "0171.5550123",
]  # fmt: skip


def mail_about() -> bytes:
    """Everything hidden behind an encoding: subject in encoded words, text in base64, HTML in quoted-printable, ICS."""
    mail = EmailMessage()
    mail["Subject"] = f"Anruf bei {FAMILY}, {GIVEN}: {'ä' * 80}"
    mail["To"] = "anna@lotse.example"
    mail.set_content(f"Bitte {GIVEN} {FAMILY} anrufen: {PHONE}\n", cte="base64")
    mail.add_alternative(f"<p>{GIVEN}&nbsp;{FAMILY}, {EMAIL}</p>", subtype="html", cte="quoted-printable")
    mail.add_attachment(f"SUMMARY:{GIVEN} {FAMILY}\r\n".encode(), maintype="text", subtype="calendar")
    return mail.as_bytes(policy=policy.SMTP)


def _first(table: str) -> Any:
    return lambda made: made[table][0]


def _hers(person_id: int) -> Values:
    """Rows that belong to her: by reference, by subject, and by what those refer to."""
    found: Values = {("contact_point", "organisation_id"): None, ("contact_merge", "undone_at"): None}
    for table in SQLModel.metadata.sorted_tables:
        for foreign in table.foreign_keys:
            if foreign.column.table.name == "person" and table.name != "person":
                found[table.name, foreign.parent.name] = person_id
        if {"subject_kind", "subject_id"} <= set(table.c.keys()):
            found[table.name, "subject_kind"], found[table.name, "subject_id"] = "person", person_id
    found["not_the_same", "second_id"] = found["contact_merge", "gone_id"] = _first("person")
    found["reminder_rule", "subject_kind"] = SubjectKind.FOLLOW_UP
    found["reminder_rule", "subject_id"] = _first("follow_up")
    found["reminder", "subject_kind"], found["reminder", "subject_id"] = "follow_up", _first("follow_up")
    return found


def _foreign() -> Values:
    """Rows that are somebody else's and mention her."""
    found: Values = {("contact_point", "person_id"): None}
    for table in SQLModel.metadata.sorted_tables:
        if {"subject_kind", "subject_id"} <= set(table.c.keys()):
            found[table.name, "subject_kind"] = "organisation"
            found[table.name, "subject_id"] = 1
    found["reminder_rule", "subject_kind"] = SubjectKind.COMMITMENT
    found["reminder_rule", "subject_id"] = 1
    found["not_the_same", "second_id"] = found["contact_merge", "gone_id"] = lambda made: made["person"][-1]
    return found


def _add_her(session: Session) -> Person:
    person = Person(
        given_name=GIVEN, family_name=FAMILY, email=EMAIL, phone=PHONE, uid="urn:uuid:4711-verena", note="Notiz",
        other_properties="X-SKYPE:verena", other_languages="da sv", organisation_id=1,
    )  # fmt: skip
    session.add(person)
    session.flush()
    return person


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, bytes | memoryview):
        mail = message_from_bytes(bytes(value), policy=policy.default)
        yield bytes(value).decode("latin-1")
        yield " ".join(str(v) for v in mail.values())
        for part in mail.walk():
            content = part.get_payload(decode=True)
            yield content.decode("utf-8") if isinstance(content, bytes) else ""
    else:
        yield json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def says(text: str) -> bool:
    """Whether she can be recognised in it; in another way than the program looks."""
    folded = fold(text.replace("&nbsp;", " ")).replace("ue", "u").replace(",", "")
    digits = re.sub(r"\D", "", text)
    names = "verena mussigbrodt", "mussigbrodt verena", "verena.mussigbrodt", "4711-verena"
    return any(name in folded for name in names) or "4319876543" in digits or "1715550123" in digits


def survivors(connection: Connection) -> set[tuple[str, str]]:
    """Every place in the database that still speaks of her, in whatever column."""
    found = set()
    for table in SQLModel.metadata.sorted_tables:
        texts = [c for c in table.columns if may_hold_text(c)]
        for row in connection.execute(select(*texts)) if texts else ():
            for column, value in row._mapping.items():
                if value and any(says(text) for text in _texts(value)):
                    found.add((table.name, str(column)))
    return found


def _fill(session: Session) -> tuple[Person, Made, Made]:
    person = _add_her(session)
    connection = session.connection()
    hers = _hers(person.key)
    second = {"contact_point": SECOND}
    made = fill_every_table(connection, PLANTED, hers, mail_about())
    connection.execute(
        SQLModel.metadata.tables["contact_point"].update()
        .where(SQLModel.metadata.tables["contact_point"].c.id == made["contact_point"][0])
        .values(value=second["contact_point"], value_key="+491715550123")
    )  # fmt: skip
    others = fill_every_table(connection, PLANTED, _foreign(), mail_about())
    session.expire_all()
    return person, made, others


def _planted() -> set[tuple[str, str]]:
    return {(table.name, column.name) for table in walked_tables() for column in walked(table)}


def test_nothing_is_left_of_somebody_who_was_erased(
    database: Database, now: datetime, today: date, tmp_path: Path
) -> None:
    with database.write(now) as session:
        person, made, _others = _fill(session)
        key = person.key
        assert survivors(session.connection()) >= _planted() - {("person", "other_languages")}
        found = access(session, person, "de")
        assert {(place.table, place.column) for place in found.places()} >= _planted()
        erase(session, person, ErasureReason.REQUEST, FileStore(tmp_path), now, today)
        session.commit()
    with database.read(now) as session:
        left = survivors(session.connection())
        assert {place for place in left if place[0] not in PUBLIC} == set()
        assert {table for table, _column in left} == set(PUBLIC), "public papers are shown, and stay"
        gone = session.get_one(Person, key)
        assert (gone.state, gone.erased_on) == (PersonState.ERASED, today)
        for table in made:
            assert table in SINGLE or table in SQLModel.metadata.tables


def test_it_would_be_noticed_if_a_column_escaped(
    database: Database, now: datetime, today: date, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write(now) as session:
        person, _made, _others = _fill(session)
        monkeypatch.setitem(IMPERSONAL, ("organisation", "role_de"), "a mistake")
        columns.walked.cache_clear()
        columns.walked_tables.cache_clear()
        try:
            erase(session, person, ErasureReason.REQUEST, FileStore(tmp_path), now, today)
        finally:
            monkeypatch.undo()
            columns.walked.cache_clear()
            columns.walked_tables.cache_clear()
        session.flush()
        assert ("organisation", "role_de") in survivors(session.connection())


def test_every_column_declared_as_impersonal_is_there_and_says_why() -> None:
    known = {(t.name, c.name) for t in SQLModel.metadata.sorted_tables for c in t.columns if may_hold_text(c)}
    assert set(IMPERSONAL) - known == set()
    assert all(IMPERSONAL.values())
    tables = SQLModel.metadata.tables
    personal = {place for place in IMPERSONAL if is_personal(tables[place[0]].c[place[1]])}
    assert personal == {("officer", "name"), ("officer", "email")}, "what is marked as personal is walked"


def test_the_walk_can_handle_every_table() -> None:
    for table in walked_tables():
        assert [column.name for column in table.primary_key] == ["id"], table.name
    assert set(PUBLIC) <= set(SQLModel.metadata.tables)
    assert sum(is_bytes(c) for t in walked_tables() for c in walked(t)) == 1, (
        "bytes other than mails need a reader"
    )


def test_the_planted_mail_hides_her_well() -> None:
    raw = mail_about()
    assert GIVEN.encode() not in raw.replace(base64.b64encode(b""), b"") or FAMILY.encode() not in raw
    assert sum(says(text) for text in _texts(raw)) >= 4
