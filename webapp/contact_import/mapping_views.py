"""What the columns of somebody else's table mean: guessed from the headings, decided by a person."""

from typing import Any

from flask import redirect, request, url_for

from models.contacts.exchange.meanings import guess_meaning
from models.documents.workbook_parts import UnreadableError
from models.documents.workbook_reading import Book
from models.imports.batches import BatchState, ImportBatch
from models.imports.headings import best_header, list_columns, shown
from webapp.contact_import.forms import columns_form
from webapp.contact_import.receiving import read_anew, read_if_small
from webapp.contact_import.views import batch_of, room
from webapp.database import db
from webapp.imports.forms import header_form
from webapp.imports.reading import book_of, said
from webapp.pages import page
from webapp.words import _

SHOWN_ROWS, SHOWN_CELLS = 15, 8


def _opened(key: int) -> tuple[ImportBatch | None, Any]:
    """The batch and its book; None and the answer instead where its columns are not to be chosen."""
    batch = batch_of(key)
    is_open = batch.state is BatchState.PREPARED and batch.file_format != "vcard"
    if not is_open or batch.mapping.get("is_own"):
        return None, redirect(url_for(".show", key=key), code=303)
    try:
        book: Book = book_of(batch)
    except UnreadableError as error:
        answer, _status = page("contact_import/failed.html", batch=batch, reason=said(error))
        return None, (answer, 422)
    return batch_of(key), book


@room.route("/kontakte/einfuhr/<int:key>/ueberschriften", methods=["GET", "POST"])
def choose_sheet(key: int) -> Any:
    """Which sheet, and in which row its headings are."""
    batch, book = _opened(key)
    if batch is None:
        return book
    name = request.values.get("blatt") or batch.mapping.get("sheet", "")
    name = name if name in book.names else book.names[0]
    sheet = book.sheet(name)
    form: Any = header_form(sheet, best_header(sheet, guess_meaning), SHOWN_ROWS)
    if sheet.rows and form.validate_on_submit():
        kept = {"facts": batch.mapping.get("facts", {}), "is_own": False}
        batch.mapping = {**kept, "sheet": name, "header": int(form.header.data)}
        db().commit()
        return redirect(url_for(".choose_columns", key=key), code=303)
    rows = [(n, [shown(c)[:40] for c in cells[:SHOWN_CELLS]]) for n, cells in sheet.rows[:SHOWN_ROWS]]
    width = max((len(cells) for _number, cells in rows), default=0)
    return page(
        "contact_import/sheet.html",
        form=form,
        batch=batch,
        names=book.names,
        name=name,
        rows=rows,
        width=width,
    )


@room.route("/kontakte/einfuhr/<int:key>/spalten", methods=["GET", "POST"])
def choose_columns(key: int) -> Any:
    """What each column means; then the file is read."""
    batch, book = _opened(key)
    if batch is None:
        return book
    sheet = book.sheet(batch.mapping.get("sheet", ""))
    header = int(batch.mapping.get("header") or best_header(sheet, guess_meaning))
    columns = list_columns(sheet, header)
    if not any(column.samples for column in columns):
        reason = _("There is nothing below the row of headings. Please choose another row or sheet.")
        return page("contact_import/failed.html", batch=batch, reason=reason, may_choose=True)[0], 422
    form: Any = columns_form(columns, batch.mapping.get("columns", {}))
    if form.validate_on_submit():
        chosen = {str(index): meaning.value for index, meaning in form.chosen.items()}
        read_anew(batch, book, sheet=sheet.name, header=header, columns=chosen)
        read_if_small(batch)
        return redirect(url_for(".show", key=key), code=303)
    samples = {f"column_{column.index}": column.samples for column in columns}
    rows = sum(number > header for number, _cells in sheet.rows)
    return page(
        "contact_import/columns.html", form=form, batch=batch, samples=samples, header=header, rows=rows
    )
