"""A question: a plain sentence, /ask, a mention or a reply in a group, and a question that was edited."""

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot import answering
from bot.commands import owing
from bot.commands.bounds import Refusal, refusal
from bot.commands.reader import Reader, reader_of, view_of
from bot.commands.said import further
from bot.commands.words import Asked, read
from bot.messages import answer as answers
from bot.messages import named, nothing, notices
from bot.messages.message import Button, Message, Press
from bot.messages.view import View
from bot.telegram.context import Context
from bot.telegram.presence import typing
from retrieval.model import Answer, Question
from retrieval.question import QUESTION_TERMS_MAX
from retrieval.quotes import QUOTES_MAX
from storage import articles, outbox, questions, sent_quotes
from storage.values import AskedQuestion, CorpusStatistics, MessageKind, MessageState, OutboxMessage, Priority

EDITS_FOR = timedelta(minutes=10)
IN_A_GROUP = 1
NEVER_ARRIVED = {MessageState.FAILED, MessageState.EXPIRED, MessageState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way to a reader: what is known once the words are found."""

    asked: Asked
    answer: Answer
    corpus: CorpusStatistics | None  # only where nothing was found: counting takes a while
    view: View
    beside: tuple[Button, ...] = ()
    messages: tuple[Message, ...] = ()  # rendered before a transaction is begun, since others wait for its end


async def said(update: Update, context: Context) -> None:
    """Answer a message that asks."""
    asked = read(update, context.room)
    if asked is not None:
        await ask(update, context, asked)


async def ask(update: Update, context: Context, asked: Asked, *, question: Question | None = None) -> None:
    """Answer these words, or say why not; `question` is what they are understood as, where that is known."""
    reader = reader_of(update, context)
    refused = await refusal(asked, reader, context)
    if refused is not None:
        await _refuse(context, reader, refused)
        return
    async with _looking(asked, reader, context):
        reply = await _answered(asked, reader, context, question)
    async with context.room.store.writing() as session:
        opened = await _opened(session, reader, asked, context)
        await _owe(session, context, reader, opened, reply)
        await context.settle(session)
    context.room.wake()


async def edited(update: Update, context: Context) -> None:
    """Edit the answer of an edited question for ten minutes; later give it a new one."""
    reader, asked = reader_of(update, context), read(update, context.room)
    message = update.effective_message
    assert message is not None
    async with context.room.store.reading() as session:
        before = await questions.by_message(session, context.room.bot_id, reader.chat_id, message.message_id)
    if asked is None or (before and before.words == asked.words):
        return
    changed_after = (message.edit_date or message.date) - message.date
    if before is None or changed_after > EDITS_FOR:
        late = replace(asked, notes=(*asked.notes, "edited_late")) if before else asked
        await ask(update, context, replace(late, revision=reader.update_id))
        return
    await _ask_again(context, reader, replace(asked, revision=reader.update_id), before)


async def _ask_again(context: Context, reader: Reader, asked: Asked, before: AskedQuestion) -> None:
    refused = await refusal(asked, reader, context)
    if refused is not None:
        await _refuse(context, reader, refused)
        return
    reply = await _answered(asked, reader, context)
    async with context.room.store.writing() as session:
        question = await _opened(session, reader, asked, context)
        sent = [each for each in await outbox.of_question(session, before.id) if _is_answer(each, before)]
        await _owe(session, context, reader, question, reply, instead_of=sent)
        await context.settle(session)
    context.room.wake()


def _looking(asked: Asked, reader: Reader, context: Context) -> AbstractAsyncContextManager[None]:
    """A sign that an answer is on its way; none where the answer may be silence."""
    return nullcontext() if asked.only_replies else typing(context.bot, reader.chat_id, reader.thread_id)


async def _refuse(context: Context, reader: Reader, refused: Refusal) -> None:
    async with context.room.store.writing() as session:
        await owing.owe(session, context, reader, refused.key, [refused.message], priority=Priority.NOTICE)
        await context.settle(session)
    context.room.wake()


async def _answered(asked: Asked, reader: Reader, context: Context, question: Question | None = None) -> Reply:
    room = context.room
    async with room.store.reading() as session:
        view = await view_of(session, reader, context)
    answer = await answering.answer(
        question or asked.words,
        store=room.store,
        engine=room.engine,
        workers=room.workers,
        limit=0,
        quotes=QUOTES_MAX + 1,
        today=view.today,
        disregarding=asked.disregarded,
    )
    async with room.store.reading() as session:
        corpus = None if answer.quotes else await articles.statistics(session)
    long = len(answer.question.terms) >= QUESTION_TERMS_MAX
    beside = await further(answer, view, context)
    asked = replace(asked, notes=(*asked.notes, "long")) if long else asked
    reply = Reply(asked, answer, corpus, view, beside)
    return replace(reply, messages=tuple(_messages(reply, _shown(reply, reader), reader)))


async def _opened(session: AsyncSession, reader: Reader, asked: Asked, context: Context) -> AskedQuestion:
    assert reader.message_id is not None
    return await questions.open(
        session,
        context.room.bot_id,
        reader.chat_id,
        reader.message_id,
        asked.words,
        thread_id=reader.thread_id,
        user_id=reader.user_id,
        revision=asked.revision,
        now=reader.at,
    )


async def _owe(
    session: AsyncSession,
    context: Context,
    reader: Reader,
    question: AskedQuestion,
    reply: Reply,
    *,
    instead_of: list[OutboxMessage] | None = None,
) -> None:
    """Owe the answer under ``answer:{question}:{n}`` and settle the question, in the caller's transaction."""
    key, shown = f"answer:{question.id}", _shown(reply, reader)
    await questions.settle(session, question.id, now=context.now())
    if not context.room.settings.keep_questions_days:
        await questions.erase_words(session, question.id)
    if not reply.answer.quotes and reply.asked.only_replies and not instead_of:
        await owing.react(session, context, reader, f"{key}:1", question.id)
        return
    places = [(quote.version.id, quote.span) for quote in shown.quotes]
    await sent_quotes.keep(
        session, context.room.bot_id, reader.chat_id, places, question_id=question.id, now=context.now()
    )
    if instead_of:
        await _edits(session, context, reader, question, reply, instead_of)
        return
    await owing.owe(session, context, reader, key, reply.messages, question_id=question.id)


def _shown(reply: Reply, reader: Reader) -> Answer:
    """The quotes that the first answer shows; in a group one, which unfolds at a tap."""
    return replace(reply.answer, quotes=reply.answer.quotes[: QUOTES_MAX if reader.private else IN_A_GROUP])


def _messages(reply: Reply, shown: Answer, reader: Reader) -> list[Message]:
    return answers.render(
        shown,
        reply.view,
        reply.corpus,
        found=min(len(reply.answer.quotes), QUOTES_MAX),
        more=_more(reply, shown, reader),
        beside=(*reply.beside, *nothing.all_dates(reply.answer.question, reply.view), *_taking_away(reply)),
        notes=[notices.beside(name, reply.view) for name in reply.asked.notes],
    )


def _taking_away(reply: Reply) -> list[Button]:
    return named.buttons(reply.answer.question, reply.view) if reply.answer.quotes else []


def more(question: Question) -> Press:
    """The press that searches a question further, on the days and by the names that counted for the answer."""
    dated = {"dated": True} if _is_limited(question) else {}
    return Press("more", {**dated, **({"named": sorted(question.disregarded)} if question.disregarded else {})})


def _is_limited(question: Question) -> bool:
    return bool(question.since or question.until)


def _more(reply: Reply, shown: Answer, reader: Reader) -> Press | None:
    """In a group the quotes found unfold in place; in private the question is searched further."""
    if len(reply.answer.quotes) <= len(shown.quotes):
        return None
    if reader.private:
        return more(reply.answer.question)
    found = reply.answer.quotes[:QUOTES_MAX]
    quotes = [[quote.version.id, *quote.span] for quote in found]
    return Press("unfold", {"quotes": quotes, **more(reply.answer.question).argument})


def _is_answer(row: OutboxMessage, question: AskedQuestion) -> bool:
    """Whether the chat has, or will have, this row as an answer to the question: one that never arrived is none."""
    of_question = row.key.startswith(f"answer:{question.id}:") and row.kind in {MessageKind.SEND, MessageKind.EDIT}
    return of_question and row.state not in NEVER_ARRIVED


async def _edits(
    session: AsyncSession,
    context: Context,
    reader: Reader,
    question: AskedQuestion,
    reply: Reply,
    instead_of: list[OutboxMessage],
) -> None:
    """Put an answer in the place of an earlier one, message by message; what is left over of the old says so."""
    texts = [message for message in reply.messages if message.document is None]
    files = [message for message in reply.messages if message.document is not None]
    left_over = [notices.plain("superseded", reply.view)] * (len(instead_of) - len(texts))
    for n, (message, old) in enumerate(zip([*texts, *left_over], instead_of, strict=False), 1):
        key = f"answer:{question.id}:{n}"
        await owing.edit(session, context, reader, key, message, edits=old.key, question_id=question.id)
    added = [*texts[len(instead_of) :], *files]
    key, first = f"answer:{question.id}", len(instead_of) + 1
    await owing.owe(session, context, reader, key, added, first=first, question_id=question.id)
