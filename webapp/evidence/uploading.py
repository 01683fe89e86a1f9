"""Files that come in as evidence: looked at, kept by content, given back as downloads only."""

from typing import BinaryIO, cast
from unicodedata import normalize
from urllib.parse import quote

from flask import Response, current_app
from werkzeug.datastructures import FileStorage

from models.contacts.interactions import InteractionFile
from models.evidence.contents import UploadFaultError, checked_kind
from models.evidence.disk import lock_files
from models.evidence.evidence import EvidenceRevision
from models.evidence.uploads import FILE_KINDS, FILE_LIMIT, safe_name
from models.files import CHUNK, FileStore, TooLargeError
from webapp.database import db
from webapp.words import _


def store_of_files() -> FileStore:
    """Where uploaded files lie."""
    return FileStore(current_app.extensions["lotse_settings"].files_dir)


def keep(upload: FileStorage | None, revision: EvidenceRevision) -> str | None:
    """Store the upload under its content and describe it in the revision (`sha256`, `size`, `file_name`,
    `media_type`). Answers what is wrong with it, in words, or None; nothing is kept then."""
    if upload is None or not upload.filename:
        return _("Please choose a file.")
    stream = cast(BinaryIO, upload.stream)
    try:
        revision.media_type = checked_kind(upload.filename, stream)
        lock_files(db())
        stored = store_of_files().put(iter(lambda: stream.read(CHUNK), b""), FILE_LIMIT)
    except UploadFaultError as fault:
        return _(fault.reason).format(kinds=", ".join(FILE_KINDS))
    except TooLargeError:
        return _("The file is too large. Files may have up to 25 MB.")
    finally:
        upload.close()
    revision.sha256, revision.size, revision.file_name = (
        stored.sha256,
        stored.size,
        safe_name(upload.filename),
    )
    return None


def as_download(revision: EvidenceRevision | InteractionFile, media_type: str = "") -> Response:
    """The file of a revision or a mail, never shown in the browser. The caller has looked whether it is there."""
    media_type = media_type or revision.media_type
    response = Response(store_of_files().chunks(revision.sha256), mimetype=media_type)
    # RFC 6266: headers carry ASCII only, so every other letter stands in the second form of the name.
    plain = normalize("NFKD", revision.file_name).encode("ascii", "ignore").decode()
    names = {"filename": plain, "filename*": f"UTF-8''{quote(revision.file_name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **names)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.content_length = revision.size
    return response
