"""Which function belongs to which organisation: a visiting card says them in separate lines."""

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
    titles = _named("TITLE", parts) or _named("ROLE", parts)
    waiting: dict[str, list[str]] = {}
    for part in titles:
        waiting.setdefault(part.group, []).append(part.value)
    for values in waiting.values():
        values.reverse()
    places = [
        (part, waiting[part.group].pop() if waiting.get(part.group) else "") for part in _named("ORG", parts)
    ]
    loose = [value for values in waiting.values() for value in reversed(values)]
    loose.reverse()
    roles = []
    for part, function in places:
        if not function and loose and part.group not in waiting:
            function = loose.pop()
        roles.append(Role(part.value, function, part.unit))
    return tuple(dict.fromkeys([*roles, *(Role("", function) for function in reversed(loose))]))


def surplus_roles(parts: list[RolePart]) -> Iterable[Property]:
    """The lines ROLE that stand beside a TITLE."""
    return [part.line for part in _named("ROLE", parts)] if _named("TITLE", parts) else []


def _named(name: str, parts: list[RolePart]) -> list[RolePart]:
    return [part for part in parts if part.name == name]
