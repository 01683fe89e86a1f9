"""Pages of the submission: prepare it, note that it was sent. The program itself sends nothing to the network."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from models.application.phases import Application, the_application
from models.application.state_history import set_state
from models.application.states import ApplicationState
from models.application.submissions import (
    ReplyKind,
    Submission,
    attach,
    attachments,
    replies,
    submissions,
)
from models.contacts.addresses import known_address
from models.database import check_version
from models.language import LANGUAGES
from webapp.access import officer
from webapp.application.chosen import case_address, chosen
from webapp.database import city, db, today
from webapp.filters import day
from webapp.forms import fill, store
from webapp.mailto import fits, mailto
from webapp.pages import delete_page, done, history_page, load, page
from webapp.reasons import note_reason
from webapp.submission.drafting import first_text, language_of, subject_line
from webapp.submission.forms import NotSentForm, SentForm, SentNoteForm, SubmissionForm
from webapp.words import _

room = Blueprint("submission", __name__, template_folder="templates")

# Who runs the secretariat of the network since 2018 (models/catalogue/organisations.csv).
SECRETARIAT = "Fab City Foundation"


@room.get("/beitritt/einreichung")
def index() -> Any:
    """All submissions of a case with what came back."""
    application = chosen()
    rows = [(row, replies(db(), row.key)) for row in submissions(db(), application.key)]
    return page(
        "submission/index.html",
        application=application,
        rows=rows,
        create=case_address(".create", application),
        back=case_address("application.show", application),
    )


@room.app_template_global()
def submissions_of(application_id: int | None) -> list[tuple[Submission, Any]]:
    """The submissions of a case (None: the first) with the last letter or None: for pages of items and phases."""
    found = []
    for row in submissions(db(), application_id or the_application(db()).key):
        letters = replies(db(), row.key)
        found.append((row, letters[-1] if letters else None))
    return found


@room.route("/beitritt/einreichung/neu", methods=["GET", "POST"])
def create() -> Any:
    """Prepare a submission."""
    application = chosen()
    form = SubmissionForm()
    form.attachments.offer([])
    if not form.is_submitted():
        _suggest(form, application)
    if form.validate_on_submit():
        submission = Submission(application_id=application.key)
        fill(form, submission)
        db().add(submission)
        db().flush()
        attach(db(), submission, form.attachments.data or [])
        return done(
            url_for(".show", key=submission.key), _("The submission is prepared; nothing has been sent.")
        )
    return page("submission/edit.html", form=form, submission=None, back=case_address(".index", application))


def _suggest(form: SubmissionForm, application: Application) -> None:
    language = request.args.get("sprache", "")
    language = language if language in LANGUAGES else "en"  # the network speaks English
    address = known_address(db(), SECRETARIAT)
    if address and not request.args.get("netz"):
        form.recipient.data, form.recipient_address.data = SECRETARIAT, address
    form.text_sent.data = first_text(city(), application.network, officer().name, language)


@room.get("/beitritt/einreichung/<int:key>")
def show(key: int) -> Any:
    """One submission: what was or will be sent, and the letters after it."""
    submission = load(Submission, key)
    application = load(Application, submission.application_id)
    line = subject_line(city(), application.network, language_of(submission.text_sent))
    return page(
        "submission/show.html",
        submission=submission,
        application=application,
        attachments=attachments(db(), key),
        replies=replies(db(), key),
        kinds=list(ReplyKind),
        subject=line,
        mail=mailto(submission.recipient_address, line, submission.text_sent),
        fits=fits(submission.recipient_address, line, submission.text_sent),
        back=case_address(".index", application),
    )


@room.route("/beitritt/einreichung/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change what is going to be sent; of what was sent only the file number and the note."""
    submission = load(Submission, key)
    back = url_for(".show", key=key)
    if submission.sent_on is not None:
        sent = SentNoteForm(obj=submission)
        if sent.validate_on_submit() and store(sent, submission):
            return done(back, _("Saved."))
        return page("submission/edit_sent.html", form=sent, submission=submission, back=back)
    now_attached = attachments(db(), key)
    form = SubmissionForm(obj=submission, data={"attachments": [row.key for _evidence, row in now_attached]})
    form.attachments.offer(now_attached)
    if form.validate_on_submit() and store(form, submission):
        attach(db(), submission, form.attachments.data or [])
        return done(back, _("Saved."))
    return page("submission/edit.html", form=form, submission=submission, back=back)


@room.route("/beitritt/einreichung/<int:key>/gesendet", methods=["GET", "POST"])
def mark_sent(key: int) -> Any:
    """Note that it was sent, and when."""
    submission = load(Submission, key)
    back = url_for(".show", key=key)
    if submission.sent_on is not None:
        return redirect(back)
    form = SentForm(obj=submission)
    if not form.is_submitted():
        form.sent_on.data, form.with_state.data = today(), True
    if form.validate_on_submit() and store(form, submission):
        if form.with_state.data:
            why = _("submission sent to {name}").format(name=submission.recipient)
            change_state(submission, ApplicationState.SUBMITTED, form.sent_on.data, why)
        said = _("Noted as sent on {day}. Text and attachments stay as they are now.")
        return done(back, said.format(day=day(form.sent_on.data)))
    return page("submission/sent.html", form=form, submission=submission, back=back)


@room.route("/beitritt/einreichung/<int:key>/nicht-gesendet", methods=["GET", "POST"])
def mark_not_sent(key: int) -> Any:
    """It was noted as sent by mistake."""
    submission = load(Submission, key)
    back = url_for(".show", key=key)
    if submission.sent_on is None:
        return redirect(back)
    form = NotSentForm(obj=submission)
    if form.validate_on_submit():
        note_reason(form.reason.data)
        if store(form, submission):
            submission.sent_on = None
            return done(back, _("The submission is in preparation again."))
    return page("submission/not_sent.html", form=form, submission=submission, back=back)


def change_state(submission: Submission, state: ApplicationState, since: Any, why: str) -> None:
    """Let the whole case stand like this, with the letter as the reason. Nothing happens where it does already."""
    application = load(Application, submission.application_id)
    if application.state is state:
        return
    db().flush()  # what was changed until here has its own reason
    note_reason(why)
    check_version(db(), application, application.version)
    set_state(application, state, since)
    db().flush()


@room.route("/beitritt/einreichung/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete a submission that was entered by mistake."""
    submission = load(Submission, key)
    then = case_address(".index", load(Application, submission.application_id))
    return delete_page(submission, url_for(".show", key=key), then)


@room.get("/beitritt/einreichung/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of a submission."""
    return history_page(load(Submission, key), url_for(".show", key=key))


from webapp.submission import reply_views  # noqa: E402, F401  (adds its pages to the room)
