"""/briefing, and the button for all of a story: the edition a chat would get, told now and not counted as one."""

from zoneinfo import ZoneInfo

from telegram import Update

from bot.commands import owing
from bot.commands.bounds import uninvited
from bot.commands.following import FAULTS
from bot.commands.reader import Reader, reader_of, view_of
from bot.commands.words import after_command
from bot.composing import Composer, Followed
from bot.issuing import order_of
from bot.messages import digest as digests
from bot.messages import notices
from bot.messages.digest import Issue
from bot.newsdesk import Newsdesk
from bot.telegram.context import Context
from retrieval.topics import ALTERNATIVES_MAX, PARTS_MAX, TOPIC_CHARACTERS_MAX, NotATopic, parse
from storage import alerts, articles, chats, editions, recent, subscriptions, topics
from storage.values import Action


async def briefing(update: Update, context: Context) -> None:
    """The stories since the chat's last edition, on its topics or on the words typed."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    if refused := await uninvited(reader, context):
        await owing.say(context, reader, refused)
        return
    room, words = context.room, after_command(message)
    async with room.store.reading() as session:
        view = await view_of(session, reader, context)
        ordered = await subscriptions.of_chat(session, room.bot_id, reader.chat_id)
        before = await editions.latest(session, [each.id for each in ordered])
        theirs = await topics.of_chat(session, room.bot_id, reader.chat_id)
        muted = (await topics.muted(session, room.bot_id, [reader.chat_id]))[reader.chat_id]
        alerted = (await alerts.told(session, room.bot_id, [reader.chat_id], now=context.now()))[reader.chat_id]
        choices = await chats.preferences(session, room.bot_id, reader.chat_id)
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
    await owing.say(context, reader, *digests.render(digest, Issue(zone, None, due), view))


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
