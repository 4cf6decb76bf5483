"""Questions: kept once, erased with age, forgotten at a word together with all that is in flight for them."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Span
from storage import actions, articles, inbox, outbox, questions, sent_quotes
from storage.database import Store
from storage.tables import Table
from storage.values import AskedQuestion, MessageState, OutboxDraft, QuestionState
from tests.build import NOON, an_article
from tests.storage.making import BOT, CHAT, LEASE, READER, a_message, made_ready

SECRET = "zugzwang"
LATER = NOON + timedelta(days=30)


async def ask(
    session: AsyncSession, message_id: int = 1, *, chat_id: int = CHAT, user_id: int = READER, now: datetime = NOON
) -> AskedQuestion:
    words = f"What about {SECRET}?"
    return await questions.open(session, BOT, chat_id, message_id, words, user_id=user_id, now=now)


def answers(question: AskedQuestion, *numbers: int) -> list[OutboxDraft]:
    return [
        a_message(f"answer:{question.id}:{n} {SECRET}", chat_id=question.chat_id, question_id=question.id)
        for n in numbers
    ]


async def holds_secret(session: AsyncSession) -> list[str]:
    """The tables in which the secret stands anywhere but in a key."""
    found = []
    for name, table in Table.metadata.tables.items():
        columns = [column for column in table.columns if column.name != "key"]
        rows = await session.execute(sa.select(*columns))
        if any(SECRET in str(row) for row in rows):
            found.append(name)
    return found


async def test_a_message_asks_once_and_its_edit_asks_anew(store: Store) -> None:
    async with store.writing() as session:
        first = await ask(session)
        assert await ask(session) == first
        edited = await questions.open(session, BOT, CHAT, 1, "Other words?", user_id=READER, revision=77, now=NOON)
        assert edited.id != first.id
        assert await questions.by_message(session, BOT, CHAT, 1) == edited
        assert await questions.find(session, first.id) == first
    assert (first.words, first.state) == (f"What about {SECRET}?", QuestionState.OPEN)


async def test_a_question_ends_answered_or_failed_with_its_reference(store: Store) -> None:
    async with store.writing() as session:
        one, other = await ask(session, 1), await ask(session, 2)
        await questions.settle(session, one.id, now=NOON)
        await questions.fail(session, other.id, "K7Q2", now=NOON)
        history = await questions.history(session, BOT, chat_id=CHAT, limit=9)
    ends = [(each.state, each.reference) for each in history]
    assert ends == [(QuestionState.FAILED, "K7Q2"), (QuestionState.ANSWERED, None)]


async def test_the_rate_is_told_from_the_moments_of_asking(store: Store) -> None:
    async with store.writing() as session:
        for second in range(5):
            await ask(session, second, now=NOON + timedelta(seconds=second))
        await ask(session, 9, user_id=READER + 1)
        moments = await questions.asked_since(session, BOT, READER, NOON + timedelta(seconds=3))
    assert moments == [NOON + timedelta(seconds=3), NOON + timedelta(seconds=4)]


async def test_history_goes_on_page_by_page_newest_first(sqlite_store: Store) -> None:
    async with sqlite_store.writing() as session:
        for number in range(3):
            await ask(session, number)
        await ask(session, 9, user_id=READER + 1)
        first = await questions.history(session, BOT, user_id=READER, limit=2)
        second = await questions.history(session, BOT, user_id=READER, before=first[-1].id, limit=2)
    assert [[each.message_id for each in page] for page in (first, second)] == [[2, 1], [0]]


async def test_buttons_and_quotes_shown_go_with_their_question_and_not_before(store: Store) -> None:
    draft = an_article()
    async with store.writing() as session:
        stored = await articles.put(session, draft, made_ready(draft), now=NOON)
        question = await ask(session)
        action = await actions.keep(session, BOT, CHAT, "more", question_id=question.id, now=NOON)
        loose = await actions.keep(session, BOT, CHAT, "example", now=NOON)
        spans = [(stored.version_id or 0, Span(0, 3))]
        await sent_quotes.keep(session, BOT, CHAT, spans, question_id=question.id, now=NOON)
        assert await questions.erase_older(session, LATER, buttons_before=NOON) == 1
        kept = await questions.find(session, question.id)
        assert kept is not None
        assert kept.words is None
        assert await actions.find(session, BOT, CHAT, action) is not None
        assert len(await sent_quotes.of_question(session, question.id)) == 1
        await questions.erase_older(session, LATER)
        assert await questions.find(session, question.id) is None
        assert await actions.find(session, BOT, CHAT, action) is None
        assert await actions.find(session, BOT, CHAT, loose) is None
        assert await sent_quotes.of_question(session, question.id) == []


async def test_words_are_erased_with_age_wherever_they_stand(store: Store) -> None:
    async with store.writing() as session:
        question = await ask(session)
        payload = {"message": {"text": SECRET}}
        await inbox.accept(session, BOT, 1, CHAT, payload, now=NOON)
        await inbox.accept(session, BOT, 2, CHAT, payload, now=NOON)
        await inbox.settle(session, BOT, 1, now=NOON)
        await inbox.fail(session, BOT, 2, now=NOON)
        await outbox.put(session, *answers(question, 1), now=NOON)
        (message,) = await outbox.claim(session, BOT, now=NOON, limit=9, lease=LEASE, holder="me")
        await outbox.settle_sent(session, message.id, 5, now=NOON)
        assert await questions.erase_older(session, NOON) == 0
        assert await holds_secret(session) == ["inbox", "questions", "outbox"]
        assert await questions.erase_older(session, LATER) == 1
        assert await holds_secret(session) == []
        assert not await inbox.accept(session, BOT, 2, CHAT, payload, now=LATER)
        assert await outbox.put(session, *answers(question, 1), now=LATER) == 0


async def test_an_answer_still_owed_keeps_its_words_however_old(store: Store) -> None:
    async with store.writing() as session:
        question = await ask(session)
        await outbox.put(session, *answers(question, 1), now=NOON)
        await questions.erase_older(session, LATER)
        (message,) = await outbox.claim(session, BOT, now=LATER, limit=9, lease=LEASE, holder="me")
    assert SECRET in message.html


async def test_forgetting_erases_everything_and_ends_what_is_in_flight(store: Store) -> None:
    draft = an_article()
    async with store.writing() as session:
        stored = await articles.put(session, draft, made_ready(draft), now=NOON)
        question = await ask(session)
        await inbox.accept(session, BOT, 1, CHAT, {"message": {"text": SECRET}}, now=NOON)
        await outbox.put(session, *answers(question, 1, 2, 3), now=NOON)
        (sent,) = await outbox.claim(session, BOT, now=NOON, limit=9, lease=LEASE, holder="me")
        await outbox.settle_sent(session, sent.id, 5, now=NOON)
        (sending,) = await outbox.claim(session, BOT, now=NOON, limit=9, lease=LEASE, holder="me")
        await outbox.mark_sending(session, [sending.id], "me")
        action = await actions.keep(session, BOT, CHAT, "more", question_id=question.id, now=NOON)
        spans = [(stored.version_id or 0, Span(0, 3))]
        (quote,) = await sent_quotes.keep(session, BOT, CHAT, spans, question_id=question.id, now=NOON)

        assert await questions.forget(session, BOT, chat_id=CHAT, now=NOON) == 1

        assert await holds_secret(session) == []
        assert await inbox.waiting(session, BOT, now=NOON, limit=9) == []
        assert await actions.find(session, BOT, CHAT, action) is None
        assert await sent_quotes.find(session, BOT, CHAT, quote.id) is None
        await outbox.postpone(session, sending.id, until=NOON)
        assert await outbox.claim(session, BOT, now=NOON, limit=9, lease=LEASE, holder="me") == []
        await outbox.drop_unsendable(session, BOT, now=NOON)
        states = [message.state for message in await outbox.of_question(session, question.id)]
        assert states == [MessageState.EXPIRED]
        await questions.settle(session, question.id, now=NOON)
        assert await questions.find(session, question.id) is None


async def test_forgetting_one_person_leaves_the_others_of_a_group(store: Store) -> None:
    async with store.writing() as session:
        mine, hers = await ask(session, 1), await ask(session, 2, user_id=READER + 1)
        elsewhere = await ask(session, 3, chat_id=CHAT + 1)
        assert await questions.forget(session, BOT, chat_id=CHAT, user_id=READER, now=NOON) == 1
        words = [
            question and question.words
            for question in [await questions.find(session, each.id) for each in (mine, hers, elsewhere)]
        ]
    assert words == [None, hers.words, elsewhere.words]


async def test_quotes_shown_are_found_by_their_chat_alone(store: Store) -> None:
    draft = an_article()
    async with store.writing() as session:
        stored = await articles.put(session, draft, made_ready(draft), now=NOON)
        question = await ask(session)
        places = [(stored.version_id or 0, Span(0, 5)), (stored.version_id or 0, Span(6, 9))]
        shown = await sent_quotes.keep(session, BOT, CHAT, places, question_id=question.id, now=NOON)
        assert await sent_quotes.of_question(session, question.id) == shown
        assert await sent_quotes.find(session, BOT, CHAT, shown[1].id) == shown[1]
        assert await sent_quotes.find(session, BOT, CHAT + 1, shown[1].id) is None
    assert [(each.start, each.end, each.ordinal) for each in shown] == [(0, 5, 0), (6, 9, 1)]


async def test_a_button_means_the_same_to_its_chat_and_nothing_to_another(store: Store) -> None:
    async with store.writing() as session:
        ids = {await actions.keep(session, BOT, CHAT, "more", {"page": page}, now=NOON) for page in range(20)}
        assert len(ids) == 20
        assert all(len(each.encode()) <= 64 for each in ids)
        action = await actions.find(session, BOT, CHAT, min(ids))
        assert action is not None
        assert action.name == "more"
        assert await actions.find(session, BOT, CHAT + 1, min(ids)) is None
        assert await actions.find(session, BOT, CHAT, "nonsense\x00") is None
