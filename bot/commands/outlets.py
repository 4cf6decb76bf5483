"""/outlets (also /sources) and /latest: whose articles are stored, and the newest of them."""

from telegram import Update

from bot.commands.bounds import uninvited
from bot.commands.owing import say
from bot.commands.reader import reader_of, view_of
from bot.messages import notices
from bot.telegram.context import Context
from storage import articles

LATEST = 10


async def outlets(update: Update, context: Context) -> None:
    """Whose articles are stored, and how many."""
    reader = reader_of(update, context)
    if refused := await uninvited(reader, context):
        await say(context, reader, refused)
        return
    async with context.room.store.reading() as session:
        view, corpus = await view_of(session, reader, context), await articles.statistics(session)
        messages = notices.outlets(view, await articles.outlets(session), corpus)
    await say(context, reader, *messages)


async def latest(update: Update, context: Context) -> None:
    """The newest articles, by headline."""
    reader = reader_of(update, context)
    if refused := await uninvited(reader, context):
        await say(context, reader, refused)
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        messages = notices.latest(view, await articles.latest(session, LATEST))
    await say(context, reader, *messages)
