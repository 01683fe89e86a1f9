"""What every room with imports does with an uploaded file and with what an import made."""

from flask import abort, send_file
from werkzeug.wrappers import Response

from models.base import Recorded
from models.hanging import delete_with_hanging, hanging_on, held_back_by
from models.imports.batches import ImportBatch, discard
from webapp.database import db
from webapp.imports.reading import files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def forget(batch: ImportBatch) -> None:
    """Throw a file away that was not imported."""
    unused = discard(db(), batch)
    if unused:
        files().path(unused).unlink(missing_ok=True)


def uploaded_file(batch: ImportBatch) -> Response:
    """The file as it was uploaded, or 404."""
    if not files().is_intact(batch.sha256):
        abort(404)
    kind = XLSX if batch.file_name.casefold().endswith("x") else "application/octet-stream"
    return send_file(
        files().path(batch.sha256), mimetype=kind, as_attachment=True, download_name=batch.file_name
    )


def hanging(kind: str, key: int) -> dict[str, int]:
    """How many rows hang on a row that an import made, or hold it back."""
    return {**hanging_on(db(), kind, key), **held_back_by(db(), kind, key)}


def remove(row: Recorded) -> None:
    """Delete a row that an import made, with what hangs on it."""
    delete_with_hanging(db(), row)
