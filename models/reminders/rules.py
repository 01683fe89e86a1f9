"""Reminder rules: a standing duty over many subjects, or *Erinnern* on one date (then `subject_id` is set)."""

from datetime import UTC, date, datetime, time

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, col, select

from models.base import CODE, N_, NAME, Labelled, Recorded, enum_column, in_language, text
from models.conferences.conferences import Series
from models.officers import duty

MAX_AMOUNT = {"days": 1826, "working_days": 1305, "weeks": 260, "months": 60}  # five years
MORNING = time(8, 0)
YEAR = "year-"  # how the codes of the network's year begin


class SubjectKind(Labelled):
    """What can be reminded of; the value is the table's name."""

    COMMITMENT = "commitment", N_("Commitment")
    PHASE = "phase", N_("Phase")
    CONFERENCE = "conference", N_("Conference")
    DEADLINE = "conference_deadline", N_("Conference deadline")
    FOLLOW_UP = "follow_up", N_("Follow-up")
    EVIDENCE = "evidence", N_("Evidence")


# What takes place on its day, so that it belongs into a calendar.
TAKES_PLACE = (SubjectKind.CONFERENCE, SubjectKind.DEADLINE)


class Anchor(Labelled):
    DATE = "date", N_("the date (first day)")
    END = "end", N_("the last day")


class Direction(Labelled):
    BEFORE = "before", N_("before")
    AFTER = "after", N_("after")


class Unit(Labelled):
    DAYS = "days", N_("days")
    WORKING_DAYS = "working_days", N_("working days")
    WEEKS = "weeks", N_("weeks")
    MONTHS = "months", N_("months")


class HolidayPolicy(Labelled):
    EXACT = "exact", N_("exactly then")
    PREVIOUS = "previous", N_("on the working day before")
    NEXT = "next", N_("on the working day after")


class RuleClass(Labelled):
    DUTY = "duty", N_("official duty")
    INFORMATION = "information", N_("information")


class ReminderRule(Recorded, table=True):
    """When whom to remind of what. `fixed_on` names a day; otherwise the day is counted from the subject's date.
    `escalate_after` counts working days from the last due moment. `is_urgent` never waits for a digest."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        CheckConstraint("amount >= 0 and repeat_amount >= 0 and repeat_max >= 0", name="amounts"),
    )

    code: str | None = Field(default=None, unique=True, max_length=CODE)
    name_de: str = text(NAME)
    name_en: str = text(NAME)
    subject_kind: SubjectKind = enum_column(SubjectKind)
    subject_id: int | None = Field(default=None, index=True)
    anchor: Anchor = enum_column(Anchor, Anchor.DATE)
    direction: Direction = enum_column(Direction, Direction.BEFORE)
    amount: int = 0
    unit: Unit = enum_column(Unit, Unit.DAYS)
    fixed_on: date | None = None
    send_at: time = Field(default=MORNING)
    zone: str = text(CODE)
    repeat_amount: int = 0
    repeat_unit: Unit = enum_column(Unit, Unit.WEEKS, name="repeatunit")
    repeat_max: int = 0
    holiday_policy: HolidayPolicy = enum_column(HolidayPolicy, HolidayPolicy.EXACT)
    rule_class: RuleClass = enum_column(RuleClass, RuleClass.DUTY)
    to_responsible: bool = True
    to_deputy: bool = False
    to_participants: bool = False
    to_everyone: bool = False
    to_lead: bool = False
    also_latecomers: bool = False
    with_calendar: bool = False
    is_urgent: bool = False
    only_series: Series | None = enum_column(Series, nullable=True)
    only_words: str = text(NAME)
    escalate_after: int = 0
    escalate_to_id: int | None = duty()
    text_id: int | None = Field(default=None, foreign_key="mail_text.id", ondelete="SET NULL")
    is_on: bool = Field(default=True, index=True)
    effective_from: datetime
    queued_until: datetime = Field(sa_column_kwargs={"info": {"unaudited": True}})
    removed_at: datetime | None = None

    @property
    def is_task(self) -> bool:
        """Whether it belongs to the network's year: its name says what is to be done."""
        return (self.code or "").startswith(YEAR)

    def title(self, language: str) -> str:
        return in_language(language, self.name_de, self.name_en)


class RuleRecipient(Recorded, table=True):
    """A colleague whom a rule names in addition."""

    __tablename__ = "rule_recipient"

    rule_id: int = Field(foreign_key="reminder_rule.id", ondelete="CASCADE", index=True)
    officer_id: int | None = duty()

    def title(self, language: str) -> str:
        return "zusätzlich" if language == "de" else "in addition"


class RuleException(Recorded, table=True):
    """A colleague whom a rule leaves out."""

    __tablename__ = "rule_exception"

    rule_id: int = Field(foreign_key="reminder_rule.id", ondelete="CASCADE", index=True)
    officer_id: int = Field(foreign_key="officer.id")

    def title(self, language: str) -> str:
        return "ausgenommen" if language == "de" else "left out"


# code, subject, working days before (0: on the day itself), names: switched on from the start.
_DEFAULTS = (
    ("due-commitment", SubjectKind.COMMITMENT, 2, "Zusage: 2 Arbeitstage vorher", "Commitment: 2 working days before"),
    ("due-phase", SubjectKind.PHASE, 2, "Phase: 2 Arbeitstage vorher", "Phase: 2 working days before"),
    (
        "due-deadline", SubjectKind.DEADLINE, 2, "Konferenzfrist: 2 Arbeitstage vorher",
        "Deadline: 2 working days before",
    ),
    ("due-follow-up", SubjectKind.FOLLOW_UP, 0, "Wiedervorlage: am Tag selbst", "Follow-up: on the day itself"),
    (
        "evidence-expires", SubjectKind.EVIDENCE, 20, "Nachweis läuft ab: 20 Arbeitstage vorher",
        "Evidence expires: 20 working days before",
    ),
)  # fmt: skip


def default_rules(now: datetime) -> list[ReminderRule]:
    """The rules every installation begins with: every date that has an owner is reminded."""
    return [
        ReminderRule(
            code=code,
            name_de=german,
            name_en=english,
            subject_kind=kind,
            amount=amount,
            unit=Unit.WORKING_DAYS if amount else Unit.DAYS,
            holiday_policy=HolidayPolicy.EXACT if amount else HolidayPolicy.PREVIOUS,
            with_calendar=kind in TAKES_PLACE,
            effective_from=now.astimezone(UTC),
            queued_until=now.astimezone(UTC),
        )
        for code, kind, amount, german, english in _DEFAULTS
    ]


def rules(session: Session) -> list[ReminderRule]:
    """All rules that were not removed, standing ones first."""
    found = session.exec(select(ReminderRule).where(col(ReminderRule.removed_at).is_(None))).all()
    return sorted(found, key=lambda rule: (rule.subject_id is not None, rule.key))


def rules_on(session: Session, kind: SubjectKind, subject_id: int) -> list[ReminderRule]:
    """The one-off reminders of one subject."""
    return [rule for rule in rules(session) if rule.subject_kind is kind and rule.subject_id == subject_id]


def named_recipients(session: Session, rule_id: int) -> tuple[set[int], set[int]]:
    """Officers a rule names in addition, and those it leaves out."""
    also = session.exec(select(RuleRecipient.officer_id).where(RuleRecipient.rule_id == rule_id))
    but = session.exec(select(RuleException.officer_id).where(RuleException.rule_id == rule_id))
    return {officer_id for officer_id in also if officer_id is not None}, set(but)
