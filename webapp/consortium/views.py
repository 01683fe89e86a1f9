"""Pages of the consortium as a whole: who is in it, what is missing, its form and the numbers."""

from typing import Any

from flask import Blueprint, url_for

from models.application.conditions import (
    FORM_CODE,
    AnyCondition,
    condition_of,
    conditions,
    count_words,
    missing_words,
)
from models.application.consortium import ConsortiumCondition, PartnerRow, consortium_condition, partners
from models.application.declarations import Condition
from models.application.phases import the_application
from models.commitments.checklist import item_of_code
from webapp.consortium.forms import ConsortiumFormForm, NumbersForm
from webapp.consortium.standing import counts, standings, state_words
from webapp.database import db, today
from webapp.filters import day, title
from webapp.forms import store
from webapp.pages import csv_file, done, page
from webapp.reasons import note_reason
from webapp.words import _, language

room = Blueprint("consortium", __name__, template_folder="templates")
room.add_app_template_filter(state_words)
room.add_app_template_filter(counts)


@room.app_template_filter("missing")
def missing_of(condition: AnyCondition) -> list[str]:
    """What a condition still lacks, in the page's language."""
    return missing_words(condition, language())


@room.app_template_filter("count_words")
def counted(condition: Condition | ConsortiumCondition) -> str:
    """How much of a condition is there, in the page's language."""
    return count_words(condition, language())


@room.app_template_global("condition_of")
def the_condition_of(code: str) -> AnyCondition | None:
    """The condition for which the item or phase with this key stands."""
    return condition_of(db(), code, today())


@room.app_template_global("both_conditions")
def both_conditions() -> tuple[AnyCondition, ...]:
    """The council's and the handbook's condition."""
    return conditions(db(), today())


@room.app_template_global("partners_now")
def partners_now() -> list[PartnerRow]:
    """Who takes part today, by role and name."""
    return partners(db(), today())


@room.get("/beitritt/buendnis")
def show() -> Any:
    """The partners, what is missing, the form of the consortium."""
    found = standings()
    return page(
        "consortium/show.html",
        condition=consortium_condition(db(), today()),
        partners=[one for one in found if one.is_in],
        others=[one for one in found if not one.is_in],
        application=the_application(db()),
        form_item=item_of_code(db(), FORM_CODE),
        today=today(),
    )


@room.get("/beitritt/buendnis.csv")
def csv() -> Any:
    """The partners as a table, those who left too."""
    header = (
        _("Organisation"), _("Role in the consortium"), _("Contact person"), _("E-mail"),
        _("Legal form of the partner"), _("In the consortium since"), _("Left the consortium on"), _("Declared on"),
        _("State"), _("Valid until"), _("Missing"), _("Note"),
    )  # fmt: skip
    rows = [
        (
            one.row.organisation.name, title(one.row.role), title(one.row.person) if one.row.person else "",
            one.row.person.email if one.row.person else one.row.organisation.email, one.row.partner.legal_form,
            day(one.row.partner.joined_on), day(one.row.partner.left_on),
            day(one.declared.declaration.declared_on) if one.declared else "",
            state_words(one.declared) if one.declared else "",
            day(one.declared.valid_until) if one.declared else "",
            ", ".join(one.missing) if one.is_in else "", one.row.partner.note,
        )
        for one in standings()
    ]  # fmt: skip
    return csv_file("buendnis", header, rows)


@room.route("/beitritt/buendnis/form", methods=["GET", "POST"])
def edit_form() -> Any:
    """Choose the form of the consortium."""
    application = the_application(db())
    form = ConsortiumFormForm(obj=application)
    if form.validate_on_submit():
        note_reason(form.reason.data)
        if store(form, application):
            return done(url_for(".show") + "#form", _("Saved."))
    return page("consortium/edit_form.html", form=form)


@room.route("/beitritt/buendnis/zahlen", methods=["GET", "POST"])
def edit_numbers() -> Any:
    """Set how many actors and partners are needed."""
    application = the_application(db())
    form = NumbersForm(obj=application)
    if form.validate_on_submit():
        note_reason(form.reason.data)
        if store(form, application):
            return done(url_for(".roles"), _("Saved."))
    return page("consortium/edit_numbers.html", form=form)


from webapp.consortium import partner_views, role_views  # noqa: E402, F401  (add their pages to the room)
