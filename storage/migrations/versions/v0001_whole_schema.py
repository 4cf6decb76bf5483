"""The whole schema: corpus, feeds, chats, questions, delivery; and the database's own id."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _itself()
    _corpus()
    _feeds()
    _chats()
    _questions()
    _delivery()


def _itself() -> None:
    database = op.create_table(
        "database",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_database"),
    )
    op.bulk_insert(database, [{"id": str(uuid4()), "created_at": datetime.now(UTC)}])


def _corpus() -> None:
    op.create_table(
        "outlets",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outlets"),
        sa.UniqueConstraint("name", name="uq_outlets_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("text_key", sa.String(length=64), nullable=True),
        sa.Column("outlet_id", ID, nullable=True),
        sa.Column("copy_of", ID, nullable=True),
        sa.Column("newest_version", sa.Integer(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["copy_of"], ["articles.id"], name="fk_articles_copy_of_articles"),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name="fk_articles_outlet_id_outlets"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("external_id", name="uq_articles_external_id"),
        sa.UniqueConstraint("text_key", name="uq_articles_text_key"),
        sa.UniqueConstraint("url", name="uq_articles_url"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_copy_of", "articles", ["copy_of"])
    op.create_index("ix_articles_outlet_id", "articles", ["outlet_id"])
    op.create_table(
        "versions",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("dateline", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("published_moment", MOMENT, nullable=True),
        sa.Column("published_precision", sa.String(length=8), nullable=True),
        sa.Column("published_offset", sa.Integer(), nullable=True),
        sa.Column("supplied", sa.String(length=16), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("tokenizer", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_versions_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("article_id", "number", name="uq_versions_article_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_versions_published_moment", "versions", ["published_moment"])
    op.create_index("ix_versions_text_sha256", "versions", ["text_sha256"])
    op.create_table(
        "passages",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_passages_version_id_versions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
        sa.UniqueConstraint("version_id", "ordinal", name="uq_passages_version_id_ordinal"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "statements",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("sense", sa.String(length=16), nullable=True),
        sa.Column("certainty", sa.String(length=16), nullable=True),
        sa.Column("speaker_key", sa.Text(), nullable=True),
        sa.Column("speaker", sa.JSON(), nullable=True),
        sa.Column("likely_speaker", sa.JSON(), nullable=True),
        sa.Column("source_start", sa.Integer(), nullable=True),
        sa.Column("source_end", sa.Integer(), nullable=True),
        sa.Column("addressee_start", sa.Integer(), nullable=True),
        sa.Column("addressee_end", sa.Integer(), nullable=True),
        sa.Column("via", sa.Text(), nullable=True),
        sa.Column("rule", sa.String(length=64), nullable=True),
        sa.Column("attributed", sa.Boolean(), nullable=False),
        sa.Column("within_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_statements_version_id_versions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["within_id"], ["statements.id"], name="fk_statements_within_id_statements", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_statements"),
        sa.UniqueConstraint("version_id", "ordinal", name="uq_statements_version_id_ordinal"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_statements_speaker_key", "statements", ["speaker_key"])
    op.create_index("ix_statements_within_id", "statements", ["within_id"])
    op.create_table(
        "statement_spans",
        sa.Column("statement_id", ID, nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name="fk_statement_spans_statement_id_statements", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("statement_id", "part", "ordinal", name="pk_statement_spans"),
    )
    op.create_table(
        "index_changes",
        sa.Column("seq", ID, nullable=False),
        sa.Column("passage_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_index_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_index_changes_passage_id", "index_changes", ["passage_id"])


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("next_check_at", MOMENT, nullable=True),
        sa.Column("last_checked_at", MOMENT, nullable=True),
        sa.Column("last_success_at", MOMENT, nullable=True),
        sa.Column("last_entry_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("url", name="uq_feeds_url"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feeds_next_check_at", "feeds", ["next_check_at"])
    op.create_table(
        "entries",
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_entries_article_id_articles", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_entries_feed_id_feeds", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "entry_key", name="pk_entries"),
    )
    op.create_index("ix_entries_article_id", "entries", ["article_id"])


def _chats() -> None:
    op.create_table(
        "chats",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("moved_to", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("preferences", sa.JSON(), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "id", name="pk_chats"),
    )
    op.create_table(
        "grants",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("granted", sa.String(length=16), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "user_id", "granted", name="pk_grants"),
    )
    op.create_table(
        "invitations",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("granted", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("bot_id", "code_sha256", name="pk_invitations"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("local_time", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("next_due_at", MOMENT, nullable=True),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id", "chat_id"],
            ["chats.bot_id", "chats.id"],
            name="fk_subscriptions_bot_id_chat_id_chats",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_bot_id_next_due_at", "subscriptions", ["bot_id", "next_due_at"])
    op.create_table(
        "topics",
        sa.Column("id", ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("alerts_an_hour", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id", "chat_id"],
            ["chats.bot_id", "chats.id"],
            name="fk_topics_bot_id_chat_id_chats",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_topics"),
        sa.UniqueConstraint("bot_id", "chat_id", "name", name="uq_topics_bot_id_chat_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mutes",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id", "chat_id"],
            ["chats.bot_id", "chats.id"],
            name="fk_mutes_bot_id_chat_id_chats",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name="fk_mutes_outlet_id_outlets", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", "outlet_id", name="pk_mutes"),
    )
    op.create_table(
        "editions",
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("local_date", sa.String(length=10), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("composed_at", MOMENT, nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name="fk_editions_subscription_id_subscriptions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "local_date", name="pk_editions"),
    )


def _questions() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("bot_id", "update_id", name="uq_inbox_bot_id_update_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_bot_id_state_chat_id_id", "inbox", ["bot_id", "state", "chat_id", "id"])
    op.create_index("ix_inbox_chat_id", "inbox", ["chat_id"])
    op.create_table(
        "questions",
        sa.Column("id", ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.UniqueConstraint(
            "bot_id", "chat_id", "message_id", "revision", name="uq_questions_bot_id_chat_id_message_id_revision"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_questions_asked_at", "questions", ["asked_at"])
    op.create_index("ix_questions_user_id", "questions", ["user_id"])
    op.create_table(
        "sent_quotes",
        sa.Column("id", ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", ID, nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("outbox_key", sa.Text(), nullable=True),
        sa.Column("shown_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="fk_sent_quotes_question_id_questions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_sent_quotes_version_id_versions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sent_quotes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sent_quotes_question_id", "sent_quotes", ["question_id"])
    op.create_index("ix_sent_quotes_version_id", "sent_quotes", ["version_id"])
    op.create_table(
        "actions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", ID, nullable=True),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("argument", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="fk_actions_question_id_questions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
    )
    op.create_index("ix_actions_question_id", "actions", ["question_id"])


def _delivery() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("edits", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("sent_message_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_bot_id_chat_id_state", "outbox", ["bot_id", "chat_id", "state"])
    op.create_index("ix_outbox_bot_id_state_priority_id", "outbox", ["bot_id", "state", "priority", "id"])
    op.create_index("ix_outbox_question_id", "outbox", ["question_id"])
    op.create_table(
        "paces",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("wait_until", MOMENT, nullable=True),
        sa.Column("free_at", MOMENT, nullable=True),
        sa.Column("group_free_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name="pk_paces"),
    )
    op.create_table(
        "roles",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_roles"),
    )
