"""A row of somebody else's table as a contact, by what a person said its columns mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.base import NOTE
from models.contacts.exchange.languages import chosen_languages
from models.contacts.exchange.meanings import Meaning, group_of, label_of
from models.contacts.exchange.record import ContactRecord, Point
from models.contacts.points import PointKind
from models.documents.vcard import parted
from models.documents.workbook_reading import Value
from models.folding import fold
from models.imports.plan import Remark
from models.imports.values import CellFaultError, day_in, text_in

_SEVERAL = " ::: "  # how Google parts the values of one cell
_ADDRESSED = {
    "herr",
    "herrn",
    "frau",
    "mr",
    "mr.",
    "mrs",
    "mrs.",
    "ms",
    "ms.",
    "divers",
}  # no academic titles
_TITLE = re.compile(r"^((?:(?:Prof|Dr|Dipl|PD|Mag|Ing|Univ|habil|h\.\s?c)\b\S*\s+)+)")
_LABEL_ENDS = ("label", "type", "typ", "beschriftung")


@dataclass(frozen=True)
class Layout:
    """What the columns of a table mean; `labels`: column of a value -> column of what it is called (Google)."""

    meanings: Mapping[int, Meaning]
    headings: Mapping[int, str]
    labels: Mapping[int, int]


def layout_of(meanings: Mapping[int, Meaning], headings: Sequence[Value]) -> Layout:
    """From the row of headings and the meanings that were chosen."""
    named = {index: str(cell) for index, cell in enumerate(headings) if cell is not None}
    stems = {}
    for index, heading in named.items():
        stem, dash, end = fold(heading).rpartition(" - ")
        if dash and end in _LABEL_ENDS:
            stems[stem] = index
    labels = {
        index: stems[stem]
        for index, heading in named.items()
        if (stem := fold(heading).rpartition(" - ")[0]) in stems and stems[stem] != index
    }
    return Layout(meanings, named, labels)


def foreign_record(number: int, cells: Sequence[Value], layout: Layout) -> ContactRecord | None:
    """A row as a contact; None for one that holds nothing in the chosen columns."""
    record, texts = ContactRecord(number), {}
    for index, meaning in layout.meanings.items():
        value = cells[index] if index < len(cells) else None
        if value is None:
            continue
        try:
            written = text_in(value, NOTE)
            if meaning is Meaning.SOURCE_ON:
                day = day_in(value)
                written = day.isoformat() if day else ""
        except CellFaultError as fault:
            record.faults.append(Remark(fault.remark.text, fault.remark.values, (meaning.value,)))
            continue
        if written:
            texts[index] = written
    if not texts and not record.faults:
        return None
    _take_names(record, layout, texts)
    _take_reach(record, layout, texts, cells)
    _take_postal(record, layout, texts)
    return record


def _first(layout: Layout, texts: Mapping[int, str], meaning: Meaning) -> str:
    return next((texts[i] for i, m in layout.meanings.items() if m is meaning and i in texts), "")


def _all(layout: Layout, texts: Mapping[int, str], meaning: Meaning) -> list[tuple[int, str]]:
    found = [(i, texts[i]) for i, m in layout.meanings.items() if m is meaning and i in texts]
    return [(i, part.strip()) for i, text in found for part in text.split(_SEVERAL) if part.strip()]


def _take_names(record: ContactRecord, layout: Layout, texts: Mapping[int, str]) -> None:
    def first(meaning: Meaning) -> str:
        return _first(layout, texts, meaning)

    given = " ".join(part for part in (first(Meaning.GIVEN), first(Meaning.MIDDLE)) if part)
    family, honorific = first(Meaning.FAMILY), first(Meaning.HONORIFIC)
    if not given and not family and (whole := " ".join(first(Meaning.NAME).split())):
        titled = _TITLE.match(whole)
        honorific = honorific or (titled[1].strip() if titled else "")
        given, family = parted(whole[titled.end() :] if titled else whole)
    words = [word for word in honorific.split() if fold(word) not in _ADDRESSED]
    function, department = first(Meaning.FUNCTION), first(Meaning.DEPARTMENT)
    language, others = chosen_languages(re.split("[,;]", first(Meaning.LANGUAGE)))
    record.values.update(
        family_name=family, given_name=given, honorific=" ".join(words), uid=first(Meaning.UID),
        function=", ".join(part for part in (function, department) if part), source=first(Meaning.SOURCE),
        source_on=first(Meaning.SOURCE_ON), language=language, other_languages=others,
        note="\n".join(text for _index, text in _all(layout, texts, Meaning.NOTE)),
    )  # fmt: skip
    record.organisation = first(Meaning.ORGANISATION).split(_SEVERAL)[0]
    # A star marks Google's own groups, like "* myContacts".
    tags = (tag.strip() for _i, text in _all(layout, texts, Meaning.TAGS) for tag in re.split("[,;]", text))
    record.tags = [tag for tag in tags if tag and not tag.startswith("*")]


def _take_reach(
    record: ContactRecord, layout: Layout, texts: Mapping[int, str], cells: Sequence[Value]
) -> None:
    for meaning, kind in (
        (Meaning.EMAIL, PointKind.EMAIL),
        (Meaning.PHONE, PointKind.PHONE),
        (Meaning.WEB, PointKind.WEB),
    ):
        points = [
            Point(kind, value.removeprefix("mailto:"), _label(layout, index, cells, kind))
            for index, value in _all(layout, texts, meaning)
        ]
        if points and kind is not PointKind.WEB:
            record.values[kind.value] = points.pop(0).value
        record.points += points


def _label(layout: Layout, index: int, cells: Sequence[Value], kind: PointKind) -> str:
    told = layout.labels.get(index)
    if told is not None and told < len(cells) and cells[told] is not None:
        written = str(cells[told]).lstrip("* ").strip()
        known = {"work": "", "arbeit": "", "other": "", "mobile": "mobil", "mobil": "mobil", "home": "privat"}
        return known.get(fold(written), written)
    return label_of(layout.headings.get(index, "")) if kind is PointKind.PHONE else ""


def _take_postal(record: ContactRecord, layout: Layout, texts: Mapping[int, str]) -> None:
    """Street, code and city of each group of columns; the first city is where the person is."""
    groups: dict[str, dict[Meaning, str]] = {}
    for index, meaning in layout.meanings.items():
        if index in texts and meaning in (Meaning.STREET, Meaning.POSTCODE, Meaning.CITY, Meaning.COUNTRY):
            groups.setdefault(group_of(layout.headings.get(index, "")), {}).setdefault(meaning, texts[index])
    for parts in groups.values():
        record.city = record.city or " ".join(parts.get(Meaning.CITY, "").split())
        if Meaning.STREET in parts or Meaning.POSTCODE in parts:
            place = " ".join(parts[m] for m in (Meaning.POSTCODE, Meaning.CITY) if m in parts)
            lines = (parts.get(Meaning.STREET, ""), place, parts.get(Meaning.COUNTRY, ""))
            record.points.append(Point(PointKind.POSTAL, "\n".join(line for line in lines if line)))
    built = {group for group, parts in groups.items() if Meaning.STREET in parts or Meaning.POSTCODE in parts}
    for index, address in _all(layout, texts, Meaning.ADDRESS):
        if group_of(layout.headings.get(index, "")) not in built:  # Google writes both
            record.points.append(Point(PointKind.POSTAL, address))
