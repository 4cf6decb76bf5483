"""All that is neither question nor known command: each kind has its sentence, in groups mostly silence."""

from telegram import Message, Update

from bot.commands import uploads
from bot.commands.bounds import paced
from bot.commands.menu import COMMANDS, OPERATOR_COMMANDS
from bot.commands.owing import say
from bot.commands.reader import reader_of, view_of
from bot.commands.words import addressed, command_of
from bot.messages import notices
from bot.telegram.context import Context

KINDS = (
    ("voice", ("voice", "audio", "video_note")),
    ("picture", ("photo", "video", "animation")),
    ("sticker", ("sticker", "dice")),
    ("document", ("document",)),
)


async def help_(update: Update, context: Context) -> None:
    """What a reader can say."""
    reader = reader_of(update, context)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await say(context, reader, notices.commands(view, COMMANDS, OPERATOR_COMMANDS))


async def unknown(update: Update, context: Context) -> None:
    """Of a command that is none: what exists. In a group only where the bot is named."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    named = "@" in message.text[: message.entities[0].length] if message.text else False
    if command_of(message, context.room.bot_name) is not None and (reader.private or named):
        await _what_exists(update, context)


@paced
async def _what_exists(update: Update, context: Context) -> None:
    reader = reader_of(update, context)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    listed = " ".join(f"/{name}" for name in (*COMMANDS, *(OPERATOR_COMMANDS if view.operator else ())))
    await say(context, reader, notices.plain("unknown_command", view, commands=listed))


async def no_text(update: Update, context: Context) -> None:
    """Voice, pictures, stickers, files and the rest: the sentence for each; an operator's file is taken in."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    if await uploads.sent(update, context):
        return
    if reader.private or addressed(message, context.room):
        await _text_only(update, context)


@paced
async def _text_only(update: Update, context: Context) -> None:
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await say(context, reader, notices.plain(_kind(message), view))


def _kind(message: Message) -> str:
    """The name of the sentence for what was sent."""
    return next((name for name, kinds in KINDS if any(getattr(message, kind) for kind in kinds)), "text_only")
