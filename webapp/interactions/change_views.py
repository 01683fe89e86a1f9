"""Recording, changing and deleting what was said."""

from typing import Any

from flask import url_for

from models.contacts.interactions import Interaction, changed, record, remove
from models.evidence.disk import remove_unnamed
from models.hanging import hanging_on
from webapp.access import officer
from webapp.clock import now
from webapp.database import db
from webapp.evidence.uploading import store_of_files
from webapp.forms import ConfirmForm, fill, store
from webapp.interactions.forms import InteractionForm
from webapp.interactions.log import about_address, contact_text, record_form, subject_of
from webapp.interactions.views import room
from webapp.pages import address_of, done, load, page
from webapp.words import _


@room.route("/austausch/neu/<kind>/<int:key>", methods=["GET", "POST"])
def create(kind: str, key: int) -> Any:
    """Record what was said with a person, in an organisation or in a city."""
    row = subject_of(kind, key)
    form, back = record_form(kind, row.key, is_new=False), address_of(kind, row.key) or url_for(".index")
    if form.validate_on_submit():
        interaction = Interaction(
            kind=form.kind.data, held_on=form.held_on.data, officer_id=officer().key, written_at=now()
        )
        fill(form, interaction)
        setattr(interaction, f"{kind}_id", row.key)
        stored = record(db(), interaction, form.next_on.data, contact_text(row))
        return done(back, _("Recorded.") if stored is interaction else _("This is recorded already."))
    return page("interactions/new.html", form=form, row=row, kind=kind, key=row.key, back=back)


@room.route("/austausch/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change what was recorded."""
    interaction = load(Interaction, key)
    form, was_on = InteractionForm(obj=interaction), interaction.held_on
    if form.validate_on_submit() and store(form, interaction):
        changed(db(), interaction, was_on)
        return done(url_for(".show", key=key), _("Saved."))
    return page("interactions/edit.html", form=form, interaction=interaction)


@room.route("/austausch/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Ask, and delete it with its files."""
    interaction, form = load(Interaction, key), ConfirmForm()
    if form.validate_on_submit():
        then, names = about_address(interaction), remove(db(), interaction)
        db().commit()
        remove_unnamed(db(), store_of_files(), names)
        return done(then, _("Deleted."))
    return page(
        "shared/delete.html",
        row=interaction,
        form=form,
        back=url_for(".show", key=key),
        hanging=hanging_on(db(), "interaction", key),
        holding={},
    )
