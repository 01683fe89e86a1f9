"""To whom a reminder goes; it always goes to somebody."""

from models.reminders.rules import ReminderRule
from models.reminders.subjects import Subject


def recipients(
    rule: ReminderRule,
    subject: Subject,
    named: tuple[set[int], set[int]],
    active: set[int],
    case_lead_id: int | None,
) -> set[int]:
    """Officer ids. `named` = (in addition, left out). Who left is replaced by the deputy; nobody at all falls back to
    the case lead, then to every officer (point 1)."""
    also, but = named
    wanted = set(also)
    if rule.to_responsible and subject.responsible_id is not None:
        here = subject.responsible_id in active
        wanted |= {subject.responsible_id} if here else {subject.deputy_id or 0}
    if rule.to_deputy and subject.deputy_id is not None:
        wanted.add(subject.deputy_id)
    if rule.to_participants:
        wanted |= subject.participant_ids
    if rule.to_everyone:
        wanted |= active
    wanted = (wanted & active) - but
    if wanted:
        return wanted
    lead = {case_lead_id} if case_lead_id in active and case_lead_id is not None else set()
    return lead or active
