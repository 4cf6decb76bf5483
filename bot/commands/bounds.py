"""How much a reader may ask: why a question is not searched for, and how often commands and buttons may be used."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from math import ceil
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot.commands import owing
from bot.commands.reader import Reader, may_ask, reader_of, view_of
from bot.commands.words import Asked
from bot.messages import notices
from bot.messages.message import Message
from bot.messages.view import View
from bot.telegram.context import ACTS_A_MINUTE_MAX, Context, Room
from storage import questions
from storage.values import Priority

QUESTIONS_A_MINUTE_MAX = 12
MINUTE = timedelta(minutes=1)
PASTE_CHARACTERS = 4_050  # clients cut a long paste at 4,096, or at a word before it
PASTE_PAUSE = timedelta(seconds=3)  # the parts come at once; nobody types a question so fast

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is said instead of an answer; told once under its key."""

    key: str
    message: Message


async def refusal(asked: Asked, reader: Reader, context: Context) -> Refusal | None:
    """What to say instead of answering, or None where the question may be answered."""
    room = context.room
    async with room.store.reading() as session:
        view = await view_of(session, reader, context)
        if not await may_ask(session, reader, room):
            return _once(room, reader, notices.invited_only(view, reader.number))
        if not asked.words:
            return _once(room, reader, notices.plain("empty_ask", view))
        if asked.is_address:
            return _once(room, reader, notices.plain("address", view))
        rest = None if asked.is_chosen else await _rest_of_paste(session, reader, room, view)
        return rest or await _too_often(session, reader, room, view)


def paced(callback: Callback) -> Callback:
    """The callback of a command or a press, for at most so many a minute of one reader; then the wait is told once."""

    @wraps(callback)
    async def bounded(update: Update, context: Context) -> None:
        reader = reader_of(update, context)
        free_at = context.room.turns.take(reader.user_id, reader.at)
        if free_at is None:
            await callback(update, context)
            return
        async with context.room.store.writing() as session:
            view = await view_of(session, reader, context)
            refused = _wait(reader, context.room, "rate_acts", "acts", ACTS_A_MINUTE_MAX, free_at, view)
            await owing.owe(session, context, reader, refused.key, [refused.message], priority=Priority.NOTICE)
            await context.settle(session)
        context.room.wake()

    return bounded


async def uninvited(reader: Reader, context: Context) -> Message | None:
    """What a reader is told who is not let in; None for all others."""
    async with context.room.store.reading() as session:
        if await may_ask(session, reader, context.room):
            return None
        view = await view_of(session, reader, context)
    return notices.invited_only(view, reader.number)


def _once(room: Room, reader: Reader, message: Message) -> Refusal:
    return Refusal(f"said:{room.bot_id}:{reader.update_id}", message)


async def _rest_of_paste(session: AsyncSession, reader: Reader, room: Room, view: View) -> Refusal | None:
    """Of a text that the reader's client split, only the first part is a question; say so once."""
    last = await questions.history(session, room.bot_id, chat_id=reader.chat_id, user_id=reader.user_id, limit=1)
    if not last or len(last[0].words or "") < PASTE_CHARACTERS or last[0].message_id == reader.message_id:
        return None
    if reader.at - last[0].asked_at > PASTE_PAUSE:
        return None
    return Refusal(f"paste:{last[0].id}", notices.plain("paste", view))


async def _too_often(session: AsyncSession, reader: Reader, room: Room, view: View) -> Refusal | None:
    """At most twelve questions in any minute; the wait is told once for the place that comes free next."""
    asked = await questions.asked_since(session, room.bot_id, reader.user_id, reader.at - MINUTE)
    if len(asked) < QUESTIONS_A_MINUTE_MAX:
        return None
    free_at = asked[-QUESTIONS_A_MINUTE_MAX] + MINUTE
    return _wait(reader, room, "rate", "questions", len(asked), free_at, view)


def _wait(reader: Reader, room: Room, name: str, counted: str, number: int, free_at: datetime, view: View) -> Refusal:
    """How long to wait; also says that what comes earlier is not answered, since it is said once."""
    message = notices.plain(
        name,
        view,
        number=view.phrases.count(counted, number),
        seconds=view.phrases.count("seconds", _seconds(free_at, reader.at)),
    )
    return Refusal(f"{name}:{room.bot_id}:{reader.chat_id}:{reader.user_id}:{int(free_at.timestamp())}", message)


def _seconds(free_at: datetime, now: datetime) -> int:
    return max(1, ceil((free_at - now).total_seconds()))
