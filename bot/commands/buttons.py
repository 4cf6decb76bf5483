"""What the buttons do. Each means what storage keeps under its id, so that it works after a restart.

The press itself was answered when it was stored; what it asks for comes as a message, or changes the pressed one.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot import answering
from bot.commands import (
    alerts,
    briefing,
    changes,
    following,
    operators,
    outlets,
    owing,
    privacy,
    questions,
    said,
    subscriptions,
)
from bot.commands.reader import Reader, is_operator, may_ask, reader_of, view_of
from bot.commands.words import Asked
from bot.messages import answer as answers
from bot.messages import check, citation, notices, reading
from bot.messages.message import Message
from bot.messages.phrases import spoken
from bot.settings import FullText
from bot.telegram.context import Context, Room
from retrieval.model import Answer, Named, Question, Quote, Span
from retrieval.question import parse
from retrieval.quotes import QUOTES_MAX
from storage import actions, articles, objections, outbox, sent_quotes, statements
from storage import questions as asked_questions
from storage.database import Store
from storage.values import Action


async def pressed(update: Update, context: Context) -> None:
    """Do what the button means; of a button that means nothing any more the press was told so."""
    press, reader = update.callback_query, reader_of(update, context)
    assert press is not None
    async with context.room.store.reading() as session:
        action = await actions.find(session, context.room.bot_id, reader.chat_id, press.data or "")
        allowed = await may_ask(session, reader, context.room)
    if action is None:
        return
    if action.name not in FOR_ALL and not allowed:
        async with context.room.store.reading() as session:
            view = await view_of(session, reader, context)
        await _bring(context, reader, action, notices.invited_only(view, reader.number))
        return
    await PRESSES[action.name](update, context, reader, action)


async def word_for(room: Room, press: dict[str, Any]) -> str | None:
    """What a press is told at once where its button is forgotten or another chat's; None where it works."""
    chat_id = press.get("message", {}).get("chat", {}).get("id", 0)
    async with room.store.reading() as session:
        action = await actions.find(session, room.bot_id, chat_id, press["data"])
    return None if action else spoken(press["from"].get("language_code"))["press_old"]


# ── a quote: context, text, citation, check ──────────────────────────────────────────────────────


async def _context(update: Update, context: Context, reader: Reader, action: Action) -> None:
    quote = await quote_of(context.room.store, action.argument)
    if quote is None:
        await _gone(context, reader, action)
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        whole = await may_read(session, reader, context.room, quote)
    await _bring(context, reader, action, reading.in_context(quote, view, whole_text=whole))


async def _read(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """A page of the whole text; turning changes the page in place."""
    quote = await quote_of(context.room.store, action.argument)
    if quote is None:
        await _gone(context, reader, action)
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        allowed = await may_read(session, reader, context.room, quote)
    message = reading.page(quote, view, action.argument.get("page")) if allowed else reading.elsewhere(quote, view)
    if "page" in action.argument and message.document is None:
        await _change(context, reader, action, message)
        return
    await _bring(context, reader, action, message)


async def _cite(update: Update, context: Context, reader: Reader, action: Action) -> None:
    quote = await quote_of(context.room.store, action.argument)
    if quote is None:
        await _gone(context, reader, action)
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await _bring(context, reader, action, citation.render(quote, view))


async def _check(update: Update, context: Context, reader: Reader, action: Action) -> None:
    quote = await quote_of(context.room.store, action.argument)
    if quote is None:
        await _gone(context, reader, action)
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        newest = await articles.version(session, quote.article.id)
    message = check.render(quote, str(action.argument["words"]), newest or quote.version, view)
    await _bring(context, reader, action, message)


async def _wrong(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Keep for the operators that a reader calls a quote wrong, once for each button; say thank you."""
    quote = await quote_of(context.room.store, action.argument)
    if quote is None:
        await _gone(context, reader, action)
        return
    rules = {each.attribution.rule for each in quote.statements if each.attribution}
    key = f"wrong:{action.id}"
    async with context.room.store.writing() as session:
        if await outbox.find(session, f"{key}:1") is None:
            rule = ", ".join(sorted(rules))
            await objections.keep(session, quote.version.id, quote.span, rule, now=context.now())
        thanks = notices.plain("wrong_kept", await view_of(session, reader, context))
        await owing.owe(session, context, reader, key, [thanks], question_id=action.question_id)
        await context.settle(session)
    context.room.wake()


# ── more quotes ──────────────────────────────────────────────────────────────────────────────────


async def _more(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Search the question further and send what was not shown yet."""
    room = context.room
    words = await _words_of(room.store, action)
    if words is None:
        await _say(context, reader, action, "press_erased")
        return
    assert action.question_id is not None
    async with room.store.reading() as session:
        shown = [(each.version_id, Span(each.start, each.end)) for each in await _shown(session, action.question_id)]
    found = await answering.answer(
        words,
        store=room.store,
        engine=room.engine,
        workers=room.workers,
        limit=0,
        quotes=QUOTES_MAX + 1,
        without=shown,
        today=await _day(action, reader, context),
        disregarding=_disregarded(action),
    )
    if not found.quotes:
        await _say(context, reader, action, "press_no_more")
        return
    await _send_more(context, reader, action, found, len(shown))


async def _send_more(context: Context, reader: Reader, action: Action, found: Answer, shown_before: int) -> None:
    room, quotes = context.room, found.quotes[:QUOTES_MAX]
    async with room.store.reading() as session:
        beside = await said.further(replace(found, quotes=quotes), await view_of(session, reader, context), context)
    async with room.store.writing() as session:
        view = await view_of(session, reader, context)
        messages = answers.render(
            replace(found, quotes=quotes),
            view,
            more=questions.more(found.question) if len(found.quotes) > len(quotes) else None,
            first=shown_before + 1,
            beside=beside,
        )
        places = [(quote.version.id, quote.span) for quote in quotes]
        await sent_quotes.keep(
            session, room.bot_id, reader.chat_id, places, question_id=action.question_id, now=context.now()
        )
        await owing.owe(session, context, reader, _key(reader), messages, question_id=action.question_id)
        await context.settle(session)
    room.wake()


async def _unfold(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Show in place, in the group's message, all quotes that were found."""
    places = [{"version": version, "start": start, "end": end} for version, start, end in action.argument["quotes"]]
    quotes = [quote for place in places if (quote := await quote_of(context.room.store, place))]
    if not quotes:
        await _gone(context, reader, action)
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    words = await _words_of(context.room.store, action)
    read = partial(parse, today=await _day(action, reader, context))
    question = await context.room.workers.run(read, words) if words else Question("", "")
    found = Answer(question, tuple(quotes), None)
    unfolded = answers.render(found, view, beside=await said.further(found, view, context))
    async with context.room.store.writing() as session:
        first, *others = unfolded
        await owing.edit(session, context, reader, f"{_key(reader)}:1", first, question_id=action.question_id)
        await owing.owe(session, context, reader, _key(reader), others, first=2, question_id=action.question_id)
        await context.settle(session)
    context.room.wake()


async def _day(action: Action, reader: Reader, context: Context) -> date | None:
    """The reader's day, where the answer that the button stands under was limited to the days it names."""
    return await _today(reader, context) if action.argument.get("dated") else None


async def _today(reader: Reader, context: Context) -> date:
    async with context.room.store.reading() as session:
        return (await view_of(session, reader, context)).today


async def _all_dates(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Ask the same again, whatever the dates."""
    words = await _words_of(context.room.store, action)
    if words is None:
        await _say(context, reader, action, "press_erased")
        return
    read = partial(parse, today=await _today(reader, context))
    question = replace(await context.room.workers.run(read, words), since=None, until=None, dated=None)
    await questions.ask(update, context, Asked(words, revision=reader.update_id), question=question)


async def _disregard(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Ask the same again, whatever outlet or speaker it names."""
    words = await _words_of(context.room.store, action)
    if words is None:
        await _say(context, reader, action, "press_erased")
        return
    await questions.ask(update, context, Asked(words, revision=reader.update_id, disregarded=_disregarded(action)))


def _disregarded(action: Action) -> frozenset[Named]:
    return frozenset(map(Named, action.argument.get("named", ())))


async def _example(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Ask what an example asks."""
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
        known = (await articles.by_versions(session, [action.argument["version"]])).values()
    headlines = [version.headline for _, version in known if version.headline]
    if not headlines:
        await _gone(context, reader, action)
        return
    await questions.ask(update, context, Asked(notices.example(headlines[0], view), revision=reader.update_id))


# ── what is kept, and sources ────────────────────────────────────────────────────────────────────


async def _forget(update: Update, context: Context, reader: Reader, action: Action) -> None:
    if action.argument.get("person", reader.user_id) != reader.user_id:
        await _say(context, reader, action, "press_theirs")
        return
    await privacy.erase(context, reader)


async def _keep(update: Update, context: Context, reader: Reader, action: Action) -> None:
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await _change(context, reader, action, notices.plain("kept", view))


async def _outlets(update: Update, context: Context, reader: Reader, action: Action) -> None:
    await outlets.outlets(update, context)


# ── shared by presses ────────────────────────────────────────────────────────────────────────────


async def quote_of(store: Store, place: Mapping[str, object]) -> Quote | None:
    """The quote at a place that a button keeps; None where its text is gone."""
    version_id, start, end = (int(str(place[name])) for name in ("version", "start", "end"))
    span = Span(start, end)
    async with store.reading() as session:
        stored = (await articles.by_versions(session, [version_id])).get(version_id)
        if stored is None or not 0 <= start < end <= len(stored[1].text):
            return None
        spoken_here = await statements.meeting(session, [(version_id, span)])
    return Quote(*stored, span, spoken_here[version_id, span])


async def may_read(session: AsyncSession, reader: Reader, room: Room, quote: Quote) -> bool:
    """Whether this reader may page through the whole text: FULL_TEXT rules where the article has an address."""
    allowed = room.settings.full_text
    if quote.article.url is None or allowed is FullText.ALL or (allowed is FullText.PRIVATE and reader.private):
        return True
    return reader.private and await is_operator(session, reader.user_id, room)


def _key(reader: Reader) -> str:
    return f"press:{reader.chat_id}:{reader.update_id}"


async def _bring(context: Context, reader: Reader, action: Action, message: Message) -> None:
    """Send what a press asks for; the same button brings it once a minute."""
    key = f"press:{action.id}:{context.now():%Y%m%d%H%M}"
    async with context.room.store.writing() as session:
        await owing.owe(session, context, reader, key, [message], question_id=action.question_id)
        await context.settle(session)
    context.room.wake()


async def _change(context: Context, reader: Reader, action: Action, message: Message) -> None:
    async with context.room.store.writing() as session:
        await owing.edit(session, context, reader, _key(reader), message, question_id=action.question_id)
        await context.settle(session)
    context.room.wake()


async def _say(context: Context, reader: Reader, action: Action, name: str) -> None:
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await _bring(context, reader, action, notices.plain(name, view))


async def _gone(context: Context, reader: Reader, action: Action) -> None:
    """Say that the text behind a button is not stored any more, and whether the operator took it out."""
    version_id = action.argument.get("version") or next(iter(action.argument.get("quotes", [[0]])))[0]
    async with context.room.store.reading() as session:
        withdrawn = await articles.is_withdrawn(session, int(version_id))
    await _say(context, reader, action, "press_withdrawn" if withdrawn else "press_gone")


async def _words_of(store: Store, action: Action) -> str | None:
    if action.question_id is None:
        return None
    async with store.reading() as session:
        question = await asked_questions.find(session, action.question_id)
    return question.words if question else None


_shown = sent_quotes.of_question

Pressed = Callable[[Update, Context, Reader, Action], Awaitable[None]]
PRESSES: dict[str, Pressed] = {
    "more": _more,
    "unfold": _unfold,
    "context": _context,
    "read": _read,
    "cite": _cite,
    "check": _check,
    "wrong": _wrong,
    "all_dates": _all_dates,
    "disregard": _disregard,
    "example": _example,
    "forget": _forget,
    "keep": _keep,
    "outlets": _outlets,
    "said": said.pressed,
    "said_export": said.exported,
    "others": said.others,
    "ask_operator": operators.asked,
    "admit": operators.admitted,
    "order": subscriptions.pressed,
    "zone": subscriptions.zone_pressed,
    "unsubscribe": subscriptions.unsubscribe_pressed,
    "pause": subscriptions.pause_pressed,
    "resume": subscriptions.resume_pressed,
    "send_nothing": subscriptions.send_nothing,
    "send_empty": subscriptions.send_empty,
    "length": subscriptions.length_pressed,
    "unfollow": following.unfollow_pressed,
    "told": changes.told_pressed,
    "untold": changes.untold_pressed,
    "alerts": alerts.alerts_pressed,
    "quiet": alerts.quiet_pressed,
    "story": briefing.story,
    "week": briefing.week_pressed,
}
# Also for readers who are not let in: what is kept about them is theirs, and who runs the bot may be asked.
FOR_ALL = {"forget", "keep", "ask_operator"}
