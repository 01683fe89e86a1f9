"""Settings of the city."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from models.base import ADDRESS, NAME
from models.calendar_days import STATES
from webapp.forms import BaseForm, TextField, email_check
from webapp.words import L_


class CityForm(BaseForm):
    """What an officer may change of the city."""

    name = TextField(L_("City"), NAME, required=True)
    unit = TextField(L_("Our unit"), NAME, required=True)
    unit_email = TextField(L_("Mailbox of the unit"), ADDRESS, required=True, checks=[email_check])
    state = SelectField(
        L_("State, for public holidays"), choices=lambda: [SelectChoice(code, code) for code in STATES]
    )
