"""What views share: loading or 404, pages with the right status, storing, deleting, history, CSV."""

import io
from collections.abc import Iterable
from typing import Any, TypeVar

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from models.audit import history_of
from models.base import Recorded
from models.documents.spreadsheet import csv_bytes
from models.hanging import delete_with_hanging, hanging_on, held_back_by
from models.overview import officer_names
from webapp.database import db
from webapp.forms import BaseForm, ConfirmForm, typed_text
from webapp.words import _

T = TypeVar("T", bound=Recorded)


def load(kind: type[T], key: int) -> T:
    """The row, or 404."""
    row = db().get(kind, key)
    if row is None:
        abort(404)
    return row


def page(template: str, **context: Any) -> tuple[str, int]:
    """A page; a form with faults is 422, one that was overtaken by a colleague 409."""
    forms = [value for value in context.values() if isinstance(value, BaseForm)]
    status = 422 if any(form.has_faults for form in forms) else 200
    if any(form.conflicts for form in forms):
        status = 409
    return render_template(template, **context), status


def done(address: str, said: str) -> Response:
    """Commit, say so on the next page, and go there."""
    db().commit()
    flash(said)
    return redirect(address, code=303)


def is_print() -> bool:
    """Whether the page is wanted for paper: no menu, all rows."""
    return request.args.get("ansicht") == "druck"


def query() -> str:
    """What stands in the search box."""
    return typed_text(request.args.get("suche", "")).strip()[:200]


def page_number() -> int:
    """Which page of a long list is wanted; the first, where the address says nothing that is a number."""
    wanted = request.args.get("seite", "")
    return max(int(wanted), 1) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1


def csv_file(name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """A table to be opened in Excel."""
    return send_file(
        io.BytesIO(csv_bytes(header, rows)),
        mimetype="text/csv",
        as_attachment=True,
        download_name=f"{name}.csv",
    )


def history_page(row: Recorded, back: str) -> tuple[str, int]:
    """Every change of a row."""
    kind = str(type(row).__tablename__)
    entries = history_of(db(), kind, row.key)
    return page("shared/history.html", row=row, entries=entries, names=officer_names(db()), back=back)


def delete_page(row: Recorded, back: str, then: str) -> Any:
    """Ask, say what hangs on the row, delete on POST. What others still need is not deleted."""
    kind = str(type(row).__tablename__)
    form = ConfirmForm()
    holding = held_back_by(db(), kind, row.key)
    if form.validate_on_submit() and not holding:
        delete_with_hanging(db(), row)
        return done(then, _("Deleted."))
    return page(
        "shared/delete.html",
        row=row,
        form=form,
        back=back,
        hanging=hanging_on(db(), kind, row.key),
        holding=holding,
    )


def return_address(fallback: str) -> str:
    """Where a form was opened from, if that is a page of this program."""
    from webapp.access import is_safe_path

    wanted = request.values.get("zurueck", "")
    return wanted if wanted and is_safe_path(wanted) else fallback


# Where a subject of any kind is shown.
_SHOWN = {
    "commitment": "commitments.show",
    "phase": "application.show_phase",
    "conference": "conferences.show",
    "follow_up": "followups.show",
    "person": "people.show",
    "organisation": "organisations.show",
    "place": "places.show",
    "declaration": "application.show_declaration",
    "partner": "consortium.show_partner",
    "consortium_role": "consortium.edit_role",
    "evidence": "evidence.show",
    "principle": "commitments.show_principle",
    "import_batch": "imports.show",
    "paper": "council.show",
    "reminder_rule": "reminders.show_rule",
    "mail_text": "reminders.edit_text",
    "officer": "accounts.show",
    "conference_deadline": "conferences.show_deadline",
    "message": "messages.show",
    "application": "application.show_case",
    "submission": "submission.show",
    "submission_reply": "submission.show_reply",
    "comment": "comments.show",
    "resolution": "council.show_resolution",
    "cost": "costs.show",
    "handbook_edition": "commitments.show_edition",
    "city_profile": "city_profile.show",
    "profile_entry": "city_profile.edit_entry",
    "tag": "people.edit_tag",
    "interaction": "interactions.show",
}


def address_of(kind: str, key: int) -> str | None:
    """The page of a row of any table, if it has one of its own."""
    return url_for(_SHOWN[kind], key=key) if kind in _SHOWN else None
