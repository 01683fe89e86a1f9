"""A contact as files hold it: plain values between any format and the tables."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.contacts.points import PointKind
from models.imports.plan import Remark


@dataclass(frozen=True)
class Point:
    """One more way to reach somebody."""

    kind: PointKind
    value: str
    label: str = ""


@dataclass(frozen=True)
class Role:
    """A further or former function; days as 2026-12-31, "" where they are not known."""

    function: str
    organisation: str = ""
    role_from: str = ""
    role_to: str = ""
    note: str = ""


@dataclass
class ContactRecord:
    """One card or row. `values`: columns of `person` by name, plain as the history has them, and only those that the
    file fills. `number` is the card's or the row's in its file; `city` is where the person (or her organisation) is,
    `organisation_city` where the file says it of the organisation alone; `keys`: number as typed -> E.164, if known."""

    number: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    organisation: str = ""
    organisation_city: str = ""
    city: str = ""
    points: list[Point] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def title(self) -> str:
        """How the row is called: the name, or what else is known."""
        names = (str(self.values.get(name, "")) for name in ("honorific", "given_name", "family_name"))
        return " ".join(" ".join(names).split()) or str(self.values.get("email", "")) or self.organisation

    @property
    def addresses(self) -> list[str]:
        """Every mail address, the first one first."""
        first = [self.values["email"]] if self.values.get("email") else []
        return [*first, *(p.value for p in self.points if p.kind is PointKind.EMAIL)]

    def stored(self) -> dict[str, Any]:
        """As JSON, without what was said of it."""
        return {
            "values": self.values, "organisation": self.organisation, "organisation_city": self.organisation_city,
            "city": self.city, "points": [[p.kind.value, p.value, p.label] for p in self.points],
            "roles": [list(asdict(role).values()) for role in self.roles], "tags": self.tags,
        }  # fmt: skip


def record_from(number: int, stored: Mapping[str, Any]) -> ContactRecord:
    """What was stored, as it was."""
    return ContactRecord(
        number,
        dict(stored["values"]),
        stored["organisation"],
        stored["organisation_city"],
        stored["city"],
        [Point(PointKind(kind), value, label) for kind, value, label in stored["points"]],
        [Role(*parts) for parts in stored["roles"]],
        list(stored["tags"]),
    )
