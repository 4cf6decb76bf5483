"""Feeds at work: how often each is checked, what came of each entry, and which articles came with a new feed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("interval_seconds", sa.Integer(), nullable=True))
    op.add_column("entries", sa.Column("digest", sa.String(length=64), nullable=True))
    op.add_column("entries", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("entries", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("backlog", sa.Boolean(), nullable=False, server_default=sa.false()))
