"""Which output of a trial was judged, so that it counts once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "governance_0003"
down_revision = "governance_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("governance_sample", sa.Column("output", sa.String(64), nullable=False, server_default=""))
