"""What every table shares: naming, enumerations with words, text limits, versions."""

from enum import StrEnum
from typing import Any, ClassVar, Self, TypeVar, cast

from sqlalchemy import Enum as SqlEnum
from sqlalchemy import Integer, Table, Text, event
from sqlmodel import Field, SQLModel

from models.folding import fold, search_text

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@event.listens_for(Table, "after_parent_attach")
def never_reuse_keys(table: Table, _metadata: Any) -> None:
    """SQLite would give a deleted row's key to the next row, and with it that row's history and sent reminders."""
    keys = list(table.primary_key.columns)
    if len(keys) == 1 and isinstance(keys[0].type, Integer):
        table.dialect_options["sqlite"]["autoincrement"] = True


# Limits of typed text, in characters; forms import them.
CODE = 60
NAME = 200
ADDRESS = 254  # RFC 5321: the longest path of a mailbox
LINE = 500
URL = 2_000
NOTE = 20_000


def N_(msgid: str) -> str:
    """Mark a msgid for the catalogue where it is defined; it is translated where it is shown."""
    return msgid


class Labelled(StrEnum):
    """An enumeration whose members carry the English msgid that pages and mails translate."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


E = TypeVar("E", bound=Labelled)


def enum_column(
    values: type[E], default: E | None = None, *, nullable: bool = False, index: bool = False, name: str = ""
) -> Any:
    """A column that stores the member's value as text, with a CHECK on both databases. `name` is needed where a table
    has two columns of the same enumeration."""
    kind = SqlEnum(
        values,
        name=name or values.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        length=30,
        create_constraint=True,
        validate_strings=True,
    )
    if default is None and not nullable:
        return Field(sa_type=cast(Any, kind), nullable=False, index=index)
    return Field(default=default, sa_type=cast(Any, kind), nullable=nullable, index=index)


def text(
    limit: int, *, default: str = "", personal: bool = False, unique: bool = False, index: bool = False
) -> Any:
    """A text column that is never NULL; `personal` marks what erasure and Art. 15 exports must cover."""
    info = {"info": {"personal": True}} if personal else {}
    long = {"sa_type": Text} if limit >= NOTE else {"max_length": limit}
    return Field(
        default=default, nullable=False, unique=unique, index=index, sa_column_kwargs=info, **cast(Any, long)
    )


def hidden(*, personal: bool = False, **kwargs: Any) -> Any:
    """A column that the history of changes leaves out: derived or secret."""
    marks = {"unaudited": True, "personal": True} if personal else {"unaudited": True}
    return Field(sa_column_kwargs={"info": marks}, **kwargs)


class Row(SQLModel):
    """A table row with a surrogate key."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def key(self) -> int:
        """The primary key of a row that is stored. Raises ValueError for one that is not."""
        if self.id is None:
            raise ValueError(f"{type(self).__name__} is not stored yet")
        return self.id


class Recorded(Row):
    """A row that officers edit: counted versions, and every change kept in the history."""

    audited: ClassVar[bool] = True

    version: int = hidden(default=1, nullable=False)

    def title(self, language: str) -> str:
        """How lists, mails and the history call this row."""
        raise NotImplementedError

    def derive(self) -> None:
        """Fill what is derived from the row's own columns; the session calls it before every flush."""
        return None


# By code points on both databases; the folded text is in German order then (DIN 5007-1).
ORDERED = cast(Any, Text().with_variant(Text(collation="C"), "postgresql"))


class Searchable(Recorded):
    """A row that is found by folded text and sorted in German order (DIN 5007-1), alike on both databases."""

    search_text: str = hidden(default="", nullable=False, sa_type=Text)
    sort_key: str = hidden(default="", nullable=False, sa_type=ORDERED)

    def derive(self) -> None:
        self.search_text = search_text(self.search_parts())
        self.sort_key = fold(self.sort_name())

    def search_parts(self) -> list[str]:
        """The words by which people look for this row."""
        raise NotImplementedError

    def sort_name(self) -> str:
        """The text by which lists order this row."""
        return self.title("de")


def in_language(language: str, german: str, english: str) -> str:
    """The wording in the wanted language, or the other one where it is missing."""
    return (english or german) if language == "en" else (german or english)
