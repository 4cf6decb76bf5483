"""/privacy, /export, /forget: what is kept about a reader, all of it as a file, and gone. In groups: in private."""

import json
from typing import Any

from telegram import Update

from bot.commands import owing
from bot.commands.reader import Reader, alone, reader_of, view_of
from bot.messages import markup, moments, notices
from bot.messages.message import Document, Message
from bot.messages.view import View
from bot.telegram.context import Context, Room
from storage import alerts, chats, editions, outbox, questions, sent_quotes, subscriptions, topics
from storage.values import AskedQuestion, Grant, OutboxMessage, SentQuote

QUESTIONS_EXPORTED_MAX = 10_000
EXPORT_CHARACTERS_MAX = 5_000_000  # a bot's file may have 50 MB
QUESTIONS_A_READ = 100


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
    if not reader.is_person:
        await owing.say(context, reader, notices.plain("as_a_chat", view))
        return
    text = await _export(reader, view, context.room)
    caption = markup.fill(view.phrases["export_caption"], moment=moments.moment(view.now, view))
    await _in_private(
        context, reader, view, "export", Message(caption, document=Document(view.phrases["export_file"], text))
    )


async def forget(update: Update, context: Context) -> None:
    """Ask before anything is erased."""
    reader = reader_of(update, context)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await _in_private(context, reader, view, "forget", notices.forget(view, reader.user_id))


async def erase(context: Context, reader: Reader) -> None:
    """Erase the reader's questions everywhere and orders in private, cancel what is being answered, and say so."""
    room = context.room
    async with room.store.reading() as session:
        view = await view_of(session, reader, context)
    async with room.store.writing() as session:
        await context.settle(session)  # first: forgetting ends all that waits, this press too
        await questions.forget(session, room.bot_id, user_id=reader.user_id, now=context.now())
        await subscriptions.forget(session, room.bot_id, reader.user_id, now=context.now())
        key = f"forgotten:{room.bot_id}:{reader.update_id}"
        await owing.edit(session, context, reader, key, notices.plain("forgotten", view))
    room.wake()


async def _in_private(context: Context, reader: Reader, view: View, payload: str, message: Message) -> None:
    """Answer in the reader's private chat; where there is none yet, the group gets a link that opens it.

    Who writes as a group or a channel is no person, and has no private chat.
    """
    if not reader.is_person:
        await owing.say(context, reader, notices.plain("as_a_chat", view))
        return
    async with context.room.store.reading() as session:
        private = await alone(session, reader, context.room)
    await owing.say(context, private or reader, message if private else notices.in_private(view, payload))


async def _export(reader: Reader, view: View, room: Room) -> str:
    """All that is kept, as JSON: the newest questions first, as many as a file may hold."""
    kept = {"as_of": view.now.isoformat(), **await _kept_about(reader, room)}
    told, complete = await _questions(reader, room)
    head = json.dumps({**kept, "complete": complete}, ensure_ascii=False, indent=1)
    listed = ",\n".join(told)
    return f'{head[:-2]},\n "questions": [\n{listed}\n ]\n}}\n'


async def _kept_about(reader: Reader, room: Room) -> dict[str, Any]:
    async with room.store.reading() as session:
        chat = await chats.find(session, room.bot_id, reader.user_id)
        choices = await chats.preferences(session, room.bot_id, reader.user_id)
        granted = [grant.value for grant in Grant if reader.user_id in await chats.holders(session, room.bot_id, grant)]
        unasked = await sent_quotes.unasked(session, room.bot_id, reader.user_id)
    place = {"state": chat.state.value, "language": chat.language, "zone": chat.zone} if chat else None
    kept = {"person": reader.user_id, "private_chat": place, "choices": choices, "grants": granted}
    return {**kept, "ordered": await _ordered(reader, room), "quotes_unasked": [_quote(each) for each in unasked]}


async def _ordered(reader: Reader, room: Room) -> dict[str, Any]:
    """What the private chat ordered, and which articles its briefings told."""
    async with room.store.reading() as session:
        ordered = await subscriptions.of_chat(session, room.bot_id, reader.user_id)
        followed = await topics.of_chat(session, room.bot_id, reader.user_id)
        muted = (await topics.muted(session, room.bot_id, [reader.user_id]))[reader.user_id]
        alerted = (await alerts.told(session, room.bot_id, [reader.user_id], now=room.clock()))[reader.user_id]
        told = await editions.latest(session, [each.id for each in ordered])
    return {
        "subscriptions": [
            {
                "hour": f"{each.local_time:%H:%M}",
                "zone": each.zone,
                "weekdays": each.weekdays,
                "topics": list(each.topics),
                "paused": each.paused,
                "since": each.created_at.isoformat(),
                "editions": [
                    {"day": one.day.isoformat(), "state": one.state.value, "articles": list(one.articles)}
                    for one in told[each.id]
                ],
            }
            for each in ordered
        ],
        "topics": [
            {"id": each.id, "name": each.name, "words": each.words, "alerts_an_hour": each.alerts_an_hour}
            for each in followed
        ],
        "alerts": sorted(alerted),
        "muted": sorted(muted),
    }


async def _questions(reader: Reader, room: Room) -> tuple[list[str], bool]:
    """The reader's questions as JSON, newest first, and whether these are all of them."""
    told: list[str] = []
    before, characters = None, 0
    while len(told) < QUESTIONS_EXPORTED_MAX and characters < EXPORT_CHARACTERS_MAX:
        page = await _page(reader, room, before)
        if not page:
            return told, True
        told += [text for _, text in page]
        characters += sum(len(text) for _, text in page)
        before = page[-1][0]
    return told, False


async def _page(reader: Reader, room: Room, before: int | None) -> list[tuple[int, str]]:
    """The next questions, each id with its JSON: a reading session and three queries for all of them."""
    async with room.store.reading() as session:
        asked = await questions.history(
            session, room.bot_id, user_id=reader.user_id, before=before, limit=QUESTIONS_A_READ
        )
        ids = [each.id for each in asked]
        quotes = await sent_quotes.of_questions(session, ids)
        messages = await outbox.of_questions(session, ids)
    return [(each.id, _question(each, quotes[each.id], messages[each.id])) for each in asked]


def _question(asked: AskedQuestion, quotes: list[SentQuote], messages: list[OutboxMessage]) -> str:
    form = {
        "asked_at": asked.asked_at.isoformat(),
        "chat": asked.chat_id,
        "message": asked.message_id,
        "words": asked.words,
        "state": asked.state.value,
        "quotes": [_quote(each) for each in quotes],
        "messages": [each.plain for each in messages if each.plain],
    }
    return json.dumps(form, ensure_ascii=False, indent=1)


def _quote(each: SentQuote) -> dict[str, Any]:
    changed = {"changed_at": each.change.seen_at.isoformat()} if each.change else {}
    place = {"version": each.version_id, "start": each.start, "end": each.end}
    return {**place, "shown_at": each.shown_at.isoformat(), **changed}
