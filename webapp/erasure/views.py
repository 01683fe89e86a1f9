"""Pages of an erasure: a dry run, a second look, and then it is done."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from models.contacts.letters_in import FOLDER, LettersIn
from models.contacts.people import Person
from models.database import OutdatedError, check_version
from models.documents.mail import mail_file_name
from models.privacy.erasing import Erased, erase
from models.privacy.ledger import Ledger
from models.privacy.planning import Plan, alike, plan_erasure
from models.privacy.records import Erasure, ErasureReason
from models.privacy.reminding import keep_follow_ups
from models.privacy.wiping import empty_log
from settings import Settings
from webapp.clock import now
from webapp.database import database, db, today
from webapp.erasure.forms import EraseForm, SureForm, unit_text, units_from
from webapp.erasure.showing import shown_mentions
from webapp.imports.reading import files
from webapp.pages import done, page
from webapp.people.views import load_person
from webapp.words import _

room = Blueprint("erasure", __name__, template_folder="templates")


def _page(person: Person, plan: Plan, form: EraseForm) -> Any:
    keep = _kept(form) if request.method == "POST" else None
    mentions = shown_mentions(plan, public=False, keep=keep)
    form.shown.data = ",".join(one.name for one in mentions)
    return page(
        "erasure/show.html",
        person=person,
        form=form,
        plan=plan,
        mentions=mentions,
        public=shown_mentions(plan, public=True),
        alike=alike(db(), plan),
        shared=sorted(plan.hers.shared),
    )


def _kept(form: EraseForm) -> set[tuple[str, int]]:
    """The mentions that were shown and not ticked. What is new since then goes."""
    ticked = units_from(",".join(request.form.getlist("ersetzen")))
    return units_from(str(form.shown.data or "")) - ticked


@room.app_template_global()
def erasure_of(person_id: int) -> Erasure | None:
    """The protocol of an erasure; None for one of a contact that had been merged into another one."""
    newest = select(Erasure).where(Erasure.person_id == person_id).order_by(col(Erasure.id).desc())
    return db().exec(newest).first()


@room.route("/kontakte/<int:key>/loeschung", methods=["GET", "POST"])
def show(key: int) -> Any:
    """The dry run: what goes, what stays, where else the person is mentioned."""
    person = load_person(key)
    form = EraseForm(obj=person)
    if request.method == "GET" and request.args.get("grund") in set(ErasureReason):
        form.reason.data = ErasureReason(request.args["grund"])  # from the review of what is to be erased
    if form.validate_on_submit():
        keep = ",".join(sorted(unit_text(unit) for unit in _kept(form)))
        known = {"grund": form.reason.data.value, "stand": form.version.data, "behalten": keep or None}
        return redirect(url_for(".confirm", key=key, **known), code=303)
    return _page(person, plan_erasure(db(), person, files()), form)


@room.route("/kontakte/<int:key>/loeschung/bestaetigen", methods=["GET", "POST"])
def confirm(key: int) -> Any:
    """The second step. Nothing can be undone after it."""
    person, reason = load_person(key), request.args.get("grund", "")
    seen = request.args.get("stand", type=int)
    if reason not in {one.value for one in ErasureReason} or seen is None:
        return redirect(url_for(".show", key=key))
    keep, form = units_from(request.args.get("behalten", "")), SureForm()
    if form.validate_on_submit():
        return _erase(person, ErasureReason(reason), seen, keep)
    plan = plan_erasure(db(), person, files())
    mentions = [one for one in shown_mentions(plan, public=False, keep=keep) if one.is_ticked]
    return page(
        "erasure/confirm.html", person=person, form=form, plan=plan, mentions=mentions, kept=len(keep),
        reason=ErasureReason(reason),
    )  # fmt: skip


def _erase(person: Person, reason: ErasureReason, seen: int, keep: set[tuple[str, int]]) -> Response:
    key = person.key
    try:
        check_version(db(), person, seen)
        erased = erase(db(), person, reason, files(), now(), today(), keep)
    except OutdatedError:
        db().rollback()
        flash(_("Somebody changed this contact in the meantime. Please look through the list once more."))
        return redirect(url_for(".show", key=key), code=303)
    keep_follow_ups(db(), _settings().base_url, today())
    ledger().write(db(), erased.erasure, erased.people)
    answer = done(url_for("people.show", key=key), _("The contact is erased."))
    _remove_files(erased)
    return answer


def _remove_files(erased: Erased) -> None:
    """After the commit: what only the erased contact had."""
    for sha256 in erased.files:
        files().remove(sha256)
    for message_id in erased.message_ids:
        (_settings().mail_dir / mail_file_name(message_id)).unlink(missing_ok=True)
    LettersIn(_settings().data_dir / FOLDER).forget_about(erased.people)
    empty_log(database())


def _settings() -> Settings:
    found: Settings = current_app.extensions["lotse_settings"]
    return found


def ledger() -> Ledger:
    """Where erasures are written down beside the database."""
    return Ledger(_settings().data_dir)


from webapp.erasure import access_views  # noqa: E402, F401  (adds its pages to the room)
