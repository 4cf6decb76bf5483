"""What is kept about a reader: told, handed out, and erased on the reader's word."""

import json

import sqlalchemy as sa

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


async def test_forget_leaves_other_readers_alone(
    reader: Reader, another_reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await another_reader.says(SECRET)
    await reader.says("/forget")
    await reader.presses("Erase it all")
    assert "Quellwyn" in await everything_kept(newsroom)
