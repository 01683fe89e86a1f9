"""Tables as CSV that German Excel opens rightly: UTF-8 with BOM, semicolon, CRLF."""

import csv
import io
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """A value as text; what Excel would take for a formula is kept as text by an apostrophe."""
    written = "" if value is None else str(value)
    if isinstance(value, int | float):
        return written
    return f"'{written}" if written.startswith(_FORMULA) else written


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """The whole file."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()
