"""A quote whose sentence its outlet changed: one silent reply, a list, and a word in later answers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import correcting
from bot.drafting import Sender
from retrieval.model import Draft, Supplied
from storage import articles, looks
from storage.values import Look
from tests.build import an_article, prepared
from tests.flows.conftest import Clock, Newsroom, Reader
from tests.waiting import until

URL = "https://velm-post.example/ferry"
BEFORE = "The ferry Marigold carried nine hundred passengers on Sunday."
AFTER = "The ferry Marigold carried four hundred passengers on Sunday."
OTHERS = "One gull sat on the pier. Two gulls flew over the town. Three gulls sang at night."
ASKED = "How many passengers did the ferry Marigold carry?"


def article(sentence: str, *, url: str = URL, outlet: str = "Velm Post") -> Draft:
    draft = an_article(f"{OTHERS} {sentence}", external_id=None, url=url, outlet=outlet, headline="Ferry of Velm")
    return replace(draft, supplied=Supplied.FETCHED)


async def published(newsroom: Newsroom, draft: Draft) -> int:
    """The article's id, stored at the bot's own moment."""
    async with newsroom.room.store.writing() as session:
        stored = await articles.put(session, draft, prepared(draft), now=newsroom.room.clock())
    assert stored.article is not None
    return stored.article.id


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.CORRECT_SECONDS", 0.05)


@pytest.fixture
async def answered(reader: Reader, newsroom: Newsroom) -> Reader:
    await published(newsroom, article(BEFORE))
    await reader.says(ASKED)
    assert reader.sees(BEFORE)
    return reader


async def told(reader: Reader, messages: int) -> None:
    await until(lambda: _has(reader, messages))


async def _has(reader: Reader, messages: int) -> bool:
    return len(reader.messages) >= messages


async def settled(newsroom: Newsroom) -> None:
    """Returns when a whole look at what was changed has been made."""
    await correcting_of(newsroom).step()
    await newsroom.done()


def correcting_of(newsroom: Newsroom) -> correcting.Correcting:
    room = newsroom.room
    sender = Sender(room.bot_id, room.bot_name, "en", room.clock, room.wake)
    return correcting.Correcting(room.store, room.workers, sender, zone="UTC")


async def test_a_changed_sentence_is_one_silent_reply_with_before_and_after(
    answered: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    clock.passes(days=2)
    await published(newsroom, article(AFTER))
    await told(answered, 2)
    message = answered.messages[-1]
    assert message.text.splitlines()[0].startswith("Velm Post changed a sentence I quoted on ")
    assert message.spans("blockquote") == [BEFORE, AFTER]
    assert message.text.count("Velm Post · the outlet's own words") == 2
    assert message.reply_to is answered.messages[0]
    sent = newsroom.server.calls.executed("sendMessage")[-1]
    assert sent.fields["disable_notification"] == "true"
    await settled(newsroom)
    assert len(answered.messages) == 2


async def test_a_sentence_that_went_is_said_to_be_gone(answered: Reader, newsroom: Newsroom) -> None:
    await published(newsroom, article("Four boats lay in the harbour."))
    await told(answered, 2)
    message = answered.messages[-1]
    assert message.text.startswith("Velm Post no longer prints a sentence I quoted on ")
    assert message.spans("blockquote") == [BEFORE]
    assert "no sentence like it" in message.text


async def test_words_that_still_stand_are_no_change(answered: Reader, newsroom: Newsroom) -> None:
    await published(newsroom, article(f"\n{BEFORE.replace(' ', '  ')}\n\nA late addition stands here."))
    await settled(newsroom)
    await answered.says("/changes")
    assert answered.sees("No sentence that I quoted here was changed")


async def test_at_most_one_a_day_a_chat_and_changes_lists_them_all(
    answered: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    await published(newsroom, article("The tram Orchid carried sixty riders on Monday.", url=f"{URL}-2", outlet="Wire"))
    await answered.says("How many riders did the tram Orchid carry?")
    await published(newsroom, article(AFTER))
    await told(answered, 3)
    await published(
        newsroom, article("The tram Orchid carried ninety riders on Monday.", url=f"{URL}-2", outlet="Wire")
    )
    await settled(newsroom)
    assert len(answered.messages) == 3
    await answered.says("/changes")
    assert answered.sees("2 sentences quoted here", "sixty riders", "ninety riders", BEFORE, AFTER)
    clock.passes(days=1)
    await told(answered, 5)
    assert answered.messages[-1].text.startswith("Wire changed a sentence")


async def test_what_changes_later_than_a_week_is_not_told(answered: Reader, newsroom: Newsroom, clock: Clock) -> None:
    clock.passes(days=7, minutes=1)
    await published(newsroom, article(AFTER))
    await settled(newsroom)
    assert len(answered.messages) == 1


async def test_a_chat_switches_it_off_by_button_or_by_typing(answered: Reader, newsroom: Newsroom) -> None:
    await answered.says("/settings")
    await answered.presses("Tell me of no changed quotes")
    assert answered.sees("no more")
    await published(newsroom, article(AFTER))
    await settled(newsroom)
    assert not [message for message in answered.messages if message.text.startswith("Velm Post changed")]
    await answered.says("/changes")
    assert answered.sees(BEFORE, AFTER)
    await answered.says("/changes on")
    assert answered.sees("silently, at most once a day")
    await answered.says("/settings")
    assert "Tell me of no changed quotes" in answered.buttons


async def test_later_answers_say_what_became_of_the_article(reader: Reader, newsroom: Newsroom, clock: Clock) -> None:
    id_ = await published(newsroom, article(BEFORE))
    await reader.says(ASKED)
    assert not reader.sees("changed since first published")
    await published(newsroom, article(AFTER))
    await reader.says(ASKED)
    assert reader.sees(AFTER, "changed since first published")
    assert not reader.sees("page since removed")
    look = Look(id_, URL, True, None, None, clock() - timedelta(days=1))
    async with newsroom.room.store.writing() as session:
        await looks.missed(session, look, next_at=None, gone_at=clock())
    await reader.says(ASKED)
    assert reader.sees("page since removed")
