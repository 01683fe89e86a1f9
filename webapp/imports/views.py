"""Pages of the imports: the checklist as Excel, the list of imports, preview, import, taking back."""

import io
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for

from models.application.phases import phases
from models.commitments.editions import EditionState, HandbookEdition, the_edition
from models.commitments.sheet import write_sheet
from models.documents.workbook_parts import UnreadableError
from models.imports.applying import NotPreparedError
from models.imports.batches import OF_THE_CHECKLIST, BatchState, ImportBatch, ImportKind, batches
from models.imports.plan import left_from, versions_from, versions_text
from models.imports.reverting import changes_of, retraction, revert
from webapp.clock import now
from webapp.database import db, today
from webapp.forms import ConfirmForm
from webapp.imports.batch_files import XLSX, forget, hanging, remove, uploaded_file
from webapp.imports.forms import ApplyForm, UploadForm
from webapp.imports.planning import apply_planned, is_of_its_edition, missing_step, planned_of
from webapp.imports.reading import book_of, keep, opened, received, said
from webapp.imports.words import change_lines, column_names, remark_text
from webapp.pages import done, load, page
from webapp.words import _, language, ngettext

room = Blueprint("imports", __name__, template_folder="templates")
room.add_app_template_filter(remark_text, "remark")
room.add_app_template_filter(change_lines, "change_lines")
room.add_app_template_filter(column_names, "column_names")

# This room imports what belongs to the checklist; other lists have pages of their own.
ELSEWHERE = {ImportKind.PLACES: "places.show_import", ImportKind.CONTACTS: "contact_import.show"}


def _edition() -> HandbookEdition:
    """The edition in the address (?ausgabe=…), or the one in force."""
    key = request.values.get("ausgabe", type=int)
    if key is None:
        return the_edition(db())
    found = db().get(HandbookEdition, key) if 0 < key < 2**31 else None
    if found is None or found.state is EditionState.SUPERSEDED:
        abort(404)
    return found


@room.get("/zusagen/einfuhren")
def index() -> Any:
    """All files that were uploaded."""
    return page("imports/index.html", batches=batches(db()))


def _batch(key: int) -> ImportBatch:
    """An import of this room, or 404."""
    batch = load(ImportBatch, key)
    if batch.kind not in OF_THE_CHECKLIST:
        abort(404)
    return batch


@room.get("/zusagen/excel/datei")
def download() -> Any:
    """The checklist as an Excel file."""
    edition = _edition()
    content = write_sheet(db(), edition, phases(db()), language(), now())
    name = f"zusagen-{edition.code}-{today().isoformat()}.xlsx"
    return send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


@room.route("/zusagen/excel", methods=["GET", "POST"])
def excel() -> Any:
    """Take the checklist out to Excel, and bring it in again."""
    edition, form = _edition(), UploadForm()
    is_draft = edition.state is EditionState.DRAFT
    if form.validate_on_submit():
        try:
            name, content = received(form.file.data)
            book = opened(content, name)
            batch = keep(ImportKind.EDITION if is_draft else ImportKind.CHECKLIST, name, content, edition.key)
            planned_of(batch, book)  # is it our format at all?
        except UnreadableError as error:
            db().rollback()
            form.file.errors = [said(error)]
        else:
            return done(url_for(".show", key=batch.key), _("The file was read. Nothing is changed yet."))
    return page("imports/excel.html", form=form, edition=edition, is_draft=is_draft)


@room.get("/zusagen/einfuhren/<int:key>")
def show(key: int) -> Any:
    """What a file would change, or what it did."""
    kind = load(ImportBatch, key).kind
    if kind in ELSEWHERE:
        return redirect(url_for(ELSEWHERE[kind], key=key))
    batch = _batch(key)
    if batch.state is not BatchState.PREPARED:
        left, kept = (left_from(batch.mapping.get(name, [])) for name in ("left", "kept"))
        return page("imports/done.html", batch=batch, changes=changes_of(db(), batch), left=left, kept=kept,
                    may_take_back=batch.state is BatchState.APPLIED and is_of_its_edition(batch))  # fmt: skip
    return _preview(batch, ApplyForm())


def unreadable(batch: ImportBatch, reason: str) -> tuple[str, int]:
    """A file that was stored and cannot be used any more; the person may throw it away."""
    return page("imports/unreadable.html", batch=batch, reason=reason)[0], 422


def _preview(batch: ImportBatch, form: ApplyForm) -> Any:
    try:
        book = book_of(batch)
        step = missing_step(batch, book)
        if step is not None:
            return redirect(url_for(step, key=batch.key))
        plan = planned_of(batch, book)
    except UnreadableError as error:
        return unreadable(batch, said(error))
    form.seen.data = versions_text(plan.rows)
    return page("imports/preview.html", batch=batch, plan=plan, form=form)


@room.post("/zusagen/einfuhren/<int:key>/uebernehmen")
def apply(key: int) -> Any:
    """Import the rows without a fault."""
    batch, form = _batch(key), ApplyForm()
    address = url_for(".show", key=key)
    if batch.state is not BatchState.PREPARED or not form.validate_on_submit():
        return redirect(address, code=303)
    try:
        book = book_of(batch)
        batch = load(ImportBatch, key)
        if missing_step(batch, book) is not None:
            return redirect(address, code=303)
        left = apply_planned(batch, book, versions_from(form.seen.data or ""))
    except (UnreadableError, NotPreparedError):
        db().rollback()
        return redirect(address, code=303)
    told = ngettext("Imported. One row was left.", "Imported. {n} rows were left.", len(left))
    return done(address, told if left else _("Imported."))


@room.post("/zusagen/einfuhren/<int:key>/verwerfen")
def throw_away(key: int) -> Any:
    """Forget a file that was not imported."""
    batch = _batch(key)
    if batch.state is not BatchState.PREPARED:
        return redirect(url_for(".show", key=key), code=303)
    forget(batch)
    return done(url_for(".index"), _("Thrown away. Nothing was changed."))


@room.route("/zusagen/einfuhren/<int:key>/zuruecknehmen", methods=["GET", "POST"])
def take_back(key: int) -> Any:
    """Ask, say what stays, and take the import back."""
    batch, form = _batch(key), ConfirmForm()
    address = url_for(".show", key=key)
    if batch.state is not BatchState.APPLIED:
        return redirect(address, code=303)
    if not is_of_its_edition(batch):
        flash(_("The edition of this import has another state by now. What was imported stays."))
        return redirect(address, code=303)
    if form.validate_on_submit():
        try:
            left = revert(db(), batch, now(), hanging, remove)
        except NotPreparedError:
            return redirect(address, code=303)
        some = _("The import is taken back, but for what is named below.")
        return done(address, some if left else _("The import is taken back."))
    return page("imports/take_back.html", batch=batch, form=form, found=retraction(db(), batch, hanging))


@room.get("/zusagen/einfuhren/<int:key>/datei")
def original(key: int) -> Any:
    """The file as it was uploaded."""
    return uploaded_file(_batch(key))


from webapp.imports import own_list_views  # noqa: E402, F401  (adds its pages to the room)
