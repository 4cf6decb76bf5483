"""The library's errors, translated once, by what follows from them.

In the library `BadRequest` and `TimedOut` are both a `NetworkError`, and a 404 is an `InvalidToken`: the order
of the cases matters. Decides nothing about the outbox; `bot.delivery` settles by outcome.
"""

from dataclasses import dataclass
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

WHY_MAX = 300  # characters of Telegram's own words that are kept
WAIT_MAX_SECONDS = 86_400.0  # no server keeps us from asking again a day later


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it. `note` tells what had to be left out, `left_topic` which topic took it no more."""

    message_id: int | None
    note: str | None = None
    left_topic: int | None = None


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not accepted, or nobody knows. `wait` is seconds where Telegram said how long (a 429), else None."""

    wait: float | None
    why: str


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """The group became a supergroup with this id."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class ChatGone:
    """Nothing can be written there until `my_chat_member` says otherwise."""

    why: str


@dataclass(frozen=True, slots=True)
class TopicGone:
    """The forum topic is closed or deleted; the general topic is left."""

    why: str


@dataclass(frozen=True, slots=True)
class MessageGone:
    """The message to edit is no longer there or can no longer be edited."""

    why: str


@dataclass(frozen=True, slots=True)
class Unsendable:
    """Telegram refuses this message as it is: a defect of ours, not of the chat."""

    why: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The server does not know the method: an older self-hosted one."""

    why: str


Outcome = Sent | TryLater | ChatMoved | ChatGone | TopicGone | MessageGone | Unsendable | Unsupported

NOT_MODIFIED = "message is not modified"
CHAT_GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "not enough rights to send",
    "have no rights to send",
    "need administrator rights",
    "group chat was deactivated",
    "user is deactivated",
    "bot is not a member",
    "chat_restricted",
)
TOPIC_GONE = ("topic_closed", "topic_deleted", "message thread not found")
MESSAGE_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


def of_error(error: TelegramError) -> Outcome:
    """What follows from an error of the library."""
    why = str(error)[:WHY_MAX]
    match error:
        case RetryAfter():
            return TryLater(min(_seconds(error.retry_after), WAIT_MAX_SECONDS), why)
        case ChatMigrated():
            return ChatMoved(error.new_chat_id)
        case Forbidden():
            return ChatGone(why)
        case BadRequest():
            return _of_refusal(why)
        case InvalidToken() if "method not found" in why.lower():
            return Unsupported(why)
        case InvalidToken():
            return TryLater(None, "the token was rejected")  # the library's own words may hold the token
    return TryLater(None, why)


def _of_refusal(why: str) -> Outcome:
    said = why.lower()
    if NOT_MODIFIED in said:
        return Sent(None)
    if any(words in said for words in TOPIC_GONE):
        return TopicGone(why)
    if any(words in said for words in MESSAGE_GONE):
        return MessageGone(why)
    if any(words in said for words in CHAT_GONE):
        return ChatGone(why)
    return Unsendable(why)


def _seconds(wait: int | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
