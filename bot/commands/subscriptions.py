"""/subscribe, /unsubscribe, /pause, /resume, /timezone, /settings: briefings ordered, by typing or by buttons.

In a group its admins order for the group, anonymous ones too. Nothing is due before a zone was chosen.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot import ordering, zones
from bot.commands import owing
from bot.commands.bounds import uninvited
from bot.commands.reader import Reader, reader_of, view_of
from bot.commands.words import after_command
from bot.correcting import CORRECTIONS
from bot.issuing import EMPTY_DAYS
from bot.messages import notices, orders
from bot.messages.message import Message
from bot.messages.orders import Ordered
from bot.messages.view import View
from bot.telegram.context import Context
from bot.telegram.standing import leads
from bot.timetable import next_due
from storage import chats, editions, subscriptions, topics
from storage.values import Action, Subscription

SUBSCRIPTIONS_MAX = 10
PAUSE_DAYS_MAX = 365


async def may_order(reader: Reader, context: Context) -> Message | None:
    """What a reader is told who may not order for this chat; None for all others."""
    if refused := await uninvited(reader, context):
        return refused
    if reader.private or await leads(context.bot, reader.chat_id, reader.user_id):
        return None
    async with context.room.store.reading() as session:
        return notices.plain("admins_only", await view_of(session, reader, context))


# ── ordering ─────────────────────────────────────────────────────────────────────────────────────


async def subscribe(update: Update, context: Context) -> None:
    """Order by what was typed; ask by buttons for what was not."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    words = after_command(message)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    if refused := await may_order(reader, context):
        await owing.say(context, reader, refused)
        return
    try:
        wanted = ordering.read(words)
    except ordering.NotUnderstood:
        await owing.say(context, reader, notices.plain("subscribe_unknown", view, words=words[:60]))
        return
    if wanted.hour is None:
        await owing.say(context, reader, orders.ask_hour(view))
        return
    await _order(context, reader, wanted.hour, wanted.weekdays or ordering.EVERY_DAY, [])


async def pressed(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """The next question of an order, in place of the one before; at last the order itself."""
    if await _refused(context, reader, action):
        return
    chosen = action.argument
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        followed = await topics.of_chat(session, context.room.bot_id, reader.chat_id)
    if "hour" not in chosen:
        await owing.say(context, reader, orders.ask_hour(view))
    elif "days" not in chosen:
        await _change(context, reader, orders.ask_days(chosen["hour"], view))
    elif "topics" not in chosen and len(followed) > 1:
        await _change(context, reader, orders.ask_topics(chosen["hour"], chosen["days"], followed, view))
    else:
        hour = time.fromisoformat(chosen["hour"])
        await _order(context, reader, hour, chosen["days"], chosen.get("topics", []))


async def _order(context: Context, reader: Reader, hour: time, days: int, wanted: Sequence[int]) -> None:
    """Keep the order and say what comes next; without a zone ask for that first."""
    room, now = context.room, context.now()
    async with room.store.writing() as session:
        view = await view_of(session, reader, context)
        theirs = await subscriptions.of_chat(session, room.bot_id, reader.chat_id)
        if len(theirs) >= SUBSCRIPTIONS_MAX:
            told = notices.plain("subscribe_full", view, n=len(theirs))
        else:
            chat = await chats.find(session, room.bot_id, reader.chat_id)
            zone = chat.zone if chat else None
            due = next_due(hour, ZoneInfo(zone), days, now) if zone else None
            kept = await subscriptions.order(
                session,
                room.bot_id,
                reader.chat_id,
                local_time=hour,
                weekdays=days,
                zone=zone,
                next_due_at=due.moment if due else None,
                now=now,
                thread_id=reader.thread_id,
                topics=wanted,
            )
            followed = await topics.of_chat(session, room.bot_id, reader.chat_id)
            told = orders.subscribed(kept, ZoneInfo(zone), followed, view) if zone else _ask_zone(context, view)
        await owing.owe(session, context, reader, _key(context, reader), [told])
        await context.settle(session)
    room.wake()


async def unsubscribe(update: Update, context: Context) -> None:
    """End a subscription: the only one, the one of the number typed, or the one chosen by a button."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    if refused := await may_order(reader, context):
        await owing.say(context, reader, refused)
        return
    typed = after_command(message)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        theirs = await subscriptions.of_chat(session, context.room.bot_id, reader.chat_id)
    number = int(typed) if typed.isdecimal() and len(typed) <= 2 else 0
    if not theirs:
        await owing.say(context, reader, notices.plain("unsubscribed_none", view))
    elif len(theirs) == 1 or 0 < number <= len(theirs):
        await _end(context, reader, theirs[max(number - 1, 0) if len(theirs) > 1 else 0], view)
    else:
        named = [(orders.subscription_name(n, each, view), {"id": each.id}) for n, each in enumerate(theirs, 1)]
        await owing.say(context, reader, orders.choose("unsubscribe_which", "unsubscribe", named, view))


async def unsubscribe_pressed(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """End the subscription of the button."""
    if await _refused(context, reader, action):
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        found = await subscriptions.find(session, context.room.bot_id, reader.chat_id, action.argument["id"])
    if found is None:
        await owing.say(context, reader, notices.plain("unsubscribed_none", view))
        return
    await _end(context, reader, found, view)


async def _end(context: Context, reader: Reader, subscription: Subscription, view: View) -> None:
    async with context.room.store.writing() as session:
        await subscriptions.end(session, subscription.id)
        told = notices.plain("unsubscribed", view, order=orders.order_name(subscription, [], view))
        await owing.owe(session, context, reader, _key(context, reader), [told])
        await context.settle(session)
    context.room.wake()


# ── pausing ──────────────────────────────────────────────────────────────────────────────────────


async def pause(update: Update, context: Context) -> None:
    """Bring nothing for so many days, or until /resume."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    if refused := await may_order(reader, context):
        await owing.say(context, reader, refused)
        return
    typed = after_command(message).split()
    days = int(typed[0]) if typed and typed[0].isdecimal() and len(typed[0]) <= 3 else 0
    if typed and not 0 < days <= PAUSE_DAYS_MAX:
        async with context.room.store.reading() as session:
            view = await view_of(session, reader, context)
        await owing.say(context, reader, notices.plain("pause_usage", view))
        return
    await _pause(context, reader, days)


async def resume(update: Update, context: Context) -> None:
    """Bring briefings again."""
    reader = reader_of(update, context)
    if refused := await may_order(reader, context):
        await owing.say(context, reader, refused)
        return
    await _resume(context, reader)


async def pause_pressed(update: Update, context: Context, reader: Reader, action: Action) -> None:
    if not await _refused(context, reader, action):
        await _pause(context, reader, 0)


async def resume_pressed(update: Update, context: Context, reader: Reader, action: Action) -> None:
    if not await _refused(context, reader, action):
        await _resume(context, reader)


async def _pause(context: Context, reader: Reader, days: int) -> None:
    until = context.now() + timedelta(days=days) if days else None
    async with context.room.store.writing() as session:
        view = await view_of(session, reader, context)
        theirs = await subscriptions.of_chat(session, context.room.bot_id, reader.chat_id)
        for each in theirs:
            due = await _next(session, each, until) if until else None
            await subscriptions.pause(session, each.id, until=until, next_due_at=due)
        told = notices.plain("paused", view)
        if not theirs:
            told = notices.plain("unsubscribed_none", view)
        elif days:
            told = notices.plain("paused_days", view, days=view.phrases.count("days", days))
        await owing.owe(session, context, reader, _key(context, reader), [told])
        await context.settle(session)
    context.room.wake()


async def _resume(context: Context, reader: Reader) -> None:
    async with context.room.store.writing() as session:
        view = await view_of(session, reader, context)
        theirs = await subscriptions.of_chat(session, context.room.bot_id, reader.chat_id)
        for each in theirs:
            await subscriptions.reschedule(session, each.id, await _next(session, each, context.now()))
        again = await subscriptions.of_chat(session, context.room.bot_id, reader.chat_id)
        told = orders.resumed(again, view) if theirs else notices.plain("unsubscribed_none", view)
        await owing.owe(session, context, reader, _key(context, reader), [told])
        await context.settle(session)
    context.room.wake()


async def _next(session: AsyncSession, each: Subscription, after: datetime) -> datetime | None:
    """When a subscription is due next, never a second time for a day."""
    if each.zone is None:
        return None
    told = (await editions.days(session, [each.id])).get(each.id)
    due = next_due(each.local_time, ZoneInfo(each.zone), each.weekdays, after, told=told)
    return due.moment if due else None


# ── zone and settings ────────────────────────────────────────────────────────────────────────────


async def timezone(update: Update, context: Context) -> None:
    """Choose a zone by a city, a country, an IANA name or an offset; show the time there."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    if refused := await may_order(reader, context):
        await owing.say(context, reader, refused)
        return
    words = after_command(message)
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    if not words:
        await owing.say(context, reader, _ask_zone(context, view))
        return
    found = await context.room.workers.run(zones.find, words)
    if len(found) == 1:
        await _set_zone(context, reader, found[0])
    elif found:
        await owing.say(context, reader, orders.ask_zone(found, view, view.phrases["zone_several"]))
    else:
        near = await context.room.workers.run(zones.nearest, words)
        phrase = view.phrases["zone_nearest" if near else "zone_unknown"].format(words=words[:60])
        await owing.say(context, reader, orders.ask_zone(near, view, phrase))


async def zone_pressed(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """The zone of the button; without one the question which."""
    if await _refused(context, reader, action):
        return
    if "zone" in action.argument:
        await _set_zone(context, reader, action.argument["zone"])
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await owing.say(context, reader, _ask_zone(context, view))


def _ask_zone(context: Context, view: View) -> Message:
    """The question, with the operator's default as a proposal that only the reader can confirm."""
    return orders.ask_zone([context.room.settings.default_timezone], view, view.phrases["ask_zone"])


async def _set_zone(context: Context, reader: Reader, name: str) -> None:
    """Hours are by this zone's clock from now on, in every subscription of the chat."""
    room, now = context.room, context.now()
    async with room.store.writing() as session:
        await chats.set_zone(session, room.bot_id, reader.chat_id, name)
        view = await view_of(session, reader, context)
        for each in await subscriptions.of_chat(session, room.bot_id, reader.chat_id):
            after = max(now, each.paused_until or now)
            due = await _next(session, replace(each, zone=name), after)
            forever = each.paused and each.paused_until is None
            await subscriptions.change(
                session,
                each,
                local_time=each.local_time,
                weekdays=each.weekdays,
                zone=name,
                topics=each.topics,
                next_due_at=None if forever else due,
            )
        theirs = await subscriptions.of_chat(session, room.bot_id, reader.chat_id)
        told = orders.confirmed(ZoneInfo(name), theirs, view)
        await owing.owe(session, context, reader, _key(context, reader), [told])
        await context.settle(session)
    room.wake()


async def settings(update: Update, context: Context) -> None:
    """All that the chat has ordered, in one message with buttons."""
    reader = reader_of(update, context)
    if refused := await may_order(reader, context):
        await owing.say(context, reader, refused)
        return
    room = context.room
    async with room.store.reading() as session:
        view = await view_of(session, reader, context)
        chat = await chats.find(session, room.bot_id, reader.chat_id)
        choices = await chats.preferences(session, room.bot_id, reader.chat_id)
        ordered = Ordered(
            ZoneInfo(chat.zone) if chat and chat.zone else None,
            await subscriptions.of_chat(session, room.bot_id, reader.chat_id),
            await topics.of_chat(session, room.bot_id, reader.chat_id),
            sorted((await topics.muted(session, room.bot_id, [reader.chat_id]))[reader.chat_id]),
            choices.get(EMPTY_DAYS) is False,
            corrections=choices.get(CORRECTIONS) is not False,
        )
    await owing.say(context, reader, orders.settings(ordered, view))


async def send_nothing(update: Update, context: Context, reader: Reader, action: Action) -> None:
    await _empty_days(context, reader, action, wanted=False)


async def send_empty(update: Update, context: Context, reader: Reader, action: Action) -> None:
    await _empty_days(context, reader, action, wanted=True)


async def _empty_days(context: Context, reader: Reader, action: Action, *, wanted: bool) -> None:
    """Say on days with nothing new that there is nothing, or say nothing."""
    if await _refused(context, reader, action):
        return
    async with context.room.store.writing() as session:
        await chats.prefer(session, context.room.bot_id, reader.chat_id, EMPTY_DAYS, None if wanted else False)
        told = notices.plain("empty_told" if wanted else "empty_quiet", await view_of(session, reader, context))
        await owing.owe(session, context, reader, _key(context, reader), [told])
        await context.settle(session)
    context.room.wake()


# ── shared ───────────────────────────────────────────────────────────────────────────────────────


async def _refused(context: Context, reader: Reader, action: Action) -> bool:
    """Whether the press of a button was refused, and said to be."""
    refused = await may_order(reader, context)
    if refused is not None:
        await owing.say(context, reader, refused)
    return refused is not None


async def _change(context: Context, reader: Reader, message: Message) -> None:
    async with context.room.store.writing() as session:
        await owing.edit(session, context, reader, _key(context, reader), message)
        await context.settle(session)
    context.room.wake()


def _key(context: Context, reader: Reader) -> str:
    return f"said:{context.room.bot_id}:{reader.update_id}"
