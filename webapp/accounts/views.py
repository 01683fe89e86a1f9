"""Pages of colleagues: who works here, invitations, leaving."""

from typing import Any

from flask import Blueprint, current_app, redirect, url_for

from models.folding import fold
from models.leaving import held_by, leave
from models.officers import Officer, officers
from models.reminders.addresses import blocked_addresses, blocked_since, is_on_hold
from models.reminders.letters import compose_invitation
from models.reminders.meanwhile import meanwhile
from models.sign_in import INVITATION_LENGTH, LinkPurpose, end_links, make_link
from settings import Settings
from webapp.access import officer
from webapp.accounts.absence import absence_of
from webapp.accounts.forms import LeaveForm, OfficerForm
from webapp.clock import now
from webapp.database import city, db, today
from webapp.filters import day, label, officer_name
from webapp.forms import fill, store
from webapp.pages import address_of, csv_file, done, history_page, load, page, query
from webapp.words import _, language

room = Blueprint("accounts", __name__, template_folder="templates")


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["lotse_settings"]
    return found


@room.get("/kolleginnen")
def index() -> Any:
    """Everybody with an account."""
    wanted = fold(query())
    found = [o for o in officers(db(), with_left=True) if wanted in fold(f"{o.name} {o.email}")]
    blocked = blocked_addresses(db())
    return page("accounts/index.html", found=found, query=query(), blocked=blocked, today=today())


@room.get("/kolleginnen.csv")
def csv() -> Any:
    """Everybody with an account, as a table."""
    header = (
        _("Name"), _("E-mail"), _("Role"), _("Language"), _("Left on"), _("Absent from"), _("Absent until"),
        _("Deputy in that time"),
    )  # fmt: skip
    rows = [
        (
            o.name, o.email, label(o.role), o.language, day(o.left_on), day(o.absent_from), day(o.absent_until),
            officer_name(o.stand_in_id),
        )
        for o in officers(db(), with_left=True)
    ]  # fmt: skip
    return csv_file("kolleginnen", header, rows)


@room.get("/kolleginnen/<int:key>")
def show(key: int) -> Any:
    """One colleague."""
    person = load(Officer, key)
    return page(
        "accounts/show.html",
        person=person,
        absence=absence_of(person),
        meanwhile=meanwhile(db(), person, city().time_zone, today()),
        subject_address=address_of,
        blocked_since=blocked_since(db(), person.email),
        is_held=is_on_hold(db(), person.email),
        is_own=person.key == officer().key,
    )


@room.route("/kolleginnen/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add a colleague and send the one-time link."""
    form = OfficerForm(language=language())
    if form.validate_on_submit():
        person = Officer()
        fill(form, person)
        db().add(person)
        db().flush()
        return _invite(person)
    return page("accounts/edit.html", form=form, person=None)


def _invite(person: Officer) -> Any:
    secret = make_link(db(), person, LinkPurpose.INVITATION, now(), INVITATION_LENGTH)
    compose_invitation(db(), person, officer(), secret, settings().mail, now())
    if settings().sends_mail:
        said = _("{name} gets a mail with a link to choose a password.").format(name=person.name)
        return done(url_for(".show", key=person.key), said)
    db().commit()
    # Without a mail server the inviting person hands the link over; it is shown once, here.
    address = f"{settings().base_url}{url_for('.link', secret=secret)}"
    return page("accounts/invited.html", person=person, address=address)


@room.post("/kolleginnen/<int:key>/einladen")
def invite(key: int) -> Any:
    """Send the link once more."""
    person = load(Officer, key)
    if not person.is_active or person.has_account:
        return redirect(url_for(".show", key=key), code=303)
    return _invite(person)


@room.route("/kolleginnen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change a colleague's name, address, role or language."""
    person = load(Officer, key)
    form, address = OfficerForm(obj=person), person.email
    if form.validate_on_submit() and store(form, person):
        if person.email != address:
            end_links(db(), person, now())  # they went to somebody else
        return done(url_for(".show", key=key), _("Saved."))
    return page("accounts/edit.html", form=form, person=person)


@room.route("/kolleginnen/<int:key>/ausgeschieden", methods=["GET", "POST"])
def depart(key: int) -> Any:
    """A colleague leaves: everything goes to another, in one act."""
    person = load(Officer, key)
    form = LeaveForm()
    if form.validate_on_submit():
        heir = load(Officer, form.heir_id.data)
        if heir.key == person.key or not heir.is_active:
            form.heir_id.errors = [_("Please choose somebody else.")]
            return page("accounts/depart.html", form=form, person=person, duties=held_by(db(), person))
        moved = leave(db(), person, heir, today())
        said = _("{name} has left. {n} duties now belong to {heir}.").format(
            name=person.name, n=moved, heir=heir.name
        )
        return done(url_for(".index"), said)
    return page("accounts/depart.html", form=form, person=person, duties=held_by(db(), person))


@room.get("/kolleginnen/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of an account."""
    return history_page(load(Officer, key), url_for(".show", key=key))


from webapp.accounts import absence_views, mail_views, sign_in_views  # noqa: E402, F401  (they add their pages to the room)
