"""What all forms share: languages, dates as people type them, and who saves second is told."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeVar, cast

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice, enum_coerce
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from models.base import Labelled, Recorded
from models.database import OutdatedError, check_version
from models.folding import UNSEEN, fold
from models.language import country_codes, country_name, day_text
from models.officers import officers
from webapp.database import db
from webapp.words import _, language

E = TypeVar("E", bound=Labelled)
FIRST_YEAR, LAST_YEAR = 1900, 2100


class BaseForm(FlaskForm):
    """A form in the language of the page. For a row it carries the version that was shown."""

    class Meta(FlaskForm.Meta):
        @property
        def locales(self) -> list[str]:
            return [language()]

    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[tuple[str, str, str]] = []

    def typed_fields(self) -> Iterable[Field]:
        """The fields that a person fills in."""
        return (field for field in self if field.name not in ("version", "csrf_token"))

    @property
    def has_faults(self) -> bool:
        return bool(self.errors)


def store(form: BaseForm, row: Recorded) -> bool:
    """Put the form into an existing row, unless a colleague saved it meanwhile: then the form keeps what was typed and
    shows both; sending it again saves it."""
    # As it was sent: where a request carries none, WTForms would hold the row's own, and nobody would be told.
    seen = str((form.version.raw_data or [""])[0])
    try:
        check_version(db(), row, int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0)
    except OutdatedError:
        db().rollback()
        db().refresh(row)
        form.conflicts = list(_differences(form, row))
        if form.conflicts:
            form.version.data = str(row.version)
            form.version.raw_data = [str(row.version)]
            return False
        check_version(db(), row, row.version)  # both typed the same
    fill(form, row)
    return True


def _differences(form: BaseForm, row: Recorded) -> Iterator[tuple[str, str, str]]:
    for field in form.typed_fields():
        # Nothing typed and nothing stored are the same; nothing and 0 are not: unknown is not nought.
        if hasattr(field, "stored_for"):
            stored = field.stored_for(row)
        elif hasattr(row, field.name):
            stored = getattr(row, field.name)
        else:
            continue
        if _empty(stored) != _empty(field.data):
            yield str(field.label.text), shown_value(field, stored), shown_value(field, field.data)


def _empty(value: Any) -> Any:
    return "" if value is None else value


def fill(form: BaseForm, row: Recorded) -> None:
    """Put the form's fields into the row's columns of the same name."""
    for field in form.typed_fields():
        if field.name in type(row).model_fields:
            setattr(row, field.name, field.data)


def shown_value(field: Field, value: Any) -> str:
    """A field's value as a person reads it; a field with `shown` knows best."""
    if hasattr(field, "shown"):
        return str(field.shown(value))
    if isinstance(field, SelectField):
        for choice in field.choices or []:
            if choice.value == ("" if value is None else str(value)):
                return str(choice.label)
    if isinstance(value, date):
        return day_text(value, language())
    return "" if value is None else str(value)


def typed_text(text: str) -> str:
    """Typed text without control characters (NUL breaks PostgreSQL, the others break calendars and pages) and without
    marks that turn the direction of all that follows on the page."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r").translate(UNSEEN)


class TickedRows(SelectMultipleField):
    """Any number of rows, as check boxes. They are no column of the row that the form changes: `stored_for(row)` reads
    what a colleague has ticked meanwhile."""

    data: Any

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=int, choices=[], **kwargs)

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        self.data = sorted(self.data or [])

    def pre_validate(self, form: Any) -> None:
        """What was ticked may be gone meanwhile: deleted, withdrawn, replaced by a newer revision."""
        offered = {str(choice.value) for choice in self.choices or []}
        if not offered.issuperset(map(str, self.data or [])):
            raise validators.ValidationError(
                _("Something that you ticked is no longer there. Please look at the list once more.")
            )

    def stored_for(self, row: Recorded) -> list[int]:
        """The keys that are stored with this row, in order."""
        raise NotImplementedError

    def shown(self, value: list[int]) -> str:
        """The ticked rows by name."""
        names = {str(choice.value): str(choice.label) for choice in self.choices or []}
        return ", ".join(names.get(str(key), str(key)) for key in value) or "–"


class Given(validators.InputRequired):
    """Something that can be seen: blanks, control characters and marks of direction alone are nothing."""

    def __call__(self, form: Any, field: Field) -> None:
        super().__call__(form, field)
        seen = field.data
        if isinstance(seen, str):
            seen = any(c.isprintable() and not c.isspace() for c in seen) or None
        if seen is None and not field.errors:
            raise validators.StopValidation(field.gettext("This field is required."))


class TextField(StringField):
    """One line of text; empty is empty, never None; surrounding blanks go."""

    data: Any

    def __init__(self, label: Any, limit: int, *, required: bool = False, **kwargs: Any) -> None:
        checks: list[Any] = [validators.Length(max=limit)]
        if required:
            checks.insert(0, Given())
        else:
            checks.insert(0, validators.Optional())
        super().__init__(label, [*checks, *kwargs.pop("checks", [])], **kwargs)

    def process_formdata(self, values: list[str]) -> None:
        self.data = " ".join(typed_text(values[0]).split()) if values else ""


class LongTextField(TextAreaField):
    """Several lines of text."""

    data: Any

    def __init__(self, label: Any, limit: int, **kwargs: Any) -> None:
        super().__init__(label, [validators.Length(max=limit)], **kwargs)

    def process_formdata(self, values: list[str]) -> None:
        self.data = typed_text(values[0]).replace("\r\n", "\n").strip() if values else ""


class WebAddressField(TextField):
    """A web address: http or https, nothing else."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not re.match(r"https?://[^\s/]+\.?[^\s]*$", self.data):
            raise validators.ValidationError(_("A web address begins with https:// or http://."))


class DayField(Field):
    """A day as people type it: 31.12.2026, 1.5.27 or 2026-12-31."""

    data: Any

    widget = TextInput()

    def __init__(self, label: Any, *, required: bool = False, **kwargs: Any) -> None:
        check = Given() if required else validators.Optional()
        super().__init__(label, [check, *kwargs.pop("checks", [])], **kwargs)
        self.render_kw = {"inputmode": "numeric", "autocomplete": "off"}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return day_text(self.data, "de") if self.data else ""

    def process_formdata(self, values: list[str]) -> None:
        typed = values[0].strip() if values else ""
        self.data = parse_day(typed) if typed else None
        if typed and self.data is None:
            raise ValueError(_("This is not a date. Write it like 31.12.2026."))


def parse_day(typed: str) -> date | None:
    """The day, or None. Two-digit years are of this century."""
    german = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})", typed)
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed)
    try:
        if german:
            year = int(german[3]) + (2000 if len(german[3]) == 2 else 0)
            found = date(year, int(german[2]), int(german[1]))
            return found if FIRST_YEAR <= year <= LAST_YEAR else None
        if iso:
            found = date(int(iso[1]), int(iso[2]), int(iso[3]))
            return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
    except ValueError:
        return None
    return None


def choice_field(label: Any, values: type[E], *, empty: Any = None, **kwargs: Any) -> SelectField:
    """A choice among an enumeration's members; with `empty` none of them may be chosen too (None)."""
    member = enum_coerce(values)

    def choices() -> list[SelectChoice]:
        found = [SelectChoice(v.value, _(v.label)) for v in values if v.label]
        return found if empty is None else [SelectChoice("", str(empty)), *found]

    def coerce(value: Any) -> Any:
        return None if empty is not None and value in ("", None) else member(value)

    return SelectField(label, choices=choices, coerce=coerce, **kwargs)


def number_choice(label: Any, choices: Any, **kwargs: Any) -> SelectField:
    """A choice among rows: `choices()` gives (id, label); nothing chosen is None."""

    def coerce(value: Any) -> int | None:
        return int(value) if value not in ("", None, "None") else None

    def options() -> list[SelectChoice]:
        return [SelectChoice("", "–"), *(SelectChoice(str(key), name) for key, name in choices())]

    return SelectField(label, choices=options, coerce=coerce, **kwargs)


def officer_field(label: Any, **kwargs: Any) -> SelectField:
    """A choice among colleagues."""
    return number_choice(label, lambda: [(o.key, o.name) for o in officers(db())], **kwargs)


def country_field(label: Any) -> SelectField:
    """A choice among countries; empty if not known."""

    def options() -> list[SelectChoice]:
        names = ((country_name(code, language()), code) for code in country_codes())
        named = sorted(names, key=lambda pair: fold(pair[0]))
        return [SelectChoice("", "–"), *(SelectChoice(code, name) for name, code in named)]

    return SelectField(label, choices=options, coerce=lambda value: cast(str, value or ""))


class ConfirmForm(BaseForm):
    """A form with nothing to fill in: the person only confirms."""


class WholeNumberField(Field):
    """A whole number within limits, or nothing."""

    data: Any

    widget = TextInput()

    def __init__(self, label: Any, least: int, most: int, *, required: bool = False, **kwargs: Any) -> None:
        check = Given() if required else validators.Optional()
        super().__init__(label, [check], **kwargs)
        self.least, self.most = least, most
        self.render_kw = {"inputmode": "numeric", "autocomplete": "off"}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, values: list[str]) -> None:
        typed = values[0].strip() if values else ""
        self.data = None
        if not typed:
            return
        if not re.fullmatch(r"[0-9]{1,9}", typed) or not self.least <= int(typed) <= self.most:
            raise ValueError(
                _("Please write a whole number from {least} to {most}.").format(
                    least=self.least, most=self.most
                )
            )
        self.data = int(typed)


def email_check(form: Any, field: Field) -> None:
    """An address that could receive mail, judged without asking the network. An umlaut before the @ is refused: hardly
    any relay takes it, ours among them."""
    from email_validator import EmailNotValidError, validate_email

    if not field.data:
        return
    try:
        validate_email(field.data, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise validators.ValidationError(
            _("This is not an e-mail address, like name@example.org.")
        ) from error
