"""Bringing a list of places up to date: upload, preview, import, taking back."""

from typing import Any

from flask import abort, redirect, request, url_for

from models.documents.workbook_parts import UnreadableError
from models.hanging import pointing_at
from models.imports.applying import NotPreparedError
from models.imports.batches import BatchState, ImportBatch, ImportKind, batches
from models.imports.plan import left_from, versions_from
from models.imports.reverting import changes_of, retraction, revert
from models.place_list.planning import NO_ANSWERS, ListPlan, apply_list, decided, plan_list
from models.place_list.reading import ListFormat, PlaceList, read_list
from models.place_list.row_plan import Answers, ListDay
from webapp.clock import now
from webapp.database import db, today
from webapp.forms import ConfirmForm
from webapp.imports.batch_files import forget, hanging, remove, uploaded_file
from webapp.imports.reading import book_of, keep, opened, received, said
from webapp.pages import done, load, page
from webapp.places.import_forms import (
    DECISIONS,
    LIKENESSES,
    ListUploadForm,
    PlacesApplyForm,
    answers,
    decisions,
    in_words,
)
from webapp.places.import_words import held_line, place_lines, place_remark
from webapp.places.views import room
from webapp.words import _, ngettext

room.add_app_template_filter(place_lines, "place_lines")
room.add_app_template_filter(held_line, "held_line")
room.add_app_template_filter(place_remark, "place_remark")

INDEX_NAME = "index.fab.city/api/v0/index.csv"


@room.route("/staedte/einfuhr", methods=["GET", "POST"])
def import_list() -> Any:
    """Upload a list; what was imported before stands below."""
    form = ListUploadForm(as_of=today().isoformat())
    if form.validate_on_submit():
        try:
            name, content = received(form.file.data)
            found = read_list(opened(content, name).sheet())
        except UnreadableError as error:
            form.file.errors = [said(error)]
        else:
            batch = keep(ImportKind.PLACES, name, content)
            default = INDEX_NAME if found.format is ListFormat.INDEX else name
            batch.mapping = {
                "as_of": form.as_of.data,
                "name": (form.name.data or default).replace(" | ", " "),
            }
            return done(
                url_for(".show_import", key=batch.key), _("The file was read. Nothing is changed yet.")
            )
    return page("places/import.html", form=form, batches=batches(db(), ImportKind.PLACES))


def _batch(key: int) -> ImportBatch:
    """An import of places, or 404."""
    batch = load(ImportBatch, key)
    if batch.kind is not ImportKind.PLACES:
        abort(404)
    return batch


def _day(batch: ImportBatch) -> ListDay:
    return ListDay(batch.mapping["as_of"], batch.mapping["name"])


def _planned(batch: ImportBatch, answered: Answers = NO_ANSWERS) -> tuple[PlaceList, ListPlan]:
    """The list of a batch and what it would change now. Raises UnreadableError."""
    found, day = read_list(book_of(batch).sheet()), _day(batch)
    return found, plan_list(db(), found, day, answered)


@room.get("/staedte/einfuhr/<int:key>")
def show_import(key: int) -> Any:
    """What a list would change, or what it did."""
    batch = _batch(key)
    if batch.state is not BatchState.PREPARED:
        left, kept = (left_from(batch.mapping.get(name, [])) for name in ("left", "kept"))
        changes = changes_of(db(), batch)
        return page("places/import_done.html", batch=batch, day=_day(batch), left=left, kept=kept,
                    made=sum(change.before is None for change in changes), changed=len(changes))  # fmt: skip
    try:
        found, plan = _planned(batch)
    except UnreadableError as error:
        return page("places/import_unreadable.html", batch=batch, reason=said(error))[0], 422
    form = PlacesApplyForm()
    form.seen.data = plan.seen
    return page("places/import_preview.html", batch=batch, day=_day(batch), list=found, plan=plan, form=form,
                decisions=in_words(DECISIONS), likenesses=in_words(LIKENESSES))  # fmt: skip


@room.post("/staedte/einfuhr/<int:key>/uebernehmen")
def apply_import(key: int) -> Any:
    """Import the rows without a fault, and what was decided about members that vanished."""
    batch, form, address = _batch(key), PlacesApplyForm(), url_for(".show_import", key=key)
    if batch.state is not BatchState.PREPARED or not form.validate_on_submit():
        return redirect(address, code=303)
    try:
        _found, plan = _planned(batch, answers(request.form))
        batch = _batch(key)  # reading gave the session back
        rows = [*plan.rows, *decided(plan, decisions(request.form, plan), _day(batch))]
        left = apply_list(db(), batch, rows, versions_from(form.seen.data or ""), now())
    except (UnreadableError, NotPreparedError):
        db().rollback()
        return redirect(address, code=303)
    rows_left = len({(row.number, row.title) for row in left})  # a row may have several faults
    told = ngettext("Imported. One row was left.", "Imported. {n} rows were left.", rows_left)
    return done(address, told if left else _("Imported."))


@room.post("/staedte/einfuhr/<int:key>/verwerfen")
def throw_away_import(key: int) -> Any:
    """Forget a list that was not imported."""
    batch = _batch(key)
    if batch.state is not BatchState.PREPARED:
        return redirect(url_for(".show_import", key=key), code=303)
    forget(batch)
    return done(url_for(".import_list"), _("Thrown away. Nothing was changed."))


def _used(kind: str, key: int) -> dict[str, int]:
    """What hangs on a place or names it: a new place with people or organisations stays."""
    return {**hanging(kind, key), **pointing_at(db(), kind, key)}


@room.route("/staedte/einfuhr/<int:key>/zuruecknehmen", methods=["GET", "POST"])
def take_back_import(key: int) -> Any:
    """Ask, say what stays, and take the import back."""
    batch, form, address = _batch(key), ConfirmForm(), url_for(".show_import", key=key)
    if batch.state is not BatchState.APPLIED:
        return redirect(address, code=303)
    if form.validate_on_submit():
        try:
            left = revert(db(), batch, now(), _used, remove)
        except NotPreparedError:
            return redirect(address, code=303)
        some = _("The import is taken back, but for what is named below.")
        return done(address, some if left else _("The import is taken back."))
    found = retraction(db(), batch, _used)
    return page("places/import_take_back.html", batch=batch, form=form, found=found)


@room.get("/staedte/einfuhr/<int:key>/datei")
def import_file(key: int) -> Any:
    """The file as it was uploaded."""
    return uploaded_file(_batch(key))
