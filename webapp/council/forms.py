"""Forms of council papers: the wording is entered by a person, with its source."""

from typing import Any

from wtforms import validators

from models.base import LINE, NOTE
from webapp.forms import BaseForm, LongTextField, TextField
from webapp.words import L_, _


class WordingForm(BaseForm):
    """The printed text and where it was read."""

    wording = LongTextField(L_("Wording"), NOTE)
    wording_source = TextField(L_("Source of the wording"), LINE)

    def validate_wording(self, field: Any) -> None:
        if field.data and not self.wording_source.data:
            raise validators.ValidationError(_("Please say below where this wording was read."))
