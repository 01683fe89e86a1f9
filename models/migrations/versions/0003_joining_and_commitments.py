"""Joining and commitments: editions, evidence in revisions, consortium, submission, costs, comments, imports"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.migrations.altering import alter, column, one_of, text_type

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATES = ("preparing", "submitted", "member", "paused")
_NEW_STATES = ("query", "accepted", "declined", "inactive", "withdrawn")
_FORMS = ("undecided", "association", "agreement", "informal", "other_form")
_SUBJECTS = ("commitment", "phase", "conference", "conference_deadline", "follow_up")
_DECLARATIONS = ("wish", "consortium")
_NEW_TABLES = (
    "comment",
    "city_profile",
    "consortium_role",
    "cost",
    "evidence_revision",
    "handbook_edition",
    "submission",
    "import_batch",
    "partner",
    "profile_entry",
    "submission_attachment",
    "submission_reply",
    "carry_over",
    "commitment_proof",
    "import_change",
)


def upgrade() -> None:
    _create_tables()
    _alter_application()
    _give_items_an_edition()
    _part_evidence_from_its_revisions()
    alter("follow_up", [(column("waiting_email", text_type(254)), "''")])
    alter("principle", [(column("is_own", sa.Boolean()), "false")])
    alter(
        "reminder_rule",
        checks={"ck_reminder_rule_subjectkind": one_of("subject_kind", (*_SUBJECTS, "evidence"))},
    )


def _create_tables() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_comment_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_comment_subject_id"), "comment", ["subject_id"], unique=False)
    op.create_table(
        "city_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("subdomain", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("joined_year", sa.Integer(), nullable=True),
        sa.Column("differential", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("hero_image", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("local_site_url", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("contact_email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("social", sa.Text(), nullable=False),
        sa.Column("privacy_url", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_city_profile_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_profile")),
        sa.UniqueConstraint("application_id", name=op.f("uq_city_profile_application_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consortium_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label_de", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("label_en", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("source_de", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_consortium_role_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_role")),
        sa.UniqueConstraint("application_id", "code", name=op.f("uq_consortium_role_application_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_consortium_role_application_id"), "consortium_role", ["application_id"], unique=False
    )
    op.create_table(
        "cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "fee",
                "travel",
                "hours",
                "events",
                "other_cost",
                name="costkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=True),
        sa.Column("actual", sa.Integer(), nullable=True),
        sa.Column("conference_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_cost_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conference.id"],
            name=op.f("fk_cost_conference_id_conference"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cost_application_id"), "cost", ["application_id"], unique=False)
    op.create_index(op.f("ix_cost_conference_id"), "cost", ["conference_id"], unique=False)
    op.create_index(op.f("ix_cost_year"), "cost", ["year"], unique=False)
    op.create_table(
        "evidence_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "file",
                "link",
                "note",
                name="evidencekind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "file_state",
            sa.Enum(
                "intact",
                "missing_file",
                "changed_file",
                name="filestate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["officer.id"], name=op.f("fk_evidence_revision_added_by_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_evidence_revision_evidence_id_evidence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_revision")),
        sa.UniqueConstraint("evidence_id", "number", name=op.f("uq_evidence_revision_evidence_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_evidence_revision_evidence_id"), "evidence_revision", ["evidence_id"], unique=False
    )
    op.create_index(
        op.f("ix_evidence_revision_replaced_at"), "evidence_revision", ["replaced_at"], unique=False
    )
    op.create_index(op.f("ix_evidence_revision_sha256"), "evidence_revision", ["sha256"], unique=False)
    op.create_index(
        op.f("ix_evidence_revision_valid_until"), "evidence_revision", ["valid_until"], unique=False
    )
    op.create_table(
        "handbook_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("as_of", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_url", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft_edition",
                "current",
                "superseded",
                name="editionstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_handbook_edition_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handbook_edition")),
        sa.UniqueConstraint("application_id", "code", name=op.f("uq_handbook_edition_application_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_handbook_edition_application_id"), "handbook_edition", ["application_id"], unique=False
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("recipient_address", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "mail",
                "form",
                "letter",
                "other_channel",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("text_sent", sa.Text(), nullable=False),
        sa.Column("file_number", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_submission_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_submission_application_id"), "submission", ["application_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "checklist",
                "own_list",
                "edition",
                name="importkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("uploaded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "applied",
                "reverted",
                name="batchstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("applied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reverted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["handbook_edition.id"],
            name=op.f("fk_import_batch_edition_id_handbook_edition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["officer.id"], name=op.f("fk_import_batch_uploaded_by_id_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("legal_form", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_partner_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_partner_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["consortium_role.id"], name=op.f("fk_partner_role_id_consortium_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_partner_application_id"), "partner", ["application_id"], unique=False)
    op.create_index(op.f("ix_partner_organisation_id"), "partner", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_partner_role_id"), "partner", ["role_id"], unique=False)
    op.create_table(
        "profile_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "snapshot",
                "project_entry",
                "news",
                "event",
                name="profilekind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("headline", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("partners", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("venue", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("image", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["city_profile.id"],
            name=op.f("fk_profile_entry_profile_id_city_profile"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_profile_entry_profile_id"), "profile_entry", ["profile_id"], unique=False)
    op.create_table(
        "submission_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["evidence_revision.id"],
            name=op.f("fk_submission_attachment_revision_id_evidence_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_submission_attachment_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_attachment")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_submission_attachment_revision_id"), "submission_attachment", ["revision_id"], unique=False
    )
    op.create_index(
        op.f("ix_submission_attachment_submission_id"),
        "submission_attachment",
        ["submission_id"],
        unique=False,
    )
    op.create_table(
        "submission_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receipt",
                "query",
                "answer",
                "accepted",
                "declined",
                "other_reply",
                name="replykind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("who", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_submission_reply_evidence_id_evidence"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_submission_reply_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_reply")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_submission_reply_submission_id"), "submission_reply", ["submission_id"], unique=False
    )
    op.create_table(
        "carry_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "confirmed", "refused", name="decision", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["officer.id"], name=op.f("fk_carry_over_decided_by_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["handbook_edition.id"],
            name=op.f("fk_carry_over_edition_id_handbook_edition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["commitment.id"], name=op.f("fk_carry_over_from_id_commitment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["commitment.id"], name=op.f("fk_carry_over_to_id_commitment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carry_over")),
        sa.UniqueConstraint("edition_id", "from_id", name=op.f("uq_carry_over_edition_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_carry_over_edition_id"), "carry_over", ["edition_id"], unique=False)
    op.create_index(op.f("ix_carry_over_from_id"), "carry_over", ["from_id"], unique=False)
    op.create_index(op.f("ix_carry_over_to_id"), "carry_over", ["to_id"], unique=False)
    op.create_table(
        "commitment_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("linked_by_id", sa.Integer(), nullable=True),
        sa.Column("unlinked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("unlinked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            name=op.f("fk_commitment_proof_commitment_id_commitment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_commitment_proof_evidence_id_evidence"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"], ["officer.id"], name=op.f("fk_commitment_proof_linked_by_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["unlinked_by_id"], ["officer.id"], name=op.f("fk_commitment_proof_unlinked_by_id_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_proof")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_commitment_proof_commitment_id"), "commitment_proof", ["commitment_id"], unique=False
    )
    op.create_index(
        op.f("ix_commitment_proof_evidence_id"), "commitment_proof", ["evidence_id"], unique=False
    )
    op.create_index(
        op.f("ix_commitment_proof_unlinked_at"), "commitment_proof", ["unlinked_at"], unique=False
    )
    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_change_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_change_batch_id"), "import_change", ["batch_id"], unique=False)


def _alter_application() -> None:
    alter(
        "application",
        [
            (column("state_since", sa.Date(), nullable=True), None),
            (column("record_url", text_type(2000)), "''"),
            (column("actors_needed", sa.Integer()), "2"),
            (column("partners_needed", sa.Integer()), "3"),
            (column("consortium_form", sa.String(30)), "'undecided'"),
        ],
        checks={
            "ck_application_applicationstate": one_of("state", _STATES + _NEW_STATES),
            "ck_application_consortiumform": one_of("consortium_form", _FORMS),
        },
    )
    alter("phase", drop_unique="uq_phase_code", unique=["application_id", "code"])
    op.create_index(op.f("ix_phase_application_id"), "phase", ["application_id"])


def _give_items_an_edition() -> None:
    # What is there becomes the first edition, the one in force; its facts are those of the starter data's file.
    op.execute(
        "insert into handbook_edition (version, application_id, code, name, as_of, source, source_url, content_hash, "
        "state, adopted_on, note) select 1, id, 'fab-city-2026', 'Fab City Network, Stand 22.11.2026', '2026-11-22', "
        "'', handbook_url, '', 'current', null, '' from application"
    )
    alter(
        "commitment",
        [
            (column("edition_id", sa.Integer()), "(select min(id) from handbook_edition)"),
            (column("is_own", sa.Boolean()), "(code is null)"),
            (column("record_url", text_type(2000)), "''"),
        ],
    )
    op.execute("update commitment set code = 'own-' || id where code is null")
    alter(
        "commitment",
        foreign=[("edition_id", "handbook_edition", "CASCADE")],
        drop_unique="uq_commitment_code",
        unique=["edition_id", "code"],
        required=["code"],
    )
    op.create_index(op.f("ix_commitment_edition_id"), "commitment", ["edition_id"])


def _part_evidence_from_its_revisions() -> None:
    # A proof keeps its key; what it consisted of becomes its first revision.
    op.execute(
        "insert into evidence_revision (version, evidence_id, number, kind, url, sha256, file_name, media_type, size, "
        "content, dated_on, valid_until, comment, added_at, added_by_id, file_state) "
        "select 1, id, 1, case when sha256 <> '' then 'file' else 'link' end, url, sha256, file_name, media_type, "
        "size, '', dated_on, valid_until, '', added_at, added_by_id, 'intact' from evidence"
    )
    op.execute(
        "insert into commitment_proof (version, commitment_id, evidence_id, linked_at, linked_by_id) "
        "select 1, commitment_id, id, added_at, added_by_id from evidence"
    )
    op.drop_index(op.f("ix_evidence_commitment_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_valid_until"), table_name="evidence")
    alter(
        "evidence",
        [
            (column("owner_id", sa.Integer(), nullable=True), "added_by_id"),
            (column("file_number", text_type(200)), "''"),
            (column("record_url", text_type(2000)), "''"),
            (column("withdrawn_on", sa.Date(), nullable=True), None),
            (column("withdrawn_reason", text_type(500)), "''"),
        ],
        drop=[
            "dated_on",
            "url",
            "media_type",
            "commitment_id",
            "added_at",
            "sha256",
            "size",
            "valid_until",
            "added_by_id",
            "file_name",
        ],
        foreign=[("owner_id", "officer", None)],
        drop_foreign=["fk_evidence_added_by_id_officer", "fk_evidence_commitment_id_commitment"],
    )
    op.create_index(op.f("ix_evidence_owner_id"), "evidence", ["owner_id"])
    _make_links_of_declarations_evidence()


def _make_links_of_declarations_evidence() -> None:
    alter(
        "declaration",
        [
            (column("kind", sa.String(30)), "'wish'"),
            (column("evidence_id", sa.Integer(), nullable=True), None),
        ],
        checks={"ck_declaration_declarationkind": one_of("kind", _DECLARATIONS)},
        foreign=[("evidence_id", "evidence", "SET NULL")],
    )
    connection = op.get_bind()
    found = connection.execute(
        sa.text("select id, proof_url, declared_on from declaration where proof_url <> ''")
    )
    for key, url, declared_on in found.fetchall():
        added = sa.text(
            "insert into evidence (version, name, file_number, record_url, note, withdrawn_reason) "
            "values (1, 'Erklärung', '', '', '', '') returning id"
        )
        evidence_id = connection.execute(added).scalar_one()
        values = {"evidence": evidence_id, "url": url, "day": declared_on, "declaration": key}
        connection.execute(
            sa.text(
                "insert into evidence_revision (version, evidence_id, number, kind, url, sha256, file_name, "
                "media_type, size, content, dated_on, comment, added_at, file_state) "
                "values (1, :evidence, 1, 'link', :url, '', '', '', 0, '', :day, '', current_timestamp, 'intact')"
            ),
            values,
        )
        connection.execute(
            sa.text("update declaration set evidence_id = :evidence where id = :declaration"), values
        )
    alter("declaration", drop=["proof_url"])
    op.create_index(op.f("ix_declaration_evidence_id"), "declaration", ["evidence_id"])


def downgrade() -> None:
    op.execute("delete from reminder_rule where subject_kind = 'evidence'")
    alter("reminder_rule", checks={"ck_reminder_rule_subjectkind": one_of("subject_kind", _SUBJECTS)})
    alter("principle", drop=["is_own"])
    alter("follow_up", drop=["waiting_email"])
    _join_evidence_with_its_revisions()
    _take_editions_from_items()
    op.drop_index(op.f("ix_phase_application_id"), table_name="phase")
    alter("phase", drop_unique="uq_phase_application_id", unique=["code"])
    op.execute(f"update application set state = 'submitted' where {one_of('state', _NEW_STATES)}")  # noqa: S608
    alter(
        "application",
        drop=["state_since", "record_url", "actors_needed", "partners_needed", "consortium_form"],
        checks={
            "ck_application_applicationstate": one_of("state", _STATES),
            "ck_application_consortiumform": None,
        },
    )
    for table in reversed(_NEW_TABLES):
        op.drop_table(table)


def _join_evidence_with_its_revisions() -> None:
    current = "from evidence_revision r where r.evidence_id = evidence.id and r.replaced_at is null"
    alter(
        "declaration",
        [(column("proof_url", text_type(2000)), "''")],
    )
    op.execute(
        "update declaration set proof_url = coalesce((select r.url from evidence_revision r "
        "where r.evidence_id = declaration.evidence_id and r.replaced_at is null), '')"
    )
    op.drop_index(op.f("ix_declaration_evidence_id"), table_name="declaration")
    alter(
        "declaration",
        drop=["kind", "evidence_id"],
        checks={"ck_declaration_declarationkind": None},
        drop_foreign=["fk_declaration_evidence_id_evidence"],
    )
    # The older schema knows one item for a proof, and no notes.
    op.execute(
        "delete from evidence where id not in (select evidence_id from commitment_proof where unlinked_at is null)"
    )
    op.drop_index(op.f("ix_evidence_owner_id"), table_name="evidence")
    day, moment = sa.Date(), sqlmodel.sql.sqltypes.UTCDateTime()
    alter(
        "evidence",
        [
            (
                column("commitment_id", sa.Integer()),
                "(select min(p.commitment_id) from commitment_proof p "
                "where p.evidence_id = evidence.id and p.unlinked_at is null)",
            ),
            (column("url", text_type(2000)), f"(select r.url {current})"),
            (column("sha256", text_type(64)), f"(select r.sha256 {current})"),
            (column("file_name", text_type(200)), f"(select r.file_name {current})"),
            (column("media_type", text_type(200)), f"(select r.media_type {current})"),
            (column("size", sa.Integer()), f"(select r.size {current})"),
            (column("dated_on", day, nullable=True), f"(select r.dated_on {current})"),
            (column("valid_until", day, nullable=True), f"(select r.valid_until {current})"),
            (column("added_at", moment), f"(select r.added_at {current})"),
            (column("added_by_id", sa.Integer(), nullable=True), f"(select r.added_by_id {current})"),
        ],
        drop=["owner_id", "file_number", "record_url", "withdrawn_on", "withdrawn_reason"],
        foreign=[("added_by_id", "officer", None), ("commitment_id", "commitment", "CASCADE")],
        drop_foreign=["fk_evidence_owner_id_officer"],
    )
    op.create_index(op.f("ix_evidence_commitment_id"), "evidence", ["commitment_id"])
    op.create_index(op.f("ix_evidence_valid_until"), "evidence", ["valid_until"])


def _take_editions_from_items() -> None:
    # The older schema knows one list: that in force.
    op.execute(
        "delete from commitment where edition_id not in (select id from handbook_edition where state = 'current')"
    )
    op.drop_index(op.f("ix_commitment_edition_id"), table_name="commitment")
    alter("commitment", optional=["code"])
    op.execute("update commitment set code = null where is_own")
    alter(
        "commitment",
        drop=["edition_id", "is_own", "record_url"],
        drop_unique="uq_commitment_edition_id",
        unique=["code"],
        drop_foreign=["fk_commitment_edition_id_handbook_edition"],
    )
