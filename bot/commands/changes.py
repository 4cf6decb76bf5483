"""/changes: sentences quoted to this chat that were changed since, and whether it wants to be told of them."""

from telegram import Update

from bot import correcting
from bot.commands import owing
from bot.commands.bounds import uninvited
from bot.commands.leading import may_order
from bot.commands.owing import say
from bot.commands.reader import Reader, reader_of, view_of
from bot.commands.words import after_command
from bot.correcting import CORRECTIONS
from bot.messages import changes as messages
from bot.messages import notices
from bot.telegram.context import Context
from storage import chats, sent_quotes
from storage.values import Action

LISTED_MAX = 10
SWITCH = {"on": True, "off": False}


async def changes(update: Update, context: Context) -> None:
    """What was quoted here and reads otherwise now, the last changed first; or on and off."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    if refused := await uninvited(reader, context):
        await say(context, reader, refused)
        return
    switch = SWITCH.get(after_command(message).lower())
    if switch is not None:
        await _switch(context, reader, wanted=switch)
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        quotes = await sent_quotes.changed(session, context.room.bot_id, reader.chat_id, limit=LISTED_MAX)
        found = await correcting.changed(session, correcting.distinct(quotes))
    await say(context, reader, *messages.listed(found, view))


async def told_pressed(update: Update, context: Context, reader: Reader, action: Action) -> None:
    await _switch(context, reader, wanted=True)


async def untold_pressed(update: Update, context: Context, reader: Reader, action: Action) -> None:
    await _switch(context, reader, wanted=False)


async def _switch(context: Context, reader: Reader, *, wanted: bool) -> None:
    """Tell this chat of changes from now on, or no more."""
    if refused := await may_order(reader, context):
        await say(context, reader, refused)
        return
    room = context.room
    async with room.store.writing() as session:
        await chats.prefer(session, room.bot_id, reader.chat_id, CORRECTIONS, None if wanted else False)
        told = notices.plain("changes_on" if wanted else "changes_off", await view_of(session, reader, context))
        await owing.owe(session, context, reader, f"said:{room.bot_id}:{reader.update_id}", [told])
        await context.settle(session)
    room.wake()
