"""Fields of the forms of people: language, tags, days that have come, numbers that can be dialled."""

from typing import Any

from wtforms import Field, SelectField, validators
from wtforms.fields.choices import SelectChoice

from models.base import CODE, NAME, Recorded
from models.contacts.exchange.languages import code_of
from models.contacts.people import LANGUAGES, language_name
from models.contacts.phones import read_phone
from models.contacts.tagging import MOST_TAGS, split_tags
from models.contacts.tags import tag_names
from models.folding import fold
from webapp.database import db, today
from webapp.forms import TextField
from webapp.words import L_, _, language


def phone_check(_form: Any, field: Field) -> None:
    """A number that could be dialled, in Germany or with its country code."""
    if field.data and read_phone(field.data) is None:
        raise validators.ValidationError(
            _("Write one number that can be dialled, with its area code: 0341 123-4567, or +34 933 209 520.")
        )


def past_check(_form: Any, field: Field) -> None:
    """A day that has come already."""
    if field.data and field.data > today():
        raise validators.ValidationError(_("This day is still to come."))


def order_check(first: Field, last: Field) -> None:
    """What ends before it began is told at the end."""
    if first.data and last.data and last.data < first.data:
        raise validators.ValidationError(_("This lies before the first day."))


def language_field() -> SelectField:
    """In which language we write; German and English first."""

    def options() -> list[SelectChoice]:
        named = [(language_name(code, language()), code) for code in LANGUAGES]
        rest = sorted(
            ((name, code) for name, code in named if code not in ("de", "en")), key=lambda n: fold(n[0])
        )
        first = [(language_name(code, language()), code) for code in ("de", "en")]
        return [SelectChoice(code, name) for name, code in (*first, *rest)]

    return SelectField(L_("Language"), choices=options, default="en")


class LanguagesField(TextField):
    """Several languages, as their names with commas between; stored as codes with blanks between."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, NAME, **kwargs)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.shown(self.data)

    def shown(self, codes: str | None) -> str:
        """The names in the language of the page."""
        return ", ".join(language_name(code, language()) for code in (codes or "").split())

    def process_formdata(self, values: list[str]) -> None:
        typed = [part.strip() for part in (values[0] if values else "").replace(";", ",").split(",")]
        codes = {part: code_of(part) for part in typed if part}
        self.data = " ".join(dict.fromkeys(code for code in codes.values() if code))
        unknown = ", ".join(part[:CODE] for part, code in codes.items() if not code)
        if unknown:
            raise ValueError(_("We know no language of this name: {names}.").format(names=unknown))


class TagsField(TextField):
    """Tags in one line, with commas between. They are no column of the row: `stored_for` reads what it has."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, 2_000, **kwargs)

    def pre_validate(self, form: Any) -> None:
        found = split_tags(self.data or "")
        if any(len(name) > CODE for name in found):
            raise validators.ValidationError(_("A tag has at most {n} characters.").format(n=CODE))
        if len(found) > MOST_TAGS:
            raise validators.ValidationError(_("At most {n} tags, please.").format(n=MOST_TAGS))

    @property
    def names(self) -> list[str]:
        """The tags that were typed."""
        return split_tags(self.data or "")

    def stored_for(self, row: Recorded) -> str:
        """The tags of a row as they would be typed."""
        return ", ".join(tag_names(db(), str(type(row).__tablename__), row.key))
