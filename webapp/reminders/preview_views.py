"""The real mail of a chosen colleague, before anything is sent: the sender's own steps, taken back afterwards."""

import io
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, request, send_file

from models.officers import Officer, officers
from models.reminders.checking import outlook_of
from models.reminders.messages import Message
from models.reminders.planning import Planned
from models.reminders.preview import preview_mail
from models.reminders.recipients import surroundings
from models.reminders.rules import ReminderRule
from webapp.access import officer
from webapp.clock import now
from webapp.database import database, db
from webapp.messages.reading import read_mail
from webapp.pages import load, page
from webapp.reminders.views import room
from webapp.reminders.words import occasion


@dataclass(frozen=True)
class Wanted:
    """Which mail is wanted: of which rule, on what occasion, to whom."""

    rule: ReminderRule
    rows: list[Planned]
    row: Planned | None
    person: Officer

    @property
    def is_recipient(self) -> bool:
        return self.row is not None and self.person.key in {to.key for to in self.row.officers}


def _wanted(key: int) -> Wanted:
    rule = load(ReminderRule, key)
    if rule.removed_at is not None:
        abort(404)
    at_once, planned = outlook_of(db(), rule, surroundings(db()), now())
    rows, name = [*at_once, *planned], request.args.get("anlass", "")
    row = next((row for row in rows if occasion(row) == name), rows[0] if rows and not name else None)
    return Wanted(rule, rows, row, _person(row))


def _person(row: Planned | None) -> Officer:
    """The colleague whose mail is wanted. If nobody is named: oneself, or who gets the mail."""
    typed = request.args.get("person", "")
    if not typed:
        to = row.officers if row is not None else ()
        return next((one for one in (officer(), *to) if one.key in {each.key for each in to}), officer())
    found = next((one for one in officers(db()) if str(one.key) == typed), None)
    if found is None:
        abort(404)
    return found


def _mail(wanted: Wanted) -> Message | None:
    """The mail as it would be sent; what was done for it is rolled back. Only for requests that just read."""
    if wanted.row is None:
        return None
    settings = current_app.extensions["lotse_settings"].mail
    subject, step = wanted.row.subject.id, wanted.row.step.name
    with database().write(now()) as session:
        try:
            made = preview_mail(session, wanted.rule.key, subject, step, wanted.person.key, settings, now())
            return Message(**made.model_dump()) if made is not None else None
        finally:
            session.rollback()


@room.get("/erinnerungen/regeln/<int:key>/vorschau")
def preview(key: int) -> Any:
    """One person's mail on one occasion."""
    wanted = _wanted(key)
    message = _mail(wanted)
    return page(
        "reminders/mail_preview.html",
        rule=wanted.rule,
        rows=wanted.rows,
        row=wanted.row,
        person=wanted.person,
        is_recipient=wanted.is_recipient,
        colleagues=officers(db()),
        message=message,
        now=now(),
        mail=read_mail(message.body) if message is not None else None,
    )


@room.get("/erinnerungen/regeln/<int:key>/vorschau.eml")
def preview_file(key: int) -> Any:
    """The same mail as a file that mail programs open."""
    message = _mail(_wanted(key))
    if message is None:
        abort(404)
    return send_file(
        io.BytesIO(message.body),
        mimetype="message/rfc822",
        as_attachment=True,
        download_name=f"vorschau-{key}.eml",
    )
