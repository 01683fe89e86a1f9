"""What the dry run shows: mentions with their place, link and tick."""

from dataclasses import dataclass

from models.privacy.columns import PUBLIC
from models.privacy.mentions import Mention, Unit
from models.privacy.planning import Plan
from webapp.erasure.forms import unit_text
from webapp.history_words import column_word, table_word
from webapp.pages import address_of
from webapp.titles import subject_title
from webapp.words import _


@dataclass(frozen=True)
class Shown:
    """A row that mentions her. `places`: (column, text around). `is_ticked`: the mention goes."""

    name: str
    kind: str
    title: str
    address: str | None
    places: list[tuple[str, str]]
    is_ticked: bool
    is_unsure: bool
    has_history: bool  # the history of changes says it as well


def shown_mentions(plan: Plan, *, public: bool, keep: set[Unit] | None = None) -> list[Shown]:
    """The rows that mention her: those that can be ticked, or the public ones. `keep`: what a person unticked; None
    where nobody has chosen yet."""
    found = []
    for unit, mentions in sorted(plan.mentions.units().items()):
        if (unit[0] in PUBLIC) is public and any(one.is_public or not public for one in mentions):
            is_unsure = unit in plan.mentions.unsure
            ticked = not is_unsure if keep is None else unit not in keep
            found.append(_shown(unit, mentions, is_ticked=ticked, is_unsure=is_unsure))
    return found


def _shown(unit: Unit, mentions: list[Mention], *, is_ticked: bool, is_unsure: bool) -> Shown:
    kind, key = unit
    title = subject_title(kind, key)
    own = [one for one in mentions if one.table == kind]
    places = [(_place(one, column), text) for one in own or mentions for column, text in one.told().items()]
    return Shown(
        unit_text(unit), table_word(kind), title, address_of(kind, key) if title else None,
        list(dict.fromkeys(places)), is_ticked, is_unsure, bool(own) and len(own) < len(mentions),
    )  # fmt: skip


def _place(mention: Mention, column: str) -> str:
    if mention.table == mention.unit[0]:
        return column_word(column)
    return _("{table}: {column}").format(table=table_word(mention.table), column=column_word(column))
