"""Asking somebody who owes us something: a prepared mail, and when to ask next."""

from datetime import timedelta
from typing import Any

from flask import abort, url_for
from sqlmodel import col, func, select

from models.application.phases import Application, Phase, the_application
from models.base import Recorded
from models.contacts.addresses import known_address, not_to_be_contacted
from models.contacts.people import Person
from models.followups import FollowUp, FollowUpKind
from models.language import LANGUAGES
from models.reminders.messages import Message, MessageState, Reminder
from models.reminders.rules import SubjectKind
from webapp.access import officer
from webapp.database import city, db, today
from webapp.filters import day
from webapp.followups.asking import prepared_mails
from webapp.followups.forms import AskedForm
from webapp.followups.views import room
from webapp.forms import store
from webapp.pages import done, load, page
from webapp.reasons import note_reason
from webapp.words import _

ASK_AGAIN_AFTER = timedelta(days=14)


@room.route("/wiedervorlagen/<int:key>/nachfragen", methods=["GET", "POST"])
def ask(key: int) -> Any:
    """A mail to whoever we wait for, in German and English; once it is sent, the next day to ask is set."""
    follow_up = load(FollowUp, key)
    if follow_up.kind is not FollowUpKind.WAITING:
        abort(404)
    form = AskedForm(obj=follow_up)
    if not form.is_submitted():
        form.due_on.data = today() + ASK_AGAIN_AFTER
    if form.validate_on_submit():
        note_reason(_("asked again on {day}").format(day=day(today())))
        if store(form, follow_up):
            said = _("Noted. You are reminded to ask again on {day}.").format(day=day(form.due_on.data))
            return done(url_for(".show", key=key), said)
    to = follow_up.waiting_email or known_address(db(), follow_up.waiting_for)
    is_unwanted = _may_not_ask(follow_up, to)
    to = "" if is_unwanted else to
    about = {language: _about(follow_up, language) for language in LANGUAGES}
    mails = prepared_mails(follow_up, to, about, _network(follow_up), city(), officer().name)
    return page(
        "followups/ask.html", follow_up=follow_up, form=form, to=to, mails=mails, is_unwanted=is_unwanted
    )


def _may_not_ask(follow_up: FollowUp, to: str) -> bool:
    """Whether whom we wait for is not to be contacted by prepared mails."""
    about = db().get(Person, follow_up.subject_id) if follow_up.subject_kind == "person" else None
    return not_to_be_contacted(db(), to, follow_up.waiting_for) or (
        about is not None and about.do_not_contact
    )


def _about(follow_up: FollowUp, language: str) -> str:
    """The subject's title in this language, whatever the page's language is."""
    tables = (mapper.class_ for mapper in Recorded._sa_registry.mappers)
    kind = next((table for table in tables if table.__tablename__ == follow_up.subject_kind), None)
    row = db().get(kind, follow_up.subject_id) if kind is not None else None
    return str(row.title(language)) if row is not None else follow_up.what


def _network(follow_up: FollowUp) -> str:
    phase = db().get(Phase, follow_up.subject_id) if follow_up.subject_kind == "phase" else None
    if phase is not None:
        return db().get_one(Application, phase.application_id).network
    return the_application(db()).network


@room.app_template_global()
def last_reminded(follow_up_id: int) -> Any:
    """When a mail last reminded us of a follow-up; None as long as none has."""
    done_states = (MessageState.SENT, MessageState.FILED)
    sent = (
        select(func.max(Message.settled_at))
        .join(Reminder, col(Reminder.message_id) == col(Message.id))
        .where(
            Reminder.subject_kind == SubjectKind.FOLLOW_UP.value,
            Reminder.subject_id == follow_up_id,
            col(Message.state).in_(done_states),
        )
    )
    return db().exec(sent).one()
