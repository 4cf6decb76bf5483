"""Why a question is not searched for: nothing asked, not let in, too often, or the rest of a long paste."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.reader import Reader, may_ask, view_of
from bot.commands.words import Asked
from bot.messages import notices
from bot.messages.message import Message
from bot.messages.view import View
from bot.telegram.context import Context, Room
from storage import questions

QUESTIONS_A_MINUTE_MAX = 12
MINUTE = timedelta(minutes=1)
PASTE_CHARACTERS = 4_000  # clients cut a long paste at 4,096, or at a word before it
PASTE_PAUSE = timedelta(seconds=5)


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
            return _once(room, reader, notices.plain("invited_only", view, number=str(reader.number)))
        if not asked.words:
            return _once(room, reader, notices.plain("empty_ask", view))
        if asked.is_address:
            return _once(room, reader, notices.plain("address", view))
        return await _rest_of_paste(session, reader, room, view) or await _too_often(session, reader, room, view)


async def uninvited(reader: Reader, context: Context) -> Message | None:
    """What a reader is told who is not let in; None for all others."""
    async with context.room.store.reading() as session:
        if await may_ask(session, reader, context.room):
            return None
        view = await view_of(session, reader, context)
    return notices.plain("invited_only", view, number=str(reader.number))


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
    """At most twelve questions in any minute; the wait is told once for each place that comes free."""
    asked = await questions.asked_since(session, room.bot_id, reader.user_id, reader.at - MINUTE)
    if len(asked) < QUESTIONS_A_MINUTE_MAX:
        return None
    free_at = asked[-QUESTIONS_A_MINUTE_MAX] + MINUTE
    message = notices.plain(
        "rate",
        view,
        questions=view.phrases.count("questions", len(asked)),
        seconds=view.phrases.count("seconds", _seconds(free_at, reader.at)),
    )
    return Refusal(f"rate:{room.bot_id}:{reader.chat_id}:{reader.user_id}:{int(free_at.timestamp())}", message)


def _seconds(free_at: datetime, now: datetime) -> int:
    return max(1, ceil((free_at - now).total_seconds()))
