"""What a contact of a file would change at a person: nothing is emptied, and what is new is added."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from models.audit import plain
from models.base import N_, NOTE
from models.contacts.exchange.known import Neighbours, Register, own_key
from models.contacts.exchange.record import ContactRecord, Point, Role
from models.contacts.people import Person
from models.contacts.points import PointKind, point_key
from models.folding import fold
from models.imports.plan import Remark

UNTOUCHED = N_("This person does not want to be contacted, or objected. Nothing is changed.")
NOTE_FULL = N_("The note would become too long.")
KEPT_FIRST = N_("The city has another first contact; that stays.")

_ADDED = ("note", "other_properties")  # grow by what is new; everything else is replaced
_FILLED = ("uid",)  # names the card for good: only filled where there is none


@dataclass
class Difference:
    """Columns before and after, and what would be added."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    organisation: str = ""  # the name of one to be made
    points: list[Point] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.after or self.organisation or self.points or self.roles or self.tags)


def is_untouched(person: Person) -> bool:
    """Whether an import leaves this person as she is."""
    return person.do_not_contact or person.objected_on is not None


def difference(
    record: ContactRecord, person: Person, around: Neighbours, register: Register, installation: str
) -> Difference:
    """What taking this contact would change at this person."""
    found = Difference()
    for name, value in record.values.items():
        if name not in ("email", "phone"):
            _compare(found, person, name, value)
    if own_key(str(found.after.get("uid", "")), installation) == person.key:
        _keep(found, "uid")
    _compare_home(found, record, person, register)
    _compare_reach(found, record, person, around.points.get(person.key, []))
    _compare_roles(found, record, person, around, register)
    have = around.tags.get(person.key, set())
    found.tags = [tag for tag in record.tags if fold(tag) not in have]
    return found


def _keep(found: Difference, name: str) -> None:
    found.before.pop(name, None)
    found.after.pop(name, None)


def _compare(found: Difference, person: Person, name: str, value: Any) -> None:
    old = plain(getattr(person, name))
    if value == old or (name in _FILLED and old):
        return
    if name in _ADDED and old:
        new = [line for line in str(value).split("\n") if line not in str(old).split("\n")]
        if str(value) in str(old) or not new:
            return
        value = f"{old}\n{value if name == 'note' else chr(10).join(new)}"
        if len(value) > NOTE:
            found.remarks.append(Remark(NOTE_FULL, columns=(name,)))
            return
    if name == "other_languages":
        value = " ".join(dict.fromkeys([*str(old).split(), *str(value).split()]))
        if value == old:
            return
    found.before[name], found.after[name] = old, value


def _compare_home(found: Difference, record: ContactRecord, person: Person, register: Register) -> None:
    organisation = register.organisation(record.organisation, record.organisation_city, record.city)
    if record.organisation and (organisation is None or organisation < 0):
        found.organisation = record.organisation
    elif organisation is not None and person.organisation_id != organisation:
        same = fold(register.organisation_words.get(person.organisation_id or 0, [""])[0])
        if same != fold(record.organisation):  # of two with the same name the one that stands there stays
            found.before["organisation_id"], found.after["organisation_id"] = (
                person.organisation_id,
                organisation,
            )
    place = register.place(record.city)
    if place is not None and person.place_id != place:
        found.before["place_id"], found.after["place_id"] = person.place_id, place
    if "is_first_contact" in found.after and (place or person.place_id) in register.places_with_first_contact:
        _keep(found, "is_first_contact")
        found.remarks.append(Remark(KEPT_FIRST))


def _compare_reach(found: Difference, record: ContactRecord, person: Person, points: Iterable[Any]) -> None:
    have = {(point.kind, point.value_key) for point in points}
    for name, kind in (("email", PointKind.EMAIL), ("phone", PointKind.PHONE)):
        value, first = str(record.values.get(name, "")), str(getattr(person, name))
        if first:
            have.add((kind, point_key(kind, first)))
        elif value and (kind, point_key(kind, value)) not in have:
            found.before[name], found.after[name] = "", value
            have.add((kind, point_key(kind, value)))
        if value and (kind, point_key(kind, value)) not in have:
            found.points.append(Point(kind, value))
            have.add((kind, point_key(kind, value)))
    for point in record.points:
        key = (point.kind, point_key(point.kind, point.value))
        if key not in have:
            found.points.append(point)
            have.add(key)


def _compare_roles(
    found: Difference, record: ContactRecord, person: Person, around: Neighbours, register: Register
) -> None:
    have = {
        role_key(role.function, role.organisation_id, plain(role.role_from), plain(role.role_to))
        for role in around.roles.get(person.key, [])
    }
    main = role_key(person.function, person.organisation_id, None, None)[:2]
    for role in record.roles:
        organisation = register.organisation(role.organisation, "")
        key = role_key(role.function, organisation, role.role_from, role.role_to)
        is_new_house = bool(role.organisation) and (organisation is None or organisation < 0)
        if is_new_house or (key not in have and (key[:2] != main or role.role_from or role.role_to)):
            found.roles.append(role)
            have.add(key)


def role_key(
    function: str, organisation_id: int | None, role_from: object, role_to: object
) -> tuple[object, ...]:
    """By what two functions are the same."""
    return fold(function), organisation_id, role_from or "", role_to or ""
