"""Forms of conferences, their deadlines and who goes."""

from datetime import date
from typing import Any

from babel import dates
from wtforms import validators
from wtforms.fields.choices import SelectChoice

from models.base import CODE, LINE, NAME, NOTE, URL
from models.conferences.conferences import (
    Conference,
    ConferenceStatus,
    DatePrecision,
    Mode,
    Series,
    is_going,
)
from models.conferences.dating import FIRST_YEAR, LAST_YEAR, Dating, faults
from models.conferences.family import possible_parents, same_edition
from models.language import day_text
from webapp.database import db, today
from webapp.filters import officer_name
from webapp.forms import (
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    WebAddressField,
    WholeNumberField,
    choice_field,
    country_field,
    number_choice,
    officer_field,
    parse_day,
)
from webapp.words import L_, _, language

MOST_EDITIONS = 2_100  # a number may be the calendar year


def _months() -> list[tuple[int, str]]:
    return list(dates.get_month_names("wide", locale=language()).items())


class AsOfField(TextField):
    """When the facts were looked at: a day, kept as 2026-11-22 and shown as 22.11.2026, or free text."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else as_of_text(self.data or "")

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        day = parse_day(self.data or "")
        self.data = day.isoformat() if day else self.data


def as_of_text(stored: str) -> str:
    """The stored text, or the day that it is, as people write it."""
    try:
        return day_text(date.fromisoformat(stored), "de" if language() == "de" else "en")
    except ValueError:
        return stored


class ConferenceForm(BaseForm):
    """All facts of one conference; the rules about dates are the domain's."""

    name = TextField(L_("Name"), NAME, required=True)
    series = choice_field(L_("Series"), Series)
    number = WholeNumberField(L_("Number"), 1, MOST_EDITIONS)
    parent_id = number_choice(L_("Belongs to"), list)
    status = choice_field(L_("State"), ConferenceStatus, default=ConferenceStatus.ANNOUNCED)
    date_precision = choice_field(L_("How exactly the date is known"), DatePrecision)
    starts_on = DayField(L_("First day"))
    ends_on = DayField(L_("Last day"))
    year = WholeNumberField(L_("Year"), FIRST_YEAR, LAST_YEAR)
    month = number_choice(L_("Month"), _months)
    postponed_from = WholeNumberField(L_("Planned first for the year"), FIRST_YEAR, LAST_YEAR)
    city = TextField(L_("City"), NAME)
    country_code = country_field(L_("Country"))
    mode = choice_field(L_("Form"), Mode, empty=L_("not known"))
    website = WebAddressField(L_("Website"), URL)
    responsible_id = officer_field(L_("Responsible"))
    source = LongTextField(L_("Source"), NOTE)
    as_of = AsOfField(L_("State as of"), CODE)
    note_de = LongTextField(L_("Note (German)"), NOTE)
    note_en = LongTextField(L_("Note (English)"), NOTE)

    def __init__(self, conference: Conference | None) -> None:
        super().__init__(obj=conference)
        self.key = conference.key if conference else None
        parents = [
            (c.key, f"{c.name} ({c.year})" if c.year else c.name) for c in possible_parents(db(), self.key)
        ]
        self.parent_id.choices = [
            SelectChoice("", "–"),
            *(SelectChoice(str(key), name) for key, name in parents),
        ]

    def preset(self, wanted: str) -> None:
        """Begin with the state that a button named. What is announced has a new source, looked at today."""
        if wanted == ConferenceStatus.ANNOUNCED.value:
            if self.status.data is ConferenceStatus.NOT_ANNOUNCED:
                self.source.data, self.as_of.data = "", today().isoformat()
            self.status.data = ConferenceStatus.ANNOUNCED
            if self.date_precision.data is DatePrecision.UNKNOWN:
                self.date_precision.data = DatePrecision.DAY
        elif wanted == ConferenceStatus.HELD.value:
            self.status.data = ConferenceStatus.HELD

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        return self._dates_fit() and fits

    def _dates_fit(self) -> bool:
        if self.status.data is None or self.date_precision.data is None:
            return False
        said = Dating(
            self.status.data, self.date_precision.data, self.year.data, self.month.data, self.starts_on.data,
            self.ends_on.data, self.postponed_from.data,
        )  # fmt: skip
        found = faults(said, today())
        for name, fault in found.items():
            if not self[name].errors:
                self[name].errors = [_(fault)]
        return not found

    def validate_number(self, field: Any) -> None:
        if field.data is None or self.series.data is None:
            return
        other = same_edition(db(), self.series.data, field.data, self.key)
        if other is not None:
            raise validators.ValidationError(_("“{name}” has this number already.").format(name=other.name))


class DeadlineForm(BaseForm):
    """A last day before a conference."""

    name = TextField(L_("What is due"), NAME, required=True)
    due_on = DayField(L_("Last day for it"), required=True)
    responsible_id = officer_field(L_("Responsible"))
    deputy_id = officer_field(L_("Deputy"))
    note = LongTextField(L_("Note"), NOTE)

    def validate_deputy_id(self, field: Any) -> None:
        if field.data is not None and field.data == self.responsible_id.data:
            raise validators.ValidationError(_("The deputy must be somebody else."))


class EditDeadlineForm(DeadlineForm):
    """A deadline that is there can be done too, or opened again."""

    done_on = DayField(L_("Done on"))

    def validate_done_on(self, field: Any) -> None:
        if field.data is not None and field.data > today():
            raise validators.ValidationError(_("This day has not come yet."))


class ParticipationForm(BaseForm):
    """A colleague who goes."""

    officer_id = officer_field(L_("Colleague"), validators=[validators.InputRequired()])
    role = TextField(L_("In which role"), LINE)

    def __init__(self, conference: Conference) -> None:
        super().__init__()
        self.conference_key = conference.key

    def validate_officer_id(self, field: Any) -> None:
        if field.data is not None and is_going(db(), self.conference_key, field.data):
            raise validators.ValidationError(
                _("{name} is on the list already.").format(name=officer_name(field.data))
            )
