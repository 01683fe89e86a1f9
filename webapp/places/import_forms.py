"""Forms of the imports of places."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, validators

from models.base import CODE, N_, NAME
from models.place_list.planning import ListPlan, Vanished
from models.place_list.row_plan import Answers, Likeness
from webapp.as_of import AsOfField
from webapp.forms import BaseForm, TextField
from webapp.words import L_, _


class ListUploadForm(BaseForm):
    """A list, the day it is of, and how sources name it."""

    file = FileField(L_("File"), [FileRequired(L_("Please choose a file."))])
    as_of = AsOfField(L_("State of the list"), CODE, required=True)
    name = TextField(L_("Where the list comes from"), NAME)

    def validate_name(self, field: Any) -> None:
        if " | " in (field.data or ""):
            raise validators.ValidationError(
                _("Please write it without “ | ”: that parts one source from the next.")
            )


class PlacesApplyForm(BaseForm):
    """The order to import what the preview showed."""

    seen = HiddenField()


def answers(sent: MultiDict[str, str]) -> Answers:
    """In which rows the list's values replace those set by hand, and which rows mean a place of a similar name."""
    taken = frozenset(int(text) for text in sent.getlist("auch") if _is_row(text))
    known = {likeness.value: likeness for likeness in Likeness}
    rows = ((name.removeprefix("ort_"), value) for name, value in sent.items() if name.startswith("ort_"))
    likeness = {int(row): known[value] for row, value in rows if _is_row(row) and value in known}
    return Answers(taken, likeness)


DECISIONS = (
    (Vanished.STAYS, N_("leave as it is")),
    (Vanished.INACTIVE, N_("mark as inactive")),
    (Vanished.LEFT, N_("mark as no longer a member")),
)
LIKENESSES = (
    (Likeness.LEFT_OUT, N_("leave this row out")),
    (Likeness.SAME, N_("it is the same place")),
    (Likeness.NEW, N_("it is a new place")),
)


def in_words(choices: Iterable[tuple[StrEnum, str]]) -> list[tuple[str, str]]:
    """Choices as a page offers them: value and words."""
    return [(choice.value, _(text)) for choice, text in choices]


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8


def decisions(sent: Mapping[str, str], plan: ListPlan) -> dict[int, Vanished]:
    """What the person chose for each member that vanished; whatever is unclear stays as it is."""
    known = {decision.value: decision for decision in Vanished}
    chosen = ((place.key, sent.get(f"weg_{place.key}", "")) for place in plan.vanished)
    return {key: known.get(value, Vanished.STAYS) for key, value in chosen}
