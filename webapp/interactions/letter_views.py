"""A mail that is dropped on a person: read, shown, and taken in as far as the officer wants it.

The mail itself is not kept: its text and the ticked attachments are. Nothing of it goes to a log.
"""

from datetime import date
from io import BytesIO
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for

from models.contacts.interactions import Interaction, InteractionFile, record, same_as
from models.contacts.letters_in import FOLDER, LettersIn, interaction_of, sender_text, whose
from models.contacts.people import Person
from models.documents.letter_parts import LETTER_LIMIT, TOO_LARGE, Letter, LetterAttachment, NoLetterError
from models.documents.letter_reading import read_letter
from models.evidence.contents import UploadFaultError, checked_kind
from models.evidence.disk import lock_files
from models.evidence.uploads import FILE_KINDS, FILE_LIMIT, ending_of, safe_name
from models.followups import planned_contact
from webapp.access import officer
from webapp.clock import now
from webapp.database import city, close_session, db, today
from webapp.evidence.uploading import store_of_files
from webapp.interactions.forms import LetterForm, UploadForm
from webapp.interactions.log import contact_text, kept_person
from webapp.interactions.views import room
from webapp.pages import done, page
from webapp.people.views import load_person
from webapp.words import _, language


def _letters() -> LettersIn:
    return LettersIn(current_app.extensions["lotse_settings"].data_dir / FOLDER)


def _read(content: bytes) -> tuple[Letter, list[str]]:
    """The mail, and why each of its attachments cannot be kept (empty: it can). While it is read, this request holds no
    lock: it may take a second. Raises NoLetterError."""
    if request.method == "POST":
        close_session()
    try:
        letter = read_letter(content)
        return letter, [_fault_of(attachment) for attachment in letter.attachments]
    finally:
        db().info["officer_id"] = officer().key


@room.route("/austausch/mail/<int:key>", methods=["GET", "POST"])
def add_letter(key: int) -> Any:
    """Choose a mail that was saved as a file; it is looked at before anything is kept."""
    person, form = load_person(key), UploadForm()
    if form.validate_on_submit():
        upload = form.file.data
        content = upload.stream.read(LETTER_LIMIT + 1) if upload and upload.filename else b""
        try:
            if len(content) > LETTER_LIMIT:
                raise NoLetterError(TOO_LARGE)
            if upload is None or not upload.filename:
                form.file.errors = [_("Please choose a file.")]
            else:
                _read(content)
                token = _letters().put(content, person.key, officer().key, now())
                return redirect(url_for(".look_at_letter", key=person.key, token=token), code=303)
        except NoLetterError as fault:
            form.file.errors = [_(fault.reason)]
    return page("interactions/add_letter.html", form=form, person=load_person(key))


def _letter(person_id: int, token: str) -> tuple[Letter, list[str]] | None:
    content = _letters().read(token, person_id, officer().key)
    try:
        return _read(content) if content is not None else None
    except NoLetterError:
        return None


def _fault_of(attachment: LetterAttachment) -> str:
    """Why an attachment cannot be kept, in words; empty where it can."""
    if attachment.content is None:
        return _("A mail inside an Outlook mail can only be named. Save it as a file of its own.")
    try:
        checked_kind(safe_name(attachment.name), BytesIO(attachment.content))
    except UploadFaultError as fault:
        return _(fault.reason).format(kinds=", ".join(FILE_KINDS))
    return ""


@room.route("/austausch/mail/<int:key>/<token>", methods=["GET", "POST"])
def look_at_letter(key: int, token: str) -> Any:
    """What the mail says, and what of it is to be kept."""
    looked, person = _letter(key, token), kept_person(key)
    if looked is None:
        flash(
            _("This mail was taken in or thrown away already. Please choose it again if you still need it.")
        )
        return redirect(url_for(".add_letter", key=key), code=303)
    letter, faults = looked
    found = interaction_of(letter, person.key, now(), city().time_zone)
    owners, planned = whose(db(), person, letter), planned_contact(db(), "person", person.key)
    next_on = planned.due_on if planned is not None and planned.due_on > today() else None
    names = [safe_name(attachment.name) for attachment in letter.attachments]
    form = LetterForm(
        person_id=person.key, held_on=found.held_on, subject=found.subject, body=found.body, next_on=next_on
    )
    people = [person, *owners.others]
    form.offer(
        [(one.key, _named(one, one.key in owners.writers)) for one in people],
        [(number, names[number]) for number, fault in enumerate(faults) if not fault],
    )
    if form.validate_on_submit():
        chosen = next(one for one in people if one.key == form.person_id.data)
        return _take_in(form, letter, chosen, token, key)
    return page(
        "interactions/look_at_letter.html",
        form=form,
        letter=letter,
        sender=sender_text(letter.sender),
        person=person,
        owners=owners,
        known=same_as(db(), found),
        planned=planned,
        attachments=list(zip(names, letter.attachments, faults, strict=True)),
        address=url_for(".throw_letter_away", key=key, token=token),
    )


def _named(person: Person, is_writer: bool) -> str:
    name = person.title(language())
    return _("{name} (wrote it)").format(name=name) if is_writer else name


def _take_in(form: LetterForm, letter: Letter, person: Person, token: str, uploaded_on: int) -> Any:
    interaction = interaction_of(letter, person.key, now(), city().time_zone)
    interaction.held_on, interaction.subject, interaction.body = (
        form.held_on.data,
        form.subject.data,
        form.body.data,
    )
    interaction.officer_id = officer().key
    stored = record(db(), interaction, _next_on(form, person), contact_text(person))
    if stored is interaction:
        _keep_files(
            interaction, [letter.attachments[number] for number in dict.fromkeys(form.files.data or [])]
        )
    answer = done(
        url_for("people.show", key=person.key),
        _("The mail is taken in.") if stored is interaction else _("This mail is here already."),
    )
    _letters().forget(token, uploaded_on, officer().key)
    return answer


def _next_on(form: LetterForm, person: Person) -> date | None:
    """The day of the next contact. A mail that is older than a contact which is due leaves that as it is."""
    planned = planned_contact(db(), "person", person.key)
    wanted: date | None = form.next_on.data
    if wanted or planned is None:
        return wanted
    is_older = form.held_on.data < planned.due_on <= today()
    return planned.due_on if is_older else None


def _keep_files(interaction: Interaction, attachments: list[LetterAttachment]) -> None:
    lock_files(db())
    for attachment in attachments:
        kept = store_of_files().put([attachment.content or b""], FILE_LIMIT)
        name = safe_name(attachment.name)
        # The kind by its ending: the media types of Office are longer than the column.
        file = InteractionFile(
            interaction_id=interaction.key,
            sha256=kept.sha256,
            file_name=name,
            media_type=ending_of(name),
            size=kept.size,
        )
        db().add(file)


@room.post("/austausch/mail/<int:key>/<token>/verwerfen")
def throw_letter_away(key: int, token: str) -> Any:
    """Nothing of it is kept."""
    person = kept_person(key)
    if _letters().read(token, key, officer().key) is None:
        abort(404)
    _letters().forget(token, key, officer().key)
    return done(url_for("people.show", key=person.key), _("Thrown away. Nothing of this mail was kept."))
