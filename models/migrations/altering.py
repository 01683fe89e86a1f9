"""Changing tables alike on both databases: SQLite rebuilds them, and must keep its keys and checks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString


def text_type(length: int) -> sa.types.TypeEngine[str]:
    return AutoString(length=length)


def one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def alter(
    table: str,
    add: Sequence[tuple[sa.Column[object], str | None]] = (),
    drop: Sequence[str] = (),
    checks: dict[str, str | None] | None = None,
    foreign: Sequence[tuple[str, str, str | None]] = (),
    unique: Sequence[str] = (),
    drop_unique: str = "",
    drop_foreign: Sequence[str] = (),
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> None:
    """Add columns (with what existing rows get, as SQL), drop some, set CHECKs or (None) drop them by name; make
    columns `required` or `optional`; `unique` names the columns of a new UNIQUE; the others drop by name."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    known = {str(check["name"]) for check in sa.inspect(connection).get_check_constraints(table)}
    with op.batch_alter_table(table) as batch:  # as columns that may be empty, so that they can be filled
        for column, _fill in add:
            batch.add_column(sa.Column(column.name, column.type, nullable=True))
    for column, fill in add:
        if fill is not None:
            op.execute(f"update {table} set {column.name} = {fill}")  # noqa: S608  (nothing comes from outside)
    # Alembic's reflection forgets AUTOINCREMENT.
    rebuilt = {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": True}}
    last = sa.text("select seq from sqlite_sequence where name = :name").bindparams(name=table)
    used = connection.execute(last).scalar() if is_sqlite else None  # keys up to here were given out
    with op.batch_alter_table(table, **(rebuilt if is_sqlite else {})) as batch:  # type: ignore[arg-type]
        for name in known & set(checks or ()):
            batch.drop_constraint(op.f(name), type_="check")
        for column, _fill in add:
            if not column.nullable:
                batch.alter_column(str(column.name), existing_type=column.type, nullable=False)
        for name in drop_foreign:
            batch.drop_constraint(op.f(name), type_="foreignkey")
        if drop_unique:
            batch.drop_constraint(op.f(drop_unique), type_="unique")
        for column_name in (*required, *optional):
            batch.alter_column(column_name, nullable=column_name in optional)
        for column_name in drop:
            batch.drop_column(column_name)
        for column_name, target, on_delete in foreign:
            key = op.f(f"fk_{table}_{column_name}_{target}")
            batch.create_foreign_key(key, target, [column_name], ["id"], ondelete=on_delete)
        if unique:
            batch.create_unique_constraint(op.f(f"uq_{table}_{unique[0]}"), list(unique))
        for name, rule in (checks or {}).items():
            if rule is not None:
                batch.create_check_constraint(op.f(name), sa.text(rule))
    if used is not None:
        kept = sa.text("update sqlite_sequence set seq = :used where name = :name and seq < :used")
        op.execute(kept.bindparams(used=used, name=table))
        missing = sa.text(
            "insert into sqlite_sequence (name, seq) select :name, :used "
            "where not exists (select 1 from sqlite_sequence where name = :name)"
        )
        op.execute(missing.bindparams(used=used, name=table))


def column(name: str, kind: sa.types.TypeEngine[object], *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=nullable)
