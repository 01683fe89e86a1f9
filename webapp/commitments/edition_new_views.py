"""Pages on which an edition begins: a copy of the one in force, empty, or a file."""

from dataclasses import replace
from typing import Any

from flask import flash, url_for
from werkzeug.datastructures import FileStorage

from models.application.phases import the_application
from models.catalogue.phases import add_phases, missing_phases, phase_ids, phase_texts
from models.commitments import edition_file
from models.commitments.edition_file import FILE_LIMIT, EditionFile
from models.commitments.edition_items import code_from, edition_text, make_draft
from models.commitments.edition_text import EditionError, EditionText
from models.commitments.editions import HandbookEdition, the_edition
from models.language import translator
from webapp.commitments.edition_forms import EditionFileForm, EditionForm
from webapp.commitments.edition_views import phase_codes
from webapp.commitments.views import room
from webapp.database import db
from webapp.forms import BaseForm
from webapp.pages import done, page
from webapp.words import _, language, ngettext


@room.get("/zusagen/ausgaben/neu")
def new_edition() -> Any:
    """Three ways to begin."""
    return page("commitments/edition_new.html", current=the_edition(db()))


def _in_force() -> EditionText:
    edition = the_edition(db())
    return edition_text(db(), edition, the_application(db()).network, phase_texts(db()), phase_codes())


def _draft(form: BaseForm, text: EditionText) -> HandbookEdition:
    facts = {name: getattr(form, name).data for name in ("name", "as_of", "source", "source_url", "note")}
    text = replace(text, code=code_from(facts["name"]), **facts)
    return make_draft(db(), the_application(db()).key, text, phase_ids(db()))


@room.route("/zusagen/ausgaben/neu/kopie", methods=["GET", "POST"])
def copy_edition() -> Any:
    """Begin with the items of the edition in force."""
    current = the_edition(db())
    form = EditionForm(data={"source": current.source, "source_url": current.source_url})
    if form.validate_on_submit():
        draft = _draft(form, _in_force())
        return done(url_for(".show_edition", key=draft.key), _("The draft is stored. Now change its items."))
    return page("commitments/edition_facts.html", form=form, edition=None, is_copy=True)


@room.route("/zusagen/ausgaben/neu/leer", methods=["GET", "POST"])
def empty_edition() -> Any:
    """Begin without any item."""
    form = EditionForm()
    if form.validate_on_submit():
        draft = _draft(form, replace(_in_force(), items=(), phases=()))
        return done(url_for(".show_edition", key=draft.key), _("The draft is stored. Now add its items."))
    return page("commitments/edition_facts.html", form=form, edition=None, is_copy=False)


@room.route("/zusagen/ausgaben/neu/datei", methods=["GET", "POST"])
def upload_edition() -> Any:
    """Bring in a YAML file: all of it, or nothing and every fault."""
    form = EditionFileForm()
    faults: list[str] = []
    if form.validate_on_submit():
        upload: FileStorage | None = form.file.data
        if upload is None or not upload.filename:
            form.file.errors = [_("Please choose a file.")]
        else:
            try:
                found = edition_file.read(upload.stream.read(FILE_LIMIT + 1), phase_ids(db()))
                return _take(found)
            except EditionError as error:
                faults = [fault.words(translator(language())) for fault in error.faults]
                form.file.errors = [
                    ngettext(
                        "There is one problem in the file. Nothing was stored.",
                        "There are {n} problems in the file. Nothing was stored.",
                        len(faults),
                    )
                ]
    return page("commitments/edition_upload.html", form=form, faults=faults)


def _take(found: EditionFile) -> Any:
    """Store what the file held as a draft, with the phases that are missing here."""
    application_id = the_application(db()).key
    phases = add_phases(db(), application_id, missing_phases(db(), found.edition.phases))
    draft = make_draft(db(), application_id, found.edition, phase_ids(db()))
    if found.is_changed:
        flash(
            _(
                "The items of this file were changed after it was exported: its content_hash does not fit them."
            )
        )
    if draft.code != found.edition.code:
        flash(
            _("The key “{old}” was taken; this edition is called “{new}”.").format(
                old=found.edition.code, new=draft.code
            )
        )
    network = the_application(db()).network
    if found.edition.network not in ("", network):
        flash(
            _("The file is meant for “{theirs}”; the list here is for “{ours}”.").format(
                theirs=found.edition.network, ours=network
            )
        )
    if phases:
        names = ", ".join(phase.title(language()) for phase in phases)
        flash(_("These phases were added under “Joining”: {names}.").format(names=names))
    said = ngettext("One item was read.", "{n} items were read.", len(found.edition.items))
    return done(url_for(".show_edition", key=draft.key), said)
