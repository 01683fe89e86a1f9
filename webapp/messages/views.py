"""All mails: what became of them, and what a person decides."""

import io
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for

from models.reminders.addresses import release_address
from models.reminders.messages import Message, MessageState
from models.reminders.record import held_address, messages, reminders_in
from models.reminders.settling import CannotDecideError, mark_delivered, send_again
from webapp.clock import now
from webapp.database import db
from webapp.filters import label, moment
from webapp.messages.reading import read_mail
from webapp.messages.words import advice, is_secret, meaning, reason
from webapp.pages import csv_file, done, page, query
from webapp.words import _

room = Blueprint("messages", __name__, template_folder="templates")
SHOWN = 200


def _chosen_state() -> MessageState | None:
    wanted = request.args.get("zustand", "")
    return next((state for state in MessageState if state.value == wanted), None)


def _load(key: int) -> Message:
    message = db().get(Message, key)
    if message is None:
        abort(404)
    return message


@room.get("/nachrichten")
def index() -> Any:
    """The latest mails."""
    found = messages(db(), _chosen_state(), SHOWN + 1, query())
    return page(
        "messages/index.html",
        messages=found[:SHOWN],
        is_cut=len(found) > SHOWN,
        shown=SHOWN,
        meaning=meaning,
        reason=reason,
        advice=advice,
        query=query(),
        state=_chosen_state(),
        states=list(MessageState),
    )


@room.get("/nachrichten.csv")
def csv() -> Any:
    """Mails as a table."""
    header = (
        _("Composed on"), _("Last change"), _("Name"), _("Address"), _("Subject line"), _("Kind"), _("State"),
        _("Reason"), _("Answer of the mail server"),
    )  # fmt: skip
    rows = [
        (
            moment(mail.composed_at), moment(mail.settled_at), mail.to_name, mail.to_address, mail.subject,
            label(mail.kind), label(mail.state), reason(mail), mail.server_reply,
        )
        for mail in messages(db(), _chosen_state(), 100_000, query())
    ]  # fmt: skip
    return csv_file("nachrichten", header, rows)


@room.get("/nachrichten/<int:key>")
def show(key: int) -> Any:
    """One mail as it was sent. A mail with a sign-in link is never shown: the link is a key to an account."""
    message = _load(key)
    is_readable = bool(message.body) and not is_secret(message)
    return page(
        "messages/show.html",
        message=message,
        mail=read_mail(message.body) if is_readable else None,
        is_secret=is_secret(message),
        meaning=meaning(message),
        reason=reason(message),
        advice=advice(message),
        held=held_address(db(), message.to_address),
        reminders=reminders_in(db(), key),
        may_send=message.state in (MessageState.UNCERTAIN, MessageState.FAILED) and bool(message.body),
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


@room.get("/nachrichten/<int:key>/termin.ics")
def calendar(key: int) -> Any:
    """The mail's calendar part."""
    entry = read_mail(_readable(key).body).calendar
    if entry is None:
        abort(404)
    content = io.BytesIO(entry.content)
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
    return _decide(key, send_again, _("The mail goes out again with the next run of the automatic sending."))


@room.post("/nachrichten/<int:key>/zugestellt")
def delivered(key: int) -> Any:
    """An uncertain mail arrived."""
    return _decide(key, mark_delivered, _("Marked as delivered."))


@room.post("/nachrichten/<int:key>/adresse-geprueft")
def release(key: int) -> Any:
    """Somebody checked the address; mails go there again."""
    message = _load(key)
    release_address(db(), message.to_address)
    return done(
        url_for(".show", key=key),
        _("The address is used again: {address}.").format(address=message.to_address),
    )
