"""What became of quotes that chats were shown, on both databases."""

from dataclasses import replace
from datetime import timedelta

from retrieval.model import Span
from storage import articles, outbox, sent_quotes
from storage.database import Store
from storage.values import Change, SentQuote, Shown, Stored
from tests.build import NOON, an_article
from tests.storage.making import BOT, CHAT, a_message, made_ready

WEEK, DAY = timedelta(days=7), timedelta(days=1)


async def put(store: Store, text: str) -> Stored:
    draft = an_article(text, external_id="bridge", url=None)
    async with store.writing() as session:
        return await articles.put(session, draft, made_ready(draft), now=NOON)


async def shown(store: Store, version_id: int | None, chat_id: int = CHAT) -> SentQuote:
    async with store.writing() as session:
        (quote,) = await sent_quotes.keep(session, BOT, chat_id, [(version_id or 0, Span(0, 4))], now=NOON)
    return quote


async def outdated(store: Store, **since: float) -> list[SentQuote]:
    async with store.reading() as session:
        return await sent_quotes.outdated(session, BOT, since=NOON + timedelta(**since), limit=9)


async def test_a_later_version_outdates_what_was_quoted_of_the_others(store: Store) -> None:
    first = await put(store, "Nine people were hurt at the bridge.")
    quote = await shown(store, first.version_id)
    assert await outdated(store) == []
    second = await put(store, "Ten people were hurt at the bridge.")
    assert await outdated(store) == [replace(quote, outdated_by=second.version_id)]
    assert await outdated(store, seconds=1) == []
    await shown(store, second.version_id)
    third = await put(store, "Ten people were hurt near the bridge.")
    assert {each.outdated_by for each in await outdated(store)} == {third.version_id}
    assert len(await outdated(store)) == 2


async def test_a_comparison_settles_only_the_version_that_it_was_made_with(store: Store) -> None:
    first = await put(store, "Nine people were hurt at the bridge.")
    await shown(store, first.version_id)
    second = await put(store, "Ten people were hurt at the bridge.")
    (quote,) = await outdated(store)
    third = await put(store, "Eleven people were hurt at the bridge.")
    change = Change(second.version_id or 0, NOON, ((Span(0, 4), Span(0, 3)), (Span(5, 9), None)))
    async with store.writing() as session:
        await sent_quotes.settle_compared(session, quote, change)
    (waiting,) = await outdated(store)
    assert (waiting.outdated_by, waiting.change) == (third.version_id, change)
    async with store.writing() as session:
        await sent_quotes.settle_compared(session, waiting, None)
        assert await sent_quotes.changed(session, BOT, CHAT, limit=9) == []


async def test_a_chat_is_told_once_and_then_left_alone_for_a_while(store: Store) -> None:
    first = await put(store, "Nine people were hurt at the bridge.")
    quotes = [await shown(store, first.version_id, chat) for chat in (CHAT, CHAT, CHAT + 1)]
    change = Change(first.version_id or 0, NOON, ((Span(0, 4), None),))
    async with store.writing() as session:
        for each in quotes:
            await sent_quotes.settle_compared(session, each, change)
        untold = await sent_quotes.untold(session, BOT, since=NOON - WEEK, told_before=NOON - DAY)
        assert {chat: [each.id for each in theirs] for chat, theirs in untold.items()} == {
            CHAT: [quotes[1].id, quotes[0].id],
            CHAT + 1: [quotes[2].id],
        }
        await sent_quotes.settle_told(session, [quotes[1].id], now=NOON)
        assert list(await sent_quotes.untold(session, BOT, since=NOON - WEEK, told_before=NOON - DAY)) == [CHAT + 1]
        later = await sent_quotes.untold(session, BOT, since=NOON - WEEK, told_before=NOON + DAY)
        assert [each.id for each in later[CHAT]] == [quotes[0].id]
        assert len(await sent_quotes.changed(session, BOT, CHAT, limit=9)) == 2


async def test_quotes_of_many_chats_are_kept_but_for_those_whose_text_is_gone(store: Store) -> None:
    first = await put(store, "Nine people were hurt at the bridge.")
    kept = [Shown(chat, first.version_id or 0, Span(0, 4), f"edition:{chat}") for chat in (CHAT, CHAT + 1)]
    gone = Shown(CHAT, 987_654, Span(0, 4), "edition:gone")
    async with store.writing() as session:
        await sent_quotes.keep_many(session, BOT, [kept[0], gone, kept[1]], now=NOON)
        await sent_quotes.keep_many(session, BOT, [], now=NOON)
        assert [each.outbox_key for each in await sent_quotes.unasked(session, BOT, CHAT)] == [f"edition:{CHAT}"]
    second = await put(store, "Ten people were hurt at the bridge.")
    waiting = await outdated(store)
    assert [(each.chat_id, each.outbox_key, each.outdated_by) for each in waiting] == [
        (CHAT, f"edition:{CHAT}", second.version_id),
        (CHAT + 1, f"edition:{CHAT + 1}", second.version_id),
    ]


async def test_what_never_reached_its_chat_is_not_told_to_have_changed(store: Store) -> None:
    first = await put(store, "Nine people were hurt at the bridge.")
    change = Change(first.version_id or 0, NOON, ((Span(0, 4), None),))
    async with store.writing() as session:
        await outbox.put(session, a_message("alert:1"), now=NOON)
        await sent_quotes.keep_many(session, BOT, [Shown(CHAT, first.version_id or 0, Span(0, 4), "alert:1")], now=NOON)
        (quote,) = await sent_quotes.unasked(session, BOT, CHAT)
        await sent_quotes.settle_compared(session, quote, change)
        for reached in (False, True):
            untold = await sent_quotes.untold(session, BOT, since=NOON - WEEK, told_before=NOON - DAY)
            changed = await sent_quotes.changed(session, BOT, CHAT, limit=9)
            assert (list(untold), len(changed)) == (([CHAT], 1) if reached else ([], 0))
            message = await outbox.find(session, "alert:1")
            assert message is not None
            await outbox.settle_sent(session, message.id, 1, now=NOON)
