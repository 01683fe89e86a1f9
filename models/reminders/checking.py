"""What is wrong with a rule before it may stay: it can never fire, names nobody, or fires at far too many at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models.base import N_, Labelled
from models.calendar_days import local_day
from models.reminders.occurrences import is_past, steps
from models.reminders.planning import Planned, due_by, planned_by
from models.reminders.reaching import anchor_of
from models.reminders.recipients import Surroundings
from models.reminders.rules import Direction, HolidayPolicy, ReminderRule, SubjectKind, Unit
from models.reminders.subjects import Subject

MOST_AT_ONCE = 1000
A_YEAR = timedelta(days=365)
HAVE_A_SERIES = (SubjectKind.CONFERENCE, SubjectKind.DEADLINE)
_LONGEST_HOLIDAY = 14  # days; whoever reminds earlier is never pushed past the date
_TICKS = ("to_responsible", "to_deputy", "to_participants", "to_lead", "to_everyone")


class Fault(Labelled):
    """Why a rule is not saved. The words name the way out."""

    NOBODY = "to_lead", N_("No recipient is chosen. Please choose one, for example the case lead.")
    NOBODY_GOES = (
        "to_participants",
        N_("Only to conferences somebody goes. Please choose another recipient, for example the case lead."),
    )
    ALL_LEFT_OUT = (
        "but_ids",
        N_("Everybody who could get the mail is left out. Leave somebody in, or choose another recipient."),
    )
    NO_SERIES = (
        "only_series",
        N_("Only conferences and their deadlines have a series. Choose “all”, or remind of conferences."),
    )
    DAY_PASSED = (
        "fixed_on",
        N_("This day has passed, so no mail would ever go. Please choose today or a later day."),
    )
    OVER = (
        "amount",
        N_(
            "The date has passed, so no mail would ever go. Remind after the date, or give it a new date first."
        ),
    )
    NEVER_REPEATS = (
        "repeat_amount",
        N_(
            "The first repetition would come after the date, so there would never be one. Choose a shorter "
            "repetition or a longer lead time, or leave it empty."
        ),
    )
    PUSHED_PAST = (
        "holiday_policy",
        N_(
            "On some dates the mail would be put off until after the date and would never go. Choose “on the "
            "working day before”."
        ),
    )
    ASKS_NEVER = (
        "escalate_after",
        N_("You named a colleague but no time. Please write after how many working days, or choose nobody."),
    )

    @property
    def field(self) -> str:
        """The field of the rule beside which it is said."""
        return self.value


def faults(
    rule: ReminderRule, named: tuple[set[int], set[int]], subject: Subject | None, around: Surroundings, now: datetime
) -> list[Fault]:  # fmt: skip
    """Everything that is wrong with a rule. `named` = (in addition, left out); `subject` is that of a single
    reminder."""
    found = [*_recipient_faults(rule, named, around), *_day_faults(rule, subject, around, now)]
    if rule.only_series is not None and rule.subject_kind not in HAVE_A_SERIES:
        found.append(Fault.NO_SERIES)
    if rule.escalate_to_id is not None and not rule.escalate_after:
        found.append(Fault.ASKS_NEVER)
    return found


def _recipient_faults(
    rule: ReminderRule, named: tuple[set[int], set[int]], around: Surroundings
) -> Iterator[Fault]:
    (also, but), active = named, set(around.officers)
    ticked = {name for name in _TICKS if getattr(rule, name)}
    if not ticked and not also:
        yield Fault.NOBODY
    elif ticked == {"to_participants"} and not also and rule.subject_kind is not SubjectKind.CONFERENCE:
        yield Fault.NOBODY_GOES
    elif active and (but >= active or _are_all_out(rule, ticked, also, but, around)):
        yield Fault.ALL_LEFT_OUT


def _are_all_out(
    rule: ReminderRule, ticked: set[str], also: set[int], but: set[int], around: Surroundings
) -> bool:
    if ticked & {"to_responsible", "to_deputy", "to_participants"}:
        return False  # who that is depends on the date
    meant = set(also) | (set(around.officers) if rule.to_everyone else set())
    if rule.to_lead and around.case_lead_id is not None:
        meant.add(around.case_lead_id)
    return bool(meant) and not meant - but


def _day_faults(
    rule: ReminderRule, subject: Subject | None, around: Surroundings, now: datetime
) -> Iterator[Fault]:
    today = local_day(now, around.zone)
    if rule.fixed_on is not None and rule.fixed_on < today:
        yield Fault.DAY_PASSED
        return
    anchor = anchor_of(rule, subject) if subject is not None else None
    probe = _probe(rule)
    if anchor is not None and rule.fixed_on is None and _is_over(probe, anchor, around, now):
        yield Fault.OVER
        return
    anchors = [anchor] if anchor else [today + timedelta(days=33 * n) for n in range(1, 13)]
    if rule.repeat_amount and not any(_repeats(probe, day, around) for day in anchors):
        yield Fault.NEVER_REPEATS
    if _may_be_pushed(rule) and any(_is_pushed(probe, day, around) for day in _dates(anchor, today)):
        yield Fault.PUSHED_PAST


def _probe(rule: ReminderRule) -> ReminderRule:
    """The rule with its first repetition only: enough to judge its days."""
    return ReminderRule(
        **rule.model_dump() | {"repeat_max": 1 if rule.repeat_amount else 0, "escalate_after": 0}
    )


def _is_over(probe: ReminderRule, anchor: date, around: Surroundings, now: datetime) -> bool:
    today = local_day(now, around.zone)
    return all(is_past(probe, s, anchor, today, now) for s in steps(probe, anchor, around.zone, around.state))


def _repeats(probe: ReminderRule, anchor: date, around: Surroundings) -> bool:
    return len(steps(probe, anchor, around.zone, around.state)) > 1


def _may_be_pushed(rule: ReminderRule) -> bool:
    if rule.holiday_policy is not HolidayPolicy.NEXT or rule.direction is Direction.AFTER:
        return False
    days = rule.amount * {Unit.DAYS: 1, Unit.WORKING_DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 28}[rule.unit]
    return rule.fixed_on is not None or days <= _LONGEST_HOLIDAY


def _dates(anchor: date | None, today: date) -> Iterable[date]:
    """The dates on which holidays are tried: that of the subject, or every day of three years."""
    return [anchor] if anchor else (today + timedelta(days=n) for n in range(3 * 366))


def _is_pushed(probe: ReminderRule, anchor: date, around: Surroundings) -> bool:
    if probe.fixed_on is not None and probe.fixed_on >= anchor:
        return False  # on a day that no date follows it is sent whenever it comes
    return steps(probe, anchor, around.zone, around.state)[0].day > anchor


@dataclass(frozen=True)
class Load:
    """How many reminders a rule sends: at once when it is switched on, at its busiest moment, in twelve months."""

    at_once: int
    busiest: int
    year: int

    @property
    def most(self) -> int:
        return max(self.at_once, self.busiest)

    @property
    def is_too_much(self) -> bool:
        return self.most > MOST_AT_ONCE


def load_of(at_once: Sequence[Planned], planned: Sequence[Planned]) -> Load:
    """Counted by person: three colleagues are three reminders."""
    by_moment: Counter[datetime] = Counter()
    for row in planned:
        by_moment[row.step.due_at] += len(row.officers)
    now = sum(len(row.officers) for row in at_once)
    return Load(now, max(by_moment.values(), default=0), now + by_moment.total())


def as_if_switched_on(rule: ReminderRule, now: datetime) -> ReminderRule:
    """A copy of the rule, not to be stored, as it would be if it were switched on at this moment (T3)."""
    if rule.is_on:
        return rule
    return ReminderRule(**rule.model_dump() | {"is_on": True, "effective_from": now, "queued_until": now})


def outlook_of(
    session: Session, rule: ReminderRule, around: Surroundings, now: datetime
) -> tuple[list[Planned], list[Planned]]:
    """(What the rule sends at once, what it sends in the next twelve months), as if it were switched on now."""
    judged = as_if_switched_on(rule, now)
    until = local_day(now, around.zone) + A_YEAR
    return due_by(session, judged, around, now), planned_by(session, judged, around, now, until)
