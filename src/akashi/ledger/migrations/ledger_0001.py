"""The chain of entries; the database itself refuses to change or remove one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ledger_0001"
down_revision = None
branch_labels = ("ledger",)
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TABLES = ("ledger_entry", "ledger_checkpoint")
REFUSAL = "the ledger is append-only"


def upgrade() -> None:
    """Create tables, indexes and triggers."""
    _create_entries()
    _create_checkpoints()
    _create_verifications()
    guard = _guard_sqlite if op.get_context().dialect.name == "sqlite" else _guard_postgresql
    guard()


def _create_entries() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("sequence", BIG, autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_ledger_entry"),
        sa.UniqueConstraint("digest", name="uq_ledger_entry_digest"),
        sa.UniqueConstraint("previous", name="uq_ledger_entry_previous"),
    )
    op.create_index("ix_ledger_entry_subject_sequence", "ledger_entry", ["subject", "sequence"])
    op.create_index("ix_ledger_entry_kind_sequence", "ledger_entry", ["kind", "sequence"])


def _create_checkpoints() -> None:
    op.create_table(
        "ledger_checkpoint",
        sa.Column("sequence", BIG, autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("installation", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_ledger_checkpoint"),
    )


def _create_verifications() -> None:
    op.create_table(
        "ledger_verification",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("first", BIG, nullable=False),
        sa.Column("entries", BIG, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("checkpoints", sa.Integer, nullable=False),
        sa.Column("fault", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_ledger_verification"),
    )


def _guard_sqlite() -> None:
    """REPLACE deletes without firing delete triggers, so an insert must follow the last entry itself."""
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    op.execute(
        "CREATE TRIGGER ledger_entry_follows BEFORE INSERT ON ledger_entry "
        "WHEN NEW.sequence <> coalesce((SELECT max(sequence) FROM ledger_entry), 0) + 1 "
        "OR EXISTS (SELECT 1 FROM ledger_entry WHERE digest = NEW.digest OR previous = NEW.previous) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    op.execute(
        "CREATE TRIGGER ledger_checkpoint_follows BEFORE INSERT ON ledger_checkpoint "
        "WHEN EXISTS (SELECT 1 FROM ledger_checkpoint WHERE sequence = NEW.sequence) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        )
    op.execute(
        "CREATE FUNCTION ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.sequence <> coalesce((SELECT max(sequence) FROM ledger_entry), 0) + 1 "
        f"THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_entry_follows BEFORE INSERT ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_follows()"
    )
