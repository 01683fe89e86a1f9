"""Figures, projects, news and events of the city's profile."""

from typing import Any

from flask import abort, request, url_for

from models.application.city_profile import ProfileEntry, ProfileKind, append, has_room, move
from webapp.city_profile.forms import ENTRY_FORMS
from webapp.city_profile.views import KINDS, room
from webapp.database import db
from webapp.forms import fill, store
from webapp.pages import delete_page, done, history_page, load, page
from webapp.words import _

_STEPS = {"hoch": -1, "runter": 1}


def _section(kind: ProfileKind) -> str:
    return url_for(".show") + f"#{kind.value}"


@room.route("/beitritt/stadtprofil/neu/<word>", methods=["GET", "POST"])
def create_entry(word: str) -> Any:
    """Add a figure, a project, a piece of news or an event."""
    kind = next((kind for kind, known in KINDS.items() if known == word), None)
    if kind is None:
        abort(404)
    form = ENTRY_FORMS[kind]()
    is_full = not has_room(db(), kind)
    if form.validate_on_submit() and not is_full:
        entry = ProfileEntry(profile_id=0, kind=kind)
        fill(form, entry)
        append(db(), entry)
        return done(_section(kind), _("Saved."))
    shown = page("city_profile/edit_entry.html", form=form, kind=kind, entry=None, is_full=is_full)
    return (shown[0], 422) if is_full and request.method == "POST" else shown


@room.route("/beitritt/stadtprofil/eintraege/<int:key>", methods=["GET", "POST"])
def edit_entry(key: int) -> Any:
    """Change an entry."""
    entry = load(ProfileEntry, key)
    form = ENTRY_FORMS[entry.kind](obj=entry)
    if form.validate_on_submit() and store(form, entry):
        return done(_section(entry.kind), _("Saved."))
    return page("city_profile/edit_entry.html", form=form, kind=entry.kind, entry=entry, is_full=False)


@room.post("/beitritt/stadtprofil/eintraege/<int:key>/verschieben")
def move_entry(key: int) -> Any:
    """Move a figure or project one place up or down."""
    entry, steps = load(ProfileEntry, key), _STEPS.get(request.form.get("richtung", ""))
    if steps is None:
        abort(404)
    move(db(), entry, steps)
    return done(_section(entry.kind), _("“{title}” was moved.").format(title=entry.headline))


@room.route("/beitritt/stadtprofil/eintraege/<int:key>/loeschen", methods=["GET", "POST"])
def delete_entry(key: int) -> Any:
    """Delete an entry."""
    entry = load(ProfileEntry, key)
    return delete_page(entry, url_for(".edit_entry", key=key), _section(entry.kind))


@room.get("/beitritt/stadtprofil/eintraege/<int:key>/verlauf")
def entry_history(key: int) -> Any:
    """Every change of an entry."""
    return history_page(load(ProfileEntry, key), url_for(".edit_entry", key=key))
