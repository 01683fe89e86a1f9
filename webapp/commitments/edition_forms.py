"""Forms of editions: their facts, their items, a file."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import validators

from models.application.phases import phases
from models.base import LINE, NAME, NOTE, URL
from models.commitments.checklist import ItemCertainty, Origin, Timing, Who
from webapp.as_of import AsOfField
from webapp.database import db
from webapp.forms import (
    BaseForm,
    LongTextField,
    TextField,
    WebAddressField,
    choice_field,
    number_choice,
)
from webapp.words import L_, _, language


class EditionForm(BaseForm):
    """Where an edition comes from and how old it is."""

    name = TextField(L_("Name"), NAME, required=True)
    as_of = AsOfField(L_("State as of"), NAME, required=True)
    source = LongTextField(L_("Source"), NOTE)
    source_url = WebAddressField(L_("Web address of the source"), URL)
    note = LongTextField(L_("Note"), NOTE)

    def validate_source(self, field: Any) -> None:
        if not field.data:
            raise validators.ValidationError(_("Please say where this list comes from."))


class EditionItemForm(BaseForm):
    """The words of one item of a draft."""

    label_de = TextField(L_("Title (German)"), LINE, required=True)
    wanted_de = TextField(L_("What counts as proof"), LINE)
    phase_id = number_choice(L_("Phase"), lambda: [(p.key, p.title(language())) for p in phases(db())])
    who = choice_field(L_("Who has to act"), Who)
    timing = choice_field(L_("When"), Timing)
    origin = choice_field(L_("Origin"), Origin, empty="–", validators=[validators.InputRequired()])
    certainty = choice_field(
        L_("How sure this is"), ItemCertainty, empty="–", validators=[validators.InputRequired()]
    )
    source_de = TextField(L_("Source"), LINE)
    label_en = TextField(L_("Title (English)"), LINE)
    wanted_en = TextField(L_("What counts as proof (English)"), LINE)
    source_en = TextField(L_("Source (English)"), LINE)


class EditionFileForm(BaseForm):
    """An edition as a YAML file."""

    file = FileField(L_("File"))
