"""Where the lines of a timeline come from: each source gives its newest below a place, in the order of an index."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, String, and_, or_, type_coerce
from sqlalchemy import select as choose
from sqlmodel import Session, col, select

from models.contact_log.entries import Below, Entry, Source
from models.contact_log.whom import Whom
from models.contacts.interactions import Interaction
from models.contacts.people import Person
from models.followups import FollowUp, FollowUpKind
from models.reminders.mail_log import mails_without_bytes, shown_at
from models.reminders.messages import Message, MessageState, Reminder

_GONE_OUT = (MessageState.SENT, MessageState.FILED)
NEWEST = (col(Interaction.sort_key).desc(), col(Interaction.id).desc())


def lower(last: Below | None) -> list[ColumnElement[bool]]:
    if last is None:
        return []
    value = last.day.isoformat()
    return [last.condition(Source.INTERACTION, col(Interaction.sort_key), col(Interaction.id), value)]


def as_entry(row: Interaction) -> Entry:
    return Entry(row.held_on, Source.INTERACTION, row, row.person_id, row.organisation_id)


def interactions(session: Session, whom: Whom, last: Below | None, limit: int) -> Iterator[Entry]:
    """What was said and written: organisation and place are noted with it, so one index leads through each timeline."""
    own = {
        "person": Interaction.person_id,
        "organisation": Interaction.organisation_id,
        "place": Interaction.place_id,
    }
    rows = select(Interaction).where(col(own[whom.kind]) == whom.key, *lower(last)).order_by(*NEWEST)
    return map(as_entry, session.exec(rows.limit(limit)))


def mails(session: Session, whom: Whom, last: Below | None, zone: tzinfo, limit: int) -> Iterator[Entry]:
    """What went out about them: about themselves, or about a follow-up on them."""
    kind, key = type_coerce(col(Reminder.subject_kind), String), col(Reminder.subject_id)
    on_them = choose(col(FollowUp.id)).where(
        whom.subjects(col(FollowUp.subject_kind), col(FollowUp.subject_id))
    )
    speaking = or_(whom.subjects(kind, key), and_(kind == "follow_up", key.in_(on_them)))
    carried = choose(col(Reminder.message_id)).where(speaking, col(Reminder.message_id).is_not(None))
    wanted = mails_without_bytes().where(
        col(Message.id).in_(carried), col(Message.state).in_(_GONE_OUT), *_earlier(session, last, zone)
    )
    for mail in session.exec(wanted.order_by(shown_at().desc(), col(Message.id).desc()).limit(limit)):
        moment = mail.settled_at or mail.composed_at
        yield Entry(moment.astimezone(zone).date(), Source.MAIL, mail, moment=moment)


def _earlier(session: Session, last: Below | None, zone: tzinfo) -> list[ColumnElement[bool]]:
    if last is None:
        return []
    begins = datetime.combine(last.day, time.min, tzinfo=zone)
    if last.source > Source.MAIL:
        return [shown_at() < begins]
    if last.source < Source.MAIL:
        return [shown_at() < begins + timedelta(days=1)]
    shown = session.exec(select(shown_at()).where(Message.id == last.key)).first()
    if shown is None:
        return [shown_at() < begins]
    return [or_(shown_at() < shown, and_(shown_at() == shown, col(Message.id) < last.key))]


def notices(session: Session, whom: Whom, last: Below | None, limit: int) -> Iterator[Entry]:
    """When people were told that their data are kept here (Art. 14 GDPR)."""
    on, key = col(Person.notice_sent_on), col(Person.id)
    wanted = select(Person).where(on.is_not(None), *whom.people_conditions())
    if last is not None:
        wanted = wanted.where(last.condition(Source.NOTICE, on, key, last.day))
    for person in session.exec(wanted.order_by(on.desc(), key.desc()).limit(limit)):
        if person.notice_sent_on is not None:
            yield Entry(person.notice_sent_on, Source.NOTICE, person, person.key)


def follow_ups(session: Session, whom: Whom, last: Below | None, limit: int) -> Iterator[Entry]:
    on, key = col(FollowUp.done_on), col(FollowUp.id)
    about = whom.subjects(col(FollowUp.subject_kind), col(FollowUp.subject_id))
    # "Get in touch again" is fulfilled by a talk, which stands here itself.
    wanted = select(FollowUp).where(on.is_not(None), FollowUp.kind != FollowUpKind.CONTACT, about)
    if last is not None:
        wanted = wanted.where(last.condition(Source.FOLLOW_UP, on, key, last.day))
    for done in session.exec(wanted.order_by(on.desc(), key.desc()).limit(limit)):
        if done.done_on is not None:
            of_person = done.subject_id if done.subject_kind == "person" else None
            of_organisation = done.subject_id if done.subject_kind == "organisation" else None
            yield Entry(done.done_on, Source.FOLLOW_UP, done, of_person, of_organisation)
