"""What may be uploaded as evidence: kinds of files, and names without a trap."""

from models.base import CODE, NAME

FILE_LIMIT = 25 * 1024 * 1024

# What may be uploaded: name ending -> media type and the first bytes that prove it (empty: text).
FILE_KINDS = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    "eml": ("message/rfc822", ()),
    "msg": ("application/vnd.ms-outlook", (b"\xd0\xcf\x11\xe0",)),
    "txt": ("text/plain", ()),
}


def safe_name(name: str) -> str:
    """The last part of a file's name without anything a file system or header could misread."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    return kept[-NAME + CODE :] or "datei"


def file_kind(name: str, first_bytes: bytes) -> str | None:
    """The media type if the ending is allowed and the content is of that kind; None otherwise."""
    ending = name.rsplit(".", 1)[-1].casefold() if "." in name else ""
    if ending not in FILE_KINDS:
        return None
    media_type, beginnings = FILE_KINDS[ending]
    if beginnings:
        return media_type if first_bytes.startswith(beginnings) else None
    return None if b"\x00" in first_bytes or first_bytes.startswith((b"MZ", b"\x7fELF")) else media_type
