"""What is kept about a reader: told, handed out, and erased on the reader's word."""

import asyncio
import json
from typing import Any

import pytest
import sqlalchemy as sa

from bot import answering
from bot.localchat import LocalServer
from tests.build import an_article
from tests.flows.conftest import Newsroom, Reader

FERRY = "The ferry Marigold carried nine hundred passengers on Sunday."
SECRET = "How many passengers did the ferry Marigold carry, says Quellwyn?"


async def everything_kept(newsroom: Newsroom) -> str:
    """All words of all tables."""
    async with newsroom.room.store.reading() as session:
        names = await session.run_sync(lambda each: sa.inspect(each.connection()).get_table_names())
        rows = [(await session.execute(sa.text(f"SELECT * FROM {name}"))).all() for name in names]
    return str(rows)


def kept_by(reader: Reader) -> Any:
    """The file that the reader's latest message from the bot carries."""
    file = reader.messages[-1].file
    assert file is not None
    return json.loads(file.content)


async def test_privacy_says_what_is_kept_and_for_how_long(reader: Reader) -> None:
    await reader.says("/privacy")
    assert reader.sees(
        "for 30 days", "The operator could read what is kept", "/export", "/forget", "Not kept: your name"
    )


async def test_export_hands_out_all_that_is_kept(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says(SECRET)
    await reader.says("/export")
    file = reader.messages[-1].file
    assert file is not None
    kept = json.loads(file.content)
    (question,) = kept["questions"]
    assert question["words"] == SECRET
    assert len(question["quotes"]) == 1
    assert FERRY in question["messages"][0]
    assert kept["person"] == reader.user.id


async def test_export_holds_nothing_of_others(reader: Reader, another_reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await another_reader.says(SECRET)
    await reader.says("/export")
    file = reader.messages[-1].file
    assert file is not None
    assert "Quellwyn" not in file.content.decode()


async def test_forget_asks_first(reader: Reader, newsroom: Newsroom) -> None:
    await reader.says(SECRET)
    await reader.says("/forget")
    assert reader.buttons == ["Erase it all", "Keep it"]
    await reader.presses("Keep it")
    assert reader.sees("Nothing was erased.")
    assert "Quellwyn" in await everything_kept(newsroom)


async def test_forget_erases_every_word(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says(SECRET)
    assert "Quellwyn" in await everything_kept(newsroom)
    await reader.says("/forget")
    await reader.presses("Erase it all")
    assert reader.sees("Erased.")
    assert "Quellwyn" not in await everything_kept(newsroom)


async def test_forget_leaves_no_row_of_a_question(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says(SECRET)
    await reader.says("/export")
    await reader.says("/forget")
    await reader.presses("Erase it all")
    async with newsroom.room.store.reading() as session:
        for name in ("questions", "sent_quotes", "actions"):
            assert await session.scalar(sa.text(f"SELECT count(*) FROM {name}")) == 0
    await reader.says("/export")
    assert kept_by(reader)["questions"] == []


async def test_an_export_that_was_sent_is_kept_nowhere(reader: Reader, newsroom: Newsroom) -> None:
    await reader.says(SECRET)
    await reader.says("/export")
    async with newsroom.room.store.reading() as session:
        media = (await session.execute(sa.text("SELECT media FROM outbox"))).scalars().all()
    assert "Quellwyn" not in str(media)


async def test_an_answer_in_flight_in_a_group_is_cancelled_by_forget_in_private(
    reader: Reader, newsroom: Newsroom, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says("/forget")
    began, goes_on, found = asyncio.Event(), asyncio.Event(), answering.answer

    async def slow(*args: Any, **more: Any) -> Any:
        began.set()
        await goes_on.wait()
        return await found(*args, **more)

    monkeypatch.setattr(answering, "answer", slow)
    group = server.add_group("Harbour", reader.user)
    server.says(group, reader.user, f"/ask {SECRET}")
    await asyncio.wait_for(began.wait(), 10)
    await reader.presses("Erase it all")
    goes_on.set()
    await newsroom.done()
    assert "Quellwyn" not in await everything_kept(newsroom)
    assert not any("nine hundred" in message.text for message in server.from_bot(group))


async def test_an_anonymous_admin_is_no_person(reader: Reader, newsroom: Newsroom, server: LocalServer) -> None:
    group = server.add_group("Harbour", reader.user)
    admin = Reader(newsroom, reader.user, group)
    for command in ("/privacy", "/export", "/forget"):
        await admin.says(
            f"{command}@{newsroom.room.bot_name}",
            more={"sender_chat": {"id": group.id, "type": "supergroup", "title": "Harbour"}},
        )
        assert admin.sees("You write as a group or channel here")


class TestWordsKeptForNoTime:
    """KEEP_QUESTIONS_DAYS=0."""

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {"keep_questions_days": 0}

    async def test_words_go_with_the_answer_and_buttons_still_work(self, reader: Reader, newsroom: Newsroom) -> None:
        await newsroom.publish(an_article(FERRY))
        await reader.says(SECRET)
        assert "Quellwyn" not in await everything_kept(newsroom)
        await reader.presses("In context")
        assert reader.sees("The quote in context")
        await reader.says("/privacy")
        assert reader.sees("only until they are answered", "for a day, so that the buttons work")


async def test_forget_leaves_other_readers_alone(
    reader: Reader, another_reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await another_reader.says(SECRET)
    await reader.says("/forget")
    await reader.presses("Erase it all")
    assert "Quellwyn" in await everything_kept(newsroom)
