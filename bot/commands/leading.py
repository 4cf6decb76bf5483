"""Who may order for a chat: in private the reader, in a group its admins, asked of Telegram each time.

What they all begin with: the reader told apart, refused or not, and how the chat sees.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Update

from bot.commands import owing
from bot.commands.bounds import uninvited
from bot.commands.reader import Reader, reader_of, view_of
from bot.commands.words import after_command
from bot.messages import notices
from bot.messages.message import Message
from bot.messages.view import View
from bot.telegram.context import Context
from bot.telegram.standing import leads
from storage.values import Action

Ordered = Callable[[Context, Reader, View, str], Awaitable[None]]
Pressed = Callable[[Context, Reader, View, Action], Awaitable[None]]


async def may_order(reader: Reader, context: Context) -> Message | None:
    """What a reader is told who may not order for this chat; None for all others."""
    if refused := await uninvited(reader, context):
        return refused
    if reader.private or await leads(context.bot, reader.chat_id, reader.user_id):
        return None
    async with context.room.store.reading() as session:
        return notices.plain("admins_only", await view_of(session, reader, context))


def typed(callback: Ordered) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """A command of who leads the chat, handed the words after it; all others are told that it is not theirs."""

    async def said(update: Update, context: Context) -> None:
        reader, message = reader_of(update, context), update.effective_message
        assert message is not None
        if (view := await _view(reader, context)) is not None:
            await callback(context, reader, view, after_command(message))

    return said


def pressed(callback: Pressed) -> Callable[[Update, Context, Reader, Action], Coroutine[Any, Any, None]]:
    """A press of who leads the chat; all others are told that it is not theirs."""

    async def press(update: Update, context: Context, reader: Reader, action: Action) -> None:
        if (view := await _view(reader, context)) is not None:
            await callback(context, reader, view, action)

    return press


async def _view(reader: Reader, context: Context) -> View | None:
    """How the chat sees; None where the reader was refused, and told so."""
    if refused := await may_order(reader, context):
        await owing.say(context, reader, refused)
        return None
    async with context.room.store.reading() as session:
        return await view_of(session, reader, context)
