"""Routes, the authority table, matters with their events and files, deputies, decision numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "approvals_0001"
down_revision = None
branch_labels = ("approvals",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_tables_of_rules()
    _create_matters()
    _create_deputies()


def _create_tables_of_rules() -> None:
    op.create_table(
        "approvals_route",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approvals_route"),
    )
    op.create_table(
        "approvals_authority",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("risk", sa.Text, nullable=False),
        sa.Column("decider", sa.Text, nullable=False),
        sa.Column("route_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("emergency", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "risk", name="pk_approvals_authority"),
        sa.ForeignKeyConstraint(["route_id"], ["approvals_route.id"], name="fk_approvals_authority_route_id"),
    )
    op.create_table(
        "approvals_counter",
        sa.Column("fiscal_year", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("fiscal_year", name="pk_approvals_counter"),
    )


def _create_matters() -> None:
    texts = (
        "title",
        "kind",
        "risk",
        "subject_room",
        "subject_id",
        "summary",
        "link",
        "callback",
        "digest_of",
        "route_id",
        "steps",
        "drafter_id",
    )
    op.create_table(
        "approvals_matter",
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("approve_by", sa.Date),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_approvals_matter"),
        sa.UniqueConstraint("number", name="uq_approvals_matter_number"),
    )
    op.create_index("ix_approvals_matter_drafter_id", "approvals_matter", ["drafter_id"])
    op.create_index("ix_approvals_matter_phase", "approvals_matter", ["phase"])
    op.create_index("ix_approvals_matter_subject", "approvals_matter", ["subject_room", "subject_id"])
    op.create_table(
        "approvals_event",
        sa.Column("matter_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("for_id", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("step", sa.Integer),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("reason", "digest", "number", "condition", "conditions", "salt")
        ),
        sa.PrimaryKeyConstraint("matter_id", "sequence", name="pk_approvals_event"),
        sa.ForeignKeyConstraint(["matter_id"], ["approvals_matter.id"], name="fk_approvals_event_matter_id"),
    )
    op.create_table(
        "approvals_attachment",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("matter_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("condition", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approvals_attachment"),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["approvals_matter.id"], name="fk_approvals_attachment_matter_id"
        ),
    )
    op.create_index("ix_approvals_attachment_matter_id", "approvals_attachment", ["matter_id"])


def _create_deputies() -> None:
    op.create_table(
        "approvals_deputy",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("principal_id", sa.Text, nullable=False),
        sa.Column("deputy_id", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("registered_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("ended_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_approvals_deputy"),
    )
    op.create_index("ix_approvals_deputy_principal_id", "approvals_deputy", ["principal_id"])
    op.create_index("ix_approvals_deputy_deputy_id", "approvals_deputy", ["deputy_id"])
