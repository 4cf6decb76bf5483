"""What follows from each outcome of a send, written in one transaction with the message's own state.

A 429 holds the chat it was met in for as long as it says. Telegram does not say whether it meant the chat or the
whole bot; a second chat refused while the first still waits is taken to mean the bot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import alerts
from bot.delivery.alerts import NOBODY, Operators
from bot.telegram.outcome import (
    ChatGone,
    ChatMoved,
    MessageGone,
    Outcome,
    Sent,
    TopicGone,
    TryLater,
    Unsendable,
    Unsupported,
)
from storage import chats, outbox, paces
from storage.values import ChatState, OutboxMessage

BACKOFF_SECONDS = 0.2  # after the first try that did not arrive; doubled at each further one
BACKOFF_SECONDS_MAX = 60.0
BROKEN_ATTEMPTS_MAX = 3

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Broken:
    """The message could not even be put together: a defect of ours, named by its type."""

    why: str


Landed = tuple[OutboxMessage, Outcome | Broken]


async def settle_all(
    session: AsyncSession, landed: Sequence[Landed], *, now: datetime, operators: Operators = NOBODY
) -> None:
    """Write down what came of several sends; those that arrived whole in one statement."""
    arrived: dict[int, int | None] = {}
    for message, outcome in landed:
        match outcome:
            case Sent(message_id, None, None):
                arrived[message.id] = message_id
            case _:
                await settle(session, message, outcome, now=now, operators=operators)
    await outbox.settle_arrived(session, arrived, now=now)


async def settle(
    session: AsyncSession,
    message: OutboxMessage,
    outcome: Outcome | Broken,
    *,
    now: datetime,
    operators: Operators = NOBODY,
) -> None:
    """Write down what came of a send, and tell the operators what only they can mend."""
    match outcome:
        case Sent(message_id, note, left_topic):
            if note:
                log.warning("message sent plainer", outbox_id=message.id, why=note)
            await outbox.settle_sent(session, message.id, message_id, now=now, note=note)
            if left_topic is not None:
                await alerts.topic_closed(session, message, left_topic, operators, now=now)
        case TryLater(None, why):
            await outbox.postpone(session, message.id, until=now + _backoff(message.attempts), why=why)
        case TryLater(wait, why):
            await _hold(session, message, now, now + timedelta(seconds=wait or 0), why)
        case ChatMoved(chat_id):
            await outbox.postpone(session, message.id, until=now + _backoff(message.attempts), why="the chat moved")
            await chats.moved(session, message.bot_id, message.chat_id, chat_id)
        case ChatGone(why):
            await chats.set_state(session, message.bot_id, message.chat_id, ChatState.BLOCKED, why=why)
            await _give_up(session, message, why, now)
        case Broken(why) if message.attempts + 1 < BROKEN_ATTEMPTS_MAX:
            await outbox.postpone(session, message.id, until=now + _backoff(message.attempts), why=why)
        case TopicGone(why) | MessageGone(why) | Unsendable(why) | Unsupported(why) | Broken(why):
            await _give_up(session, message, why, now)


async def _hold(session: AsyncSession, message: OutboxMessage, now: datetime, until: datetime, why: str) -> None:
    await outbox.postpone(session, message.id, until=until, why=why)
    others_wait = await paces.next_moment(session, message.bot_id, now=now) is not None
    await paces.wait(session, message.bot_id, until, chat_id=message.chat_id)
    if others_wait:
        await paces.wait(session, message.bot_id, until)


async def _give_up(session: AsyncSession, message: OutboxMessage, why: str, now: datetime) -> None:
    log.error("message refused for good", outbox_id=message.id, kind=message.kind.value, why=why)
    await outbox.settle_failed(session, message.id, why, now=now)


def _backoff(attempts: int) -> timedelta:
    return timedelta(seconds=min(BACKOFF_SECONDS * 2 ** min(attempts, 16), BACKOFF_SECONDS_MAX))
