"""/briefing: the edition a chat would get, told now and not counted as one; all of a story; the week of a topic."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from telegram import Update

from bot import charts, coverage
from bot.commands import leading, owing
from bot.commands.following import FAULTS
from bot.commands.reader import Reader, view_of
from bot.composing import Composer, Followed, followed
from bot.coverage import Coverage
from bot.issuing import order_of
from bot.messages import coverage as pages
from bot.messages import digest as digests
from bot.messages import notices, schedules
from bot.messages.digest import Issue
from bot.messages.message import Button, Keyboard, Press
from bot.messages.view import View
from bot.newsdesk import Newsdesk
from bot.telegram.context import Context
from retrieval.topics import ALTERNATIVES_MAX, PARTS_MAX, TOPIC_CHARACTERS_MAX, NotATopic, parse
from storage import alerts, articles, chats, editions, recent, subscriptions, topics
from storage.values import Action, FollowedTopic

WEEK = "week"
WEEKS_MAX = 4  # topics told of at once


@leading.asked
async def briefing(context: Context, reader: Reader, view: View, words: str) -> None:
    """The stories since the chat's last edition, on its topics or on the words typed."""
    room, place = context.room, reader.ordered_chat
    head, _, rest = words.partition(" ")
    if head.casefold() == WEEK:
        await _week(context, reader, view, rest.strip())
        return
    async with room.store.reading() as session:
        ordered = await subscriptions.of_chat(session, room.bot_id, place)
        before = await editions.latest(session, [each.id for each in ordered])
        theirs = await topics.of_chat(session, room.bot_id, place)
        muted = (await topics.muted(session, room.bot_id, [place]))[place]
        alerted = (await alerts.told(session, room.bot_id, [place], now=context.now()))[place]
        choices = await chats.preferences(session, room.bot_id, place)
    last = max((each for each in before.values() if each), key=lambda told: told[0].until, default=[])
    order = order_of(None, last, theirs, muted, choices, context.now()).after(alerted)
    if words:
        try:
            topic = parse(words)
        except NotATopic as refused_words:
            bounds = {"characters": TOPIC_CHARACTERS_MAX, "alternatives": ALTERNATIVES_MAX, "parts": PARTS_MAX}
            await owing.say(context, reader, notices.plain(FAULTS[refused_words.fault], view, **bounds))
            return
        order = order.on((Followed(topic.name, topic),))
    [digest] = await Composer(room.store, room.workers, Newsdesk(room.store)).compose([order])
    zone = view.zone if isinstance(view.zone, ZoneInfo) else ZoneInfo("UTC")
    due = min((each.next_due_at for each in ordered if each.next_due_at), default=None)
    told = digests.render(digest, Issue(zone, None, due), view)
    if not words:
        told[-1] = replace(told[-1], buttons=(*told[-1].buttons, *_week_buttons(theirs, view)))
    await owing.say(context, reader, *told, quotes=digest.quotes)


# ── the week ─────────────────────────────────────────────────────────────────────────────────────


@leading.asked_by_press
async def week_pressed(context: Context, reader: Reader, view: View, action: Action) -> None:
    """The week of the button's topic; a topic followed no more is told to be so."""
    async with context.room.store.reading() as session:
        theirs = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
    wanted = action.argument.get("topic")
    named = [each for each in theirs if each.id == wanted]
    if wanted is not None and not named:
        await owing.say(context, reader, notices.plain("press_old", view))
        return
    await _tell_week(context, reader, view, followed((each.name, each.words) for each in named))


async def _week(context: Context, reader: Reader, view: View, words: str) -> None:
    """The week of the words typed, of each topic of the chat, or of all that is stored."""
    async with context.room.store.reading() as session:
        theirs = await topics.of_chat(session, context.room.bot_id, reader.ordered_chat)
    wanted = followed((each.name, each.words) for each in theirs[:WEEKS_MAX])
    if words:
        try:
            topic = parse(words)
        except NotATopic as refused:
            bounds = {"characters": TOPIC_CHARACTERS_MAX, "alternatives": ALTERNATIVES_MAX, "parts": PARTS_MAX}
            await owing.say(context, reader, notices.plain(FAULTS[refused.fault], view, **bounds))
            return
        wanted = (Followed(topic.name, topic),)
    await _tell_week(context, reader, view, wanted)


async def _tell_week(context: Context, reader: Reader, view: View, wanted: Sequence[Followed]) -> None:
    room, zone = context.room, schedules.zone_of(view)
    async with room.store.reading() as session:
        muted = (await topics.muted(session, room.bot_id, [reader.ordered_chat]))[reader.ordered_chat]
    desk = Newsdesk(room.store)
    weeks = [await coverage.week(desk, each, context.now(), zone, muted) for each in wanted]
    told = [pages.week(each, view, await _picture(context, each, view)) for each in weeks]
    await owing.say(context, reader, *told)


async def _picture(context: Context, week: Coverage, view: View) -> bytes | None:
    """The chart, drawn in a worker; None where the extra is not installed, or there is nothing to draw."""
    if not week.total or not charts.available():
        return None
    title = week.topic or view.phrases["week_chart_all"]
    rows = [(charts.label(pages.name_of(row, week, view)), list(row.counts)) for row in week.every]
    days, numbered = pages.day_names(week, view), view.phrases["week_row"]
    return await context.room.workers.run(charts.drawn, charts.label(title), days, rows, numbered)


def _week_buttons(theirs: Sequence[FollowedTopic], view: View) -> Keyboard:
    """A button for the week of each topic, or one for all that is stored."""
    if not theirs:
        return ((Button(view.phrases["button_week_all"], Press("week")),),)
    named = [(each, view.phrases["button_week"].format(name=each.name)) for each in theirs[:WEEKS_MAX]]
    return tuple((Button(text, Press("week", {"topic": each.id})),) for each, text in named)


async def story(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """All articles of a story."""
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        versions = await recent.of_articles(session, action.argument["articles"])
        stored = await articles.by_versions(session, versions)
    told = [stored[each] for each in versions if each in stored]
    message = digests.story(action.argument["n"], told, view) if told else notices.plain("story_gone", view)
    async with context.room.store.writing() as session:
        await owing.owe(session, context, reader, f"press:{action.id}:{context.now():%Y%m%d%H%M}", [message])
        await context.settle(session)
    context.room.wake()
