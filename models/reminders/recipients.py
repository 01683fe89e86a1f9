"""To whom a reminder goes; it always goes to somebody who may be written to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.application.phases import the_application
from models.city import the_city
from models.officers import Officer, officers, stand_in
from models.reminders.addresses import blocked_addresses
from models.reminders.occurrences import Step
from models.reminders.rules import ReminderRule, RuleClass, RuleException, RuleRecipient
from models.reminders.subjects import Subject
from models.reminders.texts import MailText


@dataclass(frozen=True)
class Surroundings:
    """What every rule is judged by: zone, holidays, who works here and may be written to, who leads; and which own
    wordings there are (`texts`: their keys and versions). `also` and `but`: whom rules name in addition, and leave
    out."""

    zone: ZoneInfo
    state: str
    officers: Mapping[int, Officer]
    case_lead_id: int | None
    blocked: frozenset[int] = field(default_factory=frozenset)
    texts: str = ""
    also: Mapping[int, frozenset[int]] = field(default_factory=dict)
    but: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def named(self, rule_id: int) -> tuple[set[int], set[int]]:
        """Officers a rule names in addition, and those it leaves out."""
        return set(self.also.get(rule_id, ())), set(self.but.get(rule_id, ()))

    @property
    def reachable(self) -> set[int]:
        """Colleagues who work here and may be written to."""
        return set(self.officers) - self.blocked


_TEXTS = select(MailText.id, MailText.version).order_by(col(MailText.id))


def surroundings(session: Session) -> Surroundings:
    """As they are now."""
    city = the_city(session)
    here = {officer.key: officer for officer in officers(session)}
    blocked = blocked_addresses(session)
    return Surroundings(
        zone=city.time_zone,
        state=city.state,
        officers=here,
        case_lead_id=the_application(session).case_lead_id,
        blocked=frozenset(key for key, officer in here.items() if officer.email in blocked),
        also=_by_rule(session.exec(select(RuleRecipient.rule_id, RuleRecipient.officer_id))),
        but=_by_rule(session.exec(select(RuleException.rule_id, RuleException.officer_id))),
        texts=" ".join(f"{key}.{version}" for key, version in session.exec(_TEXTS)),
    )


def _by_rule(rows: Iterable[tuple[int, int | None]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for rule_id, officer_id in rows:
        if officer_id is not None:
            found.setdefault(rule_id, set()).add(officer_id)
    return {key: frozenset(value) for key, value in found.items()}


def recipients(
    rule: ReminderRule,
    subject: Subject,
    step: Step,
    named: tuple[set[int], set[int]],
    around: Surroundings,
) -> set[int]:
    """Officer ids. `named` = (in addition, left out). Who left or may not be written to is replaced by the subject's
    deputy, who is away on the day by the deputy of that time; nobody at all falls back to the case lead, then to every
    officer (point 1). An information goes to nobody who does not want any. Of the subject it asks for nothing but
    responsible, deputy and participants."""
    reachable = around.reachable
    wanted = _escalated(rule, around) if step.is_escalation else _meant(rule, subject, named, around)
    wanted &= reachable
    if not wanted:
        wanted = {around.case_lead_id or 0} & reachable or reachable - named[1] or reachable
    if rule.rule_class is RuleClass.INFORMATION:
        wanted = {key for key in wanted if around.officers[key].wants_information}
    # Where nobody may be written to it is kept for those who are meant, and shown as missed.
    return {_who_is_here(key, step.day, named[1], around) for key in wanted} or _if_all_are_blocked(
        rule, around
    )


def _meant(
    rule: ReminderRule, subject: Subject, named: tuple[set[int], set[int]], around: Surroundings
) -> set[int]:
    also, but = named
    wanted = set(also)
    if rule.to_responsible and subject.responsible_id is not None:
        is_here = subject.responsible_id in around.reachable
        wanted.add(subject.responsible_id if is_here else subject.deputy_id or 0)
    if rule.to_deputy and subject.deputy_id is not None:
        wanted.add(subject.deputy_id)
    if rule.to_participants:
        wanted |= subject.participant_ids
    if rule.to_lead and around.case_lead_id is not None:
        wanted.add(around.case_lead_id)
    if rule.to_everyone:
        wanted |= set(around.officers)
    return wanted - but


def _escalated(rule: ReminderRule, around: Surroundings) -> set[int]:
    return {rule.escalate_to_id or around.case_lead_id or 0}


def _who_is_here(key: int, day: date, but: set[int], around: Surroundings) -> int:
    found = stand_in(around.officers, key, day)
    return found if found is not None and found in around.reachable - but else key


def _if_all_are_blocked(rule: ReminderRule, around: Surroundings) -> set[int]:
    is_unwanted = rule.rule_class is RuleClass.INFORMATION and around.reachable
    return set() if is_unwanted else set(around.officers)
