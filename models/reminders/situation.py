"""A reminder with everything it speaks of, as it is at this moment: looked at when its mail is written, and again when
it is sent (T11: decided at send time)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.officers import Officer
from models.reminders.letters import MailSettings
from models.reminders.messages import Reason, Reminder
from models.reminders.planning import anchor_of, occurrence_of, pass_on
from models.reminders.rules import ReminderRule, SubjectKind
from models.reminders.subjects import Subject, load_subject


@dataclass(frozen=True)
class Situation:
    """A reminder and what it speaks of."""

    reminder: Reminder
    rule: ReminderRule
    subject: Subject
    officer: Officer

    @property
    def anchor_on(self) -> date | None:
        """The subject's own date; None where it is not known to the day and only the rule names a day."""
        return anchor_of(self.rule, self.subject) if self.subject.anchor_on else None


def hashed(*parts: object) -> str:
    """A short name for these values: another one as soon as one of them changes."""
    return hashlib.sha256(json.dumps(parts, default=str, ensure_ascii=False).encode()).hexdigest()


def situation(session: Session, reminder: Reminder, now: datetime) -> Situation | Reason:
    """The reminder's situation, or why it must not be sent any more."""
    rule = session.get_one(ReminderRule, reminder.rule_id)
    if not rule.is_on or rule.removed_at is not None:
        return Reason.RULE_OFF
    subject = load_subject(session, SubjectKind(reminder.subject_kind), reminder.subject_id)
    if subject is None:
        return Reason.DELETED
    if not subject.is_open:
        return Reason.DONE
    occurrence = occurrence_of(rule, subject)
    if occurrence is None or occurrence.isoformat() != reminder.occurrence:
        return Reason.MOVED
    officer = session.get(Officer, reminder.person_id)
    if officer is None or not officer.is_active:
        pass_on(session, reminder, rule, subject, now)
        return Reason.LEFT
    return Situation(reminder, rule, subject, officer)


def fingerprint(situations: Sequence[Situation], settings: MailSettings) -> str:
    """Of everything that a mail about these says."""
    return hashed(*(_facts(situation) for situation in situations), settings.base_url, settings.sender)


def _facts(s: Situation) -> tuple[object, ...]:
    return (
        s.reminder.id, s.rule.version, s.rule.name_de, s.subject.title_de, s.subject.title_en, s.subject.anchor_on,
        s.subject.end_on, s.subject.where_de, s.subject.address, s.officer.email, s.officer.name, s.officer.language,
        s.officer.key in s.subject.participant_ids,
    )  # fmt: skip
