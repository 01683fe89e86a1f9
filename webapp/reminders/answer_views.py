"""Where a mail's link leads: looking changes nothing, every answer is a POST and harmless twice (T23)."""

from datetime import date, timedelta
from typing import Any

from flask import abort, redirect, url_for
from sqlmodel import select

from models.application.phase_order import date_conflict
from models.application.phases import Phase
from models.followups import FollowUp, next_look_up
from models.officers import Officer
from models.reminders.answering import (
    A_DAY,
    A_WEEK,
    Answered,
    MovedMeanwhileError,
    again_on,
    last_day_again,
    mark_done,
    may_come_again,
    move_to,
)
from models.reminders.messages import Message, Reminder
from models.reminders.rules import ReminderRule, SubjectKind
from models.reminders.subjects import CANNOT_BE_DONE, Subject, load_subject
from webapp.access import officer
from webapp.application.phase_forms import conflict_words
from webapp.clock import now
from webapp.database import db, today
from webapp.filters import day, label
from webapp.pages import done, page
from webapp.reasons import note_reason
from webapp.reminders.again_form import AgainForm
from webapp.reminders.forms import MoveForm
from webapp.reminders.views import room, subject_address
from webapp.reminders.words import date_word
from webapp.words import _


def _subject_of(reminder: Reminder) -> Subject | None:
    return load_subject(db(), SubjectKind(reminder.subject_kind), reminder.subject_id)


def _load(key: int) -> Reminder:
    reminder = db().get(Reminder, key)
    if reminder is None:
        abort(404)
    return reminder


@room.get("/e/<token>")
def follow(token: str) -> Any:
    """Where a mail's link leads: the reminder of this name."""
    key = db().exec(select(Reminder.id).where(Reminder.token == token)).first()
    if key is None:
        abort(404)
    return redirect(url_for(".show", key=key))


@room.route("/erinnerungen/<int:key>", methods=["GET", "POST"])
def show(key: int) -> Any:
    """One reminder and its answers; sent, the form gives the subject another date."""
    reminder = _load(key)
    subject = _subject_of(reminder)
    form = MoveForm(day=_first_day(subject))
    if subject is not None and subject.kind not in CANNOT_BE_DONE and form.validate_on_submit():
        if misfit := _misfit(subject, form.day.data):
            form.day.errors = [misfit]
            return _answers(reminder, subject, form, AgainForm(formdata=None))
        note_reason(_("answer to a reminder"))
        try:
            answered = move_to(db(), reminder, subject, form.version.data or "", form.day.data, now())
            return done(url_for(".show", key=key), _answer_words(answered, form))
        except MovedMeanwhileError:
            form.conflicts.append((str(form.day.label.text), day(subject.anchor_on), day(form.day.data)))
    return _answers(reminder, subject, form, AgainForm(formdata=None))


def _misfit(subject: Subject, wanted: date) -> str:
    """Why a phase cannot be due on this day: one that comes before is due later, or one that comes after earlier."""
    if subject.kind is not SubjectKind.PHASE:
        return ""
    conflict = date_conflict(db(), db().get_one(Phase, subject.id), wanted)
    return conflict_words(conflict) if conflict is not None else ""


def _answers(reminder: Reminder, subject: Subject | None, form: MoveForm, again: AgainForm) -> Any:
    seen = subject.anchor_on.isoformat() if subject is not None and subject.anchor_on else ""
    form.version.data, form.version.raw_data = seen, [seen]
    return page(
        "reminders/show.html",
        reminder=reminder,
        subject=subject,
        address=subject_address(subject) if subject else None,
        date_word=date_word(subject) if subject else "",
        rule=db().get_one(ReminderRule, reminder.rule_id),
        recipient=db().get(Officer, reminder.person_id),
        message=db().get(Message, reminder.message_id) if reminder.message_id else None,
        form=form,
        again=again,
        again_tomorrow=_may_come_again(subject, A_DAY),
        again_in_a_week=_may_come_again(subject, A_WEEK),
        looked_up=_looked_up(subject),
    )


def _may_come_again(subject: Subject | None, later: timedelta) -> bool:
    return subject is not None and may_come_again(subject, today() + later)


def _first_day(subject: Subject | None) -> Any:
    """What the day field begins with: for something to look up the next usual day, else nothing."""
    return next_look_up(today()) if subject is not None and subject.is_look_up else None


def _looked_up(subject: Subject | None) -> int | None:
    """The conference whose date is to be looked up."""
    if subject is None or not subject.is_look_up:
        return None
    follow_up = db().get_one(FollowUp, subject.id)
    return follow_up.subject_id if follow_up.subject_kind == "conference" else None


def _answer_words(answered: Answered, form: MoveForm | None = None) -> str:
    if answered is Answered.MOVED and form is not None:
        return _("The date was changed to {day}.").format(day=day(form.day.data))
    return label(answered)


@room.post("/erinnerungen/<int:key>/erledigt")
def answer_done(key: int) -> Any:
    """It is done. Whether a phase is finished is asked on its own page, which says what is still open."""
    reminder = _load(key)
    subject = _subject_of(reminder)
    if subject is not None and subject.kind is SubjectKind.PHASE and subject.is_open:
        return redirect(url_for("application.close_phase", key=subject.id), 303)
    note_reason(_("answer to a reminder"))
    answered = mark_done(db(), reminder, subject, now(), today())
    return done(url_for(".show", key=key), _answer_words(answered))


def _again(reminder: Reminder, subject: Subject | None, on: date) -> Any:
    answered = again_on(db(), reminder, subject, officer().key, on, now())
    said = _answer_words(answered)
    if answered is Answered.AGAIN:
        said = _("You are reminded again on {day}.").format(day=day(on))
    return done(url_for(".show", key=reminder.key), said)


@room.post("/erinnerungen/<int:key>/morgen")
def answer_tomorrow(key: int) -> Any:
    """Remind me again tomorrow."""
    reminder = _load(key)
    return _again(reminder, _subject_of(reminder), today() + A_DAY)


@room.post("/erinnerungen/<int:key>/in-einer-woche")
def answer_again(key: int) -> Any:
    """Remind me again in a week."""
    reminder = _load(key)
    return _again(reminder, _subject_of(reminder), today() + A_WEEK)


@room.post("/erinnerungen/<int:key>/wieder")
def answer_again_on(key: int) -> Any:
    """Remind me again on a day of my choice."""
    reminder = _load(key)
    subject = _subject_of(reminder)
    again = AgainForm(last=last_day_again(subject) if subject else None)
    is_over = subject is None or not subject.is_open  # then the answer says so, whatever was typed
    if again.validate_on_submit() or is_over:
        return _again(reminder, subject, again.again_day.data or today() + A_DAY)
    return _answers(reminder, subject, MoveForm(formdata=None, day=_first_day(subject)), again)
