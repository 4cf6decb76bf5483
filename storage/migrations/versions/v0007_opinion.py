"""Opinion, where an article's page says so."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("opinion", sa.Boolean(), nullable=False, server_default=sa.false()))
