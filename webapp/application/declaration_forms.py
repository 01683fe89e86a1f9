"""The forms of a declaration and of its signed paper."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField, validators
from wtforms.fields.choices import SelectChoice

from models.application.declarations import DeclarationKind
from models.base import NAME, NOTE, URL
from webapp.database import today
from webapp.forms import BaseForm, DayField, LongTextField, TextField, WebAddressField, choice_field
from webapp.organisations.choosing import OrganisationChoice
from webapp.words import L_, _

BOTH = "both"  # the form on paper has a box to tick for each kind


class DeclarationForm(OrganisationChoice):
    """What was declared, by whom, when."""

    kind = choice_field(L_("What is declared"), DeclarationKind)
    declared_on = DayField(L_("Declared on"), required=True)
    signed_by = TextField(L_("Signed by"), NAME)
    file_number = TextField(L_("File number"), NAME)
    note = LongTextField(L_("Note"), NOTE)
    withdrawn_on = DayField(L_("Withdrawn on"))

    def validate_declared_on(self, field: Any) -> None:
        if field.data and field.data > today():
            raise validators.ValidationError(_("This day lies in the future."))

    def validate_withdrawn_on(self, field: Any) -> None:
        if field.data and self.declared_on.data and field.data < self.declared_on.data:
            raise validators.ValidationError(_("This lies before the declaration."))
        if field.data and field.data > today():  # it would count as withdrawn from now on
            raise validators.ValidationError(_("This day lies in the future."))


class ProofFields(BaseForm):
    """The signed paper: a file, a link, or words that say where it lies; and until when it is valid."""

    file = FileField(L_("Signed declaration"))
    proof_url = WebAddressField(L_("Or a link to it"), URL)
    proof_text = LongTextField(L_("Or where it lies, in words"), NOTE)
    valid_until = DayField(L_("Valid until"))

    needs_proof = True  # a new paper must be given, because there is none yet

    @property
    def given(self) -> int:
        """How many kinds of proof are given: 0 or 1, more is a fault."""
        return sum(bool(field.data) for field in (self.file, self.proof_url, self.proof_text))

    def validate_proof_text(self, _field: Any) -> None:
        if self.given > 1:
            raise validators.ValidationError(
                _("Either a file, or a link, or words: please only one of them.")
            )

    def validate_valid_until(self, field: Any) -> None:
        if field.data and self.needs_proof and not self.given:
            raise validators.ValidationError(
                _("A last day belongs to a signed paper: please add it, or say where it lies.")
            )
        begins = self.begins_on()
        if field.data and begins and field.data < begins:
            raise validators.ValidationError(_("This lies before the declaration."))

    def begins_on(self) -> date | None:
        """The day from which the paper is valid."""
        raise NotImplementedError

    def ask_for_the_file_again(self) -> None:
        """Browsers send a file once only: when something else was wrong, it must be chosen again."""
        if self.errors and self.file.data and not self.file.errors:
            self.file.errors = [_("Please choose the file again; it was not kept because of the fault.")]


class NewDeclarationForm(DeclarationForm, ProofFields):
    """A declaration with its signed paper. Somebody may declare both kinds at once, on one paper."""

    kind = SelectField(
        L_("What is declared"),
        choices=lambda: [
            *(SelectChoice(kind.value, _(kind.label)) for kind in DeclarationKind),
            SelectChoice(BOTH, _("Both, on one paper")),
        ],
        default=DeclarationKind.WISH.value,
    )

    def begins_on(self) -> date | None:
        day: date | None = self.declared_on.data
        return day

    def kinds(self) -> list[DeclarationKind]:
        """The kinds that are declared."""
        return list(DeclarationKind) if self.kind.data == BOTH else [DeclarationKind(self.kind.data)]


class ProofForm(ProofFields):
    """A signed paper for a declaration that is here already; the paper before it is kept."""

    dated_on = DayField(L_("Date of the document"))

    def __init__(self, needs_proof: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.needs_proof = needs_proof

    def begins_on(self) -> date | None:
        day: date | None = self.dated_on.data
        return day

    def validate_file(self, _field: Any) -> None:
        if self.needs_proof and not self.given:
            raise validators.ValidationError(_("Please choose a file, or give a link, or say where it lies."))
