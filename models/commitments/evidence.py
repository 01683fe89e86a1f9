"""Evidence of an item: a link or a file, and how long it is valid."""

from datetime import date, datetime

from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, N_, NAME, NOTE, URL, Labelled, Recorded, text

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


class EvidenceState(Labelled):
    MISSING = "missing", N_("missing")
    PRESENT = "present", N_("present")
    EXPIRED = "expired", N_("expired")


class Evidence(Recorded, table=True):
    """One proof of one item: `url` for a link, `sha256` for a stored file."""

    __tablename__ = "evidence"

    commitment_id: int = Field(foreign_key="commitment.id", ondelete="CASCADE", index=True)
    name: str = text(LINE)
    url: str = text(URL)
    sha256: str = text(64)
    file_name: str = text(NAME)
    media_type: str = text(NAME)
    size: int = 0
    dated_on: date | None = None
    valid_until: date | None = Field(default=None, index=True)
    note: str = text(NOTE)
    added_at: datetime
    added_by_id: int | None = Field(default=None, foreign_key="officer.id")

    def title(self, language: str) -> str:
        return self.name

    def is_valid(self, today: date) -> bool:
        return self.valid_until is None or self.valid_until >= today


def evidence_of(session: Session, commitment_id: int) -> list[Evidence]:
    """The proofs of an item, the newest first."""
    return list(
        session.exec(
            select(Evidence)
            .where(Evidence.commitment_id == commitment_id)
            .order_by(col(Evidence.added_at).desc())
        )
    )


def evidence_state(found: list[Evidence], today: date) -> EvidenceState:
    """Missing without any; there while one is valid; else expired."""
    if not found:
        return EvidenceState.MISSING
    return EvidenceState.PRESENT if any(e.is_valid(today) for e in found) else EvidenceState.EXPIRED


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
