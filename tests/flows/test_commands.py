"""Every command a reader or an operator can say, by typing alone and by buttons."""

from typing import Any

import pytest

from bot.commands import menu
from bot.localchat import LocalServer
from storage import chats
from storage.values import Grant
from tests.build import NOON, a_day, an_article
from tests.flows.conftest import Newsroom, Reader

FERRY = "Harbour pilots warned of fog near Velm. The ferry Marigold carried nine hundred passengers on Sunday."


async def test_start_says_what_the_bot_does_and_offers_headlines_as_examples(
    reader: Reader, newsroom: Newsroom
) -> None:
    headlines = ["Fog near Velm", "Tram line shut", "Bridge opens", "Ferry is late"]
    same = an_article(f"{FERRY} Again.", headline="Ferry is late", published=a_day(day=6))
    await newsroom.publish(
        *(an_article(f"{FERRY} {name}.", headline=name, published=a_day(day=n)) for n, name in enumerate(headlines, 1)),
        same,
    )
    await reader.says("/start")
    assert reader.sees("word-for-word quotes", "a quote is not proof", "Stored: 5 articles from 1 outlet", "30 days")
    assert reader.buttons == [f"What is reported about “{name}”?" for name in reversed(headlines[1:])]


async def test_an_example_is_answered_at_a_tap(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY, headline="Ferry Marigold carries passengers"))
    await reader.says("/start")
    await reader.presses(0)
    assert reader.sees("nine hundred passengers")


async def test_start_of_an_empty_corpus_is_honest(reader: Reader) -> None:
    await reader.says("/start")
    assert reader.sees("No articles are stored yet, so there is nothing to quote.")
    assert not reader.buttons


async def test_help_names_every_command(reader: Reader) -> None:
    await reader.says("/help")
    assert reader.sees("/ask", "/latest", "/outlets", "/privacy", "/export", "/forget", "/start")
    assert not reader.sees("/stats")


async def test_an_unknown_command_says_what_exists(reader: Reader) -> None:
    await reader.says("/weather")
    assert reader.sees("I know no such command. I know: /ask")


async def test_latest_lists_the_newest_first_with_links(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(
        an_article(FERRY, headline="Older", published=a_day(day=1)),
        an_article(f"{FERRY} Again.", headline="Newer", published=a_day(day=9), outlet="Ostra Wire"),
    )
    await reader.says("/latest")
    (listed,) = reader.seen
    assert listed.index("Ostra Wire: “Newer” · 9 Nov 2026") < listed.index("Velm Post: “Older” · 1 Nov 2026")
    assert reader.messages[-1].spans("text_link") == ["Ostra Wire: “Newer”", "Velm Post: “Older”"]


async def test_the_text_behind_latest_marks_a_sentence_not_a_letter(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY, url=None, published=None, headline="Fog"))
    await reader.says("/latest")
    (link,) = [entity.more["url"] for entity in reader.messages[-1].entities if entity.kind == "text_link"]
    await reader.says(f"/start {link.partition('start=')[2]}")
    assert reader.messages[-1].spans("bold") == ["Harbour pilots warned of fog near Velm."]


@pytest.mark.parametrize("command", ["/outlets", "/sources"])
async def test_outlets_are_counted(command: str, reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY), an_article("Rain came.", outlet=None), an_article("Snow came."))
    await reader.says(command)
    assert reader.sees("Velm Post: 2 articles", "outlet not on record: 1 article")


# ── operators ────────────────────────────────────────────────────────────────────────────────────


async def test_stats_and_allow_are_for_operators(reader: Reader) -> None:
    await reader.says("/stats")
    assert reader.sees("This is for operators of this bot.")
    await reader.says("/allow 48210")
    assert reader.sees("This is for operators of this bot.")


async def an_operator(reader: Reader, newsroom: Newsroom) -> None:
    """Make the reader an operator by the one-use link that `run` prints."""
    async with newsroom.room.store.writing() as session:
        code = await chats.invite(session, newsroom.room.bot_id, Grant.OPERATOR, now=NOON)
    await reader.says(f"/start {code}")


async def test_a_one_use_link_makes_an_operator_once(
    reader: Reader, another_reader: Reader, newsroom: Newsroom
) -> None:
    async with newsroom.room.store.writing() as session:
        code = await chats.invite(session, newsroom.room.bot_id, Grant.OPERATOR, now=NOON)
    await reader.says(f"/start {code}")
    assert reader.sees("You are an operator now.")
    await another_reader.says(f"/start {code}")
    assert another_reader.sees("has been used or is unknown")
    await another_reader.says("/stats")
    assert another_reader.sees("This is for operators")


async def test_a_link_of_an_earlier_start_opens_nothing_more(reader: Reader, newsroom: Newsroom) -> None:
    async with newsroom.room.store.writing() as session:
        earlier, _ = [await chats.invite(session, newsroom.room.bot_id, Grant.OPERATOR, now=NOON) for _ in range(2)]
    await reader.says(f"/start {earlier}")
    assert reader.sees("has been used or is unknown")
    await an_operator(reader, newsroom)
    await reader.says("/stats")
    assert reader.sees("What is stored")


async def test_an_operator_sees_what_is_stored(reader: Reader, newsroom: Newsroom) -> None:
    await an_operator(reader, newsroom)
    await reader.says("/stats")
    assert reader.sees("0 articles in 0 versions")
    await newsroom.publish(an_article(FERRY, published=a_day()))
    await reader.says("/stats")
    assert reader.sees("1 article in 1 version, from 1 outlet", "20 Nov 2026", "en 1")


async def test_an_operator_of_an_empty_corpus_hears_the_next_step(reader: Reader, newsroom: Newsroom) -> None:
    await an_operator(reader, newsroom)
    await reader.says("/start")
    assert reader.sees("briefing-bot add")


class TestInvitedOnly:
    """ACCESS=allowlist."""

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {"access": "allowlist", "admin_ids": (77,)}

    async def test_a_stranger_is_told_the_number(self, reader: Reader, newsroom: Newsroom) -> None:
        await newsroom.publish(an_article(FERRY))
        for words in ("What about the ferry?", "/start", "/latest", "/outlets"):
            await reader.says(words)
            assert reader.seen == [f"This bot is for invited readers. Your number here is {reader.user.id}."]

    async def test_a_stranger_may_still_see_what_is_kept(self, reader: Reader) -> None:
        await reader.says("/privacy")
        assert reader.sees("What is kept about you")

    async def test_an_operator_lets_a_reader_in(self, reader: Reader, newsroom: Newsroom, server: LocalServer) -> None:
        await newsroom.publish(an_article(FERRY))
        operator = Reader(newsroom, server.add_user("Ines", user_id=77))
        await operator.says(f"/allow {reader.user.id}")
        assert operator.sees(f"Reader {reader.user.id} may ask now.")
        await reader.says("How many passengers did the ferry Marigold carry?")
        assert reader.sees("nine hundred passengers")

    async def test_a_stranger_asks_the_operator_who_lets_in_by_a_press(
        self, reader: Reader, newsroom: Newsroom, server: LocalServer
    ) -> None:
        await newsroom.publish(an_article(FERRY))
        operator = Reader(newsroom, server.add_user("Ines", user_id=77))
        await operator.says("/start")
        await reader.says("What about the ferry?")
        await reader.presses("Ask the operator")
        assert reader.sees("The operator is asked.")
        await reader.presses("Ask the operator")
        wishes = [message.text for message in operator.messages if "asks to be let in" in message.text]
        assert wishes == [f"Reader {reader.user.id} asks to be let in."]
        await operator.presses("Let in")
        assert operator.sees(f"Reader {reader.user.id} may ask now.")
        assert reader.messages[-1].text == "You are let in. Type a question, or /start."
        await reader.says("How many passengers did the ferry Marigold carry?")
        assert reader.sees("nine hundred passengers")

    async def test_a_group_asks_to_be_let_in_as_a_group(
        self, reader: Reader, newsroom: Newsroom, server: LocalServer
    ) -> None:
        await newsroom.publish(an_article(FERRY))
        operator = Reader(newsroom, server.add_user("Ines", user_id=77))
        await operator.says("/start")
        member = Reader(newsroom, reader.user, server.add_group("Readers of Velm", reader.user))
        await member.says("/ask What about the ferry?")
        await member.presses("Ask the operator")
        await operator.presses("Let in")
        assert "You are let in." in member.messages[-1].text
        await member.says("/ask How many passengers did the ferry Marigold carry?")
        assert member.sees("nine hundred passengers")

    async def test_allow_wants_a_number(self, newsroom: Newsroom, server: LocalServer) -> None:
        operator = Reader(newsroom, server.add_user("Ines", user_id=77))
        await operator.says("/allow everybody")
        assert operator.sees("/allow 48210")


async def test_clients_are_told_the_commands(newsroom: Newsroom, server: LocalServer) -> None:
    """All that a reader can say, in groups what has a meaning there; each with what it does."""
    await server.until(lambda: {"default", "all_group_chats"} <= set(server.world.commands))
    for scope, names in (("default", menu.COMMANDS), ("all_group_chats", menu.GROUP_COMMANDS)):
        assert [each["command"] for each in server.world.commands[scope]] == list(names)
        assert all(each["description"] for each in server.world.commands[scope])
