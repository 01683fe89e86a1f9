"""The mail log (Versandprotokoll): every mail, and every reminder that did not lead to one."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, stream_with_context, url_for
from sqlmodel import Session

from models.documents.spreadsheet import csv_parts
from models.reminders.mail_log import WINDOW, every_mail, find_mails
from models.reminders.messages import MessageKind, MessageState, Occasion, Reason, Reminder, ReminderState
from models.reminders.noticed import news, notes_of, take_note
from models.reminders.record import held_addresses, release_held
from models.reminders.subject_names import SubjectName, subject_names
from models.reminders.untold import every_untold, find_untold
from webapp.access import officer
from webapp.clock import now
from webapp.database import database, db
from webapp.filters import day, label, moment, officer_name
from webapp.messages.banners import AT_ONCE, banners
from webapp.messages.inline import mails_about
from webapp.messages.looking import looking
from webapp.messages.words import (
    ADVICE,
    BADGES,
    MAIL_STATES,
    REMINDER_STATES,
    advice,
    meaning,
    reason,
    step,
    untold_step,
)
from webapp.pages import done, page, query
from webapp.words import _, language, ngettext

Row = tuple[object, ...]

room = Blueprint("messages", __name__, template_folder="templates")
room.add_app_template_global(banners, "banners")
room.add_app_template_global(AT_ONCE, "banners_at_once")  # type: ignore[arg-type]
room.add_app_template_global(mails_about, "mails_about")
room.add_app_template_global(BADGES.__getitem__, "state_badge")

UNTOLD_STATES = tuple(state for state in ReminderState if state is not ReminderState.SENT)


@room.get("/nachrichten")
def index() -> Any:
    """Mails, the latest first."""
    filters = looking()
    found = find_mails(db(), filters.wanted, filters.before, filters.limit)
    return page(
        "messages/index.html",
        looking=filters,
        found=found,
        notes=notes_of(db(), found.rows),
        held=held_addresses(db()),
        window=WINDOW,
        query=query(),
        kinds=list(MessageKind),
        states=list(MessageState),
        meaning=meaning,
        reason=reason,
        step=step,
    )


@room.get("/nachrichten/nicht-versandt")
def untold() -> Any:
    """Reminders that did not lead to a mail."""
    filters = looking()
    found = find_untold(db(), filters.wanted, filters.untold, filters.before, filters.limit)
    return page(
        "messages/untold.html",
        looking=filters,
        found=found,
        names=_names(db(), found.rows),
        window=WINDOW,
        query=query(),
        states=UNTOLD_STATES,
        state_meaning=REMINDER_STATES,
        reason=reason,
        step=untold_step,
    )


def _names(session: Session, rows: list[Reminder]) -> dict[tuple[str, int], SubjectName]:
    return subject_names(session, {(row.subject_kind, row.subject_id) for row in rows})


@room.get("/nachrichten/zustaende")
def states() -> Any:
    """What the states and reasons mean."""
    return page(
        "messages/states.html",
        mail_states=MAIL_STATES,
        reminder_states=REMINDER_STATES,
        advice=ADVICE,
        reasons=[why for why in Reason if why.label],
        occasions=list(Occasion),
    )


# As tables for Excel, written while they are read


def _streamed(name: str, header: tuple[str, ...], rows: Callable[[Session], Iterator[Row]]) -> Response:
    """The request's session ends before its answer is sent, so the rows are read in one of their own."""

    def content() -> Iterator[bytes]:
        with database().read(now()) as session:
            yield from csv_parts(header, rows(session))

    disposition = {"Content-Disposition": f"attachment; filename={name}.csv"}
    stream = stream_with_context(content())
    return current_app.response_class(stream, mimetype="text/csv", headers=disposition)


@room.get("/nachrichten.csv")
def csv() -> Any:
    """Mails as a table."""
    header = (
        _("Composed on"), _("Last change"), _("Name"), _("Address"), _("Subject line"), _("Kind"), _("State"),
        _("Reason"), _("What to do now"), _("Answer of the mail server"),
    )  # fmt: skip
    wanted = looking().wanted

    def rows(session: Session) -> Iterator[Row]:
        for mail in every_mail(session, wanted):
            yield (
                moment(mail.composed_at), moment(mail.settled_at), mail.to_name, mail.to_address,
                mail.title(language()),
                label(mail.kind), label(mail.state), reason(mail), advice(mail), mail.server_reply,
            )  # fmt: skip

    return _streamed("nachrichten", header, rows)


@room.get("/nachrichten/nicht-versandt.csv")
def untold_csv() -> Any:
    """Reminders that did not lead to a mail, as a table."""
    filters = looking()
    header = (
        _("Due on"), _("What"), _("Date"), _("Name"), _("State"), _("Reason"), _("What to do now"),
    )  # fmt: skip

    def rows(session: Session) -> Iterator[Row]:
        for portion in every_untold(session, filters.wanted, filters.untold):
            names = _names(session, portion)
            for row in portion:
                name = names.get((row.subject_kind, row.subject_id))
                title = name.title(language()) if name else _("Deleted since")
                yield (
                    moment(row.due_at), title, day(row.anchor_on), officer_name(row.person_id), label(row.state),
                    reason(row), untold_step(row).text,
                )  # fmt: skip

    return _streamed("nicht-versandt", header, rows)


# What a person does about many at once


@room.post("/nachrichten/zur-kenntnis")
def note_all() -> Any:
    """Take note of every mail that had failed when the page was opened; what failed since stays news."""
    keys = news(db(), _opened_at())
    number = take_note(db(), keys, officer().key, now())
    back = url_for(".index", zustand="failed")
    if not number:
        flash(_("There was nothing to take note of any more."))
        return redirect(back, code=303)
    return done(back, ngettext("Taken note of one mail.", "Taken note of {n} mails.", number))


def _opened_at() -> datetime:
    """The moment of the page on which somebody pressed; whatever is none is long ago."""
    try:
        opened = datetime.fromisoformat(request.form.get("stand", ""))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return opened if opened.tzinfo else opened.replace(tzinfo=UTC)


@room.post("/nachrichten/adressen/<int:key>/geprueft")
def release_address(key: int) -> Any:
    """Somebody checked an address; mails go there again."""
    address = release_held(db(), key)
    if address is None:
        flash(_("This was decided already. Nothing was changed."))
        return redirect(url_for(".index"), code=303)
    return done(url_for(".index"), _("The address is used again: {address}.").format(address=address))


from webapp.messages import mail_views  # noqa: E402, F401  (it adds its pages to the room)
