"""One mail: as it was sent, what it carries, what became of it, and what a person decides."""

import io
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, send_file, url_for

from models.officers import Officer
from models.reminders.addresses import is_on_hold, release_address
from models.reminders.messages import Message, MessageState
from models.reminders.noticed import notes_of, take_note
from models.reminders.record import held_address, in_one_thread, reminders_in
from models.reminders.settling import CannotDecideError, mark_delivered, send_again
from models.reminders.subject_names import subject_names
from webapp.access import officer
from webapp.clock import now
from webapp.database import db
from webapp.messages.reading import METHODS, CalendarPart, read_mail
from webapp.messages.views import room
from webapp.messages.words import advice, is_secret, meaning, reason
from webapp.pages import done, page
from webapp.words import _

REMINDERS_SHOWN = 100
THREAD_SHOWN = 10
DECIDABLE = (MessageState.UNCERTAIN, MessageState.FAILED)


def _load(key: int) -> Message:
    message = db().get(Message, key)
    if message is None:
        abort(404)
    return message


@room.get("/nachrichten/<int:key>")
def show(key: int) -> Any:
    """One mail as it was sent. A mail with a sign-in link is never shown: the link is a key to an account."""
    message = _load(key)
    is_readable = bool(message.body) and not is_secret(message)
    reminders, carried = reminders_in(db(), key, REMINDERS_SHOWN)
    things = {(row.subject_kind, row.subject_id) for row in reminders}
    return page(
        "messages/show.html",
        message=message,
        mail=read_mail(message.body) if is_readable else None,
        is_secret=is_secret(message),
        methods=METHODS,
        meaning=meaning(message),
        reason=reason(message),
        advice=advice(message),
        held=held_address(db(), message.to_address),
        note=notes_of(db(), [message]).get(key),
        recipient=db().get(Officer, message.officer_id) if message.officer_id else None,
        reminders=reminders,
        carried=carried,
        names=subject_names(db(), things),
        thread=in_one_thread(db(), message, sorted(things), THREAD_SHOWN),
        may_send=message.state in DECIDABLE and bool(message.body),
        states=MessageState,
    )


def _readable(key: int) -> Message:
    """A mail whose text may be shown, or 404."""
    message = _load(key)
    if is_secret(message) or not message.body:
        abort(404)
    return message


@room.get("/nachrichten/<int:key>/mail.eml")
def download(key: int) -> Any:
    """The mail's own bytes."""
    body = io.BytesIO(_readable(key).body)
    return send_file(
        body, mimetype="message/rfc822", as_attachment=True, download_name=f"nachricht-{key}.eml"
    )


def _entry(key: int) -> CalendarPart:
    """The calendar part that the address asks for: the first one, or `?teil=2`."""
    entries = read_mail(_readable(key).body).calendars
    number = request.args.get("teil", 1, type=int)
    if not 1 <= number <= len(entries):
        abort(404)
    return entries[number - 1]


@room.get("/nachrichten/<int:key>/termin.ics")
def calendar(key: int) -> Any:
    """A calendar part of the mail."""
    content = io.BytesIO(_entry(key).content)
    return send_file(content, mimetype="text/calendar", as_attachment=True, download_name=f"termin-{key}.ics")


def _decide(key: int, decision: Callable[..., None], said: str) -> Any:
    """Do what was decided, unless somebody decided before."""
    try:
        decision(db(), _load(key), now())
    except CannotDecideError:
        flash(_("This was decided already. Nothing was changed."))
        return redirect(url_for(".show", key=key), code=303)
    return done(url_for(".show", key=key), said)


@room.post("/nachrichten/<int:key>/erneut-senden")
def send(key: int) -> Any:
    """Send an uncertain or failed mail again."""
    if is_on_hold(db(), _load(key).to_address):
        flash(_("This address is on hold, so nothing would go out. Please check the address first."))
        return redirect(url_for(".show", key=key), code=303)
    return _decide(key, send_again, _("The mail goes out again with the next run of the automatic sending."))


@room.post("/nachrichten/<int:key>/zugestellt")
def delivered(key: int) -> Any:
    """An uncertain mail arrived."""
    return _decide(key, mark_delivered, _("Marked as delivered."))


@room.post("/nachrichten/<int:key>/zur-kenntnis")
def note(key: int) -> Any:
    """Somebody has seen that this mail failed; the notice on every page goes, the mail stays failed."""
    message = _load(key)
    if not take_note(db(), [message.key], officer().key, now()):
        flash(_("This was decided already. Nothing was changed."))
        return redirect(url_for(".show", key=key), code=303)
    return done(url_for(".show", key=key), _("Taken note of. The mail stays in the mail log as failed."))


@room.post("/nachrichten/<int:key>/adresse-geprueft")
def release(key: int) -> Any:
    """Somebody checked the address; mails go there again."""
    message = _load(key)
    release_address(db(), message.to_address)
    return done(
        url_for(".show", key=key),
        _("The address is used again: {address}.").format(address=message.to_address),
    )
