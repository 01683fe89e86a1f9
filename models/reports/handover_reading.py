"""Reading the handover file from the database, for one colleague or for the whole case: a fixed number of queries."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from models.application.phases import Phase
from models.city import City
from models.commitments.checklist import Commitment, in_force
from models.followups import FollowUpKind
from models.language import translator
from models.officers import Officer
from models.reminders.rules import ReminderRule, RuleRecipient
from models.reminders.subject_names import subject_names
from models.reports.handover import FilePlace, Handover, Promise
from models.reports.handover_contacts import read_contacts
from models.reports.handover_part import HandoverPart
from models.reports.handover_tasks import dated_tasks, undated_tasks


def read_handover(
    session: Session, city: City, officer: Officer | None, language: str, now: datetime, today: date
) -> Handover:
    """What a successor of this colleague needs; None hands over the whole case."""
    part = HandoverPart(session, officer, language, today)
    case = part.case
    _ = translator(language)
    return Handover(
        language=language,
        made_at=now.astimezone(city.time_zone),
        city=city.name,
        unit=city.unit,
        unit_email=city.unit_email,
        installation=city.installation,
        network=case.network,
        state=_(case.state.label),
        person=part.colleague(officer.key if officer else None),
        case_lead=part.colleague(case.case_lead_id),
        deputy=part.colleague(case.deputy_id),
        colleagues=tuple(c for o in part.officers.values() if o.is_active and (c := part.colleague(o.key))),
        tasks=(*dated_tasks(part), *undated_tasks(part)),
        promises=tuple(_promises(part)),
        contacts=read_contacts(session, language, today, part.follow_ups),
        reminders=tuple(_reminders(part)),
        files=(FilePlace(case.network, case.file_number, case.record_url), *_files(part)),
    )


def _promises(part: HandoverPart) -> Iterator[Promise]:
    """Whom we wait for, the earliest first."""
    waiting = [f for f in part.follow_ups if f.kind is FollowUpKind.WAITING]
    names = subject_names(part.session, {(f.subject_kind, f.subject_id) for f in waiting})
    for follow_up in waiting:
        about = names.get((follow_up.subject_kind, follow_up.subject_id))
        yield Promise(
            what=follow_up.what,
            about=about.title(part.language) if about else "",
            who=follow_up.waiting_for,
            email=follow_up.waiting_email,
            since_on=follow_up.since_on,
            ask_on=follow_up.due_on,
        )


def _reminders(part: HandoverPart) -> list[tuple[str, str]]:
    """Wishes that were set up by hand, or rules that name the colleague: name and what they are about. The standing
    rules remind whoever is responsible; they need no handing over."""
    rule = select(ReminderRule).where(col(ReminderRule.removed_at).is_(None), col(ReminderRule.is_on))
    found = list(part.session.exec(rule.where(_named(part)).order_by(col(ReminderRule.id))))
    about = {(r.subject_kind.value, r.subject_id) for r in found if r.subject_id is not None}
    names = subject_names(part.session, about)
    words = []
    for row in found:
        name = names.get((row.subject_kind.value, row.subject_id or 0))
        kind = translator(part.language)(row.subject_kind.label)
        words.append((row.title(part.language), name.title(part.language) if name else kind))
    return words


def _named(part: HandoverPart) -> ColumnElement[bool]:
    if part.officer is None:
        return col(ReminderRule.code).is_(None)
    named = select(RuleRecipient.rule_id).where(RuleRecipient.officer_id == part.officer.key)
    return or_(col(ReminderRule.id).in_(named), col(ReminderRule.escalate_to_id) == part.officer.key)


def _files(part: HandoverPart) -> Iterator[FilePlace]:
    """Items and phases that have a file number or an address in the electronic file."""
    items = select(Commitment).where(
        or_(col(Commitment.file_number) != "", col(Commitment.record_url) != ""), in_force()
    )
    for item in part.session.exec(items.order_by(col(Commitment.position), col(Commitment.id))):
        if part.role(item.responsible_id, item.deputy_id):
            yield FilePlace(item.title(part.language), item.file_number, item.record_url)
    stages = select(Phase).where(col(Phase.file_number) != "")
    for phase in part.session.exec(stages.order_by(col(Phase.position), col(Phase.id))):
        if part.role(phase.responsible_id, phase.deputy_id):
            yield FilePlace(phase.title(part.language), phase.file_number, "")
