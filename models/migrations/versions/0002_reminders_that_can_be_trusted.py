"""Reminders that can be trusted: bundles, notices, absence, own wording, what changed since the last look"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KINDS = ("reminder", "test", "invitation", "reset")
_NEW_KINDS = ("digest", "moved", "cancelled", "self_check")
_REASONS = (
    "", "done", "moved", "deleted", "rule_off", "left", "past", "restored", "refused", "on_hold", "content", "temporary",
    "dropped", "no_answer", "interrupted", "gave_up", "faulty", "by_hand",
)  # fmt: skip
_NEW_REASONS = ("away", "do_not_contact", "reassigned", "unwanted", "told")
_OCCASIONS = ("due", "late", "short", "moved", "cancelled", "escalation")
_SERIES = ("fabx", "summit", "related")


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _alter(
    table: str,
    add: Sequence[tuple[sa.Column[object], str | None]] = (),
    drop: Sequence[str] = (),
    checks: dict[str, str | None] | None = None,
    foreign: Sequence[tuple[str, str, str | None]] = (),
    unique: str = "",
) -> None:
    """Add columns (with what existing rows get, as SQL), drop some, set CHECKs or (None) drop them by name."""
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
        for column_name in drop:
            batch.drop_column(column_name)
        for column_name, target, on_delete in foreign:
            key = op.f(f"fk_{table}_{column_name}_{target}")
            batch.create_foreign_key(key, target, [column_name], ["id"], ondelete=on_delete)
        if unique:
            batch.create_unique_constraint(op.f(f"uq_{table}_{unique}"), [unique])
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


def _column(name: str, kind: sa.types.TypeEngine[object], *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "mail_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", _text(60), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("subject_de", _text(500), nullable=False),
        sa.Column("subject_en", _text(500), nullable=False),
        sa.Column("body_de", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mail_text_code"), "mail_text", ["code"])
    op.create_table(
        "touched",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", _text(60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touched")),
        sqlite_autoincrement=True,
    )
    no, yes, day = "false", "true", sa.Date()
    _alter(
        "calendar_entry",
        [(_column("starts_on", day, nullable=True), None), (_column("is_cancelled", sa.Boolean()), no)],
    )
    op.create_index(op.f("ix_calendar_entry_starts_on"), "calendar_entry", ["starts_on"])
    # What was told of a subject until now is what it says today; otherwise every date would seem to have moved.
    for table, day_of in (("commitment", "due_on"), ("phase", "due_on"), ("conference_deadline", "due_on")):
        op.execute(
            f"update calendar_entry set starts_on = (select {day_of} from {table} where {table}.id = subject_id) "  # noqa: S608
            f"where subject_kind = '{table}'"
        )
    op.execute(
        "update calendar_entry set starts_on = (select starts_on from conference where conference.id = subject_id "
        "and date_precision = 'day') where subject_kind = 'conference'"
    )
    _alter("city", [(_column("technical_email", _text(254)), "''")])
    _alter("follow_up", [(_column("repeat_months", sa.Integer()), "0")])
    _alter("mail_address", [(_column("blocked_on", day, nullable=True), None)])
    _alter(
        "message",
        [(_column("calendar_method", _text(60)), "''")],
        checks={
            "ck_message_messagekind": _one_of("kind", _KINDS + _NEW_KINDS),
            "ck_message_reason": _one_of("reason", _REASONS + _NEW_REASONS),
        },
    )
    op.execute("update message set calendar_method = 'REQUEST' where calendar_request <> ''")
    _alter(
        "officer",
        [
            (_column("absent_from", day, nullable=True), None),
            (_column("absent_until", day, nullable=True), None),
            (_column("stand_in_id", sa.Integer(), nullable=True), None),
            (_column("wants_digest", sa.Boolean()), no),
            (_column("wants_information", sa.Boolean()), yes),
        ],
        foreign=[("stand_in_id", "officer", "SET NULL")],
    )
    _alter(
        "reminder",
        [
            (_column("occasion", sa.String(30)), "'due'"),
            (_column("token", _text(60)), "'r' || id"),
            (_column("said_on", day, nullable=True), None),
        ],
        checks={
            "ck_reminder_reason": _one_of("reason", _REASONS + _NEW_REASONS),
            "ck_reminder_occasion": _one_of("occasion", _OCCASIONS),
        },
        unique="token",
    )
    op.execute(
        "update reminder set said_on = (select starts_on from calendar_entry "
        "where calendar_entry.subject_kind = reminder.subject_kind "
        "and calendar_entry.subject_id = reminder.subject_id) where state = 'sent'"
    )
    _alter(
        "reminder_rule",
        [
            (_column("to_lead", sa.Boolean()), no),
            (_column("is_urgent", sa.Boolean()), no),
            (_column("only_series", sa.String(30), nullable=True), None),
            (_column("only_words", _text(200)), "''"),
            (_column("escalate_after", sa.Integer()), "0"),
            (_column("escalate_to_id", sa.Integer(), nullable=True), None),
            (_column("text_id", sa.Integer(), nullable=True), None),
        ],
        checks={"ck_reminder_rule_series": _one_of("only_series", _SERIES)},
        foreign=[("escalate_to_id", "officer", None), ("text_id", "mail_text", "SET NULL")],
    )
    # A calendar entry belongs to what takes place; a mail with one is never collected with others.
    op.execute(
        "update reminder_rule set with_calendar = false where subject_kind not in ('conference', 'conference_deadline')"
    )
    _alter("sender", [(_column("swept_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True), None)])


def downgrade() -> None:
    _alter("sender", drop=["swept_at"])
    rule_columns = (
        "text_id",
        "escalate_to_id",
        "escalate_after",
        "only_words",
        "only_series",
        "is_urgent",
        "to_lead",
    )
    _alter("reminder_rule", drop=rule_columns, checks={"ck_reminder_rule_series": None})
    op.execute("delete from reminder where occasion in ('moved', 'cancelled', 'escalation')")
    op.execute(f"update reminder set reason = 'moved' where {_one_of('reason', _NEW_REASONS)}")  # noqa: S608
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint(op.f("uq_reminder_token"), type_="unique")
    _alter(
        "reminder",
        drop=["said_on", "token", "occasion"],
        checks={"ck_reminder_reason": _one_of("reason", _REASONS), "ck_reminder_occasion": None},
    )
    _alter(
        "officer",
        drop=["wants_information", "wants_digest", "stand_in_id", "absent_until", "absent_from"],
    )
    op.execute(f"update message set kind = 'reminder' where {_one_of('kind', _NEW_KINDS)}")  # noqa: S608
    op.execute(f"update message set reason = 'moved' where {_one_of('reason', _NEW_REASONS)}")  # noqa: S608
    _alter(
        "message",
        drop=["calendar_method"],
        checks={
            "ck_message_messagekind": _one_of("kind", _KINDS),
            "ck_message_reason": _one_of("reason", _REASONS),
        },
    )
    _alter("mail_address", drop=["blocked_on"])
    _alter("follow_up", drop=["repeat_months"])
    _alter("city", drop=["technical_email"])
    op.drop_index(op.f("ix_calendar_entry_starts_on"), "calendar_entry")
    _alter("calendar_entry", drop=["is_cancelled", "starts_on"])
    op.drop_table("touched")
    op.drop_table("mail_text")
