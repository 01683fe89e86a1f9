"""Pages of accounts: signing in, one-time links, colleagues."""

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for

from models.application.phases import the_application
from models.folding import fold
from models.language import known_language
from models.leaving import held_by, leave
from models.officers import Officer, Role, normal_address, officer_by_address, officers
from models.reminders.letters import compose_invitation, compose_reset
from models.sign_in import (
    INVITATION_LENGTH,
    LinkPurpose,
    check_password,
    end_links,
    end_session,
    make_link,
    open_link,
    set_password,
    start_session,
    take_link,
    too_many_attempts,
    too_many_resets,
)
from settings import Settings
from webapp.access import COOKIE, LANGUAGE_COOKIE, is_safe_path, officer, open_kept, remember
from webapp.accounts.forms import (
    FirstAccountForm,
    ForgottenForm,
    LeaveForm,
    OfficerForm,
    PasswordForm,
    SignInForm,
)
from webapp.clock import now
from webapp.database import db, today
from webapp.filters import day, label
from webapp.forms import fill, store
from webapp.pages import csv_file, done, history_page, load, page, query
from webapp.words import _, language

room = Blueprint("accounts", __name__, template_folder="templates")


def _settings() -> Settings:
    found: Settings = current_app.extensions["lotse_settings"]
    return found


# Public pages


@room.route("/anmelden", methods=["GET", "POST"])
def sign_in() -> Any:
    """Address and password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return page("accounts/sign_in.html", form=form, expired=False)
    if too_many_attempts(db(), form.email.data, now()):
        form.form_errors.append(
            _("Too many attempts. Please wait a quarter of an hour, or ask for a new password.")
        )
        return page("accounts/sign_in.html", form=form, expired=False)
    found = check_password(db(), form.email.data, form.password.data, now())
    if found is None:
        db().commit()
        form.form_errors.append(_("E-mail and password do not fit together."))
        return page("accounts/sign_in.html", form=form, expired=False)
    secret = start_session(db(), found, now())
    db().commit()
    kept = open_kept(form.kept.data or "")
    if kept:
        g.officer, g.language = found, known_language(found.language)
        path, fields = kept
        return remember(
            current_app.make_response(render_template("accounts/send_again.html", path=path, fields=fields)),
            secret,
        )
    wanted = request.args.get("weiter", "")
    address = wanted if is_safe_path(wanted) else url_for("overview.show")
    return remember(redirect(address, code=303), secret)


@room.post("/abmelden")
def sign_out() -> Any:
    """End this browser's session."""
    end_session(db(), request.cookies.get(COOKIE, ""))
    db().commit()
    response = redirect(url_for(".sign_in"), code=303)
    response.delete_cookie(COOKIE)
    return response


@room.post("/sprache")
def switch_language() -> Any:
    """German or English: kept with the account, or in a cookie before sign-in."""
    wanted = known_language(request.form.get("language"))
    back = request.form.get("zurueck", "/")
    response = redirect(back if is_safe_path(back) else "/", code=303)
    response.set_cookie(
        LANGUAGE_COOKIE,
        wanted,
        max_age=365 * 86400,
        samesite="Lax",
        httponly=True,
        secure=_settings().is_https,
    )
    if g.officer is not None:
        g.officer.language = wanted
        db().commit()
    return response


@room.route("/kennwort-vergessen", methods=["GET", "POST"])
def forgotten() -> Any:
    """A link to a new password by mail. The answer is the same whether or not there is such an account."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return page("accounts/forgotten.html", form=form, sent=False)
    found = officer_by_address(db(), form.email.data)
    if found is not None and not too_many_resets(db(), found, now()):
        secret = make_link(db(), found, LinkPurpose.RESET, now())
        compose_reset(db(), found, secret, _settings().mail, now())
    db().commit()
    return page("accounts/forgotten.html", form=form, sent=True)


@room.route("/zugang/<secret>", methods=["GET", "POST"])
def link(secret: str) -> Any:
    """A one-time link: GET shows a form, POST uses it up."""
    found = open_link(db(), secret, now())
    if found is None:
        return render_template("accounts/link_used.html"), 410
    invited = db().get(Officer, found.officer_id) if found.officer_id else None
    if invited is not None and LANGUAGE_COOKIE not in request.cookies:
        g.language = known_language(invited.language)
    form = PasswordForm() if invited else FirstAccountForm()
    if form.validate_on_submit():
        if not take_link(db(), found, now()):
            return render_template("accounts/link_used.html"), 410
        person = invited or _first_officer(form)
        set_password(db(), found, person, form.password.data, now())
        session_secret = start_session(db(), person, now())
        db().commit()
        flash(_("Your password is set. You are signed in."))
        return remember(redirect(url_for("overview.show"), code=303), session_secret)
    return page("accounts/link.html", form=form, invited=invited, purpose=found.purpose)


def _first_officer(form: FirstAccountForm) -> Officer:
    person = Officer(
        name=form.name.data, email=normal_address(form.email.data), role=Role.ADMIN, language=language()
    )
    known = officer_by_address(db(), person.email)
    if known is not None:
        return known
    db().add(person)
    db().flush()
    if form.is_case_lead.data:
        the_application(db()).case_lead_id = person.key
    return person


# Colleagues


@room.get("/kolleginnen")
def index() -> Any:
    """Everybody with an account."""
    wanted = fold(query())
    found = [o for o in officers(db(), with_left=True) if wanted in fold(f"{o.name} {o.email}")]
    return page("accounts/index.html", found=found, query=query())


@room.get("/kolleginnen.csv")
def csv() -> Any:
    """Everybody with an account, as a table."""
    header = (_("Name"), _("E-mail"), _("Role"), _("Language"), _("Left on"))
    rows = [
        (o.name, o.email, label(o.role), o.language, day(o.left_on)) for o in officers(db(), with_left=True)
    ]
    return csv_file("kolleginnen", header, rows)


@room.get("/kolleginnen/<int:key>")
def show(key: int) -> Any:
    """One colleague."""
    person = load(Officer, key)
    return page("accounts/show.html", person=person, duties=held_by(db(), person))


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
    compose_invitation(db(), person, officer(), secret, _settings().mail, now())
    if _settings().sends_mail:
        said = _("{name} gets a mail with a link to choose a password.").format(name=person.name)
        return done(url_for(".show", key=person.key), said)
    db().commit()
    # Without a mail server the inviting person hands the link over; it is shown once, here.
    address = f"{_settings().base_url}{url_for('.link', secret=secret)}"
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
