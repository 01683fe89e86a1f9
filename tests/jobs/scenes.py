"""An installation that begins at a moment, rules and dates to put into it, and what the mail server took, read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from zoneinfo import ZoneInfo

from sqlmodel import select

from jobs.deliver import Report
from jobs.send_reminders import send_reminders
from models.commitments.checklist import Commitment, add_own
from models.commitments.editions import the_edition
from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Participation, Series
from models.database import Database, LotseSession
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from models.reminders.messages import Reminder
from models.reminders.rules import ReminderRule, SubjectKind, Unit
from models.sign_in import start_session
from settings import Settings
from tests.jobs.cases import clock_at
from tests.jobs.fault_server import FaultServer
from tests.judge import JudgingClient
from webapp import create_app
from webapp.access import COOKIE

BERLIN = ZoneInfo("Europe/Berlin")


def there(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    """A wall-clock time in Berlin, as the moment in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def tick(database: Database, settings: Settings, moment: datetime) -> Report:
    """One run of the sender at this moment."""
    return send_reminders(database, settings, clock_at(moment), as_of=False)


@contextmanager
def changing(database: Database, moment: datetime) -> Iterator[LotseSession]:
    """A change that is committed at the end."""
    with database.write(moment) as session:
        yield session
        session.commit()


def begin(database: Database, moment: datetime, *, default_rules: bool = False) -> None:
    """Nothing is dated yet, and every rule counts from this moment; the first rules are off unless wanted."""
    with changing(database, moment) as session:
        for item in session.exec(select(Commitment)):
            item.due_on = None
        for follow_up in session.exec(select(FollowUp)).all():
            session.delete(follow_up)
        for rule in session.exec(select(ReminderRule)):
            rule.is_on, rule.effective_from, rule.queued_until = default_rules, moment, moment


def colleague(database: Database, moment: datetime, name: str, **more: object) -> Officer:
    """One more officer; the address is made of the first name."""
    with changing(database, moment) as session:
        officer = Officer(name=name, email=f"{name.split()[0].lower()}@lotse.example", **more)
        session.add(officer)
        session.flush()
    return officer


def add_rule(database: Database, moment: datetime, kind: SubjectKind, amount: int = 0, **more: object) -> int:
    """A standing rule that is switched on at this moment; days before the date unless it says otherwise."""
    made = {"unit": Unit.DAYS, "name_de": f"{kind.label} {amount} vorher", "name_en": "x"} | more
    with changing(database, moment) as session:
        rule = ReminderRule(
            subject_kind=kind, amount=amount, effective_from=moment, queued_until=moment, **made
        )
        session.add(rule)
        session.flush()
        return rule.key


def add_items(
    database: Database, moment: datetime, dates: Iterable[tuple[str, date]], officer: Officer | None = None
) -> list[int]:
    """Commitments of the city's own: label and last day, all of one colleague."""
    with changing(database, moment) as session:
        edition = the_edition(session).key
        rows = [
            Commitment(
                edition_id=edition, label_de=label, label_en=label, due_on=day,
                responsible_id=officer.key if officer else None,
            )
            for label, day in dates
        ]  # fmt: skip
        for row in rows:
            add_own(session, row)
        return [row.key for row in rows]


def add_follow_ups(
    database: Database, moment: datetime, dates: Iterable[tuple[str, date]], officer: Officer
) -> list[int]:
    """Follow-ups of one colleague: what, and the day."""
    with changing(database, moment) as session:
        rows = [
            FollowUp(
                kind=FollowUpKind.TASK, subject_kind="application", subject_id=1, what=what, due_on=day,
                responsible_id=officer.key,
            )
            for what, day in dates
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [row.key for row in rows]


def add_conference(
    database: Database, moment: datetime, starts_on: date | None, *going: Officer, name: str = "Treffen in Linz",
    series: Series = Series.RELATED,
) -> int:  # fmt: skip
    """A conference of one day with these participants; without a day it is not announced yet."""
    with changing(database, moment) as session:
        row = Conference(
            name=name, series=series, year=starts_on.year if starts_on else 2027,
            starts_on=starts_on, ends_on=starts_on,
            date_precision=DatePrecision.DAY if starts_on else DatePrecision.UNKNOWN,
            status=ConferenceStatus.ANNOUNCED if starts_on else ConferenceStatus.NOT_ANNOUNCED,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add_all(Participation(conference_id=row.key, officer_id=officer.key) for officer in going)
        return row.key


def move_item(database: Database, moment: datetime, key: int, day: date | None) -> None:
    """Give a commitment another date."""
    with changing(database, moment) as session:
        session.get_one(Commitment, key).due_on = day


def move_conference(database: Database, moment: datetime, key: int, day: date) -> None:
    """Give a conference another day."""
    with changing(database, moment) as session:
        row = session.get_one(Conference, key)
        row.starts_on, row.ends_on = None, None
        row.date_precision = DatePrecision.UNKNOWN
        session.flush()
        row.starts_on = row.ends_on = day
        row.date_precision, row.status = DatePrecision.DAY, ConferenceStatus.ANNOUNCED


def set_status(database: Database, moment: datetime, key: int, status: ConferenceStatus) -> None:
    """Cancel a conference, or let it take place after all."""
    with changing(database, moment) as session:
        session.get_one(Conference, key).status = status


@dataclass(frozen=True)
class Letter:
    """A mail that the server took: to whom, what it says."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    references: str
    method: str

    def has(self, *words: str) -> bool:
        return all(word in self.text for word in words)


def read(data: bytes, to: str) -> Letter:
    """A mail's parts, decoded."""
    mail = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(mail, EmailMessage)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    calendars = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    method = calendars[0].get_param("method") if calendars else ""
    return Letter(
        to=to.split("@")[0],
        subject=str(mail["Subject"]),
        text=" ".join(text.get_content().split()),
        html=html.get_content(),
        message_id=str(mail["Message-ID"] or ""),
        references=str(mail["References"] or ""),
        method=str(method or ""),
    )


def letters(server: FaultServer, since: int = 0) -> list[Letter]:
    """What the server took, in order, without the first so many."""
    return [read(mail.data, mail.recipients[0]) for mail in server.accepted[since:]]


def rows(database: Database, moment: datetime) -> list[Reminder]:
    """Every reminder, oldest first."""
    with database.read(moment) as session:
        return list(session.exec(select(Reminder).order_by(Reminder.id)))


def states_of(database: Database, moment: datetime) -> dict[tuple[str, str], int]:
    """How many reminders are in which state, for which reason."""
    found: dict[tuple[str, str], int] = {}
    for row in rows(database, moment):
        name = (str(row.state), str(row.reason))
        found[name] = found.get(name, 0) + 1
    return found


def page(database: Database, settings: Settings, officer: Officer, moment: datetime, address: str) -> str:
    """A page as this officer sees it at this moment."""
    app = create_app(settings, clock=lambda: moment, db=database)
    app.test_client_class = JudgingClient
    with changing(database, moment) as session:
        secret = start_session(session, session.get_one(Officer, officer.key), moment)
    client = app.test_client()
    client.set_cookie(COOKIE, secret)
    return str(client.get(address).get_data(as_text=True))
