"""Who may see what: every page needs sign-in but those on the public list."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from models.language import known_language
from models.officers import Officer
from models.sign_in import SESSION_LENGTH, signed_in_officer
from webapp.clock import now
from webapp.database import db

COOKIE = "lotse_sitzung"
LANGUAGE_COOKIE = "lotse_sprache"

# Endpoints that anybody may open; everything else asks for sign-in.
PUBLIC = frozenset(
    {
        "static",
        "accounts.sign_in",
        "accounts.forgotten",
        "accounts.link",
        "accounts.switch_language",
        "unsubscribe.show",
        "unsubscribe.stop",
        "health.health",
    }
)

# The one unsafe endpoint that needs no CSRF token: mail programs press it (RFC 8058).
WITHOUT_TOKEN = frozenset({"unsubscribe.stop"})

csrf = CSRFProtect()


def officer() -> Officer:
    """The colleague who is signed in. Only for pages that are not public."""
    signed_in: Officer = g.officer
    return signed_in


def is_safe_path(path: str) -> bool:
    """Whether a path leads back into this program and nowhere else."""
    # Browsers read \ as / and pass over tabs and line breaks: "/<tab>\evil.example" would lead away.
    return path.startswith("/") and path[1:2] != "/" and not any(c < " " or c == "\\" for c in path)


def remember(response: Response, secret: str) -> Response:
    """Put the session's cookie on a response."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_app.extensions["lotse_settings"].is_https,
    )
    return response


def _require_sign_in() -> Any:
    g.officer = None
    g.language = known_language(request.cookies.get(LANGUAGE_COOKIE))
    request.form  # noqa: B018  (all of it is here before the writers' lock is taken: who sends slowly blocks nobody)
    if request.endpoint == "static":
        return None
    secret = request.cookies.get(COOKIE)
    if secret:
        g.officer = signed_in_officer(db(), secret, now())
    if g.officer is not None:
        g.language = known_language(g.officer.language)
        db().info["officer_id"] = g.officer.key
        return None
    if request.endpoint in PUBLIC or request.endpoint is None:
        return None
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", weiter=request.full_path.rstrip("?")))
    return ask_again(), 401


# Typed input survives an expired sign-in: it travels, signed, through the sign-in page and is sent again by a person.


_NEVER_KEPT = ("csrf_token", "password", "again")


def _keeper() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="kept-input")


def kept_input() -> str:
    """This request's typed input, signed, to be sent again after sign-in."""
    fields = [(k, v) for k, v in request.form.items(multi=True) if k not in _NEVER_KEPT]
    return str(_keeper().dumps([request.full_path.rstrip("?"), fields]))


def open_kept(kept: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Path and fields of kept input; None when it is damaged or a day old."""
    try:
        path, fields = _keeper().loads(kept, max_age=24 * 3600)
    except BadSignature:
        return None
    return (path, [(k, v) for k, v in fields]) if is_safe_path(path) else None


def ask_again() -> str:
    """The sign-in page, with what was typed."""
    from webapp.accounts.forms import SignInForm

    form = SignInForm(formdata=None)
    form.kept.data = kept_input() if _from_here() else ""
    return render_template("accounts/sign_in.html", form=form, expired=True)


def _from_here() -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.host


def _csrf_failed(_error: CSRFError) -> tuple[str, int]:
    path, fields = request.full_path.rstrip("?"), []
    if g.get("officer") is not None and _from_here():
        fields = (open_kept(kept_input()) or (path, []))[1]
    return render_template("accounts/send_again.html", path=path, fields=fields), 400


def install(app: Flask) -> None:
    app.before_request(_require_sign_in)
    csrf.init_app(app)
    app.register_error_handler(CSRFError, _csrf_failed)
