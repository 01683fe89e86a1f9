"""The walk of an own list: upload, sheet and headings, columns, states, which item each row means."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from models.commitments.checklist import commitments
from models.commitments.editions import the_edition
from models.commitments.own_list import (
    Choices,
    guess_header,
    state_words,
)
from models.commitments.own_list_matches import offers
from models.documents.workbook_parts import UnreadableError
from models.imports.batches import BatchState, ImportBatch, ImportKind
from models.imports.headings import list_columns, shown
from webapp.database import db
from webapp.imports.forms import UploadForm, columns_form, header_form, states_form, targets_form
from webapp.imports.planning import edition_of, rows_of_list
from webapp.imports.reading import book_of, keep, opened, received, said
from webapp.imports.views import room, unreadable
from webapp.pages import load, page
from webapp.words import _

SHOWN_ROWS, SHOWN_CELLS = 15, 8


@room.route("/zusagen/eigene-liste", methods=["GET", "POST"])
def own_list() -> Any:
    """Upload a list that somebody kept until now."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            name, content = received(form.file.data)
            opened(content, name)
            batch = keep(ImportKind.OWN_LIST, name, content, the_edition(db()).key)
        except UnreadableError as error:
            form.file.errors = [said(error)]
        else:
            db().commit()
            return redirect(url_for(".show", key=batch.key), code=303)
    return page("imports/own_list.html", form=form)


def _decide(batch: ImportBatch, *forgotten: str, **decided: Any) -> Response:
    """Keep a decision, forget those that hang on it, and go on."""
    batch.mapping = {**{k: v for k, v in batch.mapping.items() if k not in forgotten}, **decided}
    db().commit()
    return redirect(url_for(".show", key=batch.key), code=303)


def _step(key: int, before: tuple[str, ...]) -> Any:
    """The batch and its book for one step. None and the answer instead: no own list, or a step before is open."""
    batch = load(ImportBatch, key)
    is_open = batch.state is BatchState.PREPARED and batch.kind is ImportKind.OWN_LIST
    if not is_open or any(not batch.mapping.get(step) for step in before):
        return None, redirect(url_for(".show", key=key), code=303)
    try:
        book = book_of(batch)
        batch = load(ImportBatch, key)
        edition_of(batch)
        if "columns" in before:
            rows_of_list(batch, book)
    except UnreadableError as error:
        return None, unreadable(batch, said(error))
    return batch, book


@room.route("/zusagen/einfuhren/<int:key>/blatt", methods=["GET", "POST"])
def choose_sheet(key: int) -> Any:
    """Which sheet, and in which row its headings are."""
    batch, book = _step(key, ())
    if batch is None:
        return book
    name = request.values.get("blatt") or batch.mapping.get("sheet", "")
    name = name if name in book.names else book.names[0]
    try:
        sheet = book.sheet(name)
    except UnreadableError as error:
        return unreadable(batch, said(error))
    form = header_form(sheet, guess_header(sheet), SHOWN_ROWS)
    if sheet.rows and form.validate_on_submit():
        return _decide(batch, "columns", "states", "targets", sheet=name, header=int(form.header.data))
    rows = [(n, [shown(c)[:40] for c in cells[:SHOWN_CELLS]]) for n, cells in sheet.rows[:SHOWN_ROWS]]
    width = max((len(cells) for _number, cells in rows), default=0)
    return page(
        "imports/sheet.html", form=form, batch=batch, names=book.names, name=name, rows=rows, width=width
    )


@room.route("/zusagen/einfuhren/<int:key>/spalten", methods=["GET", "POST"])
def choose_columns(key: int) -> Any:
    """What each column means."""
    batch, book = _step(key, ("header",))
    if batch is None:
        return book
    choices = Choices.read(batch.mapping)
    columns = list_columns(book.sheet(choices.sheet), choices.header)
    if not columns:
        reason = _("There is nothing below the row of headings. Please choose another row or sheet.")
        return unreadable(batch, reason)
    form: Any = columns_form(columns, choices)
    if form.validate_on_submit():
        return _decide(batch, "states", "targets", columns=form.chosen)
    samples = {f"column_{column.index}": column.samples for column in columns}
    return page("imports/columns.html", form=form, batch=batch, samples=samples)


@room.route("/zusagen/einfuhren/<int:key>/zustaende", methods=["GET", "POST"])
def choose_states(key: int) -> Any:
    """What their words for a state are here."""
    batch, book = _step(key, ("header", "columns"))
    if batch is None:
        return book
    words = state_words(rows_of_list(batch, book))
    form: Any = states_form(words, Choices.read(batch.mapping))
    if form.validate_on_submit():
        return _decide(batch, states=form.chosen)
    return page("imports/states.html", form=form, batch=batch)


@room.route("/zusagen/einfuhren/<int:key>/zuordnung", methods=["GET", "POST"])
def choose_targets(key: int) -> Any:
    """Which item each row means."""
    batch, book = _step(key, ("header", "columns"))
    if batch is None:
        return book
    found = offers(rows_of_list(batch, book), commitments(db(), edition=edition_of(batch)))
    form: Any = targets_form(found, Choices.read(batch.mapping))
    if form.validate_on_submit():
        return _decide(batch, targets=form.chosen)
    return page("imports/targets.html", form=form, batch=batch, is_empty=not found)
