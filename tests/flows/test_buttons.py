"""What the buttons under an answer do, also after a restart, and what a button says that works no more."""

import asyncio
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.localchat import LocalServer
from storage import articles, chats
from storage.values import Grant
from tests.build import NOON, an_article
from tests.flows.conftest import Clock, Newsroom, Reader, bot_at

BEFORE = "No gull sang. One gull sat. Two gulls flew. Three gulls sang. Four gulls slept."
QUOTE = "The ferry Marigold carried nine hundred passengers on Sunday."
AFTER = "Five gulls ate. Six gulls swam. Seven gulls left. Eight gulls came. Nine gulls went."
TEXT = f"{BEFORE}\n\n{QUOTE}\n\n{AFTER}"
WORKS_NO_MORE = "This button no longer works here; ask again."
ASKED = "How many passengers did the ferry Marigold carry?"


@pytest.fixture
async def answered(reader: Reader, newsroom: Newsroom) -> Reader:
    await newsroom.publish(an_article(TEXT, url=None, external_id="gulls", headline="Gulls", outlet="Velm Post"))
    await reader.says(ASKED)
    return reader


async def test_in_context_shows_three_sentences_on_each_side(answered: Reader) -> None:
    (quote,) = answered.messages[-1].spans("blockquote")
    await answered.presses("In context")
    shown = answered.messages[-1]
    (stretch,) = shown.spans("blockquote")
    before, after = stretch.split(quote)
    assert shown.spans("bold")[-1] == quote
    assert stretch in TEXT
    assert (before.count("."), after.count(".")) == (3, 3)


async def test_the_whole_text_comes_in_pages_that_turn_in_place(reader: Reader, newsroom: Newsroom) -> None:
    long = " ".join(f"Gull number {n} sat on the pier of Velm." for n in range(150))
    await newsroom.publish(an_article(f"{QUOTE}\n\n{long}", url=None, headline="Gulls"))
    await reader.says(ASKED)
    await reader.presses("In context")
    await reader.presses("Whole text")
    assert reader.sees("Stored text, page 1 of 3", QUOTE)
    count = len(reader.messages)
    await reader.presses("Later page")
    assert len(reader.messages) == count
    assert reader.sees("Stored text, page 2 of 3")
    assert reader.buttons == ["Earlier page", "Later page"]


async def test_a_citation_is_whole_and_copied_by_a_tap(answered: Reader) -> None:
    (quote,) = answered.messages[-1].spans("blockquote")
    await answered.presses("Copy citation")
    (citation,) = answered.messages[-1].spans("pre")
    place = TEXT.index(quote)
    assert f"\n{quote}\n" in citation
    assert "Velm Post: “Gulls”" in citation
    assert f"Version 1 of the stored text, characters {place} to {place + len(quote)}" in citation


async def test_a_check_compares_with_what_is_stored(answered: Reader, newsroom: Newsroom, clock: Clock) -> None:
    await answered.presses("Check this quote")
    assert answered.sees(sha256(TEXT.encode()).hexdigest(), "holds exactly the words", "This is the newest version")
    changed = an_article(TEXT.replace("nine", "ten"), url=None, external_id="gulls", headline="Gulls")
    await newsroom.publish(changed)
    clock.passes(minutes=2)
    await answered.presses("Check this quote")
    assert answered.sees("A newer version 2", "no longer holds these words")


async def test_what_a_reader_calls_wrong_is_kept_for_the_operators(
    reader: Reader, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "The ferry Marigold carried nine hundred passengers, said Ines Varga, the harbour master."
    await newsroom.publish(an_article(said, external_id="ferry"))
    await reader.says(ASKED)
    await reader.presses("Check this quote")
    await reader.presses("This is wrong")
    assert reader.sees("Thank you. The operators see this quote")
    await reader.presses("This is wrong")
    monkeypatch.setenv("DATABASE_URL", newsroom.room.settings.database_url)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    told = await asyncio.to_thread(CliRunner().invoke, cli.app, ["objections", "--json", "--limit", "9"])
    (objection,) = [json.loads(line) for line in told.stdout.splitlines()]
    assert (objection["times"], objection["quote"]["article"]) == (1, "ferry")
    assert objection["quote"]["text"] == said
    shown = await asyncio.to_thread(CliRunner().invoke, cli.app, ["objections"])
    assert f"rule: {objection['rule']}" in shown.stdout
    assert objection["rule"]
    counted = await asyncio.to_thread(CliRunner().invoke, cli.app, ["stats"])
    assert "called wrong by readers: 1 quote (" in counted.stdout
    async with newsroom.room.store.writing() as session:
        await chats.give(session, newsroom.room.bot_id, reader.user.id, Grant.OPERATOR, now=NOON)
    await reader.says("/stats")
    assert reader.sees("Called wrong by readers: 1 quote")


async def test_more_quotes_are_others_and_numbered_on(reader: Reader, newsroom: Newsroom) -> None:
    ends = ["to Velm, the harbour office said", "past Ostra at dawn in thick fog", "and two frightened goats"]
    ends += ["despite a strike of stokers", "home from the autumn fair", "though its bow door leaked all week"]
    await newsroom.publish(
        *(an_article(f"The ferry Marigold carried passengers {end}.", outlet=end[:9]) for end in ends)
    )
    await reader.says("What passengers did the ferry Marigold carry?")
    first = reader.messages[-1].spans("blockquote")
    assert len(first) == 3
    await reader.presses("More quotes")
    others = reader.messages[-1].spans("blockquote")
    assert others
    assert not set(first) & set(others)
    assert reader.sees("\n4. ")


async def test_a_press_after_a_restart_works(server: LocalServer, tmp_path: Path, clock: Clock) -> None:
    async with bot_at(server, tmp_path, clock) as newsroom:
        await newsroom.publish(an_article(TEXT))
        reader = Reader(newsroom, server.add_user("Mira"))
        await reader.says(ASKED)
    async with bot_at(server, tmp_path, clock) as newsroom:
        again = Reader(newsroom, reader.user)
        await again.presses("Check this quote")
        assert again.sees("holds exactly the words")


async def test_a_button_that_works_no_more_says_so(answered: Reader, server: LocalServer) -> None:
    await answered.says("/forget")
    await answered.presses("Erase it all")
    await answered.presses("In context")
    assert answered.seen == []
    await server.until(lambda: WORKS_NO_MORE in str(server.calls.of("answerCallbackQuery")[-1].fields))


async def test_a_button_pressed_twice_brings_one_message(answered: Reader) -> None:
    await answered.presses("Copy citation")
    count = len(answered.messages)
    await answered.presses("Copy citation")
    assert len(answered.messages) == count


class TestFullTextForOperators:
    """FULL_TEXT=operators: others read an article that has an address at its address."""

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {"full_text": "operators"}

    async def test_a_reader_sees_the_neighbours_and_no_way_to_the_whole(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        (stored,) = await newsroom.publish(an_article(TEXT))
        await reader.says(ASKED)
        await reader.presses("In context")
        assert reader.buttons == []
        await reader.says(f"/start at_{stored.version_id}_0_5")
        assert not reader.sees("Stored text, page")

    async def test_a_typed_link_does_not_show_the_whole(self, reader: Reader, newsroom: Newsroom) -> None:
        text = " ".join(f"The ferry Marigold crossed the inlet {number} times." for number in range(200))
        (stored,) = await newsroom.publish(an_article(text))
        await reader.says(f"/start at_{stored.version_id}_0_{len(text)}")
        assert reader.sees("not shown here")
        assert reader.messages[-1].file is None


async def test_the_buttons_of_a_removed_article_say_that_it_was_withdrawn(
    answered: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    async with newsroom.room.store.writing() as session:
        ((article, _),) = await articles.listing(session, limit=2)
        await articles.remove(session, article.id, reason="by law", now=clock())
    for button in ("In context", "Copy citation", "Check this quote"):
        await answered.presses(button, answered.messages[0])
        assert answered.sees("was withdrawn by the operator")
        clock.passes(minutes=2)
    await answered.says(ASKED)
    assert answered.sees("No articles are stored") or answered.sees("Nothing found")
