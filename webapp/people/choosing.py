"""What can be chosen in the list of contacts, and what the address says was chosen."""

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlmodel import col, func, select
from werkzeug.datastructures import MultiDict

from models.base import Labelled, Searchable
from models.contacts.criteria import Criteria, RoleState
from models.contacts.organisations import Organisation, organisation_countries
from models.contacts.people import LANGUAGES, ContactState, language_name
from models.contacts.tags import Tag
from models.folding import fold
from models.places import Place, place_countries
from webapp.database import db, today
from webapp.filters import country
from webapp.forms import typed_text
from webapp.words import language

MOST_CHOICES = 300  # above, nobody looks through a list: a part of the name is typed
E = TypeVar("E", bound=Labelled)

# The addresses of the list, of its export and of its bookmarks.
NAMES = (
    "suche",
    "ort",
    "land",
    "organisation",
    "schlagwort",
    "sprache",
    "kontakt",
    "aufgabe",
    "amt",
    "erste",
)


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
    some = select(kind.id).limit(MOST_CHOICES + 1).subquery()
    return int(db().exec(select(func.count()).select_from(some)).one()) > MOST_CHOICES


@dataclass(frozen=True)
class Choice:
    """A filter by a row: rows to choose from, or None where a part of the name is typed; what is chosen, as text."""

    name: str
    rows: list[Any] | None
    chosen: str

    @property
    def is_needed(self) -> bool:
        return self.rows is None or bool(self.rows)


def choice(name: str, kind: type[Any], key: int | None, typed: str) -> Choice:
    """The choice among places, organisations or tags."""
    if has_many(kind):
        row = db().get(kind, key) if key is not None else None
        return Choice(name, None, row.name if row is not None else typed)
    rows = list(db().execute(select(kind.id, kind.name).order_by(_key_column(kind), kind.id)))
    return Choice(name, rows, str(key or ""))


def choices(criteria: Criteria) -> dict[str, Any]:
    """Everything that the form of the list offers."""
    codes = {*place_countries(db()), *organisation_countries(db())}
    return {
        "by_place": choice("ort", Place, criteria.place_id, criteria.place_name),
        "by_organisation": choice(
            "organisation", Organisation, criteria.organisation_id, criteria.organisation_name
        ),
        "by_tag": choice("schlagwort", Tag, criteria.tag_id, criteria.tag_name),
        "countries": sorted(((country(code), code) for code in codes), key=lambda named: fold(named[0])),
        "languages": _languages(language()),
        "contact_states": list(ContactState),
        "role_states": list(RoleState),
    }


@cache
def _languages(shown_in: str) -> list[tuple[str, str]]:
    named = [(language_name(code, shown_in), code) for code in LANGUAGES]
    return sorted(named, key=lambda pair: fold(pair[0]))
