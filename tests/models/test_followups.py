"""Follow-ups that come again: done is done once, and the next one is set."""

from datetime import date, datetime

from sqlmodel import Session, select

from models.database import Database
from models.followups import FollowUp, FollowUpKind, finish, follower_of, had_contact, planned_contact
from models.officers import Officer
from models.reminders.rules import SubjectKind
from models.reminders.subjects import complete, load_subject


def _add(session: Session, months: int, **columns: object) -> FollowUp:
    values = {"kind": FollowUpKind.TASK, "what": "Kontakte prüfen", "due_on": date(2026, 11, 20)} | columns
    follow_up = FollowUp(subject_kind="application", subject_id=1, repeat_months=months, **values)
    session.add(follow_up)
    session.flush()
    return follow_up


def test_what_repeats_comes_again_so_many_months_after_it_was_done(
    database: Database, now: datetime, today: date, anna: Officer, ben: Officer
) -> None:
    with database.write(now) as session:
        first = _add(session, 6, responsible_id=anna.key, deputy_id=ben.key, note="wie immer")
        following = finish(session, first, today)
        assert following is not None
        assert (first.done_on, following.due_on, following.done_on) == (today, date(2027, 5, 23), None)
        assert (following.what, following.note, following.repeat_months) == (first.what, "wie immer", 6)
        assert (following.responsible_id, following.deputy_id) == (anna.key, ben.key)
        assert follower_of(session, first) is following


def test_done_twice_is_followed_once(database: Database, now: datetime, today: date) -> None:
    with database.write(now) as session:
        first = _add(session, 6)
        before = len(session.exec(select(FollowUp)).all())
        finish(session, first, today)
        assert finish(session, first, date(2026, 12, 1)) is None
        assert first.done_on == today
        assert len(session.exec(select(FollowUp)).all()) == before + 1


def test_what_does_not_repeat_ends(database: Database, now: datetime, today: date) -> None:
    with database.write(now) as session:
        once = _add(session, 0)
        assert finish(session, once, today) is None
        assert (once.done_on, follower_of(session, once)) == (today, None)


def test_the_end_of_a_month_stays_in_the_month(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        following = finish(session, _add(session, 6), date(2026, 8, 31))
        assert following is not None
        assert following.due_on == date(2027, 2, 28)


def test_a_talk_plans_the_next_contact_that_repeats_even_if_no_day_was_named(
    database: Database, now: datetime, today: date
) -> None:
    contact = {"kind": FollowUpKind.CONTACT, "what": "Anruf"}
    with database.write(now) as session:
        _add(session, 3, **contact)
        had_contact(session, "application", 1, "Anruf", today, None)
        planned = planned_contact(session, "application", 1)
        assert planned is not None
        assert planned.due_on == date(2027, 2, 23)
        had_contact(session, "application", 1, "Anruf", date(2027, 2, 1), date(2027, 3, 1))
        planned = planned_contact(session, "application", 1)
        assert planned is not None
        assert (planned.due_on, planned.repeat_months) == (date(2027, 3, 1), 3)


def test_the_answer_to_a_mail_sets_the_next_one_too(database: Database, now: datetime, today: date) -> None:
    with database.write(now) as session:
        first = _add(session, 6)
        subject = load_subject(session, SubjectKind.FOLLOW_UP, first.key)
        assert subject is not None
        complete(session, subject, today)
        following = follower_of(session, first)
        assert first.done_on == today
        assert following is not None
        assert following.due_on == date(2027, 5, 23)
