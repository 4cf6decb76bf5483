"""What a reader is answered becomes rows of the outbox, in the transaction of what is decided.

Sends nothing: delivery does, after the commit.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot import drafting
from bot.commands.reader import CHANNEL, Reader
from bot.drafting import Addressed
from bot.messages.message import Button, Message, Press
from bot.telegram.context import Context
from retrieval.model import Quote
from storage import outbox, sent_quotes
from storage.values import MessageKind, OutboxDraft, Priority

NOTHING_MATCHES = "🤷"


async def owe(
    session: AsyncSession,
    context: Context,
    reader: Reader,
    key: str,
    messages: Sequence[Message],
    *,
    first: int = 1,
    question_id: int | None = None,
    priority: int = Priority.ANSWER,
) -> None:
    """Owe the messages to the reader's chat, the first as a reply; keys are ``{key}:{n}``, from `first` on."""
    for n, message in enumerate(messages, first):
        draft = await draft_of(session, context, reader, f"{key}:{n}", message, question_id=question_id)
        draft = replace(draft, reply_to=reader.message_id if n == first else None, priority=priority)
        await outbox.put(session, draft, now=context.now())


async def say(context: Context, reader: Reader, *messages: Message, quotes: Sequence[Quote] = ()) -> None:
    """Owe these messages as the whole answer to the update at hand, and settle it.

    `quotes` are kept as shown by the messages that hold them.
    """
    async with deciding(context, reader) as (session, told):
        told.extend(messages)
        sent = [Addressed(each, f"{_said(context, reader)}:{n}", reader.chat_id) for n, each in enumerate(messages, 1)]
        shown = [quote for each in sent for quote in each.shown(quotes)]
        await sent_quotes.keep_many(session, context.room.bot_id, shown, now=context.now())


@asynccontextmanager
async def deciding(context: Context, reader: Reader) -> AsyncIterator[tuple[AsyncSession, list[Message]]]:
    """A transaction for what is decided, and the list of what the reader is told of it; the update is settled in it."""
    told: list[Message] = []
    async with context.room.store.writing() as session:
        yield session, told
        await owe(session, context, reader, _said(context, reader), told)
        await context.settle(session)
    context.room.wake()


def _said(context: Context, reader: Reader) -> str:
    """The key of the answer to the update at hand."""
    return f"said:{context.room.bot_id}:{reader.update_id}"


async def edit(
    session: AsyncSession,
    context: Context,
    reader: Reader,
    key: str,
    message: Message,
    *,
    edits: str | None = None,
    question_id: int | None = None,
) -> None:
    """Owe a change of a message: the one that row `edits` sent, else the reader's own `message_id`."""
    draft = await draft_of(session, context, reader, key, message, question_id=question_id)
    message_id = None if edits else reader.message_id
    change = replace(draft, kind=MessageKind.EDIT, edits=edits, message_id=message_id)
    await outbox.put(session, change, now=context.now())


async def react(session: AsyncSession, context: Context, reader: Reader, key: str, question_id: int) -> None:
    """Owe a reaction to the reader's message that says: nothing matches."""
    draft = OutboxDraft(
        key=key,
        bot_id=context.room.bot_id,
        chat_id=reader.chat_id,
        html="",
        plain=NOTHING_MATCHES,
        kind=MessageKind.REACTION,
        message_id=reader.message_id,
        question_id=question_id,
    )
    await outbox.put(session, draft, now=context.now())


async def draft_of(
    session: AsyncSession,
    context: Context,
    reader: Reader,
    key: str,
    message: Message,
    *,
    question_id: int | None = None,
) -> OutboxDraft:
    """A row of the outbox for a message to the reader's chat, its buttons kept under their ids."""
    if reader.channel_id is not None:
        message = _for_channel(message, reader.channel_id)
    return await drafting.draft(
        session,
        message,
        key,
        bot_id=context.room.bot_id,
        chat_id=reader.chat_id,
        thread_id=reader.thread_id,
        question_id=question_id,
        now=context.now(),
    )


def _for_channel(message: Message, channel_id: int) -> Message:
    """The same, its buttons ordering for the channel."""
    return replace(
        message, buttons=tuple(tuple(_pressing(each, channel_id) for each in row) for row in message.buttons)
    )


def _pressing(button: Button, channel_id: int) -> Button:
    press = button.press and Press(button.press.name, {**button.press.argument, CHANNEL: channel_id})
    return replace(button, press=press)
