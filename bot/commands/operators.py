"""/stats and /allow, for those who run the bot."""

import re

from telegram import Update

from bot.commands.owing import say
from bot.commands.reader import reader_of, view_of
from bot.commands.words import after_command
from bot.messages import notices
from bot.telegram.context import Context
from storage import articles, chats, objections
from storage.values import Grant

NUMBER = re.compile(r"-?[1-9][0-9]{0,17}", re.ASCII)


async def stats(update: Update, context: Context) -> None:
    """What is stored."""
    reader = reader_of(update, context)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        corpus, doubted = await articles.statistics(session), await objections.count(session)
    if not view.operator:
        await say(context, reader, notices.plain("operators_only", view))
        return
    await say(context, reader, notices.statistics(view, corpus, doubted))


async def allow(update: Update, context: Context) -> None:
    """Let a reader or a group in, by number, where ACCESS is allowlist."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    number = after_command(message)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    if not view.operator:
        await say(context, reader, notices.plain("operators_only", view))
        return
    if not NUMBER.fullmatch(number):
        await say(context, reader, notices.plain("allow_usage", view))
        return
    room = context.room
    async with room.store.writing() as session:
        await chats.give(session, room.bot_id, int(number), Grant.READER, now=context.now())
    await say(context, reader, notices.plain("allowed", view, number=number))
