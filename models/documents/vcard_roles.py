"""Which function belongs to which organisation: a visiting card says them in separate lines."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from models.documents.vcard import Role
from models.documents.vcard_properties import Property


@dataclass(frozen=True, slots=True)
class RolePart:
    """What one line ORG, TITLE or ROLE says; `unit` is the department of an ORG."""

    line: Property
    value: str
    unit: str = ""

    @property
    def name(self) -> str:
        return self.line.head.name

    @property
    def group(self) -> str:
        return self.line.head.group


def paired_roles(parts: list[RolePart]) -> tuple[Role, ...]:
    """ORG and TITLE of one group belong together; without groups the first to the first, and so on. ROLE is read
    where there is no TITLE."""
    title = "TITLE" if _named("TITLE", parts) else "ROLE"
    found: list[dict[str, RolePart]] = []
    waiting: dict[tuple[str, str], deque[dict[str, RolePart]]] = defaultdict(deque)
    for part in parts:
        if part.name in ("ORG", title):
            if fitting := waiting[part.group, part.name]:
                fitting.popleft()[part.name] = part
            else:
                found.append({part.name: part})
                waiting[part.group, title if part.name == "ORG" else "ORG"].append(found[-1])
    _marry(found, title)
    roles = []
    for pair in found:
        place, function = pair.get("ORG"), pair.get(title)
        if place or function:
            organisation, unit = (place.value, place.unit) if place else ("", "")
            roles.append(Role(organisation, function.value if function else "", unit))
    return tuple(dict.fromkeys(roles))


def _marry(found: list[dict[str, RolePart]], title: str) -> None:
    """Google names the group of an organisation with a label, and that of its function not."""
    places = [pair for pair in found if title not in pair and pair["ORG"].group]
    functions = [pair for pair in found if "ORG" not in pair and not pair[title].group]
    for place, function in zip(places, functions, strict=False):
        place[title] = function.pop(title)


def surplus_roles(parts: list[RolePart]) -> Iterable[Property]:
    """The lines ROLE that stand beside a TITLE."""
    return [part.line for part in _named("ROLE", parts)] if _named("TITLE", parts) else []


def _named(name: str, parts: list[RolePart]) -> list[RolePart]:
    return [part for part in parts if part.name == name]
