"""Tables as CSV that German Excel opens rightly: UTF-8 with BOM, semicolon, CRLF."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

_FORMULA = re.compile("'*[=+@\t\r-]")


def cell(value: object) -> str:
    """A value as text; what Excel would take for a formula is kept as text by an apostrophe. One more stands before
    those that somebody typed, so that reading takes away just ours."""
    written = "" if value is None else str(value)
    if isinstance(value, int | float):
        return written
    return f"'{written}" if _FORMULA.match(written) else written


def csv_parts(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """The file line by line, so that a long one never lies in memory as a whole."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")

    def line(values: Iterable[object]) -> bytes:
        writer.writerow([cell(value) for value in values])
        written = target.getvalue().encode()
        target.seek(0)
        target.truncate()
        return written

    yield b"\xef\xbb\xbf" + line(header)
    for row in rows:
        yield line(row)


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """The whole file."""
    return b"".join(csv_parts(header, rows))
