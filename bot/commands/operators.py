"""/stats and /allow, for those who run the bot; and how a reader who is not let in reaches them."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from telegram import Update

from bot.commands import owing
from bot.commands.owing import say
from bot.commands.reader import Reader, is_operator, operators_of, reader_of, view_of
from bot.commands.words import after_command
from bot.messages import notices
from bot.messages.view import View
from bot.telegram.context import Context
from storage import articles, chats, objections, outbox
from storage.values import Action, Grant, Priority

Told = Callable[[Context, Reader, View, str], Awaitable[None]]
NUMBER = re.compile(r"-?[1-9][0-9]{0,17}", re.ASCII)


def for_operators(callback: Told) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """A command of operators, handed the words after it; all others are told that it is not theirs."""

    async def said(update: Update, context: Context) -> None:
        reader, message = reader_of(update, context), update.effective_message
        assert message is not None
        async with context.room.store.reading() as session:
            view = await view_of(session, reader, context)
        if view.operator:
            await callback(context, reader, view, after_command(message))
        else:
            await say(context, reader, notices.plain("operators_only", view))

    return said


@for_operators
async def stats(context: Context, reader: Reader, view: View, _: str) -> None:
    """What is stored."""
    async with context.room.store.reading() as session:
        corpus, doubted = await articles.statistics(session), await objections.count(session)
        plainer = await outbox.count_plainer(session)
    await say(context, reader, notices.statistics(view, corpus, doubted, plainer))


@for_operators
async def allow(context: Context, reader: Reader, view: View, number: str) -> None:
    """Let a reader or a group in, by number, where ACCESS is allowlist."""
    if not NUMBER.fullmatch(number):
        await say(context, reader, notices.plain("allow_usage", view))
        return
    room = context.room
    async with room.store.writing() as session:
        await chats.give(session, room.bot_id, int(number), Grant.READER, now=context.now())
    await say(context, reader, notices.plain("allowed", view, number=number))


async def asked(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Pass a reader's wish to be let in on to the operators, once a day, each with a button that does it."""
    room = context.room
    async with room.store.writing() as session:
        operators = await operators_of(session, room)
        for operator in operators:
            there = _alone_with(reader, operator)
            wish = notices.admission(await view_of(session, there, context), reader.number)
            key = f"admission:{room.bot_id}:{reader.number}:{context.now():%Y%m%d}:{operator}"
            await owing.owe(session, context, there, key, [wish], priority=Priority.NOTICE)
        view = await view_of(session, reader, context)
        told = notices.plain("operator_asked" if operators else "operator_none", view)
        await owing.owe(session, context, reader, f"asked:{action.id}:{context.now():%Y%m%d%H%M}", [told])
        await context.settle(session)
    room.wake()


async def admitted(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Let the reader or group in that asked for it, and tell both sides."""
    room, number = context.room, int(action.argument["number"])
    async with room.store.writing() as session:
        view = await view_of(session, reader, context)
        if await is_operator(session, reader.user_id, room):
            await chats.give(session, room.bot_id, number, Grant.READER, now=context.now())
            done = notices.plain("allowed", view, number=number)
            await owing.edit(session, context, reader, f"admitted:{action.id}", done)
            there = _alone_with(reader, number)
            welcome = notices.plain("admitted", await view_of(session, there, context))
            await owing.owe(session, context, there, f"welcome:{action.id}", [welcome])
        else:
            refused = notices.plain("operators_only", view)
            await owing.owe(session, context, reader, f"press:{reader.chat_id}:{reader.update_id}", [refused])
        await context.settle(session)
    room.wake()


def _alone_with(reader: Reader, number: int) -> Reader:
    """The chat of this number, where nothing is replied to; its language is what is kept of it."""
    return replace(reader, chat_id=number, private=number > 0, message_id=None, thread_id=None, language=None)
