"""The dry run of a large import, row by row, until it is applied or thrown away."""

from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.base import N_, NAME, Labelled, Row, enum_column, text


class RowChoice(Labelled):
    NEW = "new", N_("add as new")
    UPDATE = "update", N_("complete the one found")
    SKIP = "skip", N_("leave out")


def _personal_json(kind: type) -> Any:
    return Field(
        default_factory=kind, sa_type=JSON, nullable=False, sa_column_kwargs={"info": {"personal": True}}
    )


class ImportRow(Row, table=True):
    """One row or card of a file and what it would change; values as the history writes them."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_number", "batch_id", "number"),)

    batch_id: int = Field(foreign_key="import_batch.id", ondelete="CASCADE")
    number: int
    title: str = text(NAME, personal=True)
    subject_id: int | None = None
    row_version: int = 0
    choice: RowChoice = enum_column(RowChoice, RowChoice.NEW)
    before: dict[str, Any] = _personal_json(dict)
    values: dict[str, Any] = _personal_json(dict)
    faults: list[Any] = _personal_json(list)
    remarks: list[Any] = _personal_json(list)
