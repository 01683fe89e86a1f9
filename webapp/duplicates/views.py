"""Pages of likely duplicates: the list, side by side, what was merged last, and separating it again."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from sqlmodel import col, select

from models.contacts.duplicates.duplicates import (
    NotTheSame,
    Pair,
    call_two,
    decisions,
    likely_pairs,
    likely_same_as,
)
from models.contacts.duplicates.merge_rules import CHOSEN
from models.contacts.duplicates.merging import (
    ContactMerge,
    NotPossibleError,
    latest_merges,
    merge,
    standing_merges,
)
from models.contacts.duplicates.separating import RefusedError, refusal, separate, separation
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState, listed
from models.database import OutdatedError, matches
from webapp.access import officer
from webapp.clock import now
from webapp.database import db
from webapp.duplicates.forms import MergeForm
from webapp.duplicates.words import field_text, field_word, hanging_text, settled_facts
from webapp.forms import ConfirmForm
from webapp.history_words import column_word, table_word
from webapp.pages import done, page, page_number, query
from webapp.words import _

room = Blueprint("duplicates", __name__, template_folder="templates")
room.add_app_template_global(lambda person: standing_merges(db(), person.key), "standing_merges")

ON_A_PAGE = 50
LATEST = 20
FOUND = 30


def _people(keys: Iterable[int]) -> dict[int, Person]:
    found = select(Person).where(col(Person.id).in_(set(keys)))
    return {person.key: person for person in db().exec(found)}


def _organisations(people: Iterable[Person]) -> dict[int, Organisation]:
    keys = {person.organisation_id for person in people if person.organisation_id is not None}
    return {row.key: row for row in db().exec(select(Organisation).where(col(Organisation.id).in_(keys)))}


@room.get("/kontakte/dubletten")
def index() -> Any:
    """Pairs that may be one person, the likeliest first; what was decided; what was merged."""
    pairs, number = likely_pairs(db()), page_number()
    shown = pairs[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    two, merges = decisions(db(), LATEST), latest_merges(db(), LATEST)
    both: list[Pair | NotTheSame] = [*shown, *two]
    keys = [key for pair in both for key in (pair.first_id, pair.second_id)]
    keys += [key for merged in merges for key in (merged.kept_id, merged.gone_id)]
    people = _people(keys)
    return page(
        "duplicates/index.html",
        pairs=shown,
        total=len(pairs),
        number=number,
        has_more=len(pairs) > number * ON_A_PAGE,
        decisions=two,
        merges=merges,
        people=people,
        organisations=_organisations(people.values()),
    )


def _load(key: int | None) -> Person:
    """Somebody in the list; who was merged stands for the one that was kept."""
    person = db().get(Person, key) if key is not None and 0 < key < 2**31 else None
    if person is not None and person.state is PersonState.MERGED and person.merged_into_id is not None:
        person = db().get(Person, person.merged_into_id)
    if person is None or person.state is not PersonState.ACTIVE:
        abort(404)
    return person


def _pair() -> tuple[int | None, int | None]:
    """The two keys that a button sends: 3-7."""
    first, _dash, second = request.form.get("paar", "").partition("-")
    keys = [
        int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None for key in (first, second)
    ]
    return keys[0], keys[1]


@room.post("/kontakte/dubletten/verschieden")
def say_two() -> Any:
    """Remember that two contacts are two people."""
    one, other = (_load(key) for key in _pair())
    if one.key == other.key:
        abort(404)
    call_two(db(), one.key, other.key, now(), officer().key)
    return done(url_for(".index", seite=page_number()), _("Remembered: these are two people."))


@room.post("/kontakte/dubletten/verschieden/<int:key>/zuruecknehmen")
def take_back(key: int) -> Any:
    """Take back that two contacts are two people."""
    decision = db().get(NotTheSame, key)
    if decision is not None:
        db().delete(decision)
    return done(url_for(".index"), _("Taken back. The two may be proposed again."))


@room.get("/kontakte/<int:key>/zusammenfuehren")
def choose(key: int) -> Any:
    """Choose with whom a contact is to be merged: likely ones, or by search."""
    person = _load(key)
    likely = likely_same_as(db(), person, person.key)
    found: list[Person] = []
    if query():
        wanted = select(Person).where(listed(), Person.id != person.key, *matches(Person, query()))
        found = list(db().exec(wanted.order_by(col(Person.sort_key), col(Person.id)).limit(FOUND + 1)))
    others = [other for other, _reasons in likely]
    return page(
        "duplicates/choose.html",
        person=person,
        likely=others,
        reasons={other.key: reasons for other, reasons in likely},
        found=found[:FOUND],
        has_more=len(found) > FOUND,
        query=query(),
        organisations=_organisations([*found, *others]),
    )


@room.route("/kontakte/zusammenfuehren", methods=["GET", "POST"])
def compare() -> Any:
    """Two contacts side by side; what differs is chosen, then one is made of them."""
    one, other = (_load(request.args.get(name, type=int)) for name in ("a", "b"))
    if one.key == other.key:
        return _merged_already(one)
    form = MergeForm(one, other)
    if not form.validate_on_submit():
        return _compared(form)
    kept, gone = form.in_order()
    try:
        merge(db(), kept, gone, form.seen(), form.choice(), now(), officer().key)
    except (OutdatedError, NotPossibleError):
        return _overtaken(one.key, other.key)
    return done(url_for("people.show", key=kept.key), _("Merged. You can undo this below."))


def _merged_already(person: Person) -> Any:
    flash(_("These two are one contact already."))
    return redirect(url_for("people.show", key=person.key), code=303)


def _overtaken(*keys: int) -> Any:
    """A colleague saved one of the two meanwhile: nothing is merged, the choices stay, the values are the new ones."""
    db().rollback()
    db().expire_all()
    one, other = (_load(key) for key in keys)
    if one.key == other.key:
        return _merged_already(one)
    html, _status = _compared(MergeForm(one, other), is_overtaken=True)
    return html, 409


def _compared(form: MergeForm, *, is_overtaken: bool = False) -> tuple[str, int]:
    form.show_versions()
    one, other = form.two.values()
    rows = [(field, field_word(field), field_text(field, one), field_text(field, other)) for field in CHOSEN]
    return page(
        "duplicates/compare.html",
        form=form,
        left=one,
        right=other,
        rows=[row for row in rows if row[0] in form],
        same=[row for row in rows if row[0] not in form and row[2]],
        facts=settled_facts(one, other),
        hanging=(hanging_text(one), hanging_text(other)),
        is_overtaken=is_overtaken,
    )


def _joined(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


@room.route("/kontakte/zusammenfuehrungen/<int:key>/trennen", methods=["GET", "POST"])
def undo(key: int) -> Any:
    """Say what would go back, and make two contacts of one again."""
    merged = db().get(ContactMerge, key)
    if merged is None:
        abort(404)
    form = ConfirmForm()
    kept, gone = (db().get_one(Person, number) for number in (merged.kept_id, merged.gone_id))
    reason = refusal(kept, gone, merged)
    if form.validate_on_submit() and not reason:
        try:
            separate(db(), merged, now())
            return done(
                url_for("people.show", key=kept.key), _("Separated. Both contacts are in the list again.")
            )
        except RefusedError as refused:
            db().rollback()
            reason = str(refused)
    found = None if reason else separation(db(), merged)
    html, status = page(
        "duplicates/separate.html",
        form=form,
        kept=kept,
        gone=gone,
        merged=merged,
        found=found,
        restored=_joined(map(column_word, found.restore)) if found else "",
        stays=_joined([*map(column_word, found.stay), *map(table_word, found.left)]) if found else "",
        reason=reason,
    )
    return html, 409 if reason and request.method == "POST" else status
