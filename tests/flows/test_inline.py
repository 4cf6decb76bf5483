"""Inline mode: the bot's name and a question, typed in any chat, bring quotes to choose from."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.localchat import LocalServer
from storage.tables import InboxRow
from tests.build import an_article
from tests.flows.conftest import Newsroom, Reader

SAID = "“Rates stay where they are,” said Ada Byron, the bank's governor."
QUESTION = "What did Byron say about rates?"


@pytest.fixture
async def stocked(newsroom: Newsroom) -> Newsroom:
    await newsroom.publish(an_article(SAID), an_article("The ferry Marigold carried 48 passengers on Monday."))
    return newsroom


async def test_a_question_typed_anywhere_offers_quotes_that_say_all(
    reader: Reader, stocked: Newsroom, server: LocalServer
) -> None:
    friend = server.add_user("Ines", started=False)
    offered = await server.offers(server.types(reader.user, QUESTION, friend))
    first = offered.offers[0]
    assert "Ada Byron" in first.title
    assert "“Rates stay where they are,”" in first.description
    assert not first.keyboard
    text = first.content.text
    assert text.index("Ada Byron") < text.index("“Rates stay where they are,”")
    assert [text[one.start : one.end] for one in first.content.entities if one.kind == "blockquote"] == [SAID]
    assert text.splitlines()[0] == "1 quote from stored news"
    assert not [call.strange for call in server.calls if call.strange]


async def test_a_chosen_quote_is_no_question(reader: Reader, stocked: Newsroom, server: LocalServer) -> None:
    query = server.types(reader.user, QUESTION, reader.chat)
    offered = await server.offers(query)
    group = server.add_group("News", reader.user)
    for chat in (reader.chat, group):
        posted = server.chooses(query, offered.offers[0].id, chat)
        await stocked.done()
        assert "Ada Byron" in posted.text
        assert not server.from_bot(chat)


async def test_nothing_found_says_so_and_leads_to_the_private_chat(
    reader: Reader, stocked: Newsroom, server: LocalServer
) -> None:
    for typed in ("Who won the football final in Ostra?", "", "Ra", "https://velm.example/bridge"):
        offered = await server.offers(server.types(reader.user, typed))
        assert not offered.offers
        assert offered.note
        await reader.says(f"/start {offered.note['start']}")
        assert reader.sees("I answer with word-for-word quotes")


async def test_what_is_typed_is_kept_nowhere(reader: Reader, stocked: Newsroom, server: LocalServer) -> None:
    await server.offers(server.types(reader.user, QUESTION))
    async with stocked.room.store.reading() as session:
        assert not await session.scalar(sa.select(sa.func.count()).select_from(InboxRow))


async def test_only_the_newest_of_what_somebody_types_is_answered(
    reader: Reader, stocked: Newsroom, server: LocalServer
) -> None:
    queries = [server.types(reader.user, QUESTION[:end]) for end in (8, 16, len(QUESTION))]
    await server.offers(queries[-1])
    assert len(server.calls.executed("answerInlineQuery")) == 1


async def test_too_many_a_minute_are_passed_over(
    reader: Reader, another_reader: Reader, stocked: Newsroom, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.offering.PAUSE_SECONDS", 0)
    for number in range(60):
        await server.offers(server.types(reader.user, f"{number}"))
    late = server.types(reader.user, QUESTION)
    await server.offers(server.types(another_reader.user, QUESTION))
    assert server.bench.inline[late].answer is None


class TestInvitedReaders:
    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {"access": "allowlist", "allowed_ids": ()}

    async def test_a_stranger_is_offered_nothing(self, reader: Reader, stocked: Newsroom, server: LocalServer) -> None:
        offered = await server.offers(server.types(reader.user, QUESTION))
        assert not offered.offers
        assert offered.note
        assert "invited" in offered.note["text"]
