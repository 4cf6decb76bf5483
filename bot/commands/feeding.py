"""/feeds and /add, for operators: which feeds are read, and a feed or an article added by its address."""

from telegram import Update

from bot.commands.owing import say
from bot.commands.reader import reader_of, view_of
from bot.commands.words import after_command
from bot.messages import feeding, notices
from bot.telegram.context import Context
from bot.telegram.presence import typing
from storage import feeds as stored_feeds


async def feeds(update: Update, context: Context) -> None:
    """The feeds, with what became of their last checks."""
    reader = reader_of(update, context)
    async with context.room.store.reading() as session:
        view, listed = await view_of(session, reader, context), await stored_feeds.listing(session)
    if not view.operator:
        await say(context, reader, notices.plain("operators_only", view))
        return
    await say(context, reader, *feeding.feeds(view, listed))


async def add(update: Update, context: Context) -> None:
    """A feed or an article by its address; nothing is fetched for a reader who is no operator."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    address = after_command(message)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    if not view.operator:
        await say(context, reader, notices.plain("operators_only", view))
        return
    if len(address.split()) != 1:
        await say(context, reader, notices.plain("add_usage", view))
        return
    async with typing(context.bot, reader.chat_id, reader.thread_id):
        came = await context.room.add(address if "://" in address else f"https://{address}")
    await say(context, reader, feeding.added(view, came))
