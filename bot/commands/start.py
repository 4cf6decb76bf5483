"""/start, with or without a payload: examples, the stored text at a place, an operator's one-use link."""

from telegram import Update

from bot.commands import inline, privacy, said
from bot.commands.bounds import uninvited
from bot.commands.buttons import may_read, quote_of
from bot.commands.owing import owe, say
from bot.commands.reader import Reader, reader_of, view_of
from bot.commands.words import after_command
from bot.messages import notices, places, reading
from bot.messages.places import Place
from bot.telegram.context import Context
from storage import articles, chats

# Longer than a quote of three sentences is: who may not read the whole text does not read it by a typed link.
PLACE_CHARACTERS_MAX = 3_000


async def start(update: Update, context: Context) -> None:
    """Say what the bot does, or do what the link says."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    payload = after_command(message)
    if payload == inline.PRIVATE:
        payload = ""
    if payload in OWN:
        await OWN[payload](update, context)
        return
    place = places.of_payload(payload)
    if payload and place is None:
        await _redeem(context, reader, payload)
        return
    if refused := await uninvited(reader, context):
        await say(context, reader, refused)
        return
    if place is not None:
        await _read(context, reader, place)
        return
    await _greet(context, reader)


async def _greet(context: Context, reader: Reader) -> None:
    async with context.room.store.reading() as session:
        view, corpus = await view_of(session, reader, context), await articles.statistics(session)
        headlines = await articles.headlines(session, notices.EXAMPLES_MAX)
    settings = context.room.settings
    greeting = notices.start(view, corpus, settings.operator_contact, settings.keep_questions_days, headlines)
    await say(context, reader, greeting)


async def _read(context: Context, reader: Reader, place: Place) -> None:
    """The stored text at a place: its page, or the neighbouring sentences where the page is not for all."""
    where = {"version": place.version_id, "start": place.span.start, "end": place.span.end}
    quote = await quote_of(context.room.store, where)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        whole = quote is not None and await may_read(session, reader, context.room, quote)
    if quote is None or not (whole or len(quote.text) <= PLACE_CHARACTERS_MAX):
        async with context.room.store.reading() as session:
            withdrawn = await articles.is_withdrawn(session, place.version_id)
        await say(context, reader, notices.plain("press_withdrawn" if withdrawn else "place_unknown", view))
        return
    message = reading.page(quote, view) if whole else reading.in_context(quote, view, whole_text=False)
    await say(context, reader, message)


async def _redeem(context: Context, reader: Reader, code: str) -> None:
    """Use the code, say so and settle in one transaction: a code is never spent without a word."""
    room = context.room
    async with room.store.writing() as session:
        view = await view_of(session, reader, context)
        if reader.is_person:
            granted = await chats.redeem(session, room.bot_id, code, reader.user_id, now=context.now())
            told = notices.plain("welcome_operator" if granted else "invitation_spent", view)
        else:
            told = notices.plain("as_a_chat", view)
        await owe(session, context, reader, f"said:{room.bot_id}:{reader.update_id}", [told])
        await context.settle(session)
    room.wake()


OWN = {"privacy": privacy.privacy, "export": privacy.export, "forget": privacy.forget, "said": said.usage}
