"""Signing in and out, and one-time links: the pages before and around an account."""

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for

from models.application.phases import the_application
from models.language import known_language
from models.officers import Officer, Role, normal_address, officer_by_address
from models.reminders.letters import compose_reset
from models.sign_in import (
    LinkPurpose,
    check_password,
    end_session,
    make_link,
    open_link,
    set_password,
    start_session,
    take_link,
    too_many_attempts,
    too_many_resets,
)
from webapp.access import COOKIE, LANGUAGE_COOKIE, is_safe_path, open_kept, remember
from webapp.accounts.forms import FirstAccountForm, ForgottenForm, PasswordForm, SignInForm
from webapp.accounts.views import room, settings
from webapp.clock import now
from webapp.database import db
from webapp.pages import page
from webapp.words import _, language


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
        secure=settings().is_https,
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
        compose_reset(db(), found, secret, settings().mail, now())
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
