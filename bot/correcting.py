"""Quotes that were changed after a chat had got them: compared with each later version, and told once, silently.

The timetable's holder does this. A change that comes more than a week after the quote was shown is not told; a chat
gets at most one such message a day, as a reply to the old answer, and none where it does not want them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot import drafting
from bot.drafting import Sender
from bot.messages import changes as messages
from bot.messages.changes import Changed
from bot.messages.phrases import spoken
from bot.messages.view import View
from bot.workers import Workers
from retrieval import changes
from retrieval.model import Quote, Span
from storage import articles, chats, outbox, sent_quotes, statements
from storage.database import Store
from storage.values import (
    Change,
    Chat,
    ChatState,
    MessageKind,
    MessageState,
    OutboxMessage,
    Priority,
    SentQuote,
)

TOLD_WITHIN = timedelta(days=7)  # of the quote's being shown
REST = timedelta(days=1)  # between two such messages to one chat
COMPARED_A_READ = 50
CORRECTIONS = "corrections"  # the choice of a chat that wants none, where it is False
MESSAGES = {MessageKind.SEND, MessageKind.EDIT}


class Correcting:
    """What was quoted and is no longer so, found and told."""

    def __init__(self, store: Store, workers: Workers, sender: Sender, *, zone: str) -> None:
        self._store = store
        self._workers = workers
        self._sender = sender
        self._zone = zone  # of chats that have chosen none

    async def step(self) -> None:
        """Compare what later versions outdated, and tell each chat what has changed."""
        while await self._compare():
            pass
        await self._tell()

    async def _compare(self) -> int:
        """Compare some quotes with the versions that outdated them; how many."""
        since = self._sender.clock() - TOLD_WITHIN
        async with self._store.reading() as session:
            waiting = await sent_quotes.outdated(session, self._sender.bot_id, since=since, limit=COMPARED_A_READ)
            ids = {id_ for each in waiting for id_ in (each.version_id, each.outdated_by or 0)}
            stored = await articles.by_versions(session, ids)
        found = [(each, await self._change(each, stored)) for each in waiting]
        async with self._store.writing() as session:
            for quote, change in found:
                await sent_quotes.settle_compared(session, quote, change)
        return len(found)

    async def _change(self, quote: SentQuote, stored: dict[int, articles.Versioned]) -> Change | None:
        if quote.version_id not in stored or quote.outdated_by not in stored:
            return None
        before, after = stored[quote.version_id][1], stored[quote.outdated_by][1]
        if before.text == after.text:
            return None
        found = await self._workers.run(changes.became, before.text, quote.span, after.text, before.language)
        return Change(after.id, after.fetched_at, tuple((each.before, each.after) for each in found)) if found else None

    async def _tell(self) -> None:
        now = self._sender.clock()
        async with self._store.reading() as session:
            untold = await sent_quotes.untold(
                session, self._sender.bot_id, since=now - TOLD_WITHIN, told_before=now - REST
            )
            known = await chats.several(session, self._sender.bot_id, untold)
        for chat_id, quotes in untold.items():
            if chat_id in known:
                await self._tell_chat(*known[chat_id], quotes, now)
        if untold:
            self._sender.wake()

    async def _tell_chat(
        self, chat: Chat, choices: dict[str, object], quotes: Sequence[SentQuote], now: datetime
    ) -> None:
        """One message, and all of these quotes told: in one transaction."""
        view = View(
            spoken(chat.language or self._sender.language), now, self._sender.name, ZoneInfo(chat.zone or self._zone)
        )
        wanted = choices.get(CORRECTIONS) is not False and chat.state is ChatState.ACTIVE
        async with self._store.writing() as session:
            told = await changed(session, distinct(quotes)) if wanted else []
            if told:
                await self._owe(session, chat, quotes[0], messages.told(told[0], len(told) - 1, view), now)
            await sent_quotes.settle_told(session, [each.id for each in quotes], now=now)

    async def _owe(
        self, session: AsyncSession, chat: Chat, quote: SentQuote, message: messages.Message, now: datetime
    ) -> None:
        old = await _message_of(session, quote)
        drafted = await drafting.draft(
            session,
            message,
            f"correction:{quote.id}",
            bot_id=self._sender.bot_id,
            chat_id=chat.id,
            thread_id=old.thread_id if old else None,
            question_id=quote.question_id,
            now=now,
        )
        reply_to = (old.sent_message_id or old.message_id) if old else None
        await outbox.put(session, replace(drafted, reply_to=reply_to, silent=True, priority=Priority.ALERT), now=now)


async def changed(session: AsyncSession, quotes: Sequence[SentQuote]) -> list[Changed]:
    """What became of these quotes, with the words before and after and who says them."""
    ids = {id_ for each in quotes if each.change for id_ in (each.version_id, each.change.version_id)}
    stored = await articles.by_versions(session, ids)
    there = [each for each in quotes if each.change and {each.version_id, each.change.version_id} <= stored.keys()]
    places = [place for each in there for place in _places(each)]
    spoken_there = await statements.meeting(session, places)

    def quote(version_id: int, span: Span) -> Quote:
        return Quote(*stored[version_id], span, spoken_there[version_id, span])

    return [
        Changed(
            each.shown_at,
            each.change.seen_at,
            tuple(
                (quote(each.version_id, before), quote(each.change.version_id, after) if after else None)
                for before, after in each.change.sentences
            ),
        )
        for each in there
        if each.change
    ]


def distinct(quotes: Sequence[SentQuote]) -> list[SentQuote]:
    """Each quoted place once: the first of the list."""
    return list({(each.version_id, each.start, each.end): each for each in reversed(quotes)}.values())[::-1]


def _places(quote: SentQuote) -> list[tuple[int, Span]]:
    if quote.change is None:
        return []
    before = [(quote.version_id, each) for each, _ in quote.change.sentences]
    return [*before, *((quote.change.version_id, after) for _, after in quote.change.sentences if after)]


async def _message_of(session: AsyncSession, quote: SentQuote) -> OutboxMessage | None:
    """The message that showed a quote: the one that holds its words, else the first of its answer."""
    if quote.outbox_key is not None:
        return await outbox.find(session, quote.outbox_key)
    if quote.question_id is None:
        return None
    rows = await outbox.of_question(session, quote.question_id)
    sent = [row for row in rows if row.kind in MESSAGES and row.state is MessageState.SENT]
    stored = (await articles.by_versions(session, [quote.version_id])).get(quote.version_id)
    words = quote.span.of(stored[1].text) if stored else ""
    return next((row for row in sent if words in row.plain), sent[0] if sent else None)
