"""/feeds and /add, for operators: which feeds are read, and a feed or an article added by its address."""

from bot.commands.operators import for_operators
from bot.commands.owing import say
from bot.commands.reader import Reader
from bot.messages import feeding, notices
from bot.messages.view import View
from bot.telegram.context import Context
from bot.telegram.presence import typing
from storage import feeds as stored_feeds


@for_operators
async def feeds(context: Context, reader: Reader, view: View, _: str) -> None:
    """The feeds, with what became of their last checks."""
    async with context.room.store.reading() as session:
        listed = await stored_feeds.listing(session)
    await say(context, reader, *feeding.feeds(view, listed))


@for_operators
async def add(context: Context, reader: Reader, view: View, address: str) -> None:
    """A feed or an article by its address; nothing is fetched for a reader who is no operator."""
    if len(address.split()) != 1:
        await say(context, reader, notices.plain("add_usage", view))
        return
    async with typing(context.bot, reader.chat_id, reader.thread_id):
        came = await context.room.add(address if "://" in address else f"https://{address}")
    await say(context, reader, feeding.added(view, came))
