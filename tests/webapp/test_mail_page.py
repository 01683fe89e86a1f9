"""One mail's page and the mails on other pages: what it carries, its thread, what is missing, what is shown where."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import Session

from models.conferences.conferences import Conference, ConferenceDeadline, ConferenceStatus, DatePrecision
from models.contacts.people import Person
from models.database import Database
from models.documents.icalendar import Entry, calendar_bytes
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from models.reminders.messages import MessageKind, MessageState, Occasion, Reason, ReminderState
from tests.judge import JudgingClient
from tests.webapp.mail_rows import add_mail, add_reminder

Change = Callable[[Callable[[Session], Any]], Any]


@pytest.fixture
def change(database: Database, now: datetime) -> Change:
    def do(work: Callable[[Session], Any]) -> Any:
        with database.write(now) as session:
            answer = work(session)
            session.commit()
        return answer

    return do


def rows(page: str) -> int:
    return page.count('data-label="Warum sie kam"')


def test_a_collected_mail_shows_each_reminder_with_date_and_occasion(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    def work(session: Session) -> int:
        mail = add_mail(session, anna, now, kind=MessageKind.DIGEST)
        for number, occasion in enumerate(Occasion):
            add_reminder(
                session,
                anna,
                "commitment",
                1 + number,
                now,
                mail,
                occasion=occasion,
                said_on=date(2027, 1, 1 + number),
            )
        add_reminder(session, anna, "follow_up", 4711, now, mail)
        return mail.key

    page = client.get(f"/nachrichten/{change(work)}").text
    assert rows(page) == len(Occasion) + 1
    assert "verspätet, weil der automatische Versand stillstand" in page
    assert "kurzfristig" in page
    assert "01.01.2027" in page
    assert "Sammelmail" in page


def test_of_five_hundred_reminders_a_page_shows_one_hundred_and_says_so(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    def work(session: Session) -> int:
        mail = add_mail(session, anna, now, kind=MessageKind.DIGEST)
        for number in range(500):
            add_reminder(session, anna, "commitment", 1 + number % 20, now, mail)
        return mail.key

    page = client.get(f"/nachrichten/{change(work)}").text
    assert rows(page) == 100
    assert "Die ersten 100 von 500" in page


def test_earlier_and_later_mails_about_the_same_to_the_same_person_stand_together(
    client: JudgingClient, change: Change, anna: Officer, ben: Officer, now: datetime
) -> None:
    def work(session: Session) -> int:
        mails = []
        for number, (to, key) in enumerate(((anna, 4), (anna, 4), (anna, 4), (ben, 4), (anna, 5))):
            mail = add_mail(session, to, now + timedelta(hours=number), subject=f"Betreff {number}")
            add_reminder(session, to, "commitment", key, now, mail)
            mails.append(mail)
        return mails[1].key

    page = client.get(f"/nachrichten/{change(work)}").text
    assert "früher" in page
    assert "später" in page
    shown = [number for number in range(5) if f"Betreff {number}" in page]
    assert shown == [0, 1, 2]


@pytest.mark.parametrize(
    ("cancelled", "organizer", "said"),
    [
        (False, "stadt@lotse.example", "Einladung an"),
        (False, "", "Information"),
        (True, "stadt@lotse.example", "Absage"),
    ],
)
def test_a_calendar_entry_is_told_in_words(
    client: JudgingClient,
    change: Change,
    anna: Officer,
    now: datetime,
    cancelled: bool,
    organizer: str,
    said: str,
) -> None:
    entry = Entry("u@x", 3, "Größe", date(2027, 3, 28), date(2027, 3, 30), "Zürich", starts_at=time(9, 30))
    content, method = calendar_bytes(
        entry, now, organizer=organizer, attendee=("Anna", "anna@lotse.example"), is_cancelled=cancelled
    )
    written = EmailMessage()
    written.set_content("Grüße aus Zürich 🏙")
    for part in (content, content):
        written.add_attachment(part, "text", "calendar", params={"method": method, "charset": "utf-8"})
    key = change(lambda session: add_mail(session, anna, now, body=bytes(written)).key)
    page = client.get(f"/nachrichten/{key}").text
    assert "Grüße aus Zürich 🏙" in page
    assert page.count("Kalendereintrag in der E-Mail") == 2
    assert said in page
    assert "28.03.2027" in page
    assert "09:30" in page
    assert client.get(f"/nachrichten/{key}/termin.ics?teil=2").data.strip() == content.strip()
    assert client.get(f"/nachrichten/{key}/termin.ics?teil=3").status_code == 404


def test_a_mail_without_recipient_bytes_or_reminders_is_still_explained(
    client: JudgingClient, change: Change, anna: Officer, ben: Officer, now: datetime, today: date
) -> None:
    def work(session: Session) -> tuple[int, int]:
        nobody = add_mail(
            session, ben, now, officer_id=None, body=b"", state=MessageState.FAILED, reason=Reason.REFUSED
        )
        session.get_one(Officer, ben.id).left_on = today
        left = add_mail(session, ben, now, state=MessageState.FAILED, reason=Reason.REFUSED)
        return nobody.key, left.key

    nobody, left = change(work)
    page = client.get(f"/nachrichten/{nobody}").text
    assert "nicht mehr aufbewahrt" in page or "gibt es nicht mehr" in page
    assert "erneut-senden" not in page
    assert "arbeitet nicht mehr hier" in client.get(f"/nachrichten/{left}").text


# On the pages of what they are about


@pytest.fixture
def conference(change: Change) -> int:
    def work(session: Session) -> int:
        row = Conference(
            name="Zürcher Probe", year=2026, starts_on=date(2026, 12, 24), ends_on=date(2026, 12, 26), city="Zürich",
            country_code="CH", date_precision=DatePrecision.DAY, status=ConferenceStatus.ANNOUNCED,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.key

    return int(change(work))


def test_a_conference_shows_mails_about_itself_its_deadlines_and_follow_ups(
    client: JudgingClient, change: Change, anna: Officer, now: datetime, conference: int
) -> None:
    def work(session: Session) -> int:
        deadline = ConferenceDeadline(conference_id=conference, name="Frühbucher", due_on=date(2026, 12, 1))
        session.add(deadline)
        session.flush()
        subjects = [("conference", conference), ("conference_deadline", deadline.key)]
        for kind, key in tuple(subjects):
            follow_up = FollowUp(
                kind=FollowUpKind.TASK, subject_kind=kind, subject_id=key, what="x", due_on=date(2026, 12, 1)
            )
            session.add(follow_up)
            session.flush()
            subjects.append(("follow_up", follow_up.key))
        for number, (kind, key) in enumerate(subjects):
            add_reminder(
                session, anna, kind, key, now, add_mail(session, anna, now, subject=f"Betreff {number}")
            )
        add_reminder(
            session, anna, "commitment", conference, now, add_mail(session, anna, now, subject="Fremdes")
        )
        return deadline.key

    deadline = change(work)
    page = client.get(f"/konferenzen/{conference}").text
    assert [n for n in range(4) if f"Betreff {n}" in page] == [0, 1, 2, 3]
    assert "Fremdes" not in page
    assert f"/nachrichten?zu=conference-{conference}" in page
    everything = client.get(f"/nachrichten?zu=conference-{conference}").text
    assert [n for n in range(4) if f"Betreff {n}" in everything] == [0, 1, 2, 3]
    assert "Nur zu: Zürcher Probe" in everything
    assert (
        f"/nachrichten?zu=conference_deadline-{deadline}"
        in client.get(f"/konferenzen/fristen/{deadline}").text
    )


def test_at_most_five_mails_stand_on_a_page_and_what_did_not_go_out_is_counted(
    client: JudgingClient, change: Change, anna: Officer, now: datetime, conference: int
) -> None:
    def work(session: Session) -> None:
        for number in range(7):
            mail = add_mail(session, anna, now, subject=f"Betreff {number}")
            add_reminder(session, anna, "conference", conference, now, mail)
        add_reminder(
            session, anna, "conference", conference, now, state=ReminderState.MISSED, reason=Reason.PAST
        )

    change(work)
    page = client.get(f"/konferenzen/{conference}").text
    assert [n for n in range(7) if f"Betreff {n}" in page] == [2, 3, 4, 5, 6]
    assert "Eine Erinnerung führte nicht zu einer E-Mail" in page
    silent = client.get(f"/nachrichten/nicht-versandt?zu=conference-{conference}").text
    assert "Der Termin war vorbei" in silent
    assert silent.count('data-label="Zustand"') == 1


def test_a_contact_shows_mails_about_follow_ups_on_her_and_a_colleague_the_mails_to_her(
    client: JudgingClient, change: Change, anna: Officer, ben: Officer, now: datetime
) -> None:
    def work(session: Session) -> int:
        person = Person(given_name="Öz", family_name="Gür")
        session.add(person)
        session.flush()
        follow_up = FollowUp(
            kind=FollowUpKind.CONTACT, subject_kind="person", subject_id=person.key, what="Anrufen",
            due_on=date(2026, 12, 1),
        )  # fmt: skip
        session.add(follow_up)
        session.flush()
        about = add_mail(session, ben, now, subject="Wiedervorlage: Anrufen")
        add_reminder(session, ben, "follow_up", follow_up.key, now, about)
        return person.key

    person = change(work)
    assert "Wiedervorlage: Anrufen" in client.get(f"/kontakte/{person}").text
    assert "Wiedervorlage: Anrufen" in client.get(f"/nachrichten?zu=person-{person}").text
    assert "Wiedervorlage: Anrufen" in client.get(f"/kolleginnen/{ben.id}").text
    assert "Wiedervorlage: Anrufen" not in client.get(f"/kolleginnen/{anna.id}").text
    assert "Bisher keine E-Mail" in client.get("/organisationen/1").text
