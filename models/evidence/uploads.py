"""What may be uploaded as evidence: kinds of files, and names without a trap. What is in them: `contents`."""

import re
import unicodedata

FILE_LIMIT = 25 * 1024 * 1024  # bytes
NAME_BYTES = 180  # a name as UTF-8; file systems and ZIP programs take 255

# What may be uploaded: name ending -> media type.
FILE_KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    "txt": "text/plain",
}

# Names that Windows takes for a device, whatever ending follows.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def ending_of(name: str) -> str:
    """What follows the last dot of a file's name, in small letters; empty without a dot."""
    return name.rsplit(".", 1)[-1].casefold() if "." in name else ""


def safe_name(name: str) -> str:
    """The last part of a file's name without anything that a file system, a header or an eye could misread: no
    folders, no control or direction marks (U+202E), no device, not too long. The ending stays."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # Marks of direction and everything else invisible are not printable.
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').rstrip(". ").lstrip(" ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    stem = stem.strip(". ") or "datei"
    if _DEVICE.match(stem):
        stem = f"_{stem}"
    tail = _cut(dot + ending, 20)
    return _cut(stem, NAME_BYTES - len(tail.encode())) + tail


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore").rstrip(". ")
