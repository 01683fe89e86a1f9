"""The letters after a submission: receipt, query, our answer, acceptance, refusal."""

from datetime import date
from typing import Any

from flask import request, url_for

from models.application.answer_tasks import answered, keep_answer_task
from models.application.phases import Application
from models.application.submissions import STATE_AFTER, ReplyKind, Submission, SubmissionReply
from models.base import LINE
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from webapp.access import officer
from webapp.clock import now
from webapp.database import db, today
from webapp.evidence.uploading import keep
from webapp.filters import day, label
from webapp.forms import fill, store
from webapp.pages import delete_page, done, history_page, load, page
from webapp.submission.forms import ReplyForm
from webapp.submission.views import change_state, room
from webapp.words import _, language


@room.route("/beitritt/einreichung/<int:key>/schreiben/neu", methods=["GET", "POST"])
def create_reply(key: int) -> Any:
    """Enter a letter; `?art=query` begins with its kind and the state that usually follows."""
    submission = load(Submission, key)
    form = ReplyForm()
    if not form.is_submitted():
        _suggest(form, submission)
    if form.validate_on_submit():
        reply = SubmissionReply(submission_id=key, kind=form.kind.data, dated_on=form.dated_on.data)
        fill(form, reply)
        evidence = _evidence(form, reply)
        if evidence is not None or not form.has_file:
            reply.evidence_id = evidence.key if evidence is not None else None
            db().add(reply)
            db().flush()
            return done(url_for(".show", key=key), _follow(form, submission, reply, (None, None)))
    return _form_page(form, submission, None)


def _suggest(form: ReplyForm, submission: Submission) -> None:
    wanted = request.args.get("art", "")
    kind = next((kind for kind in ReplyKind if kind.value == wanted), ReplyKind.RECEIPT)
    form.kind.data, form.state.data, form.dated_on.data = kind, STATE_AFTER.get(kind), today()
    form.who.data = officer().name if kind is ReplyKind.ANSWER else submission.recipient


def _evidence(form: ReplyForm, reply: SubmissionReply) -> Evidence | None:
    """The uploaded letter as a piece of evidence; None without a file or where something is wrong with it."""
    if not form.has_file:
        return None
    revision = EvidenceRevision(
        evidence_id=0,
        kind=EvidenceKind.FILE,
        dated_on=reply.dated_on,
        added_at=now(),
        added_by_id=officer().key,
    )
    fault = keep(form.file.data, revision)
    if fault is not None:
        form.file.errors = [fault]
        return None
    name = f"{label(reply.kind)}, {day(reply.dated_on)}"
    evidence = Evidence(name=name[:LINE], owner_id=officer().key)
    db().add(evidence)
    db().flush()
    add_revision(db(), evidence, revision)
    return evidence


def _follow(
    form: ReplyForm,
    submission: Submission,
    reply: SubmissionReply,
    before: tuple[ReplyKind | None, date | None],
) -> str:
    """What follows from a letter: the to-do for an answer, the state of the whole. Answers what to say. `before`: its
    kind and the day of the answer until now; a letter in which only words were corrected brings nothing anew."""
    application = load(Application, submission.application_id)
    said = [_("The letter is entered.")]
    task = None
    if (reply.kind, reply.answer_due_on) != before:
        task = keep_answer_task(db(), application, reply, before[1], language())
    if task is not None:
        said.append(_("You are reminded of the answer, which is due on {day}.").format(day=day(task.due_on)))
    is_answer = reply.kind is ReplyKind.ANSWER and before[0] is not ReplyKind.ANSWER
    if is_answer and answered(db(), application, today()):
        said.append(_("The to-do “answer the query” is done."))
    if form.state.data is not None and form.state.data is not application.state:
        why = f"{label(reply.kind)}, {day(reply.dated_on)}" + (f", {reply.who}" if reply.who else "")
        change_state(submission, form.state.data, reply.dated_on, why)
        said.append(_("State of the joining: {state}.").format(state=label(form.state.data)))
    return " ".join(said)


def _form_page(form: ReplyForm, submission: Submission, reply: SubmissionReply | None) -> Any:
    back = url_for(".show", key=submission.key)
    return page("submission/edit_reply.html", form=form, submission=submission, reply=reply, back=back)


@room.get("/beitritt/einreichung/schreiben/<int:key>")
def show_reply(key: int) -> Any:
    """One letter."""
    reply = load(SubmissionReply, key)
    submission = load(Submission, reply.submission_id)
    evidence = db().get(Evidence, reply.evidence_id) if reply.evidence_id else None
    return page("submission/reply.html", reply=reply, submission=submission, evidence=evidence)


@room.route("/beitritt/einreichung/schreiben/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_reply(key: int) -> Any:
    """Change a letter; a file that is added becomes its evidence."""
    reply = load(SubmissionReply, key)
    submission = load(Submission, reply.submission_id)
    before = reply.kind, reply.answer_due_on
    form = ReplyForm(obj=reply)
    if form.validate_on_submit() and store(form, reply):
        evidence = _evidence(form, reply)
        if evidence is not None or not form.has_file:
            reply.evidence_id = evidence.key if evidence is not None else reply.evidence_id
            return done(url_for(".show_reply", key=key), _follow(form, submission, reply, before))
    return _form_page(form, submission, reply)


@room.route("/beitritt/einreichung/schreiben/<int:key>/loeschen", methods=["GET", "POST"])
def delete_reply(key: int) -> Any:
    """Delete a letter that was entered by mistake."""
    reply = load(SubmissionReply, key)
    back = url_for(".show", key=reply.submission_id)
    if request.method == "POST":
        reply_without = SubmissionReply(
            kind=ReplyKind.OTHER, submission_id=reply.submission_id, dated_on=today()
        )
        application = load(Application, load(Submission, reply.submission_id).application_id)
        keep_answer_task(db(), application, reply_without, reply.answer_due_on, language())
    return delete_page(reply, url_for(".show_reply", key=key), back)


@room.get("/beitritt/einreichung/schreiben/<int:key>/verlauf")
def reply_history(key: int) -> Any:
    """Every change of a letter."""
    return history_page(load(SubmissionReply, key), url_for(".show_reply", key=key))
