"""/follow, /unfollow, /topics, /mute: what a chat's briefings are about."""

from collections.abc import Sequence
from datetime import timedelta

from rapidfuzz import process

from bot.commands import leading, owing
from bot.commands.reader import Reader, view_of
from bot.messages import following as messages
from bot.messages import notices, orders, shown
from bot.messages.message import Message
from bot.messages.view import View
from bot.newsdesk import Newsdesk, Reported, by_language
from bot.telegram.context import Context
from retrieval.topics import (
    ALTERNATIVES_MAX,
    PARTS_MAX,
    PASSING,
    TOPIC_CHARACTERS_MAX,
    Fault,
    NotATopic,
    Topic,
    parse,
)
from storage import articles, topics
from storage.values import Action, FollowedTopic

TOPICS_MAX = 50
PREVIEWED = timedelta(days=7)
NEAREST_MAX = 3
NEAR = 60.0  # of 100
FAULTS = {
    Fault.EMPTY: "follow_usage",
    Fault.LONG: "follow_long",
    Fault.UNCLOSED: "follow_unclosed",
    Fault.ONLY_WITHOUT: "follow_only_without",
    Fault.WORDLESS: "follow_wordless",
}


@leading.typed
async def follow(context: Context, reader: Reader, view: View, words: str) -> None:
    """Follow a topic, and show what it would have brought this week."""
    room = context.room
    async with room.store.reading() as session:
        theirs = await topics.of_chat(session, room.bot_id, reader.ordered_chat)
    try:
        topic = parse(words)
    except NotATopic as wrong:
        bounds = {"characters": TOPIC_CHARACTERS_MAX, "alternatives": ALTERNATIVES_MAX, "parts": PARTS_MAX}
        await owing.say(context, reader, notices.plain(FAULTS[wrong.fault], view, **bounds))
        return
    if len(theirs) >= TOPICS_MAX:
        await owing.say(context, reader, notices.plain("follow_full", view, n=len(theirs)))
        return
    found = await _preview(topic, context)
    name = shown.name(topic.name, view.phrases)
    async with owing.deciding(context, reader) as (session, said):
        new = await topics.follow(session, room.bot_id, reader.ordered_chat, topic.name, topic.words, now=context.now())
        stored = await articles.by_versions(session, [each.recent.version_id for each in found[-messages.SHOWN :]])
        newest = [stored[each.recent.version_id] for each in reversed(found) if each.recent.version_id in stored]
        told = messages.followed(name, len(found), by_language(found), newest, view)
        if new is None:
            told = notices.plain("follow_known", view, topic=name)
        said.append(told)


async def _preview(topic: Topic, context: Context) -> list[Reported]:
    """The articles of the last week that a topic matches, oldest first."""
    now = context.now()
    desk = Newsdesk(context.room.store)
    await desk.read(now - PREVIEWED, now, {topic.words: topic})
    return [each for each in desk.new(now - PREVIEWED, now) if each.matches.get(topic.words, 0.0) > PASSING]


@leading.typed
async def unfollow(context: Context, reader: Reader, view: View, typed: str) -> None:
    """Follow a topic no more: the one named, or the one chosen by a button."""
    async with context.room.store.reading() as session:
        theirs = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
    named = [each for each in theirs if typed.casefold() in {each.name.casefold(), each.words.casefold()}]
    if named:
        await _unfollow(context, reader, named[0])
    elif not theirs:
        await owing.say(context, reader, Message(messages.lines(orders.topic_lines([], view))))
    elif typed:
        await owing.say(context, reader, notices.plain("unfollow_unknown", view, topic=shown.name(typed, view.phrases)))
    else:
        choices = [(each.name, {"id": each.id}) for each in theirs]
        await owing.say(context, reader, orders.choose("unfollow_which", "unfollow", choices, view))


@leading.pressed
async def unfollow_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """Follow the topic of the button no more."""
    async with context.room.store.reading() as session:
        theirs = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
    named = [each for each in theirs if each.id == action.argument["id"]]
    if named:
        await _unfollow(context, reader, named[0])
    else:
        await owing.say(context, reader, notices.plain("press_old", view))


async def _unfollow(context: Context, reader: Reader, topic: FollowedTopic) -> None:
    room = context.room
    async with owing.deciding(context, reader) as (session, said):
        view = await view_of(session, reader, context)
        await topics.unfollow(session, room.bot_id, reader.ordered_chat, topic.id)
        told = notices.plain("unfollowed", view, topic=shown.name(topic.name, view.phrases))
        said.append(told)


@leading.asked
async def listed(context: Context, reader: Reader, view: View, words: str) -> None:
    """What the chat follows."""
    async with context.room.store.reading() as session:
        theirs = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
    await owing.say(context, reader, Message(messages.lines(orders.topic_lines(theirs, view))))


@leading.typed
async def mute(context: Context, reader: Reader, view: View, typed: str) -> None:
    """Leave an outlet out of the chat's briefings, or take it back."""
    async with context.room.store.reading() as session:
        names = [outlet.name for outlet, _ in await articles.outlets(session)]
        muted = (await topics.muted(session, context.room.bot_id, [reader.ordered_chat]))[reader.ordered_chat]
    if not typed:
        await owing.say(context, reader, notices.plain("mute_usage", view))
        return
    name = next((each for each in names if each.casefold() == typed.casefold()), None)
    if name is None:
        await owing.say(context, reader, messages.outlet_unknown(_near(typed, names), view))
        return
    await _mute(context, reader, name, mute=name not in muted)


async def _mute(context: Context, reader: Reader, name: str, *, mute: bool) -> None:
    room = context.room
    async with owing.deciding(context, reader) as (session, said):
        view = await view_of(session, reader, context)
        await (topics.mute if mute else topics.unmute)(session, room.bot_id, reader.ordered_chat, name)
        told = notices.plain("muted" if mute else "unmuted", view, outlet=shown.name(name, view.phrases))
        said.append(told)


def _near(typed: str, names: Sequence[str]) -> list[str]:
    return [name for name, score, _ in process.extract(typed, names, limit=NEAREST_MAX) if score >= NEAR]
