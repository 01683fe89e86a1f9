"""Pages on which a draft is worked on: its facts, its items, their order."""

from typing import Any

from flask import abort, url_for

from models.commitments.checklist import Commitment
from models.commitments.edition_items import add_item, move_item, renew_hash
from models.commitments.editions import HandbookEdition
from webapp.commitments.edition_forms import EditionForm, EditionItemForm
from webapp.commitments.edition_views import load_draft, phase_codes
from webapp.commitments.views import room
from webapp.database import db
from webapp.forms import ConfirmForm, fill, store
from webapp.pages import done, load, page
from webapp.words import _


def _load_item(key: int, item: int) -> tuple[HandbookEdition, Commitment]:
    draft, row = load_draft(key), load(Commitment, item)
    if row.edition_id != draft.key:
        abort(404)
    return draft, row


@room.route("/zusagen/ausgaben/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_edition(key: int) -> Any:
    """Change where a draft comes from."""
    draft = load_draft(key)
    form = EditionForm(obj=draft)
    if form.validate_on_submit() and store(form, draft):
        return done(url_for(".show_edition", key=key), _("Saved."))
    return page("commitments/edition_facts.html", form=form, edition=draft, is_copy=False)


@room.route("/zusagen/ausgaben/<int:key>/zusage-neu", methods=["GET", "POST"])
def add_edition_item(key: int) -> Any:
    """Add an item to a draft."""
    draft = load_draft(key)
    form = EditionItemForm()
    if form.validate_on_submit():
        item = Commitment(edition_id=draft.key, code="")
        fill(form, item)
        add_item(db(), draft, item)
        renew_hash(db(), draft, phase_codes())
        return done(url_for(".show_edition", key=key), _("The item was added at the end."))
    return page("commitments/edition_item_edit.html", form=form, edition=draft, item=None)


@room.route("/zusagen/ausgaben/<int:key>/zusagen/<int:item>/bearbeiten", methods=["GET", "POST"])
def edit_edition_item(key: int, item: int) -> Any:
    """Change an item's words. An answer that was confirmed for other words is asked for once more."""
    draft, row = _load_item(key, item)
    form = EditionItemForm(obj=row)
    if form.validate_on_submit() and store(form, row):
        db().flush()
        renew_hash(db(), draft, phase_codes())
        return done(url_for(".show_edition", key=key), _("Saved."))
    return page("commitments/edition_item_edit.html", form=form, edition=draft, item=row)


@room.route("/zusagen/ausgaben/<int:key>/zusagen/<int:item>/loeschen", methods=["GET", "POST"])
def delete_edition_item(key: int, item: int) -> Any:
    """Take an item out of a draft."""
    draft, row = _load_item(key, item)
    back, form = url_for(".show_edition", key=key), ConfirmForm()
    if form.validate_on_submit():
        db().delete(row)
        db().flush()
        renew_hash(db(), draft, phase_codes())
        return done(back, _("Deleted."))
    return page("shared/delete.html", row=row, form=form, back=back, hanging={}, holding={})


@room.post("/zusagen/ausgaben/<int:key>/zusagen/<int:item>/hoch")
def move_item_up(key: int, item: int) -> Any:
    """One place up in the list."""
    return _move(key, item, up=True)


@room.post("/zusagen/ausgaben/<int:key>/zusagen/<int:item>/runter")
def move_item_down(key: int, item: int) -> Any:
    """One place down in the list."""
    return _move(key, item, up=False)


def _move(key: int, item: int, *, up: bool) -> Any:
    draft, row = _load_item(key, item)
    move_item(db(), row, up=up)
    renew_hash(db(), draft, phase_codes())
    return done(url_for(".show_edition", key=key, _anchor=f"zusage-{item}"), _("Moved."))
