"""Articles looked at again, quotes that changed, texts withdrawn, and what operators were told."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("articles", sa.Column("page_gone_at", MOMENT, nullable=True))
    op.add_column("articles", sa.Column("text_changed_at", MOMENT, nullable=True))
    op.create_table(
        "looks",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("from_page", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_looks_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_looks"),
    )
    op.create_index("ix_looks_next_at", "looks", ["next_at"])
    op.create_table(
        "withdrawn_versions",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version_id", name="pk_withdrawn_versions"),
    )
    op.create_table(
        "reports",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("free_bytes", sa.BigInteger(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "day", name="pk_reports"),
    )
    op.add_column("sent_quotes", sa.Column("outdated_by", sa.BigInteger(), nullable=True))
    op.add_column("sent_quotes", sa.Column("change", sa.JSON(), nullable=True))
    op.add_column("sent_quotes", sa.Column("changed_version_id", sa.BigInteger(), nullable=True))
    op.add_column("sent_quotes", sa.Column("changed_at", MOMENT, nullable=True))
    op.add_column("sent_quotes", sa.Column("change_told_at", MOMENT, nullable=True))
    op.create_index("ix_sent_quotes_outdated_by", "sent_quotes", ["outdated_by"])
    op.create_index("ix_sent_quotes_changed_at", "sent_quotes", ["changed_at"])
