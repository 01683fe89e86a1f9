"""Pages of the carry-over: both editions side by side, one answer after the other decided, the draft put in force."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from wtforms.fields.choices import SelectChoice

from models.commitments.adopting import StillUndecidedError, adopt
from models.commitments.carry_over import Decision
from models.commitments.checklist import Commitment, commitments
from models.commitments.differences import WORDS, counts, side_by_side
from models.commitments.editions import HandbookEdition, the_edition
from models.commitments.proofs import proof_states, proofs_of
from models.commitments.taking_over import CannotDecideError, Comparison, Row, compare, decide, take_back
from models.evidence.evidence import EvidenceState
from models.followups import follow_ups_of
from models.reminders.rules import SubjectKind, rules
from webapp.clock import now
from webapp.commitments.carry_over_forms import AdoptForm, DecisionForm
from webapp.commitments.edition_views import load_draft, phase_codes
from webapp.commitments.views import room
from webapp.database import db, today
from webapp.pages import done, page
from webapp.words import _, language, ngettext


def _compared(draft: HandbookEdition) -> Comparison:
    return compare(db(), the_edition(db()), draft, phase_codes())


@room.get("/zusagen/ausgaben/<int:key>/uebernahme")
def carry_over(key: int) -> Any:
    """What must be decided, what was decided, and what changed besides."""
    draft = load_draft(key)
    found = _compared(draft)
    undecided = found.undecided
    return page(
        "commitments/carry_over.html",
        edition=draft,
        old=the_edition(db()),
        comparison=found,
        plain=[row for row in undecided if row.is_plain and not row.is_overtaken],
        single=[row for row in undecided if not row.is_plain or row.is_overtaken],
        decided=[row for row in found.rows if row.decision is not None and not row.is_overtaken],
        unanswered=[row for row in found.rows if not row.is_answered and row.difference.fields],
        gone=[row for row in found.rows if not row.is_answered and row.difference.change == "gone"],
        counts=counts(row.difference for row in found.rows),
        new_titles={item.key: item for item in commitments(db(), edition=draft)},
        proofs=proof_states(db(), today()),
        missing=EvidenceState.MISSING,
    )


@room.post("/zusagen/ausgaben/<int:key>/uebernahme")
def carry_over_ticked(key: int) -> Any:
    """Confirm those that were ticked; only items whose words are the same, and the city's own, can be ticked."""
    draft = load_draft(key)
    wanted = set(request.form.getlist("antwort"))
    plain = [row for row in _compared(draft).undecided if row.is_plain and str(row.old.key) in wanted]
    for row in plain:
        decide(db(), draft, row.old, Decision.CONFIRMED, today(), to=row.new)
    if len(plain) < len(wanted):
        flash(_("Some of them have changed meanwhile and are still waiting."))
    said = ngettext("One answer is confirmed.", "{n} answers are confirmed.", len(plain))
    return done(url_for(".carry_over", key=key), said)


def _row(draft: HandbookEdition, item: int) -> Row:
    found = next((row for row in _compared(draft).rows if row.old.key == item), None)
    if found is None:
        abort(404)
    return found


@room.route("/zusagen/ausgaben/<int:key>/uebernahme/<int:item>", methods=["GET", "POST"])
def decide_answer(key: int, item: int) -> Any:
    """One answer: old and new words side by side, and a person's decision."""
    draft = load_draft(key)
    row = _row(draft, item)
    form = DecisionForm(
        _choices(draft, row), is_own=row.old.is_own, data={"to_id": row.new.key if row.new else None}
    )
    if form.validate_on_submit():
        decision = Decision(form.decision.data)
        to = db().get(Commitment, form.to_id.data) if form.to_id and form.to_id.data else None
        try:
            decide(db(), draft, row.old, decision, today(), to=to, reason=form.reason.data)
            return done(url_for(".carry_over", key=key), _("Your decision is stored."))
        except CannotDecideError as error:
            form.form_errors.append(_(error.msgid))
    return page(
        "commitments/carry_over_item.html",
        edition=draft,
        form=form,
        row=row,
        words=_side_by_side(row),
        proofs=proofs_of(db(), row.old.key),
        follow_ups=[f for f in follow_ups_of(db(), "commitment", row.old.key) if f.is_open],
        today=today(),
    )


def _choices(draft: HandbookEdition, row: Row) -> list[SelectChoice]:
    """The draft's items; the proposed one first, and called so."""
    found: list[SelectChoice] = []
    for item in commitments(db(), edition=draft):
        is_proposed = row.new is not None and item.key == row.new.key and row.difference.alike is not None
        title = item.title(language())
        name = _("{title} (proposed)").format(title=title) if is_proposed else title
        choice = SelectChoice(str(item.key), name)
        found = [choice, *found] if is_proposed else [*found, choice]
    return found


def _side_by_side(row: Row) -> list[tuple[str, Any, Any]]:
    """For each wording: its name, the old and the new one in pieces."""
    if row.new is None:
        return []
    names = dict(
        zip(
            WORDS,
            (
                _("Title (German)"),
                _("What counts as proof"),
                _("Title (English)"),
                _("What counts as proof (English)"),
            ),
            strict=True,
        )
    )
    pairs = [(names[name], getattr(row.old, name), getattr(row.new, name)) for name in WORDS]
    return [(name, *side_by_side(old, new)) for name, old, new in pairs if old or new]


@room.post("/zusagen/ausgaben/<int:key>/uebernahme/<int:item>/zurueck")
def take_back_decision(key: int, item: int) -> Any:
    """Forget a decision."""
    draft = load_draft(key)
    take_back(db(), draft, _row(draft, item).old)
    return done(url_for(".carry_over", key=key), _("The decision was taken back."))


@room.route("/zusagen/ausgaben/<int:key>/gilt", methods=["GET", "POST"])
def adopt_edition(key: int) -> Any:
    """This edition is in force from now on."""
    draft, form = load_draft(key), AdoptForm()
    old = the_edition(db())
    found = _compared(draft)
    if not commitments(db(), edition=draft):
        flash(_("This draft has no items yet."))
        return redirect(url_for(".show_edition", key=key), code=302 if request.method == "GET" else 303)
    if form.validate_on_submit():
        try:
            did = adopt(
                db(), old, draft, now(), today(), phase_codes(),
                with_follow_ups=form.with_follow_ups.data, with_comments=form.with_comments.data,
            )  # fmt: skip
        except StillUndecidedError:
            flash(_("Some answers are not decided yet."))
            return redirect(url_for(".carry_over", key=key), code=303)
        said = ngettext(
            "This edition is in force now. One answer was taken over.",
            "This edition is in force now. {n} answers were taken over.",
            did.answers,
        )
        return done(url_for(".index"), said)
    keys = {row.old.key for row in found.rows}
    return page(
        "commitments/edition_adopt.html",
        edition=draft,
        old=old,
        form=form,
        comparison=found,
        decided=[row for row in found.rows if row.is_decided],
        follow_ups=sum(found.hanging.follow_ups.values()),
        comments=sum(found.hanging.comments.values()),
        reminders=[
            r for r in rules(db()) if r.subject_kind is SubjectKind.COMMITMENT and r.subject_id in keys
        ],
    )
