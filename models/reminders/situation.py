"""A reminder with everything it speaks of, as it is at this moment: looked at when its mail is written, and again when
it is sent (T11: decided at send time)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from models.calendar_days import local_day
from models.officers import Officer, is_absent, stand_in
from models.reminders.bundles import NEWS
from models.reminders.changes import has_later_news, hashed, last_told
from models.reminders.letters import MailSettings
from models.reminders.messages import CalendarEntry, Occasion, Reason, Reminder
from models.reminders.occurrences import end_of, send_before, steps
from models.reminders.reaching import anchor_of, occurrence_of
from models.reminders.recipients import Surroundings, recipients, surroundings
from models.reminders.rules import ReminderRule, RuleClass, SubjectKind
from models.reminders.storing import pass_on, pass_on_what_news_said, was_answered
from models.reminders.subjects import Subject, load_subject

NEWS_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Situation:
    """A reminder and what it speaks of. `before` is what its recipient was told last, where it brings news of that;
    after `last_chance` it makes no sense any more."""

    reminder: Reminder
    rule: ReminderRule
    subject: Subject
    officer: Officer
    last_chance: datetime
    today: date
    before: Reminder | None = None
    stands_in_for: tuple[str, ...] = ()
    texts: str = ""

    @property
    def anchor_on(self) -> date | None:
        """The subject's own date; None where it is not known to the day and only the rule names a day."""
        return self.subject.anchor_on

    @property
    def is_news(self) -> bool:
        """Whether it tells that a date is another now."""
        return self.reminder.occasion in NEWS

    @property
    def is_participant(self) -> bool:
        """Whether the recipient takes part, so that calendar entries are invitations."""
        return self.officer.key in self.subject.participant_ids


def situation(
    session: Session,
    reminder: Reminder,
    now: datetime,
    around: Surroundings | None = None,
    *,
    is_by_hand: bool = False,
) -> Situation | Reason:
    """The reminder's situation, or why it must not be sent any more. `is_by_hand`: an officer wants it sent though its
    date has passed."""
    around = around or surroundings(session)
    rule = session.get_one(ReminderRule, reminder.rule_id)
    subject = load_subject(session, SubjectKind(reminder.subject_kind), reminder.subject_id)
    if subject is None:
        return Reason.DELETED
    if reminder.occasion in NEWS:
        found = _news(session, reminder, rule, subject, around, now)
    else:
        found = _reminding(session, reminder, rule, subject, around, now)
    if isinstance(found, Reason):
        return found
    return found if is_by_hand or now <= found.last_chance else Reason.PAST


def _reminding(
    session: Session, reminder: Reminder, rule: ReminderRule, subject: Subject, around: Surroundings, now: datetime
) -> Situation | Reason:  # fmt: skip
    if not rule.is_on or rule.removed_at is not None:
        return Reason.RULE_OFF
    if not subject.is_open:
        return Reason.DONE
    occurrence = occurrence_of(rule, subject)
    if occurrence is None or occurrence.isoformat() != reminder.occurrence:
        return Reason.MOVED
    anchor, today = anchor_of(rule, subject) or occurrence, local_day(now, around.zone)
    step = next((s for s in steps(rule, anchor, around.zone, around.state) if s.name == reminder.step), None)
    if step is None:
        return Reason.RULE_OFF  # the rule reminds at other times now
    if reminder.occasion is Occasion.ESCALATION and was_answered(session, reminder):
        return Reason.DONE
    reason = _may_get(reminder, rule, around, today)
    if reason is None and reminder.person_id not in recipients(
        rule, subject, replace(step, day=today), around.named(rule.key), around
    ):
        reason = Reason.REASSIGNED
    if reason is not None:
        if reason is not Reason.UNWANTED:
            pass_on(session, reminder, rule, subject, now)
        return reason
    officer = around.officers[reminder.person_id]
    last = send_before(rule, reminder.due_at, anchor, around.zone)
    if reminder.occasion is Occasion.ESCALATION:
        last = reminder.due_at + NEWS_FOR
    deputises = _stands_in_for(rule, subject, officer, around, today)
    return Situation(
        reminder, rule, subject, officer, last, today, stands_in_for=deputises, texts=around.texts
    )


def _may_get(reminder: Reminder, rule: ReminderRule, around: Surroundings, today: date) -> Reason | None:
    """Why this person gets no mail, whatever the rule says."""
    key = reminder.person_id
    if key not in around.officers:
        return Reason.LEFT
    if key in around.blocked:
        return Reason.DO_NOT_CONTACT
    if _is_unwanted(key, rule, around):
        return Reason.UNWANTED
    deputy = stand_in(around.officers, key, today)
    return Reason.AWAY if deputy is not None and deputy in around.reachable else None


def _is_unwanted(key: int, rule: ReminderRule, around: Surroundings) -> bool:
    return rule.rule_class is RuleClass.INFORMATION and not around.officers[key].wants_information


def _stands_in_for(
    rule: ReminderRule, subject: Subject, officer: Officer, around: Surroundings, today: date
) -> tuple[str, ...]:
    meant = {subject.responsible_id, subject.deputy_id if rule.to_deputy else None, rule.escalate_to_id}
    away = (around.officers[key] for key in sorted(key for key in meant if key in around.officers and key))
    return tuple(
        other.name
        for other in away
        if is_absent(other, today) and stand_in(around.officers, other.key, today) == officer.key
    )


def _news(
    session: Session, reminder: Reminder, rule: ReminderRule, subject: Subject, around: Surroundings, now: datetime
) -> Situation | Reason:  # fmt: skip
    entry = session.exec(
        select(CalendarEntry).where(
            CalendarEntry.subject_kind == reminder.subject_kind,
            CalendarEntry.subject_id == reminder.subject_id,
        )
    ).first()
    before = last_told(session, reminder)
    is_overtaken = (
        entry is None
        or has_later_news(session, reminder)
        or subject.is_cancelled != (reminder.occasion is Occasion.CANCELLED)
        or _is_what_was_told(before, subject)
    )
    if is_overtaken:
        return Reason.MOVED
    if not subject.is_open and not subject.is_cancelled:
        return Reason.DONE
    if reminder.person_id not in around.officers:
        pass_on_what_news_said(session, reminder, subject, now)
        return Reason.LEFT
    if reminder.person_id in around.blocked:
        return Reason.DO_NOT_CONTACT
    if _is_unwanted(reminder.person_id, rule, around):
        return Reason.UNWANTED
    day = subject.anchor_on or local_day(reminder.queued_at + NEWS_FOR, around.zone)
    last, officer = end_of(day, around.zone), around.officers[reminder.person_id]
    today = local_day(now, around.zone)
    return Situation(reminder, rule, subject, officer, last, today, before, texts=around.texts)


def _is_what_was_told(before: Reminder | None, subject: Subject) -> bool:
    """Whether the recipient was told just this: it moved there and back before a mail went out."""
    if before is None:
        return False
    was_cancelled = before.occasion is Occasion.CANCELLED
    return was_cancelled == subject.is_cancelled and before.said_on == subject.anchor_on


def fingerprint(situations: Sequence[Situation], settings: MailSettings) -> str:
    """Of everything that a mail about these says."""
    return hashed(*(_facts(situation) for situation in situations), settings.base_url, settings.sender)


def _facts(s: Situation) -> tuple[object, ...]:
    return (
        s.reminder.token, s.reminder.occasion, s.rule.version, s.rule.name_de, s.subject.title_de, s.subject.title_en,
        s.subject.anchor_on, s.subject.end_on, s.subject.where_de, s.subject.address, s.subject.responsible_id,
        s.officer.email, s.officer.name, s.officer.language, s.is_participant, s.stands_in_for,
        s.before.id if s.before else None, s.texts, s.today,
    )  # fmt: skip
