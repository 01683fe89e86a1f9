"""Forms of the principles."""

from models.base import NAME, NOTE
from models.commitments.principles import PrincipleState
from webapp.forms import BaseForm, LongTextField, TextField, choice_field
from webapp.words import L_


class PrincipleForm(BaseForm):
    """The city's statement on one principle."""

    state = choice_field(L_("State"), PrincipleState)
    statement = LongTextField(L_("Statement of the city"), NOTE)
    gap = LongTextField(L_("What is missing"), NOTE)


class OwnPrincipleForm(PrincipleForm):
    """A principle that the city adds by itself; its words can be changed too."""

    title_de = TextField(L_("Title (German)"), NAME, required=True)
    gist_de = LongTextField(L_("What it means (German)"), NOTE)
    source = LongTextField(L_("Source"), NOTE)
    title_en = TextField(L_("Title (English)"), NAME)
    gist_en = LongTextField(L_("What it means (English)"), NOTE)
