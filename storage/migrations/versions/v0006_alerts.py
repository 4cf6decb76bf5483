"""Alerts: which story a chat was alerted to, on which topic, and since when a topic brings them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_articles_added_at", "articles", ["added_at"])
    op.add_column("topics", sa.Column("alerts_since", MOMENT, nullable=True))
    op.add_column("topics", sa.Column("alerts_thread_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "alerts",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=True),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id", "chat_id"],
            ["chats.bot_id", "chats.id"],
            name="fk_alerts_bot_id_chat_id_chats",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_alerts_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_alerts_topic_id_topics", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", "article_id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_article_id", "alerts", ["article_id"])
    op.create_index("ix_alerts_topic_id_decided_at", "alerts", ["topic_id", "decided_at"])
