"""Reminders that can be trusted: bundles, notices, absence, own wording, what changed since the last look"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.migrations.altering import alter, column, one_of, text_type

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


def upgrade() -> None:
    op.create_table(
        "mail_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", text_type(60), nullable=False),
        sa.Column("name", text_type(200), nullable=False),
        sa.Column("subject_de", text_type(500), nullable=False),
        sa.Column("subject_en", text_type(500), nullable=False),
        sa.Column("body_de", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mail_text_code"), "mail_text", ["code"])
    op.create_table(
        "touched",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", text_type(60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touched")),
        sqlite_autoincrement=True,
    )
    no, yes, day = "false", "true", sa.Date()
    alter(
        "calendar_entry",
        [(column("starts_on", day, nullable=True), None), (column("is_cancelled", sa.Boolean()), no)],
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
    alter("city", [(column("technical_email", text_type(254)), "''")])
    alter("follow_up", [(column("repeat_months", sa.Integer()), "0")])
    alter("mail_address", [(column("blocked_on", day, nullable=True), None)])
    alter(
        "message",
        [(column("calendar_method", text_type(60)), "''")],
        checks={
            "ck_message_messagekind": one_of("kind", _KINDS + _NEW_KINDS),
            "ck_message_reason": one_of("reason", _REASONS + _NEW_REASONS),
        },
    )
    op.execute("update message set calendar_method = 'REQUEST' where calendar_request <> ''")
    alter(
        "officer",
        [
            (column("absent_from", day, nullable=True), None),
            (column("absent_until", day, nullable=True), None),
            (column("stand_in_id", sa.Integer(), nullable=True), None),
            (column("wants_digest", sa.Boolean()), no),
            (column("wants_information", sa.Boolean()), yes),
        ],
        foreign=[("stand_in_id", "officer", "SET NULL")],
    )
    alter(
        "reminder",
        [
            (column("occasion", sa.String(30)), "'due'"),
            (column("token", text_type(60)), "'r' || id"),
            (column("said_on", day, nullable=True), None),
        ],
        checks={
            "ck_reminder_reason": one_of("reason", _REASONS + _NEW_REASONS),
            "ck_reminder_occasion": one_of("occasion", _OCCASIONS),
        },
        unique=["token"],
    )
    op.execute(
        "update reminder set said_on = (select starts_on from calendar_entry "
        "where calendar_entry.subject_kind = reminder.subject_kind "
        "and calendar_entry.subject_id = reminder.subject_id) where state = 'sent'"
    )
    alter(
        "reminder_rule",
        [
            (column("to_lead", sa.Boolean()), no),
            (column("is_urgent", sa.Boolean()), no),
            (column("only_series", sa.String(30), nullable=True), None),
            (column("only_words", text_type(200)), "''"),
            (column("escalate_after", sa.Integer()), "0"),
            (column("escalate_to_id", sa.Integer(), nullable=True), None),
            (column("text_id", sa.Integer(), nullable=True), None),
        ],
        checks={"ck_reminder_rule_series": one_of("only_series", _SERIES)},
        foreign=[("escalate_to_id", "officer", None), ("text_id", "mail_text", "SET NULL")],
    )
    # A calendar entry belongs to what takes place; a mail with one is never collected with others.
    op.execute(
        "update reminder_rule set with_calendar = false where subject_kind not in ('conference', 'conference_deadline')"
    )
    alter("sender", [(column("swept_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True), None)])


def downgrade() -> None:
    alter("sender", drop=["swept_at"])
    rule_columns = (
        "text_id",
        "escalate_to_id",
        "escalate_after",
        "only_words",
        "only_series",
        "is_urgent",
        "to_lead",
    )
    alter("reminder_rule", drop=rule_columns, checks={"ck_reminder_rule_series": None})
    op.execute("delete from reminder where occasion in ('moved', 'cancelled', 'escalation')")
    op.execute(f"update reminder set reason = 'moved' where {one_of('reason', _NEW_REASONS)}")  # noqa: S608
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint(op.f("uq_reminder_token"), type_="unique")
    alter(
        "reminder",
        drop=["said_on", "token", "occasion"],
        checks={"ck_reminder_reason": one_of("reason", _REASONS), "ck_reminder_occasion": None},
    )
    alter(
        "officer",
        drop=["wants_information", "wants_digest", "stand_in_id", "absent_until", "absent_from"],
    )
    op.execute(f"update message set kind = 'reminder' where {one_of('kind', _NEW_KINDS)}")  # noqa: S608
    op.execute(f"update message set reason = 'moved' where {one_of('reason', _NEW_REASONS)}")  # noqa: S608
    alter(
        "message",
        drop=["calendar_method"],
        checks={
            "ck_message_messagekind": one_of("kind", _KINDS),
            "ck_message_reason": one_of("reason", _REASONS),
        },
    )
    alter("mail_address", drop=["blocked_on"])
    alter("follow_up", drop=["repeat_months"])
    alter("city", drop=["technical_email"])
    op.drop_index(op.f("ix_calendar_entry_starts_on"), "calendar_entry")
    alter("calendar_entry", drop=["is_cancelled", "starts_on"])
    op.drop_table("touched")
    op.drop_table("mail_text")
