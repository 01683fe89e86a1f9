"""Settings of the city."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from models.base import ADDRESS, N_, NAME
from models.calendar_days import STATES
from webapp.forms import BaseForm, TextField, email_check
from webapp.words import L_, _

STATE_NAMES = {
    "BB": N_("Brandenburg"),
    "BE": N_("Berlin"),
    "BW": N_("Baden-Württemberg"),
    "BY": N_("Bavaria"),
    "HB": N_("Bremen"),
    "HE": N_("Hesse"),
    "HH": N_("Hamburg"),
    "MV": N_("Mecklenburg-Western Pomerania"),
    "NI": N_("Lower Saxony"),
    "NW": N_("North Rhine-Westphalia"),
    "RP": N_("Rhineland-Palatinate"),
    "SH": N_("Schleswig-Holstein"),
    "SL": N_("Saarland"),
    "SN": N_("Saxony"),
    "ST": N_("Saxony-Anhalt"),
    "TH": N_("Thuringia"),
}


class CityForm(BaseForm):
    """What an officer may change of the city."""

    name = TextField(L_("City"), NAME, required=True)
    unit = TextField(L_("Our unit"), NAME, required=True)
    unit_email = TextField(L_("Mailbox of the unit"), ADDRESS, required=True, checks=[email_check])
    technical_email = TextField(L_("E-mail of the technical contact"), ADDRESS, checks=[email_check])
    state = SelectField(
        L_("State, for public holidays"),
        choices=lambda: [SelectChoice(code, _(STATE_NAMES.get(code, code))) for code in STATES],
    )
