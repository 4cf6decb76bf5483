"""Who may order for a chat: in private the reader, in a group or a channel its admins, asked of Telegram each time.

What they all begin with: the reader told apart, refused or not, and how the chat sees. A channel is ordered for from
the private chat, by its name before all else: ``/subscribe @velm_news 07:30``.
"""

import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from telegram import Update

from bot.commands import owing
from bot.commands.bounds import uninvited
from bot.commands.reader import CHANNEL, Reader, reader_of, view_of
from bot.commands.words import after_command
from bot.messages import notices
from bot.messages.message import Message
from bot.messages.view import View
from bot.telegram.context import Context
from bot.telegram.standing import channel, leads
from storage import chats
from storage.values import Action, ChatKind

NO_CHANNEL = -1  # no chat has this number
_CHANNEL = re.compile(r"(@[A-Za-z]\w{3,31}|-100\d{5,14})(?:\s+|$)", re.ASCII)

Ordered = Callable[[Context, Reader, View, str], Awaitable[None]]
Refusal = Callable[[Reader, Context], Awaitable[Message | None]]
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
    return _typed(callback, may_order)


def asked(callback: Ordered) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """A command of everybody who is let in; about a channel, of who leads it."""
    return _typed(callback, uninvited)


def pressed(callback: Pressed) -> Callable[[Update, Context, Reader, Action], Coroutine[Any, Any, None]]:
    """A press of who leads the chat; all others are told that it is not theirs."""
    return _pressed(callback, may_order)


def asked_by_press(callback: Pressed) -> Callable[[Update, Context, Reader, Action], Coroutine[Any, Any, None]]:
    """A press of everybody who is let in; about a channel, of who leads it."""
    return _pressed(callback, uninvited)


def _typed(callback: Ordered, refusal: Refusal) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    async def said(update: Update, context: Context) -> None:
        reader, message = reader_of(update, context), update.effective_message
        assert message is not None
        words = after_command(message)
        if reader.private and (named := _CHANNEL.match(words)):
            reader, words = await _for_channel(context, reader, named[1]), words[named.end() :]
        if (view := await _view(reader, context, refusal)) is not None:
            await callback(context, reader, view, words)

    return said


def _pressed(
    callback: Pressed, refusal: Refusal
) -> Callable[[Update, Context, Reader, Action], Coroutine[Any, Any, None]]:
    async def press(update: Update, context: Context, reader: Reader, action: Action) -> None:
        if CHANNEL in action.argument:
            reader = await _for_channel(context, reader, str(action.argument[CHANNEL]))
        if (view := await _view(reader, context, refusal)) is not None:
            await callback(context, reader, view, action)

    return press


async def _for_channel(context: Context, reader: Reader, name: str) -> Reader:
    """The reader as one who orders for this channel; for nobody's where Telegram does not say that it may be."""
    id_ = await channel(context.bot, name, reader.user_id)
    if id_ is None:
        return replace(reader, channel_id=NO_CHANNEL)
    async with context.room.store.writing() as session:
        await chats.seen(session, context.room.bot_id, id_, ChatKind.CHANNEL, now=context.now())
    return replace(reader, channel_id=id_)


async def _view(reader: Reader, context: Context, refusal: Refusal) -> View | None:
    """How the chat sees; None where the reader was refused, and told so."""
    refused = await refusal(reader, context)
    if refused is None and reader.channel_id == NO_CHANNEL:
        reader = replace(reader, channel_id=None)
        async with context.room.store.reading() as session:
            refused = notices.plain("channel_refused", await view_of(session, reader, context))
    if refused:
        await owing.say(context, reader, refused)
        return None
    async with context.room.store.reading() as session:
        return await view_of(session, reader, context)
