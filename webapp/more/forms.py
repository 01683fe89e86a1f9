"""Settings of the city."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from models.base import ADDRESS, N_, NAME, NOTE
from models.calendar_days import STATES
from webapp.forms import BaseForm, LongTextField, TextField, WholeNumberField, email_check
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


# From the least to the most that can be entered.
CONTACTS_MONTHS, MAILS_MONTHS, SESSIONS_DAYS = (6, 120), (1, 60), (1, 365)


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
    postal_address = LongTextField(L_("Postal address of the unit"), NOTE)
    privacy_officer = LongTextField(L_("Data protection officer"), NOTE)
    privacy_authority = LongTextField(L_("Supervisory authority for data protection"), NOTE)
    contacts_keep_months = WholeNumberField(
        L_("Contacts are kept so many months after the last function ended"), *CONTACTS_MONTHS, required=True
    )
    mails_keep_months = WholeNumberField(
        L_("The text of sent mails is kept so many months"), *MAILS_MONTHS, required=True
    )
    sessions_keep_days = WholeNumberField(L_("Sign-ins are kept so many days"), *SESSIONS_DAYS, required=True)
