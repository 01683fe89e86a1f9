"""A city whose mails are sent while its sender is killed: filled and looked at through the product's own models."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel import col, func, select

from models.catalogue.load import load
from models.database import Database
from models.followups import FollowUp, FollowUpKind
from models.migrations import migrate
from models.officers import Officer
from models.reminders.letters import MailSettings, compose_test
from models.reminders.messages import Message, MessageKind, MessageState, Reminder, ReminderState
from models.reminders.rules import ReminderRule, SubjectKind

OFFICERS = 40
SENDER = "lotse@leipzig.example"
BASE_URL = "http://127.0.0.1:8000"
DAYS_BEFORE = 7
READY = (MessageState.COMPOSED, MessageState.RETRYING)


@dataclass(frozen=True)
class Outcome:
    """What the database says at the end: states by Message-ID, and what became of the follow-ups."""

    states: dict[str, str]
    test_mails: int
    follow_ups: int
    reminders: list[
        tuple[int, str, str]
    ]  # the follow-up's id, the reminder's state, its Message-ID or nothing


class Installation:
    """Test mails (each is one mail) and follow-ups that fall due (they are queued and composed by the sender)."""

    def __init__(self, url: str, data_dir: Path, smtp_url: str) -> None:
        self.url, self.data_dir, self.smtp_url = url, data_dir, smtp_url
        data_dir.mkdir(parents=True, exist_ok=True)
        migrate(url)
        self.database = Database(url)
        self.fed = 0
        with self.database.write(_now()) as session:
            month_ago = _now() - timedelta(days=30)
            load(session, month_ago, month_ago.date())
            for n in range(OFFICERS):
                address = f"kollegin{n}@leipzig.example"
                session.add(Officer(name=f"Kollegin {n}", email=address, password_hash="-"))
            session.add(
                ReminderRule(
                    name_de="eine Woche vorher",
                    name_en="a week before",
                    subject_kind=SubjectKind.FOLLOW_UP,
                    amount=DAYS_BEFORE,
                    effective_from=month_ago,
                    queued_until=month_ago,
                )
            )
            session.commit()

    def environ(self) -> dict[str, str]:
        """The variables with which the sender is started."""
        return {
            "LOTSE_DATABASE_URL": self.url,
            "LOTSE_DATA_DIR": str(self.data_dir),
            "LOTSE_BASE_URL": BASE_URL,
            "LOTSE_SECRET_KEY": "nur für Tests, lang genug für alles",
            "LOTSE_SMTP_URL": self.smtp_url,
            "LOTSE_MAIL_FROM": SENDER,
        }

    def feed(self, test_mails: int, follow_ups: int) -> None:
        """So many test mails, and so many follow-ups of which the sender must remind at once."""
        now = _now()
        with self.database.write(now) as session:
            officers = session.exec(select(Officer).order_by(col(Officer.id))).all()
            for _ in range(follow_ups):
                due_on = now.date() + timedelta(days=3 + self.fed % 3)  # its reminder is some days late
                key = officers[self.fed % len(officers)].key
                what = f"Nachfragen {self.fed}"
                session.add(_follow_up(what, key, due_on))
                self.fed += 1
            for n in range(test_mails):
                compose_test(session, officers[n % len(officers)], MailSettings(BASE_URL, SENDER), now)
            session.commit()

    def count(self, states: Sequence[MessageState]) -> int:
        """How many mails are in these states."""
        with self.database.read(_now()) as session:
            return session.exec(select(func.count()).where(col(Message.state).in_(states))).one()

    def outcome(self) -> Outcome:
        with self.database.read(_now()) as session:
            mails = session.exec(select(Message.id, Message.message_id, Message.kind, Message.state)).all()
            names = {key: name for key, name, _, _ in mails}
            found = select(Reminder).where(Reminder.subject_kind == SubjectKind.FOLLOW_UP.value)
            ours = set(session.exec(select(FollowUp.id).where(col(FollowUp.what).startswith("Nachfragen "))))
            reminders = [
                (row.subject_id, str(row.state), names.get(row.message_id or 0, ""))
                for row in session.exec(found)
                if row.subject_id in ours and row.state is not ReminderState.SUPERSEDED
            ]
            return Outcome(
                states={name: str(state) for _, name, _, state in mails},
                test_mails=sum(kind is MessageKind.TEST for _, _, kind, _ in mails),
                follow_ups=len(ours),
                reminders=reminders,
            )

    def wait_for_the_dead(self) -> None:
        """PostgreSQL finishes what a killed client had sent, also what its process has not read yet: until then it
        looks idle. It ends when it finds the client gone. SQLite's writers died with their process."""
        if not self.url.startswith("postgresql"):
            return
        self.database.close()  # our own connections of before would look like theirs
        others = text(
            "select count(*) from pg_stat_activity where datname = current_database() "
            "and backend_type = 'client backend' and pid <> pg_backend_pid()"
        )
        until = time.monotonic() + 10
        with self.database.read(_now()) as session:
            while session.connection().scalar(others) and time.monotonic() < until:
                session.rollback()  # the view stands still within a transaction
                time.sleep(0.01)

    def close(self) -> None:
        self.database.close()


def _follow_up(what: str, officer_id: int, due_on: object) -> FollowUp:
    return FollowUp(
        kind=FollowUpKind.TASK,
        subject_kind="application",
        subject_id=1,
        what=what,
        due_on=due_on,
        responsible_id=officer_id,
    )


def _now() -> datetime:
    return datetime.now(UTC)
