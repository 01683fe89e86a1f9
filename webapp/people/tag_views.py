"""The page of all tags: how often each is used, other names, one for two, none."""

from typing import Any

from flask import url_for
from wtforms import Field, validators

from models.base import CODE
from models.contacts.tagging import delete_tag, rename_tag, used_tags
from models.contacts.tags import Tag
from models.folding import fold
from webapp.database import db
from webapp.forms import BaseForm, ConfirmForm, TextField
from webapp.pages import done, load, page
from webapp.people.views import room
from webapp.words import L_, _


class TagForm(BaseForm):
    """The name of a tag."""

    name = TextField(L_("Name"), CODE, required=True)

    def validate_name(self, field: Field) -> None:
        if "," in field.data or ";" in field.data or not fold(field.data):
            raise validators.ValidationError(_("A tag is one word or a few, without commas."))


@room.get("/schlagworte")
def tags() -> Any:
    """All tags."""
    return page("people/tags.html", tags=used_tags(db()))


@room.route("/schlagworte/<int:key>", methods=["GET", "POST"])
def edit_tag(key: int) -> Any:
    """Rename a tag; with the name of another one the two become one."""
    tag = load(Tag, key)
    form = TagForm(obj=tag)
    if form.validate_on_submit():
        kept = rename_tag(db(), tag, form.name.data)
        said = _("Saved.") if kept is tag else _("The two tags are one now: {name}.").format(name=kept.name)
        return done(url_for(".tags"), said)
    used = next(one for one in used_tags(db()) if one.tag.key == key)
    return page("people/tag.html", form=form, used=used)


@room.route("/schlagworte/<int:key>/loeschen", methods=["GET", "POST"])
def remove_tag(key: int) -> Any:
    """Take a tag away everywhere; people and organisations stay."""
    tag, form = load(Tag, key), ConfirmForm()
    if form.validate_on_submit():
        delete_tag(db(), tag)
        return done(url_for(".tags"), _("Deleted."))
    used = next(one for one in used_tags(db()) if one.tag.key == key)
    return page("people/delete_tag.html", form=form, used=used)
