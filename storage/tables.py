"""The schema, whole from the first migration. Rows never leave storage.

Constraint names follow one convention from the first day; ids are never used again.
"""

import re
from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcMoment(sa.TypeDecorator[datetime]):
    """An aware moment in UTC, also where the database keeps none (SQLite)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Words(sa.TypeDecorator[str]):
    """Text that every database and every socket takes: NUL and lone surrogates become U+FFFD, one for one."""

    impl: type[sa.String] = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else UNSTORABLE.sub("\ufffd", value)


class Word(Words):
    """The same, of a bounded length."""

    impl = sa.String
    cache_ok = True


UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
BIG = sa.BigInteger()
DOCUMENT = sa.JSON(none_as_null=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts up by itself only on INTEGER


class Table(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: UtcMoment(), dict[str, Any]: DOCUMENT, list[Any]: DOCUMENT}


class Database(Table):
    """One row: the database's own id, which the index header names."""

    __tablename__ = "database"
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    created_at: Mapped[datetime]


# ── the corpus ───────────────────────────────────────────────────────────────────────────────────


class OutletRow(Table):
    __tablename__ = "outlets"
    __table_args__ = (sa.UniqueConstraint("name"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(Words())
    site: Mapped[str | None] = mapped_column(Words())


class ArticleRow(Table):
    """`text_key` is the hash of the first text of an article that has neither id nor address, else null."""

    __tablename__ = "articles"
    __table_args__ = (
        sa.UniqueConstraint("external_id"),
        sa.UniqueConstraint("url"),
        sa.UniqueConstraint("text_key"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(Words())
    url: Mapped[str | None] = mapped_column(Words())
    text_key: Mapped[str | None] = mapped_column(sa.String(64))
    outlet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outlets.id"), index=True)
    copy_of: Mapped[int | None] = mapped_column(sa.ForeignKey("articles.id"), index=True)  # the same text
    edited_from: Mapped[int | None] = mapped_column(
        BIG, index=True
    )  # an article of nearly the same text, printed before
    address_key: Mapped[str | None] = mapped_column(Words(), index=True)  # what its addresses have in common
    newest_version: Mapped[int] = mapped_column(sa.Integer, default=0)  # its number; 0 while being written
    added_at: Mapped[datetime] = mapped_column(index=True)
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[str | None] = mapped_column(Words())
    backlog: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())  # of a new feed
    page_gone_at: Mapped[datetime | None]  # since when its page is known to be removed
    text_changed_at: Mapped[datetime | None]  # when a later version last brought other words than the first


class LookRow(Table):
    """When the page of an article is looked at again; kept also when the last look is made."""

    __tablename__ = "looks"
    article_id: Mapped[int] = mapped_column(
        sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    address: Mapped[str] = mapped_column(Words())
    from_page: Mapped[bool] = mapped_column(sa.Boolean)  # the article's text is this page's, not its feed's
    etag: Mapped[str | None] = mapped_column(Words())
    last_modified: Mapped[str | None] = mapped_column(Words())
    planned_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(UtcMoment(), index=True)
    lease_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(sa.Integer, default=0)
    misses: Mapped[int] = mapped_column(sa.Integer, default=0)  # looks in a row that found no page


class WithdrawnRow(Table):
    """A version whose words the operator took out: what an old button then says."""

    __tablename__ = "withdrawn_versions"
    version_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(BIG)
    withdrawn_at: Mapped[datetime]


class FingerprintRow(Table):
    """What texts like an article's are found by; kept for the first article that printed a text."""

    __tablename__ = "fingerprints"
    __table_args__ = ({"sqlite_with_rowid": False},)
    fingerprint: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(
        sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class VersionRow(Table):
    __tablename__ = "versions"
    __table_args__ = (
        sa.UniqueConstraint("article_id", "number"),
        sa.Index("ix_versions_text_sha256", "text_sha256"),
        sa.Index("ix_versions_published_moment", "published_moment"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(sa.Integer)
    headline: Mapped[str | None] = mapped_column(Words())
    byline: Mapped[str | None] = mapped_column(Words())
    dateline: Mapped[str | None] = mapped_column(Words())
    language: Mapped[str] = mapped_column(sa.String(35))
    published_moment: Mapped[datetime | None]
    published_precision: Mapped[str | None] = mapped_column(sa.String(8))
    published_offset: Mapped[int | None] = mapped_column(sa.Integer)
    supplied: Mapped[str] = mapped_column(sa.String(16))
    fetched_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Words())
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    opinion: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())  # its page says so
    tokenizer: Mapped[str] = mapped_column(sa.String(16))  # the version of the code that cut and tokenised it
    rules: Mapped[str | None] = mapped_column(sa.String(16))  # the version of the code that found its statements


class PassageRow(Table):
    """`tokens` are the index tokens, a space between; rows of older versions stay, unindexed."""

    __tablename__ = "passages"
    __table_args__ = (sa.UniqueConstraint("version_id", "ordinal"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id", ondelete="CASCADE"))
    ordinal: Mapped[int] = mapped_column(sa.Integer)
    start: Mapped[int] = mapped_column("start_at", sa.Integer)
    end: Mapped[int] = mapped_column("end_at", sa.Integer)
    language: Mapped[str] = mapped_column(sa.String(35))  # the index it belongs to
    tokens: Mapped[str] = mapped_column(Words())


class StatementRow(Table):
    __tablename__ = "statements"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "ordinal"),
        sa.Index("ix_statements_speaker_key", "speaker_key"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id", ondelete="CASCADE"))
    ordinal: Mapped[int] = mapped_column(sa.Integer)
    form: Mapped[str] = mapped_column(sa.String(16))
    sense: Mapped[str | None] = mapped_column(sa.String(16))
    certainty: Mapped[str | None] = mapped_column(sa.String(16))
    speaker_key: Mapped[str | None] = mapped_column(Words())  # the name, case folded: what `said` looks up
    speaker: Mapped[dict[str, Any] | None]
    likely_speaker: Mapped[dict[str, Any] | None]
    source_start: Mapped[int | None] = mapped_column(sa.Integer)
    source_end: Mapped[int | None] = mapped_column(sa.Integer)
    addressee_start: Mapped[int | None] = mapped_column(sa.Integer)
    addressee_end: Mapped[int | None] = mapped_column(sa.Integer)
    via: Mapped[str | None] = mapped_column(Words())
    rule: Mapped[str | None] = mapped_column(sa.String(64))
    attributed: Mapped[bool] = mapped_column(sa.Boolean)
    within_id: Mapped[int | None] = mapped_column(sa.ForeignKey("statements.id", ondelete="SET NULL"), index=True)


class StatementSpanRow(Table):
    """The spans of a statement: its content, and its cue."""

    __tablename__ = "statement_spans"
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(sa.String(8), primary_key=True)  # content | cue
    ordinal: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    start: Mapped[int] = mapped_column("start_at", sa.Integer)
    end: Mapped[int] = mapped_column("end_at", sa.Integer)


class IndexChangeRow(Table):
    """The index's history. An added passage's tokens stand in its passage; a removed one keeps its own here."""

    __tablename__ = "index_changes"
    __table_args__ = ({"sqlite_autoincrement": True},)
    seq: Mapped[int] = mapped_column(ID, primary_key=True)
    passage_id: Mapped[int] = mapped_column(BIG, index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    language: Mapped[str] = mapped_column(sa.String(35))
    tokens: Mapped[str | None] = mapped_column(Words())
    changed_at: Mapped[datetime]


# ── feeds ────────────────────────────────────────────────────────────────────────────────────────


class FeedRow(Table):
    __tablename__ = "feeds"
    __table_args__ = (sa.UniqueConstraint("url"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    url: Mapped[str] = mapped_column(Words())
    title: Mapped[str | None] = mapped_column(Words())
    site: Mapped[str | None] = mapped_column(Words())
    topic: Mapped[str | None] = mapped_column(Words())
    state: Mapped[str] = mapped_column(sa.String(16))
    etag: Mapped[str | None] = mapped_column(Words())
    last_modified: Mapped[str | None] = mapped_column(Words())
    added_at: Mapped[datetime]
    next_check_at: Mapped[datetime | None] = mapped_column(UtcMoment(), index=True)
    last_checked_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_entry_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(sa.Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Words())
    lease_until: Mapped[datetime | None]
    interval_seconds: Mapped[int | None] = mapped_column(sa.Integer)  # how often it is checked, as it publishes


class EntryRow(Table):
    """One item of one feed, so that it is taken in once; without an article where none came of it."""

    __tablename__ = "entries"
    feed_id: Mapped[int] = mapped_column(sa.ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    entry_key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)  # hash of its guid or link
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("articles.id", ondelete="SET NULL"), index=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    digest: Mapped[str | None] = mapped_column(sa.String(64))  # of its words; None while it is to be tried again
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0, server_default="0")
    reason: Mapped[str | None] = mapped_column(Words())  # why no article came of it


# ── chats and what they order ────────────────────────────────────────────────────────────────────


class ChatRow(Table):
    __tablename__ = "chats"
    bot_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(16))
    state_reason: Mapped[str | None] = mapped_column(Words())
    moved_to: Mapped[int | None] = mapped_column(BIG)
    language: Mapped[str | None] = mapped_column(sa.String(35))
    zone: Mapped[str | None] = mapped_column(Words())
    preferences: Mapped[dict[str, Any]] = mapped_column(DOCUMENT, default=dict)
    first_seen_at: Mapped[datetime]


class GrantRow(Table):
    """Who may run the bot, and who may ask where ACCESS is allowlist."""

    __tablename__ = "grants"
    bot_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    grant: Mapped[str] = mapped_column("granted", sa.String(16), primary_key=True)
    granted_at: Mapped[datetime]


class InvitationRow(Table):
    """A one-use link; only the hash of its code is kept."""

    __tablename__ = "invitations"
    bot_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    code_sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    grant: Mapped[str] = mapped_column("granted", sa.String(16))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SubscriptionRow(Table):
    """`weekdays` is a bit mask, Monday 1; `zone` empty until the reader confirmed it."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["bot_id", "chat_id"], ["chats.bot_id", "chats.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.Index("ix_subscriptions_bot_id_next_due_at", "bot_id", "next_due_at"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BIG)
    chat_id: Mapped[int] = mapped_column(BIG)
    thread_id: Mapped[int | None] = mapped_column(BIG)
    local_time: Mapped[str] = mapped_column(sa.String(5))
    zone: Mapped[str | None] = mapped_column(Words())
    weekdays: Mapped[int] = mapped_column(sa.Integer)
    topics: Mapped[list[Any]] = mapped_column(DOCUMENT, default=list)  # ids; empty means all of the chat's
    next_due_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    paused: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    created_at: Mapped[datetime]


class TopicRow(Table):
    __tablename__ = "topics"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["bot_id", "chat_id"], ["chats.bot_id", "chats.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("bot_id", "chat_id", "name"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BIG)
    chat_id: Mapped[int] = mapped_column(BIG)
    name: Mapped[str] = mapped_column(Words())
    words: Mapped[str] = mapped_column(Words())
    alerts_an_hour: Mapped[int] = mapped_column(sa.Integer, default=0)
    alerts_since: Mapped[datetime | None]
    alerts_thread_id: Mapped[int | None] = mapped_column(BIG)
    created_at: Mapped[datetime]


class AlertRow(Table):
    """A story that a chat was alerted to by its first article that came, or one that was left to the next briefing."""

    __tablename__ = "alerts"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["bot_id", "chat_id"], ["chats.bot_id", "chats.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.Index("ix_alerts_topic_id_decided_at", "topic_id", "decided_at"),
    )
    bot_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(
        sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topics.id", ondelete="SET NULL"))
    version_id: Mapped[int] = mapped_column(BIG)
    outlets: Mapped[int] = mapped_column(sa.Integer)  # that had it, each in its own words, when it was last said
    told: Mapped[bool] = mapped_column(sa.Boolean)
    decided_at: Mapped[datetime]


class MuteRow(Table):
    __tablename__ = "mutes"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["bot_id", "chat_id"], ["chats.bot_id", "chats.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
    )
    bot_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlets.id", ondelete="CASCADE"), primary_key=True)


class EditionRow(Table):
    """One dated issue: at most one a subscription and local day."""

    __tablename__ = "editions"
    subscription_id: Mapped[int] = mapped_column(
        sa.ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True
    )
    local_date: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(sa.String(16))
    composed_at: Mapped[datetime]
    articles: Mapped[list[Any]] = mapped_column(DOCUMENT, default=list)  # ids told in it


# ── questions, answers, buttons ──────────────────────────────────────────────────────────────────


class InboxRow(Table):
    """An accepted update; `payload` holds ids, thread and words, and goes empty when the words are erased.

    Its identity is (bot, update id), compared for equality only: Telegram may begin anew at a smaller
    number. `id` is the order of arrival.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        sa.UniqueConstraint("bot_id", "update_id"),
        sa.Index("ix_inbox_bot_id_state_chat_id_id", "bot_id", "state", "chat_id", "id"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BIG)
    update_id: Mapped[int] = mapped_column(BIG)
    chat_id: Mapped[int | None] = mapped_column(BIG, index=True)
    state: Mapped[str] = mapped_column(sa.String(16))
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    not_before: Mapped[datetime | None]
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    payload: Mapped[dict[str, Any] | None]


class QuestionRow(Table):
    __tablename__ = "questions"
    __table_args__ = (
        sa.UniqueConstraint("bot_id", "chat_id", "message_id", "revision"),
        sa.Index("ix_questions_asked_at", "asked_at"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BIG)
    chat_id: Mapped[int] = mapped_column(BIG)
    thread_id: Mapped[int | None] = mapped_column(BIG)
    message_id: Mapped[int] = mapped_column(BIG)
    revision: Mapped[int] = mapped_column(BIG, default=0)  # 0, then the update id of each edit
    user_id: Mapped[int | None] = mapped_column(BIG, index=True)
    words: Mapped[str | None] = mapped_column(Words())
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(sa.String(16))
    reference: Mapped[str | None] = mapped_column(sa.String(8))


class SentQuoteRow(Table):
    """A quote shown to a chat, so that buttons and corrections find it."""

    __tablename__ = "sent_quotes"
    __table_args__ = (
        sa.Index("ix_sent_quotes_version_id", "version_id"),
        sa.Index("ix_sent_quotes_question_id", "question_id"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BIG)
    chat_id: Mapped[int] = mapped_column(BIG)
    question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("questions.id", ondelete="CASCADE"))
    ordinal: Mapped[int] = mapped_column(sa.Integer)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id", ondelete="CASCADE"))
    start: Mapped[int] = mapped_column("start_at", sa.Integer)
    end: Mapped[int] = mapped_column("end_at", sa.Integer)
    outbox_key: Mapped[str | None] = mapped_column(Words())
    shown_at: Mapped[datetime]
    outdated_by: Mapped[int | None] = mapped_column(BIG, index=True)  # a later version, not compared yet
    change: Mapped[list[Any] | None]  # what became of its sentences there: pairs of spans, [[s, e], [s, e] | null]
    changed_version_id: Mapped[int | None] = mapped_column(BIG)
    changed_at: Mapped[datetime | None] = mapped_column(UtcMoment(), index=True)
    change_told_at: Mapped[datetime | None]


class ObjectionRow(Table):
    """A quote that readers call wrongly attributed, with the rules that attributed it; nothing of who says so."""

    __tablename__ = "objections"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "start_at", "end_at", "rule"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id", ondelete="CASCADE"))
    start: Mapped[int] = mapped_column("start_at", sa.Integer)
    end: Mapped[int] = mapped_column("end_at", sa.Integer)
    rule: Mapped[str] = mapped_column(sa.String(200))
    times: Mapped[int] = mapped_column(sa.Integer)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class ActionRow(Table):
    """What a button means. `id` is the callback data."""

    __tablename__ = "actions"
    __table_args__ = (sa.Index("ix_actions_question_id", "question_id"),)
    id: Mapped[str] = mapped_column(Word(16), primary_key=True)
    bot_id: Mapped[int] = mapped_column(BIG)
    chat_id: Mapped[int] = mapped_column(BIG)
    question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("questions.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(32))
    argument: Mapped[dict[str, Any]] = mapped_column(DOCUMENT, default=dict)
    created_at: Mapped[datetime]


# ── delivery ─────────────────────────────────────────────────────────────────────────────────────


class OutboxRow(Table):
    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.Index("ix_outbox_bot_id_state_priority_id", "bot_id", "state", "priority", "id"),
        sa.Index("ix_outbox_bot_id_chat_id_state", "bot_id", "chat_id", "state"),
        sa.Index("ix_outbox_question_id", "question_id"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    key: Mapped[str] = mapped_column(Words())
    bot_id: Mapped[int] = mapped_column(BIG)
    chat_id: Mapped[int] = mapped_column(BIG)
    thread_id: Mapped[int | None] = mapped_column(BIG)
    reply_to: Mapped[int | None] = mapped_column(BIG)
    message_id: Mapped[int | None] = mapped_column(BIG)  # the message an edit or a reaction is for
    edits: Mapped[str | None] = mapped_column(Words())  # or the key of the row whose message it will be
    kind: Mapped[str] = mapped_column(sa.String(16))
    html: Mapped[str] = mapped_column(Words())
    plain: Mapped[str] = mapped_column(Words())
    buttons: Mapped[list[Any]] = mapped_column(DOCUMENT, default=list)
    media: Mapped[dict[str, Any] | None]
    priority: Mapped[int] = mapped_column(sa.Integer)
    silent: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    question_id: Mapped[int | None] = mapped_column(BIG)
    state: Mapped[str] = mapped_column(sa.String(16))
    lease_until: Mapped[datetime | None]
    holder: Mapped[str | None] = mapped_column(Words())
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    sent_message_id: Mapped[int | None] = mapped_column(BIG)
    error: Mapped[str | None] = mapped_column(Words())


class PaceRow(Table):
    """When a bot (chat_id 0) or one of its chats may be written to again, and what it lately used."""

    __tablename__ = "paces"
    bot_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    wait_until: Mapped[datetime | None]
    free_at: Mapped[datetime | None]  # the theoretical arrival time of the next message
    group_free_at: Mapped[datetime | None]


class RoleRow(Table):
    """A role held by lease: poller, newsroom, timetable. `name` carries the bot id where one a bot."""

    __tablename__ = "roles"
    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(Words())
    lease_until: Mapped[datetime]
    taken_at: Mapped[datetime]


class ReportRow(Table):
    """What a day's report to operators was made of; one a bot and day."""

    __tablename__ = "reports"
    bot_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    free_bytes: Mapped[int] = mapped_column(BIG)
    made_at: Mapped[datetime]
