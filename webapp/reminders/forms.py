"""Forms of reminders: asking, answering, rules."""

import re
from datetime import time, timedelta
from typing import Any

from sqlmodel import select
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, validators
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from models.base import NAME
from models.conferences.conferences import Series
from models.folding import fold
from models.officers import officers
from models.reminders.occurrences import MOST_REPEATS
from models.reminders.rules import MAX_AMOUNT, Anchor, Direction, HolidayPolicy, RuleClass, SubjectKind, Unit
from models.reminders.texts import MailText
from webapp.database import db, today
from webapp.forms import BaseForm, DayField, TextField, WholeNumberField, choice_field, officer_field
from webapp.words import L_, _

MOST = max(MAX_AMOUNT.values())
FIVE_YEARS = timedelta(days=MAX_AMOUNT["days"])
LONGEST_WAIT = 60  # working days until somebody else is asked


def check_reach(amount: int | None, unit: Unit) -> None:
    """Five years are the limit. Raises ValidationError beyond."""
    most = MAX_AMOUNT[unit.value]
    if amount is not None and amount > most:
        raise validators.ValidationError(
            _("That is more than five years. At most {most} {unit} are possible.").format(
                most=most, unit=_(unit.label)
            )
        )


def not_past(_form: Any, field: DayField) -> None:
    """A day on which something can still happen."""
    if field.data is not None and field.data < today():
        raise validators.ValidationError(_("This day has passed. Please choose today or a later day."))


class ClockField(Field):
    """A time of day: 08:00, 8:00 or 8.00."""

    widget = TextInput()
    data: time | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:%H:%M}"

    def process_formdata(self, values: list[str]) -> None:
        typed = re.fullmatch(r"(\d{1,2})[:.](\d{2})", values[0].strip() if values else "")
        if typed is None or int(typed[1]) > 23 or int(typed[2]) > 59:
            raise ValueError(_("Please write a time of day like 08:00."))
        self.data = time(int(typed[1]), int(typed[2]))


class ColleaguesField(SelectMultipleField):
    """Any number of colleagues, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=self._colleagues, coerce=int, **kwargs)

    @staticmethod
    def _colleagues() -> list[SelectChoice]:
        return [SelectChoice(str(officer.key), officer.name) for officer in officers(db())]


def text_field(label: Any) -> SelectField:
    """A choice among the city's own texts; none is the program's wording."""

    def options() -> list[SelectChoice]:
        own = db().exec(select(MailText).where(MailText.code == "")).all()
        named = sorted(own, key=lambda text: (fold(text.name), text.key))
        return [
            SelectChoice("", _("The program's wording")),
            *(SelectChoice(str(text.key), text.name) for text in named),
        ]

    return SelectField(label, choices=options, coerce=lambda value: int(value) if value else None)


class RemindForm(BaseForm):
    """*Erinnern*: when, and to whom. What can be chosen depends on the subject (webapp.reminders.choices)."""

    when = RadioField(L_("When?"), choices=[], validate_choice=True)
    day = DayField(L_("Day"), checks=[not_past])
    amount = WholeNumberField(L_("How long before"), 1, MOST)
    unit = choice_field(L_("Unit"), Unit, default=Unit.WEEKS)
    whom = RadioField(L_("To whom?"), choices=[], validate_choice=True)
    colleague_id = officer_field(L_("Also to"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        super().validate(*args, **kwargs)
        chosen = self.when.data
        if chosen == "day" and not self.day.errors and self.day.data is None:
            self.day.errors = [_("Please write the day on which the mail is to go.")]
        if chosen == "day" and self.day.data and self.day.data > today() + FIVE_YEARS:
            self.day.errors = [_("That is more than five years away. Please choose an earlier day.")]
        if chosen == "own" and not self.amount.errors and self.amount.data is None:
            self.amount.errors = [_("Please write how long before.")]
        if chosen == "own" and self.amount.data and self.amount.data > MAX_AMOUNT[self.unit.data.value]:
            self.amount.errors = [_("That is more than five years.")]
        # Without a script nobody chooses for the person: what was typed must be what is meant.
        if chosen != "day" and self.day.data is not None:
            self.when.errors = [_("You wrote a day. Please choose “on a certain day”, or clear the day.")]
        if chosen != "own" and self.amount.data is not None:
            self.when.errors = [_("You wrote a lead time. Please choose it above, or clear it.")]
        return not self.errors


class MoveForm(BaseForm):
    """Another date for a subject. `seen` is the date that the page showed."""

    day = DayField(L_("New date"), required=True, checks=[not_past])


class RuleForm(BaseForm):
    """A rule. On a single subject its kind stays; with a fixed day nothing is counted."""

    subject_kind = choice_field(L_("What is reminded of"), SubjectKind)
    fixed_on = DayField(L_("On this day"), required=True)
    amount = WholeNumberField(L_("How many"), 0, 99_999, required=True)
    unit = choice_field(L_("Unit"), Unit, default=Unit.WORKING_DAYS)
    direction = choice_field(L_("Before or after the date"), Direction, default=Direction.BEFORE)
    anchor = choice_field(L_("Counted from"), Anchor, default=Anchor.DATE)
    send_at = ClockField(L_("Time of day"), [validators.InputRequired()], default=time(8, 0))
    to_responsible = BooleanField(L_("The responsible person"), default=True)
    to_deputy = BooleanField(L_("The deputy"))
    to_participants = BooleanField(L_("Who of us goes there (conferences only)"))
    to_lead = BooleanField(L_("The case lead"))
    to_everyone = BooleanField(L_("All colleagues"))
    also_ids = ColleaguesField(L_("In addition"))
    but_ids = ColleaguesField(L_("Left out"))
    only_series = choice_field(L_("Only conferences of this series"), Series, empty=L_("All"))
    only_words = TextField(L_("Only with these words in the title"), NAME)
    repeat_amount = WholeNumberField(L_("Repeat every (empty: once only)"), 0, 365)
    repeat_unit = choice_field(L_("Unit of the repetition"), Unit, default=Unit.WEEKS)
    repeat_max = WholeNumberField(L_("At most so many repetitions"), 0, MOST_REPEATS)
    holiday_policy = choice_field(L_("If that is a weekend or a holiday"), HolidayPolicy)
    escalate_after = WholeNumberField(L_("After how many working days"), 0, LONGEST_WAIT)
    escalate_to_id = officer_field(L_("Then ask"))
    text_id = text_field(L_("Text of the mail"))
    is_urgent = BooleanField(L_("Urgent: comes at once, even to who gets one mail a day"))
    rule_class = choice_field(L_("Kind of mail"), RuleClass, default=RuleClass.DUTY)
    with_calendar = BooleanField(L_("Put a calendar entry into the mail"))
    also_latecomers = BooleanField(L_("Also remind who becomes a recipient later"))
    name_de = TextField(L_("Name (German)"), NAME)
    name_en = TextField(L_("Name (English)"), NAME)

    def validate_amount(self, field: WholeNumberField) -> None:
        check_reach(field.data, self.unit.data)

    def validate_repeat_amount(self, field: WholeNumberField) -> None:
        is_after = "direction" in self and self.direction.data is Direction.AFTER
        check_reach(field.data, self.repeat_unit.data)
        times = self.repeat_max.data or 1
        if field.data and is_after and field.data * times > MAX_AMOUNT[self.repeat_unit.data.value]:
            raise validators.ValidationError(
                _("All repetitions together would last more than five years. Please choose fewer.")
            )
        if field.data and is_after and not self.repeat_max.data:
            raise validators.ValidationError(
                _("A repetition after the date needs an end: please write how many at most.")
            )

    def validate_but_ids(self, field: ColleaguesField) -> None:
        if set(field.data or ()) & set(self.also_ids.data or ()):
            raise validators.ValidationError(
                _("Nobody can be named in addition and left out at the same time.")
            )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid: bool = super().validate(*args, **kwargs)
        for field in (self.repeat_amount, self.repeat_max, self.escalate_after):
            field.data = field.data or 0
        return is_valid
