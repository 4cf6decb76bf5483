"""/alerts: which topics bring an article at once, how many an hour, and the hours in which none does."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot import quiet
from bot.commands import leading, owing
from bot.commands.reader import Reader
from bot.messages import alert as messages
from bot.messages import following, notices, orders, shown
from bot.messages.message import Message
from bot.messages.view import View
from bot.quiet import QuietHours
from bot.telegram.context import Context
from storage import chats, topics
from storage.values import Action, Chat, FollowedTopic

AN_HOUR_MAX = 20  # a group takes 20 messages a minute, a reader fewer
QUIET, OFF, ON = "quiet", "off", "on"


@leading.typed
async def alerts(context: Context, reader: Reader, view: View, words: str) -> None:
    """Show what is chosen, or choose: ``TOPIC``, ``TOPIC 5``, ``TOPIC off``, ``off``, ``quiet 23:00-06:30``."""
    async with context.room.store.reading() as session:
        theirs = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
    head, _, rest = words.partition(" ")
    name, an_hour = _choice(words, theirs)
    named = [each for each in theirs if name.casefold() in {each.name.casefold(), each.words.casefold()}]
    if named and an_hour is not None:
        await _switch(context, reader, view, named[:1], an_hour)
    elif not words:
        await _show(context, reader, view)
    elif head.casefold() == QUIET:
        await _quiet(context, reader, view, rest)
    elif words.casefold() == OFF:
        await _switch(context, reader, view, [each for each in theirs if each.alerts_an_hour], 0)
    elif named:
        await owing.say(context, reader, notices.plain("alerts_number", view, n=AN_HOUR_MAX))
    else:
        await owing.say(context, reader, notices.plain("unfollow_unknown", view, topic=shown.name(words, view.phrases)))


def _choice(words: str, theirs: list[FollowedTopic]) -> tuple[str, int | None]:
    """The topic named, and how many an hour; None for a number that is none. A topic's own last word is no number."""
    known = {name.casefold() for each in theirs for name in (each.name, each.words)}
    name, _, last = words.rpartition(" ")
    if words.casefold() in known or not name:
        return words, messages.AN_HOUR
    if last.casefold() in {OFF, ON}:
        return name, 0 if last.casefold() == OFF else messages.AN_HOUR
    if last.isdecimal():
        return name, int(last) if len(last) <= 2 and int(last) <= AN_HOUR_MAX else None
    return words, messages.AN_HOUR


@leading.pressed
async def alerts_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """Switch the topic of the button."""
    async with context.room.store.reading() as session:
        theirs = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
    named = [each for each in theirs if each.id == action.argument["id"]]
    if named:
        await _switch(context, reader, view, named, action.argument["an_hour"])
    else:
        await owing.say(context, reader, notices.plain("press_old", view))


@leading.pressed
async def quiet_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """No quiet hours, or the usual ones again."""
    await _set_quiet(context, reader, view, quiet.NEVER if action.argument["never"] else quiet.USUAL)


async def _switch(context: Context, reader: Reader, view: View, named: list[FollowedTopic], an_hour: int) -> None:
    room = context.room
    async with owing.deciding(context, reader) as (session, told):
        chat, hours = await _of_chat(session, context, reader)
        lines = [] if named else [view.phrases["alerts_none"]]
        for each in named:
            await topics.alert(
                session,
                room.bot_id,
                reader.ordered_chat,
                each.id,
                an_hour,
                now=context.now(),
                thread_id=reader.thread_id,
            )
            lines += messages.switched(each, an_hour, hours, view)
        told.append(Message(following.lines(lines)))
        if an_hour and (chat is None or chat.zone is None):
            told.append(orders.ask_zone([room.settings.default_timezone], view, view.phrases["alerts_no_zone"]))


async def _quiet(context: Context, reader: Reader, view: View, typed: str) -> None:
    if typed.casefold() == OFF:
        await _set_quiet(context, reader, view, quiet.NEVER)
    elif hours := quiet.read(typed):
        await _set_quiet(context, reader, view, hours)
    else:
        await owing.say(context, reader, notices.plain("quiet_unknown", view))


async def _set_quiet(context: Context, reader: Reader, view: View, hours: QuietHours) -> None:
    async with owing.deciding(context, reader) as (session, told):
        chosen = None if hours == quiet.USUAL else str(hours)
        await chats.prefer(session, context.room.bot_id, reader.ordered_chat, quiet.PREFERENCE, chosen)
        told.append(Message(following.lines([messages.hours_line(hours, view)])))


async def _show(context: Context, reader: Reader, view: View) -> None:
    async with context.room.store.reading() as session:
        chat, hours = await _of_chat(session, context, reader)
        theirs = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
    zone = chat is not None and chat.zone is not None
    await owing.say(context, reader, messages.chosen(theirs, hours, view, zone=zone))


async def _of_chat(session: AsyncSession, context: Context, reader: Reader) -> tuple[Chat | None, QuietHours]:
    chat = await chats.find(session, context.room.bot_id, reader.ordered_chat)
    return chat, quiet.hours_of(await chats.preferences(session, context.room.bot_id, reader.ordered_chat))
