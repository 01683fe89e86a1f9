"""What two rows of one person become: what an officer chooses, and what follows without asking.

Every column of a person belongs to exactly one of CHOSEN, `settled`, OWN, the note and the pin of the first contact; a
test holds that.
"""

from datetime import date
from typing import Any

from models.base import LINE, NAME, NOTE
from models.contacts.duplicates.alike import is_shortened
from models.contacts.people import DataOrigin, Person

# What is chosen from one of the two rows: the columns that only make sense together.
CHOSEN: dict[str, tuple[str, ...]] = {
    "honorific": ("honorific",),
    "given_name": ("given_name",),
    "family_name": ("family_name",),
    "role": ("organisation_id", "function", "role_from", "role_to"),
    "place": ("place_id",),
    "email": ("email",),
    "phone": ("phone",),
    "language": ("language",),
    "legal_basis": ("legal_basis",),
    "origin": ("origin",),
    "purpose": ("purpose",),
}
# What belongs to a row and not to the person; the hidden columns are derived.
OWN = frozenset({"id", "version", "state", "merged_into_id", "erased_on"})


def values(person: Person, field: str) -> tuple[Any, ...]:
    """What a row has in the columns of one field."""
    return tuple(getattr(person, column) for column in CHOSEN[field])


def is_empty(person: Person, field: str) -> bool:
    """Whether a row says nothing there; an unknown origin says nothing, nor do dates without a function."""
    if field == "role":
        return person.organisation_id is None and not person.function
    return values(person, field)[0] in (None, "", DataOrigin.UNKNOWN)


def differing(one: Person, other: Person) -> list[str]:
    """The fields in which the two rows differ."""
    return [field for field in CHOSEN if values(one, field) != values(other, field)]


def proposed(one: Person, other: Person, field: str) -> Person:
    """From which row a field is taken unless an officer says otherwise: the one that says anything, of "L." and
    "Lukas" the whole name, else the newer."""
    if is_empty(one, field) != is_empty(other, field):
        return other if is_empty(one, field) else one
    if field == "given_name" and is_shortened(one.given_name.casefold(), other.given_name.casefold()):
        return max(one, other, key=lambda person: len(person.given_name))
    return max(one, other, key=_age)


def _age(person: Person) -> tuple[date, int]:
    known = (person.confirmed_on, person.source_on, person.last_talk_on, person.added_on)
    return max((day for day in known if day), default=date.min), person.key


def proposed_kept(one: Person, other: Person) -> Person:
    """Which row stays: the pinned first contact of a city, else the older row."""
    if one.is_first_contact != other.is_first_contact:
        return one if one.is_first_contact else other
    return min(one, other, key=lambda person: person.key)


def joined_notes(one: Person, other: Person) -> str:
    """Both notes, the older row's first."""
    return joined(*(p.note for p in sorted((one, other), key=lambda p: p.key)), between="\n")


def joined(one: str, other: str, *, between: str = "; ", limit: int = NOTE) -> str:
    """Both texts, or the one that says all of it; cut at the column's limit (the row that goes keeps its own)."""
    if one in other:
        return other
    return one if other in one else f"{one}{between}{other}"[:limit]


def settled(kept: Person, gone: Person) -> dict[str, Any]:
    """Columns that follow without asking; of two facts of data protection the stricter one."""
    both = (kept, gone)
    return {
        "uid": kept.uid or gone.uid,
        "other_languages": _languages(kept, gone),
        "other_properties": joined(kept.other_properties, gone.other_properties, between="\n"),
        "last_talk_on": _latest(kept.last_talk_on, gone.last_talk_on),
        "confirmed_on": _latest(kept.confirmed_on, gone.confirmed_on),
        "added_on": _earliest(kept.added_on, gone.added_on),
        "source": joined(kept.source, gone.source, limit=LINE),
        "source_on": _earliest(
            kept.source_on, gone.source_on
        ),  # the month of the notice began then (Art. 14(3))
        "notice_sent_on": _earliest(kept.notice_sent_on, gone.notice_sent_on),
        "notice_waived": joined(kept.notice_waived, gone.notice_waived, limit=LINE)
        if all(_owes_no_notice(person) for person in both)
        else "",
        "objected_on": _earliest(kept.objected_on, gone.objected_on),
        "objection": joined(kept.objection, gone.objection),
        "do_not_contact": kept.do_not_contact or gone.do_not_contact,
        "keep_until": _latest(kept.keep_until, gone.keep_until),
        "keep_reason": joined(kept.keep_reason, gone.keep_reason, limit=LINE),
    }


def _owes_no_notice(person: Person) -> bool:
    return bool(person.notice_waived or person.notice_sent_on or person.origin is DataOrigin.SELF)


def _earliest(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


def _latest(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)


def _languages(kept: Person, gone: Person) -> str:
    """Every language of both; the one of correspondence is not said twice when it is chosen."""
    codes = [*kept.other_languages.split(), *gone.other_languages.split()]
    if kept.language != gone.language:
        codes += [kept.language, gone.language]
    return " ".join(dict.fromkeys(codes))[:NAME]
