"""People, role grants, passkeys, links, challenges, sessions, service tokens and limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "identity_0001"
down_revision = None
branch_labels = ("identity",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_people()
    _create_passkeys()
    _create_sessions()


def _person_key(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    column = sa.Column("person_id", sa.Text, nullable=False)
    name = f"fk_{table}_person_id"
    return column, sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name=name)


def _second_administrator() -> list[sa.Column[object]]:
    return [
        sa.Column("confirmed_by", sa.Text),
        sa.Column("confirmed_at", Moment),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoked_at", Moment),
    ]


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])


def _create_people() -> None:
    op.create_table(
        "identity_person",
        sa.Column("id", sa.Text),
        sa.Column("handle", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kana", sa.Text, nullable=False),
        sa.Column("romaji", sa.Text, nullable=False),
        sa.Column("mail", sa.Text, nullable=False),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_person"),
        sa.UniqueConstraint("handle", name="uq_identity_person_handle"),
    )
    op.create_table(
        "identity_grant",
        sa.Column("id", sa.Text),
        *_person_key("identity_grant"),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("valid_from", Moment, nullable=False),
        sa.Column("valid_to", Moment),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", Moment, nullable=False),
        *_second_administrator(),
        sa.PrimaryKeyConstraint("id", name="pk_identity_grant"),
    )
    _index("identity_grant", "person_id")


def _create_passkeys() -> None:
    op.create_table(
        "identity_credential",
        sa.Column("id", sa.Text),
        *_person_key("identity_credential"),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("transports", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.Column("last_used_at", Moment),
        *_second_administrator(),
        sa.PrimaryKeyConstraint("id", name="pk_identity_credential"),
    )
    _index("identity_credential", "person_id")
    op.create_table(
        "identity_link",
        sa.Column("id", sa.Text),
        sa.Column("token_hash", sa.Text, nullable=False),
        *_person_key("identity_link"),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.Column("revoked_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_identity_link"),
        sa.UniqueConstraint("token_hash", name="uq_identity_link_token_hash"),
    )
    _index("identity_link", "person_id")
    op.create_table(
        "identity_challenge",
        sa.Column("challenge_hash", sa.Text),
        sa.Column("browser_hash", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.PrimaryKeyConstraint("challenge_hash", name="pk_identity_challenge"),
    )


def _create_sessions() -> None:
    op.create_table(
        "identity_session",
        sa.Column("id", sa.Text),
        sa.Column("token_hash", sa.Text, nullable=False),
        *_person_key("identity_session"),
        sa.Column("credential_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("last_seen_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("absolute_at", Moment, nullable=False),
        sa.Column("agent_digest", sa.Text, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("ended_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_identity_session"),
        sa.UniqueConstraint("token_hash", name="uq_identity_session_token_hash"),
    )
    _index("identity_session", "person_id")
    _index("identity_session", "credential_id")
    op.create_table(
        "identity_token",
        sa.Column("id", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("last_used_at", Moment),
        sa.Column("revoked_at", Moment),
        sa.Column("revoked_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_identity_token"),
        sa.UniqueConstraint("token_hash", name="uq_identity_token_token_hash"),
    )
    op.create_table(
        "identity_limit",
        sa.Column("key", sa.Text),
        sa.Column("level", sa.Float, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_identity_limit"),
    )
