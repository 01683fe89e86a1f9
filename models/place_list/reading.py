"""From an uploaded table to the rows of a list of places: which list it is, and which column means what."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.base import N_
from models.documents.workbook_parts import UnreadableError
from models.documents.workbook_reading import Sheet, Value
from models.folding import fold
from models.place_list.columns import BY_NAME, ListColumn, column_called

ROWS_LIMIT = 2_000
HEAD_ROWS = 15  # in the first of them the headings are looked for

# The network's index (index.fab.city/api/v0/index.csv). Its status and figures speak of the index, many of them
# simulated: of them nothing is taken.
INDEX_COLUMNS = ("slug", "name", "country_code", "type")
_INDEX_MARKS = {"territory", "fci"}


class ListFormat(StrEnum):
    """Whose list it is."""

    OWN = "own"
    INDEX = "index"


@dataclass
class ListRow:
    """One row of the file: column -> what stands in the cell."""

    number: int
    cells: dict[str, Value]


@dataclass
class PlaceList:
    """A list as it was read. `columns` are those that are taken, `unread` the headings that mean nothing here."""

    format: ListFormat
    columns: list[ListColumn]
    rows: list[ListRow] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def names(self, column: str) -> bool:
        """Whether the list has this column."""
        return any(known.name == column for known in self.columns)


def read_list(sheet: Sheet) -> PlaceList:
    """The rows of a sheet. Raises UnreadableError where it is no list of places, or too long a one."""
    place, headings = _headings(sheet)
    folded = {fold(str(heading)) for heading in headings if heading is not None}
    is_index = folded >= _INDEX_MARKS
    wanted = [BY_NAME[name] for name in INDEX_COLUMNS] if is_index else list(BY_NAME.values())
    meant: dict[int, ListColumn] = {}
    unread: list[str] = []
    for index, heading in enumerate(headings):
        column = column_called(heading)
        if column is None or column not in wanted or column in meant.values():
            unread += [str(heading)] if heading is not None else []
        else:
            meant[index] = column
    found = PlaceList(ListFormat.INDEX if is_index else ListFormat.OWN, list(meant.values()), unread=unread)
    if len(sheet.rows) - place - 1 > ROWS_LIMIT:
        raise UnreadableError(N_("The list has more than {n} rows. Please split it."), n=ROWS_LIMIT)
    for number, cells in sheet.rows[place + 1 :]:
        values = {c.name: cells[index] if index < len(cells) else None for index, c in meant.items()}
        if any(value is not None for value in values.values()):
            found.rows.append(ListRow(number, values))
    if not found.rows:
        raise UnreadableError(N_("There is nothing below the row of headings."))
    return found


def _headings(sheet: Sheet) -> tuple[int, list[Value]]:
    """Where the headings are: the first row that names a place and one thing more."""
    for place, (_number, cells) in enumerate(sheet.rows[:HEAD_ROWS]):
        known = {column.name for column in map(column_called, cells) if column is not None}
        if "name" in known and len(known) > 1:
            return place, cells
    raise UnreadableError(
        N_(
            "This is no list of places: there is no row of headings with “Name” and a further column, like “Country”."
        )
    )
