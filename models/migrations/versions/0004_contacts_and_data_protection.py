"""Contacts and data protection: points, roles, tags, interactions, merges, imports in steps, erasures, search"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.contacts.phones import phone_key
from models.folding import fold
from models.migrations.altering import alter, column, one_of, text_type
from models.migrations.search_indexes import create_search_indexes, drop_search_indexes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OLD_KINDS = ("checklist", "own_list", "edition")
_OLD_STATES = ("prepared", "applied", "reverted")
_SEARCHABLE = ("organisation", "place", "commitment", "conference", "person")
_NEW_TABLES = (
    "import_row", "interaction_file", "person_role", "not_the_same", "interaction", "erasure", "contact_point",
    "contact_merge", "contact_export", "tag_link", "tag",
)  # fmt: skip
_CITY = ("postal_address", "privacy_officer", "privacy_authority", "contacts_keep_months", "mails_keep_months",
         "sessions_keep_days")  # fmt: skip
_ORDERED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _alter_person()
    _create_tables()
    _sort_by_code_points("C")
    alter("place", [(column("learnt", sa.Text()), "''")])
    alter(
        "city",
        [
            (column("postal_address", sa.Text()), "''"),
            (column("privacy_officer", sa.Text()), "''"),
            (column("privacy_authority", sa.Text()), "''"),
            (column("contacts_keep_months", sa.Integer()), "24"),
            (column("mails_keep_months", sa.Integer()), "12"),
            (column("sessions_keep_days", sa.Integer()), "30"),
        ],
    )
    alter(
        "import_batch",
        [
            (column("file_format", text_type(60)), "''"),
            (column("done", sa.Integer()), "0"),
            (column("total", sa.Integer()), "0"),
            (column("fault", text_type(500)), "''"),
        ],
        checks={
            "ck_import_batch_importkind": one_of("kind", (*_OLD_KINDS, "contacts", "places")),
            "ck_import_batch_batchstate": one_of("state", ("reading", "failed", *_OLD_STATES)),
        },
    )
    _derive_people()
    create_search_indexes()


def _alter_person() -> None:
    texts = {"uid": 200, "honorific": 60, "other_languages": 200, "purpose": 500, "notice_waived": 500,
             "keep_reason": 500, "email_key": 254, "phone_key": 60}  # fmt: skip
    days = ("erased_on", "role_from", "role_to", "confirmed_on", "added_on", "notice_sent_on", "objected_on",
            "keep_until")  # fmt: skip
    alter(
        "person",
        [
            (column("state", text_type(30)), "'active'"),
            (column("merged_into_id", sa.Integer(), nullable=True), None),
            (column("legal_basis", text_type(30)), "'public_task'"),
            (column("origin", text_type(30)), "'unknown'"),
            (column("is_first_contact", sa.Boolean()), "false"),
            (column("do_not_contact", sa.Boolean()), "false"),
            (column("other_properties", sa.Text()), "''"),
            (column("objection", sa.Text()), "''"),
            (column("given_key", _ORDERED), "''"),
            *((column(name, text_type(limit)), "''") for name, limit in texts.items()),
            *((column(name, sa.Date(), nullable=True), None) for name in days),
        ],
        checks={
            "ck_person_personstate": one_of("state", ("active", "merged", "erased")),
            "ck_person_legalbasis": one_of(
                "legal_basis", ("public_task", "consent", "contract", "legal_duty")
            ),
            "ck_person_dataorigin": one_of("origin", ("self", "public", "third_party", "unknown")),
        },
        foreign=[("merged_into_id", "person", "SET NULL")],
    )
    op.create_index("ix_person_listed", "person", ["state", "sort_key", "id", "organisation_id", "place_id"])
    op.create_index("ix_person_by_given_name", "person", ["state", "given_key", "id"])
    for name in ("email_key", "merged_into_id", "phone_key", "uid"):
        op.create_index(op.f(f"ix_person_{name}"), "person", [name])


def _sort_by_code_points(collation: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite does so anyway
        for table in _SEARCHABLE:
            op.execute(f'alter table {table} alter column sort_key type text collate "{collation}"')


def _derive_people() -> None:
    """As the session would on the next change: keys, and the words of organisation and place."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "select p.id, p.given_name, p.family_name, p.email, p.phone, p.search_text, o.name, o.city, pl.name "
            "from person p left join organisation o on o.id = p.organisation_id "
            "left join place pl on pl.id = coalesce(p.place_id, o.place_id)"
        )
    ).all()
    for key, given, family, email, phone, words, *around in found:
        derived = {
            "key": key,
            "given": fold(f"{given} {family}"),
            "email": email.casefold(),
            "phone": phone_key(phone),
            "words": " ".join([words, *(fold(word) for word in around if word)]),
        }
        connection.execute(
            sa.text(
                "update person set given_key = :given, email_key = :email, phone_key = :phone, "
                "search_text = :words where id = :key"
            ),
            derived,
        )


def downgrade() -> None:
    """Erased contacts keep their row, without a name."""
    drop_search_indexes()
    op.execute("delete from import_batch where kind in ('contacts', 'places')")
    op.execute("update import_batch set state = 'prepared' where state in ('reading', 'failed')")
    alter(
        "import_batch",
        drop=("file_format", "done", "total", "fault"),
        checks={
            "ck_import_batch_importkind": one_of("kind", _OLD_KINDS),
            "ck_import_batch_batchstate": one_of("state", _OLD_STATES),
        },
    )
    alter("city", drop=_CITY)
    alter("place", drop=("learnt",))
    for table in _NEW_TABLES:
        op.drop_table(table)
    _take_back_person()
    _sort_by_code_points("default")


def _take_back_person() -> None:
    for name in ("ix_person_listed", "ix_person_by_given_name", "ix_person_email_key", "ix_person_merged_into_id",
                 "ix_person_phone_key", "ix_person_uid"):  # fmt: skip
        op.drop_index(name, "person")
    alter(
        "person",
        drop=(
            "state", "merged_into_id", "erased_on", "uid", "honorific", "is_first_contact", "role_from", "role_to",
            "other_languages", "other_properties", "confirmed_on", "added_on", "legal_basis", "origin", "purpose",
            "notice_sent_on", "notice_waived", "objected_on", "objection", "do_not_contact", "keep_until",
            "keep_reason", "email_key", "phone_key", "given_key",
        ),
        drop_foreign=("fk_person_merged_into_id_person",),
        checks={"ck_person_personstate": None, "ck_person_legalbasis": None, "ck_person_dataorigin": None},
    )  # fmt: skip


def _create_tables() -> None:
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name_key", name=op.f("uq_tag_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tag_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_tag_link_tag_id_tag"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_link")),
        sa.UniqueConstraint("subject_kind", "subject_id", "tag_id", name="uq_tag_link_once"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_tag_link_tag_id"), "tag_link", ["tag_id"], unique=False)
    op.create_table(
        "contact_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "vcard",
                "csv",
                "xlsx",
                "access",
                name="exportkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_contact_export_officer_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_export_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_export")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_export_at"), "contact_export", ["at"], unique=False)
    op.create_table(
        "contact_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["person.id"], name=op.f("fk_contact_merge_gone_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["person.id"], name=op.f("fk_contact_merge_kept_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_contact_merge_officer_id_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_merge")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_merge_gone_id"), "contact_merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_contact_merge_kept_id"), "contact_merge", ["kept_id"], unique=False)
    op.create_table(
        "contact_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "email",
                "phone",
                "postal",
                "web",
                name="pointkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("value_key", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(person_id is null) <> (organisation_id is null)", name=op.f("ck_contact_point_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_contact_point_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_point_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_contact_point_organisation_id"), "contact_point", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_contact_point_person_id"), "contact_point", ["person_id"], unique=False)
    op.create_index(op.f("ix_contact_point_value_key"), "contact_point", ["value_key"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "retention",
                "request",
                "objection",
                "mistake",
                name="erasurereason",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_erasure_officer_id_officer")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_erasure_person_id"), "erasure", ["person_id"], unique=False)
    op.create_table(
        "interaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "call",
                "mail",
                "meeting",
                "letter",
                "note",
                name="interactionkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sender", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("message_id", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_interaction_officer_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_interaction_organisation_id_organisation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interaction_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_interaction_place_id_place"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_interaction_message_id"), "interaction", ["message_id"], unique=False)
    op.create_index("ix_interaction_newest", "interaction", ["sort_key", "id"], unique=False)
    op.create_index(
        "ix_interaction_organisation", "interaction", ["organisation_id", "sort_key", "id"], unique=False
    )
    op.create_index("ix_interaction_person", "interaction", ["person_id", "sort_key", "id"], unique=False)
    op.create_index("ix_interaction_place", "interaction", ["place_id", "sort_key", "id"], unique=False)
    op.create_table(
        "not_the_same",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["first_id"], ["person.id"], name=op.f("fk_not_the_same_first_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_not_the_same_officer_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name=op.f("fk_not_the_same_second_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_the_same")),
        sa.UniqueConstraint("first_id", "second_id", name="uq_not_the_same_pair"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_not_the_same_second_id"), "not_the_same", ["second_id"], unique=False)
    op.create_table(
        "person_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("function", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("role_from", sa.Date(), nullable=True),
        sa.Column("role_to", sa.Date(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_person_role_organisation_id_organisation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_role_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_role")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_person_role_organisation_id"), "person_role", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_person_role_person_id"), "person_role", ["person_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "new",
                "update",
                "skip",
                name="rowchoice",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_row_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_row_number", "import_row", ["batch_id", "number"], unique=False)
    op.create_table(
        "interaction_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
            name=op.f("fk_interaction_file_interaction_id_interaction"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction_file")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_interaction_file_interaction_id"), "interaction_file", ["interaction_id"], unique=False
    )
    op.create_index(op.f("ix_interaction_file_sha256"), "interaction_file", ["sha256"], unique=False)
