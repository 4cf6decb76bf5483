"""The bot was put into a group: it says once what it answers to."""

from telegram import ChatMember, Update

from bot.commands import owing
from bot.commands.reader import reader_of, view_of
from bot.messages import notices
from bot.telegram.context import Context
from storage.values import Priority

OUTSIDE = {ChatMember.LEFT, ChatMember.BANNED}


async def joined(update: Update, context: Context) -> None:
    """Greet a group, for the first time that the bot joins it."""
    change, reader = update.my_chat_member, reader_of(update, context)
    assert change is not None
    came_in = change.old_chat_member.status in OUTSIDE and change.new_chat_member.status not in OUTSIDE
    if reader.private or not came_in:
        return
    async with context.room.store.writing() as session:
        view = await view_of(session, reader, context)
        key = f"joined:{context.room.bot_id}:{reader.chat_id}"
        await owing.owe(session, context, reader, key, [notices.plain("group_joined", view)], priority=Priority.NOTICE)
        await context.settle(session)
    context.room.wake()
