"""/said NAME about WORDS: the statements of a name in pages, as files, and what others said to a question's words.

A page is an answer like any other: its words are kept and forgotten as those of a question.
"""

import re

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot import speakers
from bot.commands import owing
from bot.commands.bounds import refusal, uninvited
from bot.commands.reader import Reader, alone, reader_of, view_of
from bot.commands.words import Asked, after_command
from bot.messages import exports, markup, notices, shown, voices
from bot.messages import said as messages
from bot.messages.message import Button, Document, Message
from bot.messages.view import View
from bot.speakers import Entry
from bot.telegram.context import Context
from retrieval.model import Answer
from retrieval.question import parse
from storage import questions, sent_quotes
from storage import speakers as stored_speakers
from storage.values import Action

EXPORTED_MAX = 1_000
OTHERS_MAX = 5
SPEAKERS_MAX = 2  # whose further statements have a button under an answer
ENTRIES_A_READ = 50
FILES = {"csv": "export_csv", "bibtex": "export_bibtex", "ris": "export_ris"}
QUOTATION_MARKS = "\"“”„«»'‘’ "

_ABOUT = re.compile(r"\s+about\s+", re.IGNORECASE)


async def said(update: Update, context: Context) -> None:
    """The first page of what a name is printed to have said."""
    reader, message = reader_of(update, context), update.effective_message
    assert message is not None
    words = after_command(message)
    name, about = named(words)
    if not name:
        await usage(update, context)
        return
    if refused := await refusal(Asked(words), reader, context):
        await owing.say(context, reader, refused.message)
        return
    entries, page = await _page(name, about, 0, reader, context)
    async with context.room.store.writing() as session:
        assert reader.message_id is not None
        question = await questions.open(
            session,
            context.room.bot_id,
            reader.chat_id,
            reader.message_id,
            words,
            thread_id=reader.thread_id,
            user_id=reader.user_id,
            now=reader.at,
        )
        await questions.settle(session, question.id, now=context.now())
        if not context.room.settings.keep_questions_days:
            await questions.erase_words(session, question.id)
        await _keep(session, entries, reader, context, question.id)
        await owing.owe(session, context, reader, f"answer:{question.id}", [page], question_id=question.id)
        await context.settle(session)
    context.room.wake()


async def usage(update: Update, context: Context) -> None:
    """How the command is said."""
    reader = reader_of(update, context)
    if refused := await uninvited(reader, context):
        await owing.say(context, reader, refused)
        return
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    await owing.say(context, reader, notices.plain("said_usage", view))


def named(words: str) -> tuple[str, str | None]:
    """The name, and the words it is asked about."""
    name, *about = _ABOUT.split(words, maxsplit=1)
    return name.strip(QUOTATION_MARKS), about[0].strip() or None if about else None


# ── presses ──────────────────────────────────────────────────────────────────────────────────────


async def pressed(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """Another page, in place of the one before; of another name, or of a speaker in an answer, as a message."""
    asked = await _asked(action, context)
    if asked is None:
        await _bring(context, reader, action, "press_erased")
        return
    (name, about), at = asked, action.argument.get("at")
    entries, page = await _page(name, about, at or 0, reader, context)
    async with context.room.store.writing() as session:
        await _keep(session, entries, reader, context, action.question_id)
        if at is None:
            key = f"press:{action.id}:{context.now():%Y%m%d%H%M}"
            await owing.owe(session, context, reader, key, [page], question_id=action.question_id)
        else:
            key = f"press:{reader.chat_id}:{reader.update_id}"
            await owing.edit(session, context, reader, key, page, question_id=action.question_id)
        await context.settle(session)
    context.room.wake()


async def exported(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """All statements of a name as a file, in the private chat."""
    room = context.room
    async with room.store.reading() as session:
        view, private = await view_of(session, reader, context), await alone(session, reader, room)
    asked = await _asked(action, context)
    if private is None:
        message = notices.in_private(view, "said")
    elif asked is None:
        message = notices.plain("press_erased", view)
    else:
        message = await _file(*asked, str(action.argument["form"]), view, context)
    key = f"press:{action.id}:{reader.user_id}:{context.now():%Y%m%d%H%M}"
    async with room.store.writing() as session:
        await owing.owe(session, context, private or reader, key, [message], question_id=action.question_id)
        await context.settle(session)
    room.wake()


async def others(update: Update, context: Context, reader: Reader, action: Action) -> None:
    """What other speakers are printed to have said to the words of the question."""
    room = context.room
    async with room.store.reading() as session:
        view = await view_of(session, reader, context)
        question = await questions.find(session, action.question_id) if action.question_id else None
    if question is None or question.words is None:
        message = notices.plain("press_erased", view)
    else:
        asked = await room.workers.run(parse, question.words)
        spoken = await speakers.others(
            asked, action.argument["names"], store=room.store, engine=room.engine, workers=room.workers
        )
        entries = await speakers.entries(spoken[:OTHERS_MAX], store=room.store, workers=room.workers)
        message = messages.others(entries, view) if entries else notices.plain("others_none", view)
    key = f"press:{action.id}:{context.now():%Y%m%d%H%M}"
    async with room.store.writing() as session:
        await owing.owe(session, context, reader, key, [message], question_id=action.question_id)
        await context.settle(session)
    room.wake()


async def further(answer: Answer, view: View, context: Context) -> tuple[Button, ...]:
    """The buttons under an answer: more by its speakers where there is more, and who else spoke on this.

    Whether anybody else did is looked up at the press: with every answer it cost a seventh of it.
    """
    room = context.room
    names = tuple(dict.fromkeys(name for quote in answer.quotes for name in sorted(voices.named(voices.quoted(quote)))))
    if not names:
        return ()
    async with room.store.reading() as session:
        more = [name for name in names[:SPEAKERS_MAX] if await _has_more(session, name, answer)]
    if not room.settings.keep_questions_days:  # then the words are gone by the time the button is pressed
        return tuple(messages.further(more, (), view))
    return tuple(messages.further(more, names, view))


async def _has_more(session: AsyncSession, name: str, answer: Answer) -> bool:
    """Whether more is stored of a name than stands in the answer."""
    known = [each.attribution for quote in answer.quotes for each in quote.statements if each.attribution]
    here = sum(each.speaker is not None and each.speaker.name == name for each in known)
    return await stored_speakers.count(session, name, at_most=here + 1) > here


async def _asked(action: Action, context: Context) -> tuple[str, str | None] | None:
    """The name a button stands for, and the words of the command it stands under; None where those are erased."""
    if not action.argument.get("about") or action.question_id is None:
        return action.argument["name"], None
    async with context.room.store.reading() as session:
        question = await questions.find(session, action.question_id)
    if question is None or question.words is None:
        return None
    return action.argument["name"], named(question.words)[1]


async def _bring(context: Context, reader: Reader, action: Action, phrase: str) -> None:
    async with context.room.store.writing() as session:
        message = notices.plain(phrase, await view_of(session, reader, context))
        await owing.owe(session, context, reader, f"press:{action.id}:{reader.update_id}", [message])
        await context.settle(session)
    context.room.wake()


# ── pages and files ──────────────────────────────────────────────────────────────────────────────


async def _page(name: str, about: str | None, at: int, reader: Reader, context: Context) -> tuple[list[Entry], Message]:
    room = context.room
    found = await speakers.said(name, about, store=room.store, workers=room.workers)
    at = at if at < len(found.all) else 0
    entries = await speakers.told(found, at, messages.PAGE_STATEMENTS, store=room.store, workers=room.workers)
    async with room.store.reading() as session:
        view = await view_of(session, reader, context)
    return entries, messages.page(found, entries, view)


async def _file(name: str, about: str | None, form: str, view: View, context: Context) -> Message:
    room = context.room
    found = await speakers.said(name, about, store=room.store, workers=room.workers)
    spoken, entries = found.all[:EXPORTED_MAX], list[Entry]()
    for at in range(0, len(spoken), ENTRIES_A_READ):
        limit = min(ENTRIES_A_READ, len(spoken) - at)
        entries += await speakers.told(found, at, limit, store=room.store, workers=room.workers)
    text = await room.workers.run(exports.EXPORTS[form], entries, view)
    cut = len(spoken) < len(found.all)
    statements = view.phrases.count("statements", len(spoken))
    first = view.phrases["export_first"].format(
        name=shown.name(found.name or name, view.phrases), statements=statements
    )
    lines = [first, *([view.phrases["said_cut"].format(statements=statements)] if cut else [])]
    caption = markup.lines(*map(markup.words, lines))
    return Message(caption, document=Document(view.phrases[FILES[form]], text))


async def _keep(
    session: AsyncSession, entries: list[Entry], reader: Reader, context: Context, question_id: int | None
) -> None:
    places = [(entry.quote.version.id, entry.quote.span) for entry in entries]
    await sent_quotes.keep(
        session, context.room.bot_id, reader.chat_id, places, question_id=question_id, now=context.now()
    )
