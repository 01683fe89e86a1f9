"""What goes out when and to whom, and *Erinnern*."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, request, url_for

from models.folding import search_text, search_words
from models.officers import officers
from models.overview import last_mails
from models.reminders.asking import Verdict, remind_of
from models.reminders.planning import Planned, due_now, planned
from models.reminders.recipients import surroundings
from models.reminders.record import missed_since
from models.reminders.rules import SubjectKind, rules, rules_on
from models.reminders.subjects import Subject, load_subject
from webapp.access import officer
from webapp.clock import now
from webapp.database import db, today
from webapp.filters import day, label
from webapp.pages import address_of, csv_file, done, is_print, page, query, return_address
from webapp.reminders.choices import Offer, wish
from webapp.reminders.weeks import by_week
from webapp.reminders.words import date_word, exact, names, occasion, rule_when, said
from webapp.words import _, language

room = Blueprint("reminders", __name__, template_folder="templates")
for _filter in (exact, names, occasion, rule_when):
    room.add_app_template_filter(_filter)

AHEAD = timedelta(weeks=12)
MISSED_SHOWN = timedelta(days=30)
SOON = timedelta(weeks=3)
FIRST_SHOWN = 20
LATELY = 5


def chosen_kind() -> SubjectKind | None:
    """The kind of subject that the page is limited to."""
    wanted = request.args.get("art", "")
    return next((kind for kind in SubjectKind if kind.value == wanted), None)


def chosen_person() -> int | None:
    """The colleague to whom the page is limited."""
    wanted = request.args.get("person", "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None


def _found(rows: list[Planned]) -> list[Planned]:
    kind, person, words = chosen_kind(), chosen_person(), search_words(query())
    return [
        row
        for row in rows
        if (kind is None or row.subject.kind is kind)
        and (person is None or person in {officer.key for officer in row.officers})
        and all(word in search_text([row.subject.title(language()), names(row.officers)]) for word in words)
    ]


def load_kind(kind: str, key: int) -> Subject:
    """The subject, or 404."""
    known = next((member for member in SubjectKind if member.value == kind), None)
    subject = load_subject(db(), known, key) if known else None
    if subject is None:
        abort(404)
    return subject


def subject_address(subject: Subject) -> str:
    """Where a subject is shown."""
    return address_of(subject.kind.value, subject.id) or url_for("reminders.index")


@room.get("/erinnerungen")
def index() -> Any:
    """What goes out when and to whom, and what went out."""
    everything = rules(db())
    missed = [
        (reminder, load_subject(db(), SubjectKind(reminder.subject_kind), reminder.subject_id))
        for reminder in missed_since(db(), now() - MISSED_SHOWN)
    ]
    rows = _found(planned(db(), now(), today() + AHEAD))
    shown = rows if request.args.get("bis") == "alle" or is_print() else _soon(rows)
    return page(
        "reminders/index.html",
        until=shown[-1].step.day if len(shown) < len(rows) else today() + AHEAD,
        weeks=by_week(_found(due_now(db(), now())), shown, today()),
        later=len(rows) - len(shown),
        missed=missed,
        lately=last_mails(db(), LATELY),
        standing=[rule for rule in everything if rule.subject_id is None],
        single=[
            (rule, load_subject(db(), rule.subject_kind, rule.subject_id))
            for rule in everything
            if rule.subject_id
        ],
        query=query(),
        kind=chosen_kind(),
        kinds=list(SubjectKind),
        person=chosen_person(),
        colleagues=officers(db()),
        subject_address=subject_address,
    )


def _soon(rows: list[Planned]) -> list[Planned]:
    """The next weeks, but never an almost empty page: the first mails at least."""
    last = today() + SOON
    return [row for n, row in enumerate(rows) if n < FIRST_SHOWN or row.step.day <= last]


@room.get("/erinnerungen.csv")
def csv() -> Any:
    """What is planned, as a table."""
    header = (_("Mail goes on"), _("What"), _("Kind"), _("Date"), _("Reminder"), _("To"))
    rows = [
        (
            exact(row.step.due_at), row.subject.title(language()), label(row.subject.kind), day(row.subject.anchor_on),
            row.rule.title(language()), names(row.officers),
        )
        for row in _found([*due_now(db(), now()), *planned(db(), now(), today() + AHEAD)])
    ]  # fmt: skip
    return csv_file("erinnerungen", header, rows)


@room.route("/erinnerungen/erinnern/<kind>/<int:key>", methods=["GET", "POST"])
def remind(kind: str, key: int) -> Any:
    """*Erinnern*: choose when and to whom, done."""
    subject = load_kind(kind, key)
    offer = Offer(subject, surroundings(db()), officer().key, now())
    form, back = offer.form(), return_address(subject_address(subject))
    if subject.is_open and form.validate_on_submit():
        when, whom = wish(form, officer().key)
        outlook = offer.judge(when, whom)
        if outlook.verdict is not Verdict.OVER:
            before = {rule.key for rule in rules_on(db(), subject.kind, subject.id)}
            if remind_of(db(), subject, when, whom, now()).key in before:
                return done(back, _("This reminder was asked for already. Nothing was changed."))
            return done(back, said(outlook))
        form.when.errors = [_("This moment has passed, so no mail would go out. Please choose another.")]
    return page(
        "reminders/remind.html",
        subject=subject,
        offer=offer,
        form=form,
        back=back,
        date_word=date_word(subject),
        known=rules_on(db(), subject.kind, subject.id),
    )


from webapp.reminders import (  # noqa: E402  (they add their pages to the room)
    answer_views,  # noqa: F401
    preview_views,  # noqa: F401
    rule_views,  # noqa: F401
    sending_views,  # noqa: F401
    text_views,  # noqa: F401
    year_views,  # noqa: F401
)
