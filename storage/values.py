"""The plain values that storage's verbs take and return; rows and lazy loads stay inside storage."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from retrieval.model import Article, Published, Span


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class ChatState(StrEnum):
    """ACTIVE: may be written to. BLOCKED: rests until the reader comes back. GONE: left, deleted or upgraded away."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    GONE = "gone"


class UpdateState(StrEnum):
    WAITING = "waiting"
    SETTLED = "settled"
    FAILED = "failed"


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    FAILED = "failed"


class MessageState(StrEnum):
    """PENDING -> CLAIMED -> SENDING -> SENT; or FAILED (Telegram refuses it), EXPIRED, CANCELLED.

    Only a row in SENDING when its process dies may be sent twice.
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class MessageKind(StrEnum):
    SEND = "send"
    EDIT = "edit"
    PHOTO = "photo"
    DOCUMENT = "document"
    REACTION = "reaction"


class Grant(StrEnum):
    """What a person may do: OPERATOR runs the bot, READER may ask where ACCESS is allowlist."""

    OPERATOR = "operator"
    READER = "reader"


class Priority:
    """Smaller goes first; numbers leave room between."""

    ANSWER = 10
    NOTICE = 20
    ALERT = 50
    BRIEFING = 100


@dataclass(frozen=True, slots=True)
class Chat:
    """A Telegram chat; `id` is Telegram's own (64 bit)."""

    bot_id: int
    id: int
    kind: ChatKind
    state: ChatState
    language: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class InboxUpdate:
    """An accepted update, trimmed to ids, thread and words. `payload` is a minimal Bot API update object."""

    bot_id: int
    update_id: int
    chat_id: int | None
    received_at: datetime
    attempts: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A reader's question as kept. `words` is None once erased."""

    id: int
    bot_id: int
    chat_id: int
    thread_id: int | None
    message_id: int
    user_id: int | None
    words: str | None
    asked_at: datetime
    state: QuestionState
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxDraft:
    """A message owed. `key` makes it unique for ever: ``answer:{question}:{n}``, ``edition:...``.

    `buttons` is rows of ``{"text", "action"|"url"|"copy"}``; `edits` is the key of the outbox row whose
    sent message this one edits; `plain` is what goes out where Telegram refuses `html`.
    """

    key: str
    bot_id: int
    chat_id: int
    html: str
    plain: str
    kind: MessageKind = MessageKind.SEND
    thread_id: int | None = None
    reply_to: int | None = None
    message_id: int | None = None
    edits: str | None = None
    buttons: tuple[tuple[dict[str, str], ...], ...] = ()
    media: dict[str, Any] | None = None
    priority: int = Priority.ANSWER
    silent: bool = False
    question_id: int | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A row of the outbox as delivery sees it. An edit's `message_id` is known by the time it is claimed."""

    id: int
    key: str
    bot_id: int
    chat_id: int
    html: str
    plain: str
    kind: MessageKind
    thread_id: int | None
    reply_to: int | None
    message_id: int | None
    buttons: tuple[tuple[dict[str, str], ...], ...]
    media: dict[str, Any] | None
    priority: int
    silent: bool
    question_id: int | None
    state: MessageState
    attempts: int
    not_before: datetime | None
    expires_at: datetime | None
    sent_message_id: int | None = None
    edits: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast Telegram lets a bot write: overall, to one chat, to one group; with the bursts it lets pass."""

    per_second: float = 30.0
    per_chat_per_second: float = 1.0
    per_group_per_minute: float = 20.0
    burst: int = 8
    chat_burst: int = 3
    group_burst: int = 3


class Outcome(StrEnum):
    """What became of an article that was put."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    COPY = "copy"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Stored:
    """The outcome of a put: the article and its newest version's id, or the reason for a refusal."""

    outcome: Outcome
    article: Article | None = None
    version_id: int | None = None
    reason: str | None = None


class FeedState(StrEnum):
    """ACTIVE: checked when due. GONE: its server said that it is no more; operators may refresh it."""

    ACTIVE = "active"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is polled. `interval` is how often, as it publishes; None before the first check that succeeded."""

    id: int
    url: str
    title: str | None
    site: str | None
    topic: str | None
    state: FeedState
    etag: str | None
    last_modified: str | None
    added_at: datetime
    next_check_at: datetime | None
    last_checked_at: datetime | None
    last_success_at: datetime | None
    last_entry_at: datetime | None
    failures: int
    last_error: str | None
    interval: timedelta | None


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What came of an entry so far: `digest` is None while it is to be tried again."""

    article_id: int | None
    digest: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Look:
    """A page of an article that is looked at again. `from_page` where the article's text is this page's own.

    `misses` counts the looks in a row that found no page.
    """

    article_id: int
    address: str
    from_page: bool
    etag: str | None
    last_modified: str | None
    planned_at: datetime
    failures: int = 0
    misses: int = 0

    @property
    def known(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110, 13.1)."""
        told = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Action:
    """What a button means, kept under its short id so that it works after a restart."""

    id: str
    bot_id: int
    chat_id: int
    name: str
    argument: dict[str, Any] = field(default_factory=dict)
    question_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote that a chat is shown unasked, by the message of this key."""

    chat_id: int
    version_id: int
    span: Span
    outbox_key: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a quote's sentences in a later version: each that went, and the one most like it there."""

    version_id: int
    seen_at: datetime
    sentences: tuple[tuple[Span, Span | None], ...]


@dataclass(frozen=True, slots=True)
class SentQuote:
    """A quote shown to a chat: which words of which version, and in which answer.

    `outdated_by` is a later version that its words were not looked for in yet; `change` is what became of them.
    """

    id: int
    bot_id: int
    chat_id: int
    question_id: int | None
    ordinal: int
    version_id: int
    start: int
    end: int
    shown_at: datetime
    outbox_key: str | None = None
    outdated_by: int | None = None
    change: Change | None = None

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class CorpusStatistics:
    """What the corpus holds: counts, and the span of the printed dates."""

    articles: int
    versions: int
    passages: int
    statements: int
    outlets: int
    earliest: datetime | None
    latest: datetime | None
    newest_added_at: datetime | None
    languages: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One statement of a certain speaker, without its words; of articles with one text, the first one's.

    `hull` is where its words stand. `name` and `role` are as that article printed them.
    """

    statement_id: int
    version_id: int
    article_id: int
    name: str
    role: str | None
    hull: Span
    published: Published | None
    headline: str | None
    outlet: str | None


class Said(NamedTuple):
    """Words of a certain speaker in a passage; a tuple, as a question reads some hundred of them."""

    passage_id: int
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Objection:
    """A quote that readers call wrong: its place, the rules that attributed it, how often and since when."""

    version_id: int
    span: Span
    rule: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A speaker's name as the corpus prints it, with how many statements; `key` is what they are found by."""

    key: str
    name: str
    statements: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's order for briefings. Without a `zone` the reader has not confirmed one, and nothing is due.

    `weekdays` is a bit mask, Monday the lowest bit; `topics` are ids, none means all of the chat's.
    """

    id: int
    bot_id: int
    chat_id: int
    thread_id: int | None
    local_time: time
    zone: str | None
    weekdays: int
    topics: tuple[int, ...]
    next_due_at: datetime | None
    paused: bool
    paused_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FollowedTopic:
    """A topic of a chat: its name, its words as typed, and how many alerts an hour it may bring (0: none)."""

    id: int
    bot_id: int
    chat_id: int
    name: str
    words: str
    alerts_an_hour: int = 0


@dataclass(frozen=True, slots=True)
class AlertingTopic:
    """A topic that brings alerts, since when, into which thread, and by which zone's clock its chat has quiet hours."""

    topic: FollowedTopic
    since: datetime
    thread_id: int | None
    zone: str


@dataclass(frozen=True, slots=True)
class Alert:
    """What was decided of an article for a chat: told at once by a topic, or left to the next briefing.

    `outlets` is how many had the story in words of their own; `topic_id` is None once the topic is followed no more.
    """

    bot_id: int
    chat_id: int
    article_id: int
    topic_id: int | None
    version_id: int
    outlets: int
    told: bool
    decided_at: datetime


class EditionState(StrEnum):
    """TOLD: stories, or the line that there are none. SILENT: nothing new, none wanted then. SKIPPED: too late."""

    TOLD = "told"
    SILENT = "silent"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated issue of a subscription: what was read, from when until when, and the articles told in it."""

    subscription_id: int
    day: date
    since: datetime
    until: datetime
    state: EditionState
    composed_at: datetime
    articles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RecentArticle:
    """An article that may be new to a briefing, with what topics match: its index tokens and its certain speakers."""

    article: Article
    version_id: int
    headline: str | None
    language: str
    published: Published
    added_at: datetime
    index: str
    passages: tuple[str, ...]
    speakers: tuple[str, ...]
