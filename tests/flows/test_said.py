"""/said in the chat: pages, names, files in private; and the ways from an answer to more."""

import csv
import io
from pathlib import Path

import pytest

from bot.localchat import LocalServer
from retrieval.model import Draft
from tests.build import a_day, an_article
from tests.flows.conftest import Clock, Newsroom, Reader, bot_at

LABEL = "the article's wording, not the speaker's"
ASKED = "What did Ada Byron say about the bridge toll?"


def statement(number: int, who: str = "Ada Byron, the mayor of Velm,", what: str = "the bridge toll") -> Draft:
    text = f"{who} said that {what} would be {number} crowns. Gulls sang on quay {number}."
    return an_article(text, headline=f"Toll {number}", published=a_day(day=number))


@pytest.fixture
async def stored(newsroom: Newsroom) -> None:
    await newsroom.publish(*(statement(number) for number in range(1, 8)), statement(9, "Lena Orlo"))


@pytest.mark.usefixtures("stored")
async def test_the_statements_of_a_name_come_in_pages_that_turn_in_place(reader: Reader) -> None:
    await reader.says("/said Ada Byron")
    assert reader.sees("Ada Byron: 7 statements · 7 articles · 1 outlet · 1–5", LABEL, "1 crowns", "5 crowns")
    assert not reader.sees("6 crowns")
    text = reader.messages[-1].text
    assert text.index("Ada Byron, “mayor of Velm”, in Velm Post") < text.index(LABEL) < text.index("1 crowns")
    assert reader.buttons == ["Later page", "Export CSV", "BibTeX", "RIS"]
    count = len(reader.messages)
    await reader.presses("Later page")
    assert len(reader.messages) == count
    assert reader.sees("6–7", "7 crowns")
    await reader.presses("Earlier page")
    assert reader.sees("1–5", "1 crowns")


@pytest.mark.usefixtures("stored")
async def test_about_and_names_that_may_be_meant(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(statement(11, what="the ferry fare"), statement(12, "Tove Byron"))
    await reader.says("/said Ada Byron about the ferry fare")
    assert reader.sees("About the ferry fare: 1 of 8 statements", "11 crowns")
    await reader.says("/said byron")
    assert reader.sees("“byron” alone is not the name of a speaker here.", "• Tove Byron: 1 statement")
    await reader.presses("Tove Byron")
    assert reader.sees("Tove Byron: 1 statement", "12 crowns")
    await reader.says("/said Zed Nobody")
    assert reader.sees("No statement of “Zed Nobody” is stored.")
    await reader.says("/said")
    assert reader.sees("/said Ada Byron about the bridge")


@pytest.mark.usefixtures("stored")
async def test_a_group_is_led_on_and_an_export_comes_in_private(reader: Reader, newsroom: Newsroom) -> None:
    await reader.says("/start")
    group = newsroom.server.add_group("Harbour desk", reader.user)
    there = Reader(newsroom, reader.user, group)
    await there.says(f"/ask {ASKED}")
    assert there.buttons[-4:] == ["More quotes", "More by Ada Byron", "Who else on this", "Any speaker"]
    await there.presses("More quotes")
    assert there.buttons[-2:] == ["More by Ada Byron", "Who else on this"]
    await there.says("/said Ada Byron")
    assert there.sees("7 statements")
    for button, name, words in (
        ("Export CSV", "statements.csv", "the bridge toll would be 7 crowns"),
        ("BibTeX", "statements.bib", "@article{"),
        ("RIS", "statements.ris", "TY  - NEWS"),
    ):
        await there.presses(button)
        sent = reader.messages[-1]
        assert sent.file is not None
        assert sent.file.name == name
        text = sent.file.content.decode()
        assert words in text
        assert text.count(LABEL) == 7
    assert len(there.messages) == 2
    (head, *rows) = csv.reader(io.StringIO(newsroom_file(reader, "statements.csv"), newline=""))
    assert (head[0], len(rows)) == ("speaker", 7)


def newsroom_file(reader: Reader, name: str) -> str:
    files = [message.file for message in reader.messages if message.file and message.file.name == name]
    return files[-1].content.decode()


async def test_an_answer_leads_to_more_by_its_speaker_and_to_others_where_there_are_any(
    reader: Reader, newsroom: Newsroom
) -> None:
    await newsroom.publish(statement(1))
    await reader.says(ASKED)
    assert reader.sees("1 crowns")
    assert "More by Ada Byron" not in reader.buttons
    answer = reader.messages[-1]
    await reader.presses("Who else on this", answer)
    assert reader.sees("Nobody else")
    await newsroom.publish(*(statement(number) for number in range(2, 6)), statement(9, "Lena Orlo"))
    await newsroom.publish(statement(10, "Byron"))
    await reader.says(f"{ASKED} Please.")
    assert "More by Ada Byron" in reader.buttons
    answer = reader.messages[-1]
    await reader.presses("More by Ada Byron")
    assert reader.sees("Ada Byron: 5 statements")
    await reader.presses("Who else on this", answer)
    assert reader.sees("Others on this: 1 speaker", "Lena Orlo", "9 crowns", LABEL)
    assert not reader.sees("Byron")


async def test_pages_turn_after_a_restart_and_not_after_forgetting(
    server: LocalServer, tmp_path: Path, clock: Clock
) -> None:
    async with bot_at(server, tmp_path, clock) as newsroom:
        await newsroom.publish(*(statement(number) for number in range(1, 8)))
        reader = Reader(newsroom, server.add_user("Mira"))
        await reader.says("/said Ada Byron about the bridge toll")
    async with bot_at(server, tmp_path, clock) as newsroom:
        again = Reader(newsroom, reader.user)
        await again.presses("Later page")
        assert again.sees("About the bridge toll: 7 of 7 statements", "7 crowns")
        page = again.messages[-1]
        await again.says("/forget")
        await again.presses("Erase it all")
        await again.presses("Earlier page", page)
        assert again.seen == []


async def test_a_question_that_names_a_speaker_is_answered_by_that_speaker_first(
    reader: Reader, newsroom: Newsroom
) -> None:
    theirs = "Lena Orlo said that Ada Byron spoke of the bridge toll and that the bridge toll would double."
    hers = "Ada Byron, the mayor of Velm, said that nobody would pay a toll on the bridge before spring."
    await newsroom.publish(
        an_article(theirs, headline="Ada Byron on the bridge toll"), an_article(hers, headline="Velm")
    )
    await reader.says(ASKED)
    assert reader.messages[-1].spans("blockquote")[0] == hers
