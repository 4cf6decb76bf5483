"""/subscribe, /unsubscribe, /pause, /resume, /timezone, /settings: briefings ordered, by typing or by buttons.

Who leads a group or a channel orders for it. Nothing is due before a zone was chosen.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot import ordering, quiet, zones
from bot.commands import leading, owing
from bot.commands.reader import Reader, view_of
from bot.composing import STORIES_MAX
from bot.correcting import CORRECTIONS
from bot.issuing import EMPTY_DAYS, STORIES
from bot.messages import notices, orders
from bot.messages.message import Message
from bot.messages.orders import Ordered
from bot.messages.view import View
from bot.telegram.context import Context
from bot.timetable import next_due
from storage import chats, editions, subscriptions, topics
from storage.values import Action, Subscription

SUBSCRIPTIONS_MAX = 10
PAUSE_DAYS_MAX = 365
STORIES_CHOSEN_MAX = 20


# ── ordering ─────────────────────────────────────────────────────────────────────────────────────


@leading.typed
async def subscribe(context: Context, reader: Reader, view: View, words: str) -> None:
    """Order by what was typed; ask by buttons for what was not."""
    try:
        wanted = ordering.read(words)
    except ordering.NotUnderstood:
        await owing.say(context, reader, notices.plain("subscribe_unknown", view, words=words[:60]))
        return
    if wanted.hour is None:
        await owing.say(context, reader, orders.ask_hour(view))
        return
    await _order(context, reader, wanted.hour, wanted.weekdays or ordering.EVERY_DAY, [])


@leading.pressed
async def pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """The next question of an order, in place of the one before; at last the order itself."""
    chosen = action.argument
    async with context.room.store.reading() as session:
        followed = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
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
    async with owing.deciding(context, reader) as (session, said):
        view = await view_of(session, reader, context)
        theirs = await subscriptions.of_chat(session, room.bot_id, reader.ordered_chat)
        if len(theirs) >= SUBSCRIPTIONS_MAX:
            told = notices.plain("subscribe_full", view, n=len(theirs))
        else:
            chat = await chats.find(session, room.bot_id, reader.ordered_chat)
            zone = chat.zone if chat else None
            due = next_due(hour, ZoneInfo(zone), days, now) if zone else None
            kept = await subscriptions.order(
                session,
                room.bot_id,
                reader.ordered_chat,
                local_time=hour,
                weekdays=days,
                zone=zone,
                next_due_at=due.moment if due else None,
                now=now,
                thread_id=reader.thread_id,
                topics=wanted,
            )
            followed = await topics.of_chat(session, room.bot_id, reader.ordered_chat)
            told = orders.subscribed(kept, ZoneInfo(zone), followed, view) if zone else _ask_zone(context, view)
        said.append(told)


@leading.typed
async def unsubscribe(context: Context, reader: Reader, view: View, typed: str) -> None:
    """End a subscription: the only one, the one of the number typed, or the one chosen by a button."""
    async with context.room.store.reading() as session:
        theirs = await subscriptions.of_chat(session, context.room.bot_id, reader.ordered_chat)
    number = int(typed) if typed.isdecimal() and len(typed) <= 2 else 0
    if not theirs:
        await owing.say(context, reader, notices.plain("unsubscribed_none", view))
    elif len(theirs) == 1 or 0 < number <= len(theirs):
        await _end(context, reader, theirs[max(number - 1, 0) if len(theirs) > 1 else 0], view)
    else:
        named = [(orders.subscription_name(n, each, view), {"id": each.id}) for n, each in enumerate(theirs, 1)]
        await owing.say(context, reader, orders.choose("unsubscribe_which", "unsubscribe", named, view))


@leading.pressed
async def unsubscribe_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """End the subscription of the button."""
    async with context.room.store.reading() as session:
        found = await subscriptions.find(session, context.room.bot_id, reader.ordered_chat, action.argument["id"])
    if found is None:
        await owing.say(context, reader, notices.plain("unsubscribed_none", view))
        return
    await _end(context, reader, found, view)


async def _end(context: Context, reader: Reader, subscription: Subscription, view: View) -> None:
    async with owing.deciding(context, reader) as (session, said):
        await subscriptions.end(session, subscription.id)
        told = notices.plain("unsubscribed", view, order=orders.order_name(subscription, [], view))
        said.append(told)


# ── pausing ──────────────────────────────────────────────────────────────────────────────────────


@leading.typed
async def pause(context: Context, reader: Reader, view: View, words: str) -> None:
    """Bring nothing for so many days, or until /resume."""
    typed = words.split()
    days = int(typed[0]) if typed and typed[0].isdecimal() and len(typed[0]) <= 3 else 0
    if typed and not 0 < days <= PAUSE_DAYS_MAX:
        await owing.say(context, reader, notices.plain("pause_usage", view))
        return
    await _pause(context, reader, days)


@leading.typed
async def resume(context: Context, reader: Reader, view: View, words: str) -> None:
    """Bring briefings again."""
    await _resume(context, reader)


@leading.pressed
async def pause_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """Bring nothing until /resume."""
    await _pause(context, reader, 0)


@leading.pressed
async def resume_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """Bring briefings again."""
    await _resume(context, reader)


async def _pause(context: Context, reader: Reader, days: int) -> None:
    until = context.now() + timedelta(days=days) if days else None
    async with owing.deciding(context, reader) as (session, said):
        view = await view_of(session, reader, context)
        theirs = await subscriptions.of_chat(session, context.room.bot_id, reader.ordered_chat)
        for each in theirs:
            due = await _next(session, each, until) if until else None
            await subscriptions.pause(session, each.id, until=until, next_due_at=due)
        told = notices.plain("paused", view)
        if not theirs:
            told = notices.plain("unsubscribed_none", view)
        elif days:
            told = notices.plain("paused_days", view, days=view.phrases.count("days", days))
        said.append(told)


async def _resume(context: Context, reader: Reader) -> None:
    async with owing.deciding(context, reader) as (session, said):
        view = await view_of(session, reader, context)
        theirs = await subscriptions.of_chat(session, context.room.bot_id, reader.ordered_chat)
        for each in theirs:
            await subscriptions.reschedule(session, each.id, await _next(session, each, context.now()))
        again = await subscriptions.of_chat(session, context.room.bot_id, reader.ordered_chat)
        told = orders.resumed(again, view) if theirs else notices.plain("unsubscribed_none", view)
        said.append(told)


async def _next(session: AsyncSession, each: Subscription, after: datetime) -> datetime | None:
    """When a subscription is due next, never a second time for a day."""
    if each.zone is None:
        return None
    told = (await editions.days(session, [each.id])).get(each.id)
    due = next_due(each.local_time, ZoneInfo(each.zone), each.weekdays, after, told=told)
    return due.moment if due else None


# ── zone and settings ────────────────────────────────────────────────────────────────────────────


@leading.typed
async def timezone(context: Context, reader: Reader, view: View, words: str) -> None:
    """Choose a zone by a city, a country, an IANA name or an offset; show the time there."""
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


@leading.pressed
async def zone_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """The zone of the button; without one the question which."""
    if "zone" in action.argument:
        await _set_zone(context, reader, action.argument["zone"])
        return
    await owing.say(context, reader, _ask_zone(context, view))


def _ask_zone(context: Context, view: View) -> Message:
    """The question, with the operator's default as a proposal that only the reader can confirm."""
    return orders.ask_zone([context.room.settings.default_timezone], view, view.phrases["ask_zone"])


async def _set_zone(context: Context, reader: Reader, name: str) -> None:
    """Hours are by this zone's clock from now on, in every subscription of the chat."""
    room, now = context.room, context.now()
    async with owing.deciding(context, reader) as (session, said):
        await chats.set_zone(session, room.bot_id, reader.ordered_chat, name)
        view = await view_of(session, reader, context)
        for each in await subscriptions.of_chat(session, room.bot_id, reader.ordered_chat):
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
        theirs = await subscriptions.of_chat(session, room.bot_id, reader.ordered_chat)
        told = orders.confirmed(ZoneInfo(name), theirs, view)
        said.append(told)


@leading.typed
async def settings(context: Context, reader: Reader, view: View, words: str) -> None:
    """All that the chat has ordered, in one message with buttons; or the length of its editions, as typed."""
    name, _, number = words.partition(" ")
    if name.casefold() == STORIES:
        await _length(context, reader, view, int(number) if number.isdecimal() and len(number) <= 2 else 0)
        return
    room = context.room
    async with room.store.reading() as session:
        chat = await chats.find(session, room.bot_id, reader.ordered_chat)
        choices = await chats.preferences(session, room.bot_id, reader.ordered_chat)
        ordered = Ordered(
            ZoneInfo(chat.zone) if chat and chat.zone else None,
            await subscriptions.of_chat(session, room.bot_id, reader.ordered_chat),
            await topics.of_chat(session, room.bot_id, reader.ordered_chat),
            sorted((await topics.muted(session, room.bot_id, [reader.ordered_chat]))[reader.ordered_chat]),
            choices.get(EMPTY_DAYS) is False,
            choices.get(STORIES, STORIES_MAX),
            quiet.hours_of(choices),
            corrections=choices.get(CORRECTIONS) is not False,
        )
    await owing.say(context, reader, orders.settings(ordered, view))


@leading.pressed
async def send_nothing(context: Context, reader: Reader, view: View, action: Action) -> None:
    """Say nothing on days with nothing new."""
    await _empty_days(context, reader, view, wanted=False)


@leading.pressed
async def send_empty(context: Context, reader: Reader, view: View, action: Action) -> None:
    """Say on days with nothing new that there is nothing."""
    await _empty_days(context, reader, view, wanted=True)


@leading.pressed
async def length_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """Tell so many stories an edition at most."""
    await _length(context, reader, view, action.argument["stories"])


async def _length(context: Context, reader: Reader, view: View, stories: int) -> None:
    if not 0 < stories <= STORIES_CHOSEN_MAX:
        await owing.say(context, reader, notices.plain("length_usage", view, most=STORIES_CHOSEN_MAX))
        return
    async with owing.deciding(context, reader) as (session, told):
        kept = stories if stories != STORIES_MAX else None
        await chats.prefer(session, context.room.bot_id, reader.ordered_chat, STORIES, kept)
        told.append(notices.plain("length_told", view, stories=view.phrases.count("stories", stories)))


async def _empty_days(context: Context, reader: Reader, view: View, *, wanted: bool) -> None:
    async with owing.deciding(context, reader) as (session, told):
        kept = None if wanted else False
        await chats.prefer(session, context.room.bot_id, reader.ordered_chat, EMPTY_DAYS, kept)
        told.append(notices.plain("empty_told" if wanted else "empty_quiet", view))


# ── shared ───────────────────────────────────────────────────────────────────────────────────────


async def _change(context: Context, reader: Reader, message: Message) -> None:
    async with context.room.store.writing() as session:
        await owing.edit(session, context, reader, _key(context, reader), message)
        await context.settle(session)
    context.room.wake()


def _key(context: Context, reader: Reader) -> str:
    return f"said:{context.room.bot_id}:{reader.update_id}"
