"""Pages of the import of contacts: upload, dry run, import, taking it back."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for

from models.contacts.exchange.applying import apply_prepared, prepare
from models.contacts.exchange.taking_back import take_back as take_import_back
from models.contacts.exchange.taking_back import taking_back
from models.contacts.people import DataOrigin
from models.documents.workbook_parts import UnreadableError
from models.imports.applying import NotPreparedError
from models.imports.batches import UNDONE, BatchState, ImportBatch, ImportKind, batches, discard, is_unneeded
from models.imports.plan import left_from
from models.imports.staged import SILENT_FOR, RowGroup, row_counts, rows_in
from webapp.clock import now
from webapp.contact_import import words
from webapp.contact_import.choosing import keep_choices, names_for, options_of
from webapp.contact_import.forms import UploadForm
from webapp.contact_import.receiving import keep, read_if_small, received
from webapp.database import close_session, database, db, today
from webapp.forms import ConfirmForm
from webapp.imports.reading import files, said
from webapp.pages import done, load, page, page_number
from webapp.words import _, language, ngettext

room = Blueprint("contact_import", __name__, template_folder="templates")
room.add_app_template_filter(words.left_said, "left_said")
room.add_app_template_filter(words.faults_of, "row_faults")
room.add_app_template_filter(words.remarks_of, "row_remarks")
room.add_app_template_filter(words.lines_of, "row_lines")
room.add_app_template_filter(words.grouped, "grouped")

AT_ONCE = 100  # rows on one page
WAITING = timedelta(seconds=20)  # after which somebody wonders why nothing begins


def batch_of(key: int) -> ImportBatch:
    """The batch, or 404 where there is none with contacts."""
    batch = load(ImportBatch, key)
    if batch.kind is not ImportKind.CONTACTS:
        abort(404)
    return batch


@room.route("/kontakte/einfuhr", methods=["GET", "POST"])
def index() -> Any:
    """Upload a file; the files of before."""
    form = UploadForm(source_on=today(), purpose=_("Cooperation in the Fab City network"))
    if request.method == "POST" and form.validate_on_submit():
        facts = form.facts
        close_session()
        try:
            upload = received(form.file.data)
        except UnreadableError as error:
            form.file.errors = [said(error)]
        else:
            batch = keep(upload, facts)
            read_if_small(batch)
            return redirect(url_for(".show", key=batch.key), code=303)
    found = batches(db(), ImportKind.CONTACTS)
    return page("contact_import/index.html", form=form, batches=found, origins=list(DataOrigin))


@room.get("/kontakte/einfuhr/<int:key>")
def show(key: int) -> Any:
    """How far the reading is, what the file would change, or what it did."""
    batch = batch_of(key)
    match batch.state:
        case BatchState.READING:
            return _reading(batch)
        case BatchState.FAILED:
            reason = _(batch.fault).format(**batch.mapping.get("fault_values", {}))
            return page("contact_import/failed.html", batch=batch, reason=reason)
        case BatchState.PREPARED:
            if "unchanged" not in batch.mapping:
                return redirect(url_for(".choose_columns", key=key))
            return _preview(batch)
    left, kept = (left_from(batch.mapping.get(name, [])) for name in ("left", "kept"))
    return page("contact_import/done.html", batch=batch, left=left, kept=kept)


def _reading(batch: ImportBatch) -> Any:
    """The progress; the page loads itself again, without any script."""
    told = batch.mapping.get("reading")
    since = datetime.fromisoformat(told["at"]) if told else batch.uploaded_at
    silent = timedelta(seconds=SILENT_FOR) if told else WAITING
    answer = make_response(
        page("contact_import/reading.html", batch=batch, begun=bool(told), is_silent=now() - since > silent)
    )
    answer.headers["Refresh"] = "2"
    return answer


def _group(counts: Any) -> RowGroup:
    """The part of the dry run that the address wants, or the first that holds anything: faults first."""
    wanted = next((group for group in RowGroup if group.value == request.args.get("zeigen")), None)
    return wanted or next((group for group in RowGroup if counts.groups[group]), RowGroup.NEW)


def _preview(batch: ImportBatch) -> Any:
    counts = row_counts(db(), batch)
    group, number = _group(counts), page_number()
    rows = rows_in(db(), batch, group, number, AT_ONCE)
    has_more, rows = len(rows) > AT_ONCE, rows[:AT_ONCE]
    names = names_for(rows)
    return page(
        "contact_import/preview.html", batch=batch, counts=counts, group=group, groups=list(RowGroup), rows=rows,
        options={row.key: options_of(row, names) for row in rows}, number=number, has_more=has_more,
    )  # fmt: skip


@room.post("/kontakte/einfuhr/<int:key>/wahl")
def choose(key: int) -> Any:
    """Keep what was chosen for the rows of one page."""
    batch = batch_of(key)
    if batch.state is not BatchState.PREPARED:
        return redirect(url_for(".show", key=key), code=303)
    number = keep_choices(batch)
    address = url_for(".show", key=key, zeigen=request.args.get("zeigen") or None)
    return done(address, ngettext("One choice is kept.", "{n} choices are kept.", number))


@room.post("/kontakte/einfuhr/<int:key>/uebernehmen")
def apply(key: int) -> Any:
    """Import everything that has no fault and is not left out: at once, or nothing of it."""
    batch, address = batch_of(key), url_for(".show", key=key)
    if batch.state is not BatchState.PREPARED or "unchanged" not in batch.mapping:
        return redirect(address, code=303)
    keep_choices(batch)
    db().commit()
    day = today()
    close_session()  # all that can be worked out beforehand is, while others go on
    with database().read(now()) as session:
        prepared = prepare(session, session.get_one(ImportBatch, key), day)
    officer_id = _officer_id()
    db().info["officer_id"] = officer_id
    batch = batch_of(key)
    try:
        left = apply_prepared(db(), batch, prepared, now())
    except NotPreparedError:
        db().rollback()
        return redirect(address, code=303)
    unneeded = batch.sha256 if is_unneeded(db(), batch.sha256, except_id=key) else ""
    told = ngettext("Imported. One row was left.", "Imported. {n} rows were left.", len(left))
    answer = done(address, told if left else _("Imported."))
    if unneeded:
        files().remove(unneeded)
    return answer


def _officer_id() -> int:
    from webapp.access import officer

    return officer().key


@room.post("/kontakte/einfuhr/<int:key>/verwerfen")
def throw_away(key: int) -> Any:
    """Forget a file that was not imported."""
    batch = batch_of(key)
    if batch.state not in UNDONE:
        return redirect(url_for(".show", key=key), code=303)
    unneeded = discard(db(), batch)
    answer = done(url_for(".index"), _("Thrown away. Nothing was changed."))
    if unneeded:
        files().remove(unneeded)
    return answer


@room.route("/kontakte/einfuhr/<int:key>/zuruecknehmen", methods=["GET", "POST"])
def take_back(key: int) -> Any:
    """Ask, say what stays, and take the import back."""
    batch, form = batch_of(key), ConfirmForm()
    address = url_for(".show", key=key)
    if batch.state is not BatchState.APPLIED:
        return redirect(address, code=303)
    if form.validate_on_submit():
        try:
            left = take_import_back(db(), batch, now())
        except NotPreparedError:
            flash(_("Somebody else took this import back already."))
            return redirect(address, code=303)
        some = _("The import is taken back, but for what is named below.")
        return done(address, some if left else _("The import is taken back."))
    found = taking_back(db(), batch)
    return page("contact_import/take_back.html", batch=batch, form=form, found=found, language=language)


from webapp.contact_import import mapping_views  # noqa: E402, F401  (adds its pages to the room)
