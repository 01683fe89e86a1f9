"""One line of the checklist's Excel file: what it would change about its item, and what is wrong with it."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from models.audit import plain
from models.base import CODE, LINE, N_
from models.commitments.checklist import Commitment, CommitmentState, Origin
from models.commitments.editions import HandbookEdition
from models.commitments.sheet_columns import COLUMNS, Known, SheetColumn, read_cell, says_the_same
from models.documents.workbook_reading import Value
from models.folding import fold
from models.imports.columns import put
from models.imports.plan import PlannedRow, Remark
from models.imports.values import CellFaultError, text_in

KIND = "commitment"
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]*")

_FAULTY = object()
UNKNOWN_KEY = N_("There is no item with the key “{key}”. For an item of your own leave the key empty.")
BAD_KEY = N_("The key “{key}” may have small letters a–z, digits, - and _ only.")
NO_TITLE = N_("A new item needs a title.")
NEW_ITEM = N_("A new item of this edition.")
NEW_OWN_ITEM = N_("A new item of your own.")
WORDING_STAYS = N_("The wording of the edition in force stays as it is; a new edition is made for that.")
KEPT_NEWER = N_("Changed here since the file was made, and not in the file: it stays as it is here.")
BOTH_CHANGED = N_(
    "Changed here since the file was made, and in the file too. Please decide on the page of the item."
)
NO_REASON = N_("Please say why it does not apply.")
SAME_PERSON = N_("The deputy must be somebody else.")
KEY_TWICE = N_("The key “{key}” stands in several rows: {rows}.")


@dataclass
class Line:
    """One line of the file on its way to a planned row."""

    number: int
    given: dict[str, Value]
    items: dict[str, Commitment]
    known: Known
    before: dict[int, dict[str, Any]]
    with_wording: bool

    def planned(self) -> PlannedRow:
        row = PlannedRow(self.number, "", KIND)
        try:
            code = text_in(self.given.get("code"), CODE)
            row.title = text_in(self.given.get("label_de") or self.given.get("label_en"), LINE) or code
        except CellFaultError as fault:
            row.faults.append(fault.remark)
            return row
        item = self.items.get(fold(code)) if code else None
        if item is not None:
            row.title, row.subject_id, row.version = item.title("de"), item.key, item.version
            self._change(row, item)
        else:
            self._make(row, code)
        return row

    def _change(self, row: PlannedRow, item: Commitment) -> None:
        may_reword = self.with_wording or item.is_own
        then = self.before.get(item.key, {})
        for column in COLUMNS[1:]:
            if column.name not in self.given or says_the_same(
                self.given[column.name], item, column, self.known
            ):
                continue
            if column.is_wording and not may_reword:
                row.remarks.append(Remark(WORDING_STAYS, columns=(column.name,)))
                continue
            value, old = self._read(row, column), plain(getattr(item, column.name))
            if value is _FAULTY or _equal(value, old) or (value is None and column.members is not None):
                continue
            if column.name in then and _equal(then[column.name], value):
                row.remarks.append(Remark(KEPT_NEWER, columns=(column.name,)))
                continue
            if column.name in then and not _equal(then[column.name], old):
                row.faults.append(Remark(BOTH_CHANGED, columns=(column.name,)))
                continue
            row.before[column.name], row.after[column.name] = old, value
        _check_together(row, {c.name: plain(getattr(item, c.name)) for c in COLUMNS} | row.after)

    def _make(self, row: PlannedRow, code: str) -> None:
        if code and not self.with_wording:
            row.faults.append(Remark(UNKNOWN_KEY, {"key": code}))
            return
        if code and not _CODE.fullmatch(code):
            row.faults.append(Remark(BAD_KEY, {"key": code}))
        for column in COLUMNS[1:]:
            value = self._read(row, column) if column.name in self.given else None
            if value is not _FAULTY and value not in (None, ""):
                row.after[column.name] = value
        if not row.after.get("label_de") and not row.after.get("label_en"):
            row.faults.append(Remark(NO_TITLE))
        row.after.update({"code": code} if code else {})
        row.remarks.append(Remark(NEW_ITEM if self.with_wording else NEW_OWN_ITEM))
        _check_together(row, row.after)

    def _read(self, row: PlannedRow, column: SheetColumn) -> Any:
        try:
            return read_cell(self.given[column.name], column, self.known)
        except CellFaultError as fault:
            row.faults.append(Remark(fault.remark.text, fault.remark.values, (column.name,)))
            return _FAULTY


def _equal(one: Any, other: Any) -> bool:
    return (one or None) == (other or None)


def _check_together(row: PlannedRow, values: dict[str, Any]) -> None:
    """What is wrong with a row as a whole; only where this file makes it so."""
    is_dropped = values.get("state") == CommitmentState.DROPPED.value
    if is_dropped and not values.get("drop_reason") and {"state", "drop_reason"} & set(row.after):
        row.faults.append(Remark(NO_REASON, columns=("drop_reason",)))
    both = values.get("deputy_id")
    if both and both == values.get("responsible_id") and {"deputy_id", "responsible_id"} & set(row.after):
        row.faults.append(Remark(SAME_PERSON, columns=("deputy_id",)))


def check_codes(rows: list[PlannedRow]) -> None:
    """New items must not share a key."""
    new: dict[str, list[PlannedRow]] = {}
    for row in rows:
        if row.is_new and row.after.get("code"):
            new.setdefault(row.after["code"], []).append(row)
    for code, same in new.items():
        if len(same) > 1:
            numbers = ", ".join(str(row.number) for row in same)
            for row in same:
                row.faults.append(Remark(KEY_TWICE, {"key": code, "rows": numbers}))


def new_item(edition: HandbookEdition, row: PlannedRow, position: int, *, is_own: bool) -> Commitment:
    """The item that a planned row makes; it is not stored yet."""
    item = Commitment(edition_id=edition.key, is_own=is_own, position=position, origin=Origin.OWN)
    put(item, row.after)
    item.code = item.code or f"own-{uuid.uuid4().hex[:8]}"
    item.version = 1
    return item
