"""/privacy, /export, /forget: what is kept about a reader, all of it as a file, and gone. In groups: in private."""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot.commands import owing
from bot.commands.reader import Reader, reader_of, view_of
from bot.messages import markup, moments, notices
from bot.messages.message import Document, Message
from bot.messages.view import View
from bot.telegram.context import Context, Room
from storage import chats, outbox, questions, sent_quotes
from storage.values import AskedQuestion, ChatState, Grant

QUESTIONS_EXPORTED_MAX = 10_000


async def privacy(update: Update, context: Context) -> None:
    """What is kept, for how long, and who could read it."""
    reader = reader_of(update, context)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await _in_private(
        context, reader, view, "privacy", notices.privacy(view, context.room.settings.keep_questions_days)
    )


async def export(update: Update, context: Context) -> None:
    """All that is kept about the reader, as a JSON file."""
    reader = reader_of(update, context)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        kept = await _kept_about(session, reader, context.room)
    text = json.dumps({"as_of": view.now.isoformat(), **kept}, ensure_ascii=False, indent=1)
    caption = markup.fill(view.phrases["export_caption"], moment=moments.moment(view.now, view))
    document = Message(caption, document=Document(view.phrases["export_file"], text + "\n"))
    await _in_private(context, reader, view, "export", document)


async def forget(update: Update, context: Context) -> None:
    """Ask before anything is erased."""
    reader = reader_of(update, context)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await _in_private(context, reader, view, "forget", notices.forget(view))


async def erase(context: Context, reader: Reader) -> None:
    """Erase the reader's questions everywhere, and cancel what is being answered; the pressed message says so."""
    room = context.room
    async with room.store.reading() as session:
        view = await view_of(session, reader, context)
    async with room.store.writing() as session:
        await questions.forget(session, room.bot_id, user_id=reader.user_id, now=context.now())
        key = f"forgotten:{room.bot_id}:{reader.update_id}"
        await owing.edit(session, context, reader, key, notices.plain("forgotten", view))
        await context.settle(session)
    room.wake()


async def _in_private(context: Context, reader: Reader, view: View, payload: str, message: Message) -> None:
    """Answer in the reader's private chat; where there is none yet, the group gets a link that opens it."""
    if reader.private:
        await owing.say(context, reader, message)
        return
    async with context.room.store.reading() as session:
        chat = await chats.find(session, context.room.bot_id, reader.user_id)
    if chat is None or chat.state is not ChatState.ACTIVE:
        await owing.say(context, reader, notices.in_private(view, payload))
        return
    alone = replace(reader, chat_id=reader.user_id, private=True, message_id=None, thread_id=None)
    await owing.say(context, alone, message)


async def _kept_about(session: AsyncSession, reader: Reader, room: Room) -> dict[str, Any]:
    chat = await chats.find(session, room.bot_id, reader.user_id)
    asked = await questions.history(session, room.bot_id, user_id=reader.user_id, limit=QUESTIONS_EXPORTED_MAX)
    granted = [grant.value for grant in Grant if reader.user_id in await chats.holders(session, room.bot_id, grant)]
    return {
        "person": reader.user_id,
        "private_chat": {"state": chat.state.value, "language": chat.language, "zone": chat.zone} if chat else None,
        "choices": await chats.preferences(session, room.bot_id, reader.user_id),
        "grants": granted,
        "questions": [await _question(session, each) for each in reversed(asked)],
    }


async def _question(session: AsyncSession, asked: AskedQuestion) -> dict[str, Any]:
    return {
        "asked_at": asked.asked_at.isoformat(),
        "chat": asked.chat_id,
        "message": asked.message_id,
        "words": asked.words,
        "state": asked.state.value,
        "quotes": [
            {"version": each.version_id, "start": each.start, "end": each.end, "shown_at": each.shown_at.isoformat()}
            for each in await sent_quotes.of_question(session, asked.id)
        ],
        "messages": [each.plain for each in await outbox.of_question(session, asked.id) if each.plain],
    }
