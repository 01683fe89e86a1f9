"""From the lines of one visiting card to the card: which property says what, in the three dialects."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from models.documents.vcard import Card, CardRemark, Point, Postal
from models.documents.vcard_keeping import NOTHING, kept_lines, not_taken
from models.documents.vcard_properties import (
    Head,
    Property,
    apple_label,
    one_line,
    pieces,
    unescaped,
)
from models.documents.vcard_roles import RolePart, paired_roles, surplus_roles

_GOOGLE_TAGS = frozenset(("mycontacts", "starred"))
_REV = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_TEL = re.compile(r"tel:([^;]*)(?:;ext=([^;]*))?", re.IGNORECASE)


class Assembling:
    """One card in the making. `remarks` holds what was not taken over, `is_group` whether it is a distribution list."""

    def __init__(self, found: list[Property]) -> None:
        self.remarks: list[CardRemark] = []
        self.is_group = False
        self._is_old = any(one.head.name == "VERSION" and one.value.strip() == "2.1" for one in found)
        self._texts: dict[str, str] = {}
        self._names = [""] * 5
        self._notes: list[str] = []
        self._tags: list[str] = []
        self._kind = ""
        self._roles: list[RolePart] = []
        self._points: dict[str, list[tuple[Head, Point]]] = {"EMAIL": [], "TEL": [], "URL": [], "LANG": []}
        self._postals: list[tuple[Head, Postal]] = []
        self._envelopes: list[tuple[Head, str]] = []
        self._other: list[Property] = []
        self._labels = {one.head.group: self._line(one) for one in found if one.head.name == "X-ABLABEL"}
        for one in found:
            self._take(one)

    def _take(self, one: Property) -> None:
        name = one.head.name
        if (taking := _TAKING.get(name)) is not None:
            taking(self, one)
        elif (remark := not_taken(one)) is not None:
            if remark not in self.remarks:
                self.remarks.append(remark)
        elif name not in NOTHING:
            self._other.append(one)

    def _line(self, one: Property) -> str:
        return one_line(one.value, self._is_old)

    def _list(self, value: str) -> str:
        """Several titles: "Prof.,Dr."."""
        parts = [one_line(part, self._is_old) for part in pieces(value, ",")]
        return " ".join(part for part in parts if part)

    # --- one property each ---

    def _text(self, one: Property) -> None:
        self._texts[one.head.name] = self._texts.get(one.head.name) or self._line(one)

    def _name(self, one: Property) -> None:
        if not any(self._names):
            parts = (pieces(one.value) + [""] * 5)[:5]
            names = [one_line(part, self._is_old) for part in parts[:3]]
            self._names = [*names, *(self._list(part) for part in parts[3:])]

    def _role(self, one: Property) -> None:
        if one.head.name == "ORG":
            organisation, *units = [one_line(part, self._is_old) for part in pieces(one.value)]
            value, unit = organisation, ", ".join(unit for unit in units if unit)
        else:
            value, unit = self._line(one), ""
        if value or unit:
            self._roles.append(RolePart(one, value, unit))

    def _point(self, one: Property) -> None:
        head, value, uri = one.head, self._line(one), ""
        if head.name == "EMAIL" and value[:7].lower() == "mailto:":
            value = value[7:]
        elif head.name == "TEL" and (found := _TEL.fullmatch(value)):
            uri, value = value, found[1] + (f" ext. {found[2]}" if found[2] else "")
        elif head.name == "URL":
            value = one.value.replace("\\:", ":").replace("\\,", ",").replace("\\;", ";").strip()
            value = "".join(c for c in value if c.isprintable())
        if value:
            label, types = self._label(head)
            self._points[head.name].append((head, Point(value, label, types, uri)))

    def _postal(self, one: Property) -> None:
        parts = [unescaped(part, self._is_old).strip() for part in (pieces(one.value) + [""] * 7)[:7]]
        box, extended, street, locality, region, code, country = parts
        written = one.head.parameter("LABEL")
        written = (written if "\n" in written else written.replace("\\n", "\n")).strip()
        if any(parts) or written:
            label, types = self._label(one.head)
            postal = Postal(street, locality, code, region, country, box, extended, written, label, types)
            self._postals.append((one.head, postal))

    def _envelope(self, one: Property) -> None:
        if written := unescaped(one.value, self._is_old).strip():
            self._envelopes.append((one.head, written))

    def _note(self, one: Property) -> None:
        if note := unescaped(one.value, self._is_old).strip():
            self._notes.append(note)

    def _categories(self, one: Property) -> None:
        tags = (one_line(part, self._is_old) for part in pieces(one.value, ",;"))
        self._tags += [tag for tag in tags if tag and tag.lower() not in _GOOGLE_TAGS]

    def _kind_of(self, one: Property) -> None:
        kind = self._line(one).lower()
        self._kind = {"company": "org", "location": "org"}.get(kind, kind)
        self.is_group = self.is_group or kind == "group"

    def _label(self, head: Head) -> tuple[str, tuple[str, ...]]:
        label, types = apple_label(self._labels.get(head.group, "") if head.group else "")
        return label or head.label, tuple(dict.fromkeys((*head.types, *types)))

    # --- the whole ---

    def card(self) -> Card:
        """What was read; its name is empty where the card names nobody."""
        family, given, additional, honorific, suffix = self._names
        given = f"{given} {additional}".strip()
        emails, roles = self._sorted("EMAIL"), paired_roles(self._roles)
        composed = " ".join(part for part in (honorific, given, family, suffix) if part)
        organisation = next((role.organisation for role in roles if role.organisation), "")
        formatted = self._texts.get("FN", "")
        name = formatted or composed or organisation or (emails[0].value if emails else "")
        is_unnamed = not (family or given)
        return Card(
            name=name,
            uid=self._texts.get("UID", ""),
            given_name=given,
            family_name=family,
            honorific=honorific,
            suffix=suffix,
            roles=roles,
            emails=emails,
            phones=self._sorted("TEL"),
            addresses=self._addresses(),
            websites=self._sorted("URL"),
            languages=tuple(point.value for point in self._sorted("LANG")),
            note="\n\n".join(self._notes),
            tags=tuple(dict.fromkeys(self._tags)),
            is_organisation=self._kind == "org"
            or (not self._kind and is_unnamed and name.casefold() == organisation.casefold() != ""),
            changed_at=_moment(self._texts.get("REV", "")),
            other=kept_lines([*self._other, *surplus_roles(self._roles)]),
        )

    def _sorted(self, name: str) -> tuple[Point, ...]:
        found = self._points[name]
        if len(found) > 1:
            found = sorted(found, key=lambda pair: pair[0].preference)
        return tuple(dict.fromkeys(point for _head, point in found))

    def _addresses(self) -> tuple[Postal, ...]:
        """Addresses, and envelopes (LABEL of vCard 2.1 and 3.0) that say the only thing about theirs."""
        known = {head.types for head, _postal in self._postals}
        envelopes = [
            (head, Postal(written=written, label=head.label, types=head.types))
            for head, written in self._envelopes
            if head.types not in known
        ]
        found = sorted([*self._postals, *envelopes], key=lambda pair: pair[0].preference)
        return tuple(postal for _head, postal in found)


def _moment(text: str) -> datetime | None:
    """RFC 6350 REV in its spellings; without a zone it is UTC. None where it is no moment."""
    found = _REV.match(text)
    if found is None:
        return None
    zone = (found[7] or "Z").replace("Z", "+00:00")
    zone = zone if ":" in zone else f"{zone[:3]}:{zone[3:] or '00'}"
    clock = ":".join(found[part] or "00" for part in (4, 5, 6))
    try:
        return datetime.fromisoformat(f"{found[1]}-{found[2]}-{found[3]}T{clock}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_TAKING: dict[str, Callable[[Assembling, Property], None]] = {
    **dict.fromkeys(("FN", "UID", "REV"), Assembling._text),
    "N": Assembling._name,
    **dict.fromkeys(("ORG", "TITLE", "ROLE"), Assembling._role),
    **dict.fromkeys(("EMAIL", "TEL", "URL", "LANG"), Assembling._point),
    "ADR": Assembling._postal,
    "LABEL": Assembling._envelope,
    "NOTE": Assembling._note,
    "CATEGORIES": Assembling._categories,
    **dict.fromkeys(("KIND", "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND"), Assembling._kind_of),
}
