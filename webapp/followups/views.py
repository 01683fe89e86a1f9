"""Pages of follow-ups."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, request, url_for

from models.followups import FollowUp, FollowUpKind, follower_of, open_follow_ups
from models.followups import finish as finish_follow_up
from models.hanging import delete_with_hanging
from webapp.access import officer
from webapp.database import db, today
from webapp.filters import day, label, officer_name
from webapp.followups.forms import FollowUpForm
from webapp.forms import fill, store
from webapp.pages import (
    address_of,
    csv_file,
    delete_page,
    done,
    history_page,
    load,
    page,
    query,
    return_address,
)
from webapp.titles import subject_title
from webapp.words import _

room = Blueprint("followups", __name__, template_folder="templates")

# On what a follow-up can hang.
_KINDS = frozenset({"commitment", "phase", "conference", "person", "organisation", "place", "application"})


def _found() -> list[FollowUp]:
    wanted = query().casefold()
    return [f for f in open_follow_ups(db()) if wanted in f"{f.what} {f.waiting_for} {f.note}".casefold()]


@room.get("/wiedervorlagen")
def index() -> Any:
    """Everything that is open, the earliest first."""
    return page(
        "followups/index.html", found=_found(), query=query(), today=today(), subject_title=subject_title
    )


@room.get("/wiedervorlagen.csv")
def csv() -> Any:
    """Open follow-ups as a table."""
    header = (
        _("Remind on"),
        _("What"),
        _("Kind"),
        _("About"),
        _("Waiting for"),
        _("Since"),
        _("Responsible"),
        _("Note"),
    )
    rows = [
        (
            day(f.due_on), f.what, label(f.kind), subject_title(f.subject_kind, f.subject_id), f.waiting_for,
            day(f.since_on), officer_name(f.responsible_id), f.note,
        )
        for f in _found()
    ]  # fmt: skip
    return csv_file("wiedervorlagen", header, rows)


@room.get("/wiedervorlagen/<int:key>")
def show(key: int) -> Any:
    """One follow-up."""
    follow_up = load(FollowUp, key)
    return page(
        "followups/show.html",
        follow_up=follow_up,
        about=subject_title(follow_up.subject_kind, follow_up.subject_id),
        address=address_of(follow_up.subject_kind, follow_up.subject_id),
    )


def _first_kind(subject_kind: str) -> FollowUpKind:
    """What the form begins with: the link may name it (`?art=task`)."""
    wanted = request.args.get("art", "")
    usual = FollowUpKind.CONTACT if subject_kind == "person" else FollowUpKind.WAITING
    return next((kind for kind in FollowUpKind if kind.value == wanted), usual)


@room.route("/wiedervorlagen/neu/<kind>/<int:key>", methods=["GET", "POST"])
def create(kind: str, key: int) -> Any:
    """Add a follow-up on a subject; with `?am=2026-12-31&was=…` for this day and with these words, as a task;
    with `&auf=…` as something that somebody owes us."""
    about = subject_title(kind, key) if kind in _KINDS else ""
    if not about:
        abort(404)
    form = FollowUpForm(since_on=today(), due_on=today() + timedelta(days=14), responsible_id=officer().key)
    back = return_address(address_of(kind, key) or url_for(".index"))
    if request.method == "GET":
        form.kind.data = _first_kind(kind)
        form.preset(*(request.args.get(name, "") for name in ("am", "was", "auf")))
    if form.validate_on_submit():
        follow_up = FollowUp(subject_kind=kind, subject_id=key, due_on=form.due_on.data)
        fill(form, follow_up)
        db().add(follow_up)
        return done(
            back,
            _("The follow-up is set; you are reminded of it on {day}.").format(day=day(form.due_on.data)),
        )
    return page("followups/edit.html", form=form, back=back, about=about, follow_up=None)


@room.route("/wiedervorlagen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change a follow-up."""
    follow_up = load(FollowUp, key)
    form = FollowUpForm(obj=follow_up)
    if form.validate_on_submit() and store(form, follow_up):
        return done(url_for(".show", key=key), _("Saved."))
    about = subject_title(follow_up.subject_kind, follow_up.subject_id)
    return page(
        "followups/edit.html", form=form, back=url_for(".show", key=key), about=about, follow_up=follow_up
    )


@room.post("/wiedervorlagen/<int:key>/erledigt")
def finish(key: int) -> Any:
    """It is done, and one that repeats comes again. A second press opens it again and takes the next one back."""
    follow_up = load(FollowUp, key)
    if not follow_up.is_open:
        following = follower_of(db(), follow_up)
        if following is not None:
            delete_with_hanging(db(), following)
        follow_up.done_on = None
        return done(url_for(".show", key=key), _("Open again."))
    following = finish_follow_up(db(), follow_up, today())
    said = _("Done.")
    if following is not None:
        said = _("Done. It comes again on {day}.").format(day=day(following.due_on))
    return done(url_for(".show", key=key), said)


@room.route("/wiedervorlagen/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete a follow-up."""
    return delete_page(load(FollowUp, key), url_for(".show", key=key), url_for(".index"))


@room.get("/wiedervorlagen/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of a follow-up."""
    return history_page(load(FollowUp, key), url_for(".show", key=key))


from webapp.followups import asking_views  # noqa: E402, F401  (adds its page to the room)
