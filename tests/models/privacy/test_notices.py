"""Who is to be told that we keep data of her (Art. 14 GDPR), until when, and whose time of keeping is over."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.people import DataOrigin, Person, PersonState
from models.contacts.roles import PersonRole
from models.database import Database, LotseSession
from models.privacy.notices import (
    Notice,
    NoticeState,
    count_to_clear,
    due_notices,
    notice_of,
    people_to_clear,
    queue,
)
from models.privacy.retention import (
    Review,
    ReviewReason,
    Span,
    count_to_review,
    last_day_before,
    review_of,
    review_queue,
    spans,
)

PUBLIC, THIRD, SELF, UNKNOWN = (
    DataOrigin.PUBLIC, DataOrigin.THIRD_PARTY, DataOrigin.SELF, DataOrigin.UNKNOWN,
)  # fmt: skip


def _person(name: str = "Wer", **values: object) -> Person:
    return Person(**({"family_name": name, "origin": PUBLIC, "source_on": date(2026, 11, 1)} | values))


@pytest.mark.parametrize(
    ("source_on", "contact_on", "last_day"),
    [
        (date(2027, 1, 31), None, date(2027, 2, 28)),
        (date(2028, 1, 31), None, date(2028, 2, 29)),
        (date(2026, 12, 15), None, date(2027, 1, 15)),
        (date(2026, 12, 15), date(2026, 12, 20), date(2026, 12, 20)),
        (date(2026, 12, 15), date(2026, 12, 15), date(2026, 12, 15)),
        (date(2026, 12, 15), date(2027, 3, 1), date(2027, 1, 15)),
        (date(2026, 12, 15), date(2026, 12, 1), date(2027, 1, 15)),
    ],
)
def test_a_notice_is_due_within_a_calendar_month_or_on_the_day_of_the_first_contact(
    source_on: date, contact_on: date | None, last_day: date
) -> None:
    notice = notice_of(_person(source_on=source_on), contact_on)
    assert notice == Notice(NoticeState.DUE, last_day)
    assert [notice.is_overdue(last_day + timedelta(days=n)) for n in (0, 1)] == [False, True]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"origin": SELF}, NoticeState.NOT_NEEDED),
        ({"origin": UNKNOWN}, NoticeState.TO_CLEAR),
        ({"origin": THIRD}, NoticeState.DUE),
        ({"notice_waived": "weiß alles"}, NoticeState.NOT_NEEDED),
        ({"objected_on": date(2026, 11, 2)}, NoticeState.NOT_NEEDED),
        ({"origin": UNKNOWN, "notice_sent_on": date(2026, 11, 2)}, NoticeState.SENT),
    ],
)
def test_no_notice_is_due_where_one_was_sent_waived_or_objected_to(
    values: dict[str, object], state: NoticeState
) -> None:
    assert notice_of(_person(**values), None).state is state


def _talk(session: LotseSession, person: Person, on: date, kind: InteractionKind, now: datetime) -> None:
    session.add(Interaction(kind=kind, person_id=person.key, held_on=on, written_at=now))


def test_the_queue_begins_with_the_earliest_deadline_and_agrees_with_the_rule(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        session.info["unrecorded"] = True
        later, called, noted, undated = (
            _person("Später", source_on=date(2026, 11, 10)),
            _person("Angerufen", source_on=date(2026, 11, 12)),
            _person("Notiert", source_on=date(2026, 10, 31)),
            _person("Undatiert", source_on=None),
        )
        others = [
            _person("Selbst", origin=SELF), _person("Gesendet", notice_sent_on=date(2026, 11, 2)),
            _person("Gelöscht", state=PersonState.ERASED), _person("Vereint", state=PersonState.MERGED),
            _person("Unklar", origin=UNKNOWN),
        ]  # fmt: skip
        session.add_all([later, called, noted, undated, *others])
        session.flush()
        _talk(session, called, date(2026, 11, 1), InteractionKind.CALL, now)
        _talk(session, called, date(2026, 11, 20), InteractionKind.MAIL, now)
        _talk(session, noted, date(2026, 11, 1), InteractionKind.NOTE, now)
        session.flush()
        assert [(person.family_name, notice.deadline) for person, notice in queue(session, 9)] == [
            ("Undatiert", None), ("Angerufen", date(2026, 11, 20)), ("Notiert", date(2026, 11, 30)),
            ("Später", date(2026, 12, 10)),
        ]  # fmt: skip
        assert [person.family_name for person, _ in queue(session, 1, 2)] == ["Notiert"]
        due = due_notices(session)
        assert (due.number, due.first_on, due.has_undated) == (4, date(2026, 11, 20), True)
        assert (count_to_clear(session), [p.family_name for p in people_to_clear(session, 5)]) == (
            1,
            ["Unklar"],
        )
        undated.notice_waived = "bekannt"
        called.last_talk_on = date(2026, 11, 13)
        session.flush()
        assert due_notices(session).first_on == queue(session, 1)[0][1].deadline == date(2026, 11, 13)
        assert not due_notices(session).is_overdue(date(2026, 11, 13))


TODAY = date(2026, 11, 23)
SERVING, NEVER = Span(True, True, None, TODAY), Span(False, False, None, date(2024, 11, 23))


@pytest.mark.parametrize(
    ("span", "values", "found"),
    [
        (SERVING, {}, None),
        (SERVING, {"objected_on": TODAY}, Review(ReviewReason.OBJECTED, TODAY)),
        (SERVING, {"objected_on": TODAY, "keep_until": TODAY}, None),
        (Span(True, False, date(2024, 11, 24), None), {}, None),
        (Span(True, False, date(2024, 11, 23), TODAY), {}, Review(ReviewReason.ROLE_ENDED, TODAY)),
        (Span(True, False, date(2020, 8, 31), TODAY), {"keep_until": date(2026, 11, 22)},
         Review(ReviewReason.ROLE_ENDED, date(2022, 8, 31))),
        (NEVER, {}, Review(ReviewReason.LONG_SILENT, TODAY)),
        (Span(False, False, None, date(2024, 11, 24)), {}, None),
        (Span(False, False, None, None), {}, Review(ReviewReason.UNKNOWN, None)),
    ],
)  # fmt: skip
def test_a_contact_is_reviewed_when_the_time_after_the_last_function_is_over(
    span: Span, values: dict[str, object], found: Review | None
) -> None:
    assert review_of(_person(**values), span, 24, TODAY) == found


@pytest.mark.parametrize(
    "today", [date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 1), date(2026, 11, 30)]
)
def test_the_database_compares_days_as_the_rule_counts_months(today: date) -> None:
    from models.calendar_days import add_months

    last = last_day_before(today, 6)
    assert add_months(last, 6) <= today < add_months(last + timedelta(days=1), 6)


def _ended(on: date | None) -> Callable[[Person], PersonRole]:
    return lambda person: PersonRole(person_id=person.key, function="früher", role_to=on)


def test_the_review_queue_agrees_with_the_rule(database: Database, now: datetime) -> None:
    old, lately = date(2024, 11, 23), date(2024, 11, 24)
    known = {"source_on": date(2020, 1, 1), "added_on": date(2020, 1, 1)}
    cases: list[tuple[str, dict[str, object], list[Callable[[Person], PersonRole]], ReviewReason | None]] = [
        ("Dient", {"function": "Leitung"}, [], None),
        ("Dient woanders", {"function": "Leitung", "role_to": old}, [_ended(None)], None),
        (
            "Ging",
            {"function": "Leitung", "role_to": old},
            [_ended(date(2010, 1, 1))],
            ReviewReason.ROLE_ENDED,
        ),
        ("Ging eben", {"function": "Leitung", "role_to": lately}, [], None),
        ("Ging zuletzt dort", {"function": "Leitung", "role_to": old}, [_ended(lately)], None),
        ("Nur früher", {}, [_ended(old)], ReviewReason.ROLE_ENDED),
        ("Nie", {}, [], ReviewReason.LONG_SILENT),
        ("Nie, gesprochen", {"last_talk_on": lately}, [], None),
        ("Nie, ohne Tag", {"source_on": None, "added_on": None}, [], ReviewReason.UNKNOWN),
        ("Widerspricht", {"function": "Leitung", "objected_on": TODAY}, [], ReviewReason.OBJECTED),
        ("Bleibt", {"objected_on": TODAY, "keep_until": TODAY}, [], None),
        ("Gelöscht", {"state": PersonState.ERASED}, [], None),
    ]
    with database.write(now) as session:
        session.info["unrecorded"] = True
        people = {name: _person(name, **(known | values)) for name, values, _roles, _reason in cases}
        session.add_all(people.values())
        written = _person("Nie, geschrieben", **known)
        session.add(written)
        session.flush()
        session.add_all(role(people[name]) for name, _values, roles, _reason in cases for role in roles)
        _talk(session, written, lately, InteractionKind.MAIL, now)
        session.flush()
        expected = {name: reason for name, _values, _roles, reason in cases if reason is not None}
        found = review_queue(session, 24, TODAY, 50)
        assert {person.family_name: review.reason for person, review in found} == expected
        assert found[0][0].family_name == "Widerspricht"
        assert count_to_review(session, 24, TODAY) == len(expected)
        assert count_to_review(session, 25, TODAY) == 3, "objected, nothing known, never: since 2020"
        for person in [*people.values(), written]:
            if person.state is PersonState.ACTIVE:
                alone = review_of(person, spans(session, [person], TODAY)[person.key], 24, TODAY)
                assert (alone is not None) == (person.family_name in expected), person.family_name
