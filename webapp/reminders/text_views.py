"""What mails say: the built-in texts, the city's own instead of them, and texts that rules choose by name."""

from typing import Any

from flask import abort, current_app, redirect, request, url_for

from models.language import LANGUAGES
from models.officers import Officer
from models.reminders.samples import Example, Preview, example_for, preview
from models.reminders.texts import (
    MailText,
    TextCode,
    Wording,
    built_in,
    chosen,
    city_text,
    delete_text,
    own_texts,
    rules_with_text,
    tokens_for,
    wording,
)
from webapp.access import officer
from webapp.clock import now
from webapp.database import db
from webapp.forms import ConfirmForm, fill, store
from webapp.pages import done, history_page, load, page
from webapp.reminders.text_forms import FIELDS, MailTextForm
from webapp.reminders.views import room, subject_address
from webapp.words import _


@room.get("/erinnerungen/texte")
def texts() -> Any:
    """Which wording is built-in, which is the city's own, and which rules use a text of their own."""
    common = [(code, city_text(db(), code)) for code in TextCode]
    own = [(row, rules_with_text(db(), row.key)) for row in own_texts(db())]
    written = [row for _code, row in common if row is not None] + [row for row, _users in own]
    return page(
        "reminders/texts.html",
        common=common,
        own=own,
        is_faulty=_is_faulty,
        has_fault=any(_is_faulty(row) for row in written),
    )


def _is_faulty(row: MailText) -> bool:
    """Whether something in a stored text is passed over, because a token it uses is gone."""
    written = [(row.wording(language), language) for language in LANGUAGES]
    return any(
        (words.subject and chosen([words], row.checked_as, language).subject != words.subject)
        or (words.body and chosen([words], row.checked_as, language).body != words.body)
        for words, language in written
    )


def _usual(code: TextCode, *, is_own: bool) -> dict[str, Wording]:
    """What is said without the text that is edited, by language."""
    return {
        language: wording(db(), code, None, language) if is_own else built_in(code, language)
        for language in LANGUAGES
    }


def _form(row: MailText | None, code: TextCode, *, is_own: bool) -> MailTextForm:
    form = MailTextForm(obj=row, code=code, usual=_usual(code, is_own=is_own))
    if not is_own:
        del form.name
    if not form.is_submitted():
        form.show_usual()
        form.officer_id.data = officer().key
    return form


def _is_preview() -> bool:
    return "vorschau" in request.form


def _previews(
    form: MailTextForm, row: MailText | None, draft: MailText
) -> tuple[Officer, Example | None, list[Preview]]:
    """What the typed text makes of a real reminder, in both languages. The session holds it for that moment alone."""
    person = db().get(Officer, form.officer_id.data or 0) or officer()
    users = rules_with_text(db(), row.key) if row is not None else []
    example = example_for(db(), person, now(), frozenset(rule.key for rule in users))
    if example is None:
        return person, None, []
    base_url = current_app.extensions["lotse_settings"].mail.base_url
    with db().begin_nested() as held:
        fill(form, draft)
        db().add(draft)
        db().flush()
        text_id = None if draft.code else draft.key
        found = [
            preview(db(), example, form.code, person, now(), language, base_url, text_id)
            for language in LANGUAGES
        ]
        held.rollback()
    return person, example, found


def _edit_page(form: MailTextForm, row: MailText | None, *, shown: Any = None) -> Any:
    return page(
        "reminders/text_edit.html",
        form=form,
        row=row,
        code=form.code,
        tokens=tokens_for(form.code),
        shown=shown,
        subject_address=subject_address,
        languages=LANGUAGES,
        users=rules_with_text(db(), row.key) if row is not None and not row.code else [],
    )


@room.route("/erinnerungen/texte/<code>/bearbeiten", methods=["GET", "POST"])
def edit_common_text(code: str) -> Any:
    """Write the city's own wording of a built-in text."""
    if code not in set(TextCode):
        abort(404)
    known = TextCode(code)
    row = city_text(db(), known, for_change=request.method == "POST")
    form = _form(row, known, is_own=False)
    if form.validate_on_submit() and _is_preview():
        return _edit_page(form, row, shown=_previews(form, row, row or MailText(code=known.value)))
    if form.validate_on_submit() and _saved(form, row, MailText(code=known.value)):
        return done(url_for(".texts"), _("Saved."))
    return _edit_page(form, row)


def _saved(form: MailTextForm, row: MailText | None, new: MailText) -> bool:
    """Store the form in the row, or in a new one. No: the form says why."""
    if row is None and form.version.data:
        form.version.data = ""
        form.form_errors.append(
            _("A colleague deleted this text in the meantime. If you save again, yours is stored.")
        )
        return False
    if row is None:
        fill(form, new)
        db().add(new)
        row = new
    elif not store(form, row):
        return False
    form.forget_usual(row)
    if not any(getattr(row, name) for name in FIELDS):
        db().rollback()
        form.form_errors.append(
            _(
                "This says the same as the usual text, so there is nothing to save. Please change a field, or cancel."
            )
        )
        return False
    return True


@room.route("/erinnerungen/texte/neu", methods=["GET", "POST"])
def create_text() -> Any:
    """Write a text that rules can choose."""
    form = _form(None, TextCode.REMINDER, is_own=True)
    if form.validate_on_submit() and _is_preview():
        return _edit_page(form, None, shown=_previews(form, None, MailText()))
    if form.validate_on_submit() and _is_new_name(form, None) and _saved(form, None, MailText()):
        return done(url_for(".texts"), _("Saved. You choose this text where a rule is edited."))
    return _edit_page(form, None)


@room.route("/erinnerungen/texte/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_text(key: int) -> Any:
    """Change a text that rules can choose."""
    row = load(MailText, key)
    if row.code:
        return redirect(url_for(".edit_common_text", code=row.code))
    form = _form(row, TextCode.REMINDER, is_own=True)
    if form.validate_on_submit() and _is_preview():
        return _edit_page(form, row, shown=_previews(form, row, row))
    if form.validate_on_submit() and _is_new_name(form, row) and _saved(form, row, row):
        return done(url_for(".texts"), _("Saved."))
    return _edit_page(form, row)


def _is_new_name(form: MailTextForm, row: MailText | None) -> bool:
    """Rules choose a text by its name, so there is one of each."""
    taken = {other.name.casefold() for other in own_texts(db()) if row is None or other.key != row.key}
    if form.name.data.casefold() not in taken:
        return True
    form.name.errors = [_("There is another text of this name. Please choose a different one.")]
    return False


@room.route("/erinnerungen/texte/<int:key>/loeschen", methods=["GET", "POST"])
def delete_own_text(key: int) -> Any:
    """Ask, say which rules use it, and go back to the usual text."""
    row, form = load(MailText, key), ConfirmForm()
    if form.validate_on_submit():
        delete_text(db(), row)
        said = _("The built-in text is used again.") if row.code else _("Deleted.")
        return done(url_for(".texts"), said)
    return page("reminders/text_delete.html", row=row, form=form, users=rules_with_text(db(), key))


@room.get("/erinnerungen/texte/<int:key>/verlauf")
def history_text(key: int) -> Any:
    """Every change of a text."""
    return history_page(load(MailText, key), url_for(".edit_text", key=key))
