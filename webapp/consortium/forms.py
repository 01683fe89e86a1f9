"""Forms of the consortium."""

from datetime import date
from typing import Any

from wtforms import validators
from wtforms.fields.choices import SelectChoice

from models.application.consortium import MOST_NEEDED, PartnerRow, consortium_roles, partner_rows
from models.application.phases import ConsortiumForm, the_application
from models.base import LINE, NAME, NOTE
from models.contacts.people import people_of
from webapp.database import db
from webapp.forms import (
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    WholeNumberField,
    choice_field,
    number_choice,
)
from webapp.organisations.choosing import OrganisationChoice
from webapp.reasons import reason_field
from webapp.words import L_, _, language


def _roles() -> list[tuple[int, str]]:
    roles = consortium_roles(db(), the_application(db()).key)
    return [(role.key, role.title(language())) for role in roles]


class PartnerForm(BaseForm):
    """What is known of a partner besides its organisation."""

    role_id = number_choice(L_("Role in the consortium"), _roles, validators=[validators.InputRequired()])
    person_id = number_choice(L_("Contact person"), list)
    legal_form = TextField(L_("Legal form of the partner"), NAME)
    joined_on = DayField(L_("In the consortium since"))
    left_on = DayField(L_("Left the consortium on"))
    note = LongTextField(L_("Note"), NOTE)

    def choose_people(self, row: PartnerRow) -> None:
        """Let people of the partner be chosen, and who is chosen already, wherever that person works now."""
        people = people_of(db(), "organisation_id", row.organisation.key)
        if row.person is not None and row.person.key not in [person.key for person in people]:
            people.append(row.person)
        found = [SelectChoice(str(person.key), person.title(language())) for person in people]
        self.person_id.choices = [SelectChoice("", "–"), *found]

    def validate_left_on(self, field: Any) -> None:
        check_leaving(self.joined_on.data, field.data)

    def is_new_role(self, organisation_id: int, except_id: int | None = None) -> bool:
        """Whether the organisation is not in this role already; else the form says so."""
        for row in partner_rows(db(), organisation_id):
            is_same = row.role.key == self.role_id.data and row.partner.id != except_id
            if is_same and row.partner.left_on is None:
                said = _("{name} is in the consortium in this role already.")
                self.role_id.errors = [said.format(name=row.organisation.name)]
                return False
        return True


class NewPartnerForm(OrganisationChoice, PartnerForm):
    """A partner to be added: its organisation is chosen, or written if it is new."""


def check_leaving(joined_on: date | None, left_on: date | None) -> None:
    """Nobody leaves before joining."""
    if joined_on and left_on and left_on < joined_on:
        raise validators.ValidationError(_("This lies before the day of joining."))


class LeavingForm(BaseForm):
    """A partner leaves; the reason stands in the history."""

    left_on = DayField(L_("Left the consortium on"), required=True)
    reason = reason_field()

    def __init__(self, joined_on: date | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.joined_on = joined_on

    def validate_left_on(self, field: Any) -> None:
        check_leaving(self.joined_on, field.data)


class RoleForm(BaseForm):
    """A role and how many partners it needs."""

    label_de = TextField(L_("Title (German)"), NAME, required=True)
    label_en = TextField(L_("Title (English)"), NAME)
    needed = WholeNumberField(L_("So many partners are needed"), 0, MOST_NEEDED, required=True)
    source_de = TextField(L_("Source"), LINE)
    source_en = TextField(L_("Source (English)"), LINE)


class NumbersForm(BaseForm):
    """How many actors and partners are needed at least."""

    actors_needed = WholeNumberField(
        L_("Lab actors who declare their wish, at least"), 1, MOST_NEEDED, required=True
    )
    partners_needed = WholeNumberField(
        L_("Partners of the consortium, at least"), 1, MOST_NEEDED, required=True
    )
    reason = reason_field()


class ConsortiumFormForm(BaseForm):
    """In which form the partners work together."""

    consortium_form = choice_field(L_("Form of the consortium"), ConsortiumForm)
    reason = reason_field()
