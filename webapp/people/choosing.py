"""What can be chosen in the list of contacts, and what the address says was chosen."""

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from flask import g
from sqlalchemy import literal, union_all
from sqlmodel import col, func, select
from werkzeug.datastructures import MultiDict

from models.base import Labelled, Searchable
from models.contacts.organisations import Organisation
from models.contacts.people import LANGUAGES, ContactState, language_name
from models.contacts.search.criteria import Criteria, RoleState
from models.contacts.tags import Tag
from models.folding import fold
from models.places import Place
from webapp.database import db, today
from webapp.filters import country
from webapp.forms import typed_text
from webapp.words import language

MOST_CHOICES = 300  # above, nobody looks through a list: a part of the name is typed
E = TypeVar("E", bound=Labelled)

_KINDS: tuple[type[Any], ...] = (Place, Organisation, Tag)
_NAMED = ("ort", "organisation", "schlagwort")


def criteria_from(args: MultiDict[str, str]) -> Criteria:
    """The search and the filters of an address; what is no organisation, state or language filters nothing."""
    place_id, place_name = _row(Place, args.get("ort", ""))
    organisation_id, organisation_name = _row(Organisation, args.get("organisation", ""))
    tag_id, tag_name = _row(Tag, args.get("schlagwort", ""))
    code, spoken = args.get("land", ""), args.get("sprache", "")
    return Criteria(
        on=today(),
        query=_typed(args.get("suche", "")),
        place_id=place_id,
        place_name=place_name,
        country_code=code if len(code) == 2 and code.isascii() and code.isupper() else "",
        organisation_id=organisation_id,
        organisation_name=organisation_name,
        tag_id=tag_id,
        tag_name=tag_name,
        language=spoken if spoken in LANGUAGES else "",
        contact=_member(ContactState, args.get("kontakt")),
        role=_member(RoleState, args.get("aufgabe")),
        is_to_confirm=args.get("amt") == "pruefen",
        is_first_contact=args.get("erste") == "ja",
    )


def address_of_criteria(criteria: Criteria) -> dict[str, str]:
    """The same as an address: nothing of what is not chosen."""
    said = {
        "suche": criteria.query,
        "ort": criteria.place_id or criteria.place_name,
        "land": criteria.country_code,
        "organisation": criteria.organisation_id or criteria.organisation_name,
        "schlagwort": criteria.tag_id or criteria.tag_name,
        "sprache": criteria.language,
        "kontakt": criteria.contact.value if criteria.contact else "",
        "aufgabe": criteria.role.value if criteria.role else "",
        "amt": "pruefen" if criteria.is_to_confirm else "",
        "erste": "ja" if criteria.is_first_contact else "",
    }
    return {name: str(value) for name, value in said.items() if value}


def _typed(text: str) -> str:
    return typed_text(text).strip()[:200]


def _member(kind: type[E], value: str | None) -> E | None:
    return next((member for member in kind if member.value == value), None)


def _key_column(kind: type[Any]) -> Any:
    return col(Tag.name_key) if kind is Tag else col(kind.sort_key)


def _row(kind: type[Searchable] | type[Tag], said: str) -> tuple[int | None, str]:
    """The row's id; or, where there are too many to choose from, the folded part of a name that was typed."""
    said = _typed(said)
    if not said:
        return None, ""
    named = select(kind.id).where(_key_column(kind) == fold(said)).limit(2)
    exact = list(db().exec(named))
    if len(exact) == 1:
        return exact[0], ""
    if said.isascii() and said.isdigit():
        known = len(said) < 10 and db().exec(select(kind.id).where(kind.id == int(said))).first()
        return (int(said), "") if known else (None, "")
    return None, fold(said) if has_many(kind) else ""


def has_many(kind: type[Any]) -> bool:
    """Whether there are more rows than a list to choose from should have."""
    return bool(_numbers()[_KINDS.index(kind)] > MOST_CHOICES)


def _numbers() -> Any:
    """How many places, organisations and tags there are, up to one more than are chosen from; asked once."""
    if "choices_numbers" not in g:
        g.choices_numbers = db().connection().execute(_counts(MOST_CHOICES)).one()
    return g.choices_numbers


@cache
def _counts(most: int) -> Any:
    some = (select(kind.id).limit(most + 1).subquery() for kind in _KINDS)
    return select(*(select(func.count()).select_from(part).scalar_subquery() for part in some))


@dataclass(frozen=True)
class Choice:
    """A filter by a row: rows to choose from, or None where a part of the name is typed; what is chosen, as text."""

    name: str
    rows: list[tuple[int, str]] | None
    chosen: str

    @property
    def is_needed(self) -> bool:
        return self.rows is None or bool(self.rows)


def choices(criteria: Criteria) -> dict[str, Any]:
    """Everything that the form of the list offers."""
    chosen: dict[Any, tuple[int | None, str]] = {
        Place: (criteria.place_id, criteria.place_name),
        Organisation: (criteria.organisation_id, criteria.organisation_name),
        Tag: (criteria.tag_id, criteria.tag_name),
    }
    rows, codes = _offered(tuple(not has_many(kind) for kind in _KINDS))
    found = []
    for number, (kind, (key, typed)) in enumerate(chosen.items()):
        if has_many(kind):
            row = db().get(kind, key) if key is not None else None
            found.append(Choice(_NAMED[number], None, row.name if row is not None else typed))
        else:
            found.append(Choice(_NAMED[number], rows[number], str(key or "")))
    return {
        "rows_to_choose": dict(zip(_NAMED, found, strict=True)),
        "countries": sorted(((country(code), code) for code in codes), key=lambda named: fold(named[0])),
        "languages": _languages(language()),
        "contact_states": list(ContactState),
        "role_states": list(RoleState),
    }


def _offered(are_short: tuple[bool, ...]) -> tuple[list[list[tuple[int, str]]], set[str]]:
    """The names of the rows to choose from, and the codes of all countries."""
    rows: list[list[tuple[int, str]]] = [[] for _kind in _KINDS]
    codes: set[str] = set()
    for number, key, name, _key in db().connection().execute(_offers(are_short)):
        if number < len(_KINDS):
            rows[number].append((key, name))
        elif name:
            codes.add(name)
    return rows, codes


@cache
def _offers(are_short: tuple[bool, ...]) -> Any:
    parts: list[Any] = [
        select(
            literal(number).label("number"), kind.id.label("id"), kind.name, _key_column(kind).label("key")
        )
        for number, (kind, is_short) in enumerate(zip(_KINDS, are_short, strict=True))
        if is_short
    ]
    for kind in (Place, Organisation):
        code = col(kind.country_code)
        last: Any = literal(len(_KINDS)).label("number")
        parts.append(select(last, literal(0).label("id"), code, code.label("key")).distinct())
    every: Any = union_all(*parts).subquery()
    return select(every).order_by(every.c.number, every.c.key, every.c.id)


@cache
def _languages(shown_in: str) -> list[tuple[str, str]]:
    named = [(language_name(code, shown_in), code) for code in LANGUAGES]
    return sorted(named, key=lambda pair: fold(pair[0]))
