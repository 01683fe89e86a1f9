"""Several values in one cell of a table, and back without loss: addresses and functions one a line, tags by comma.

A backslash keeps what would be taken for a mark, and stands for a line break as \\n.
"""

import re
from collections.abc import Iterable
from datetime import date

from models.contacts.exchange.record import Point, Role
from models.contacts.points import PointKind
from models.imports.values import day_in
from models.language import day_text

_LABELLED = re.compile(r"((?:\\.|[^\\:]|:(?! ))*): (.*)", re.DOTALL)


def _kept(text: str, mark: str = "") -> str:
    return re.sub(rf"[\\{mark}]", lambda found: f"\\{found[0]}", text).replace("\n", "\\n")


def _plain(written: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], written, flags=re.DOTALL
    ).strip()


def _split(text: str, mark: str) -> list[str]:
    """Text at every `mark` that no backslash keeps."""
    return [_plain(part) for part in re.findall(rf"((?:\\.|[^\\{mark}])*)(?:[{mark}]|$)", text, re.DOTALL)]


def points_cell(points: Iterable[Point], kind: PointKind) -> str:
    """All points of one kind: "Büro: 0341 123", one a line."""
    return "\n".join(_point_line(point) for point in points if point.kind is kind)


def _point_line(point: Point) -> str:
    value = _kept(point.value)
    return f"{_kept(point.label, ':')}: {value}" if point.label or ": " in value else value


def points_in(cell: str, kind: PointKind) -> list[Point]:
    """The points of a cell."""
    found = []
    for line in cell.split("\n"):
        labelled = _LABELLED.fullmatch(line.strip())
        label, value = (_plain(labelled[1]), _plain(labelled[2])) if labelled else ("", _plain(line))
        if value:
            found.append(Point(kind, value, label))
    return found


def roles_cell(roles: Iterable[Role]) -> str:
    """Functions: "Leitung | Fab Lab | 01.01.2020 | 31.12.2022 | bis zur Wahl", one a line."""
    return "\n".join(_role_line(role) for role in roles)


def _role_line(role: Role) -> str:
    days = (day_text(date.fromisoformat(day), "de") if day else "" for day in (role.role_from, role.role_to))
    parts = [role.function, role.organisation, *days, role.note]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return " | ".join(_kept(part, "|") for part in parts)


def roles_in(cell: str) -> list[Role]:
    """The functions of a cell. Raises CellFaultError for a day that is none."""
    found = []
    for line in cell.split("\n"):
        parts = _split(line, "|")
        function, organisation, begun, ended, note = (*parts, "", "", "", "", "")[:5]
        if function or organisation:
            first, last = (day.isoformat() if day else "" for day in (day_in(begun), day_in(ended)))
            found.append(Role(function, organisation, first, last, note))
    return found


def tags_cell(tags: Iterable[str]) -> str:
    """Tags: "Holz, Presse"."""
    return ", ".join(_kept(tag, ",") for tag in tags)


def tags_in(cell: str) -> list[str]:
    """The tags of a cell, each once."""
    return list(dict.fromkeys(tag for tag in _split(cell, ",") if tag))
