"""What is kept of an erasure and of an export: that it took place, without the data."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.base import N_, Labelled, Row, enum_column


class ErasureReason(Labelled):
    RETENTION = "retention", N_("The time for keeping the data is over.")
    REQUEST = "request", N_("The person asked for it (Art. 17 GDPR).")
    OBJECTION = "objection", N_("The person objected (Art. 21 GDPR).")
    MISTAKE = "mistake", N_("The contact was added by mistake.")


class Erasure(Row, table=True):
    """A contact was erased. `counts`: table -> how many rows were emptied or deleted."""

    __tablename__ = "erasure"

    person_id: int = Field(foreign_key="person.id", index=True)
    erased_at: datetime
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    reason: ErasureReason = enum_column(ErasureReason)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, nullable=False)


class ExportKind(Labelled):
    VCARD = "vcard", N_("vCard")
    CSV = "csv", N_("CSV")
    XLSX = "xlsx", N_("Excel")
    ACCESS = "access", N_("Access of a person to the own data (Art. 15 GDPR)")


class ContactExport(Row, table=True):
    """Contacts left this program as a file: who, when, as what, how many."""

    __tablename__ = "contact_export"

    at: datetime = Field(index=True)
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    kind: ExportKind = enum_column(ExportKind)
    number: int
    person_id: int | None = Field(default=None, foreign_key="person.id")
