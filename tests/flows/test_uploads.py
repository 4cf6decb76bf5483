"""Files sent in the chat: articles and lists of feeds of operators are taken in, bounded; nobody else's is opened."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import uploads as loading
from bot.commands import uploads as sending
from bot.newsroom import files
from bot.newsroom import uploads as intake
from storage import feeds
from tests.flows.conftest import Newsroom, Reader
from tests.flows.test_commands import an_operator
from tests.waiting import until

FERRY = "The ferry to Ostra stays in port, harbour master Lena Orlo said on Monday.\n"
BRIDGE = "Nine people were injured at the Kestrel Bridge on Tuesday.\n"
OPML = b"""<opml version="2.0"><body><outline text="Ports">
<outline text="Velm Post" type="rss" xmlUrl="https://velm-post.example/feed"/>
<outline text="Ostra Wire" type="rss" xmlUrl="https://ostra-wire.example/feed"/></outline></body></opml>"""

RSS = f"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Velm Post</title>
<atom:link rel="self" href="https://velm-post.example/feed"/>
<item><title>Teaser</title><link>https://velm-post.example/teaser</link><description>More to come …</description></item>
<item><title>Ferry stays</title><link>https://velm-post.example/ferry</link>
<description>{FERRY * 3}</description></item></channel></rss>""".encode()


@pytest.fixture
async def operator(reader: Reader, newsroom: Newsroom) -> Reader:
    await an_operator(reader, newsroom)
    return reader


async def told(reader: Reader, *words: str) -> None:
    try:
        await until(lambda: reader.sees(*words))
    except TimeoutError:
        raise AssertionError(reader.seen) from None


def lines(*articles: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(each) for each in articles).encode()


async def test_a_file_is_taken_in_and_answered_from(operator: Reader) -> None:
    await operator.sends(FERRY.encode(), name="ferry.txt")
    await told(operator, "Reading ferry.txt.", "ferry.txt: 1 stored.", "Ask about it now.")
    await operator.says("What did Lena Orlo say about the ferry?")
    assert operator.sees("Lena Orlo", "The ferry to Ostra stays in port")
    await operator.sends(FERRY.encode(), name="ferry.txt")
    await told(operator, "ferry.txt: 1 unchanged.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bridge.md", f"# Bridge closed\n\n{BRIDGE}"),
        ("bridge.HTML", f"<html><body><article><h1>Bridge closed</h1>{f'<p>{BRIDGE}</p>' * 4}</article></body></html>"),
        ("bridge.jsonl", json.dumps({"text": BRIDGE})),
    ],
)
async def test_every_type_of_article_is_taken_in(operator: Reader, name: str, content: str) -> None:
    await operator.sends(content.encode(), name=name)
    await told(operator, f"{name}: 1 stored.")


async def test_a_bad_line_is_told_with_its_place_and_the_rest_goes_on(
    operator: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PORTION_ARTICLES_MAX", 2)
    good = [{"id": str(number), "text": f"{number} ferries left Ostra on Monday."} for number in range(5)]
    content = lines(*good[:3]) + b"\n\n{broken\n" + lines(*good[3:], {"text": ""}, {"colour": "red"})
    await operator.sends(content, name="week.jsonl")
    await told(
        operator,
        "week.jsonl: 5 stored, 3 refused.",
        "• week.jsonl:5: no JSON",
        "• week.jsonl:8: no text",
        "• week.jsonl:9: unknown field 'colour'",
    )


async def test_a_long_load_tells_how_far_it_is(operator: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PORTION_ARTICLES_MAX", 1)
    monkeypatch.setattr(loading, "PROGRESS_SECONDS", 0.0)
    await operator.sends(lines(*[{"text": f"{number} ferries left Ostra."} for number in range(4)]), name="week.jsonl")
    await told(operator, "week.jsonl: 4 stored.", "Reading week.jsonl: 100 %")
    assert len(operator.seen) == 2


async def test_many_refusals_come_as_a_file(operator: Reader) -> None:
    await operator.sends(b"{}\n" * 40, name="week.jsonl")
    await told(operator, "week.jsonl: 40 refused.", "The first 40 refusals")
    whole = operator.messages[-1].file
    assert whole is not None
    assert whole.content.decode().splitlines() == [f"week.jsonl:{number}: no text" for number in range(1, 41)]


async def test_a_list_adds_its_feeds(operator: Reader, newsroom: Newsroom) -> None:
    async with newsroom.room.store.writing() as session:
        await feeds.add(session, "https://velm-post.example/feed", now=newsroom.room.clock())
    await operator.sends(OPML, name="ports.opml")
    await told(operator, "ports.opml: 1 feed added, 1 read already.", "/feeds")
    async with newsroom.room.store.reading() as session:
        listed = {feed.url: feed.topic for feed, _ in await feeds.listing(session)}
    assert listed == {"https://velm-post.example/feed": None, "https://ostra-wire.example/feed": "Ports"}
    await operator.sends(OPML, name="again.xml")  # many programs write lists under the general name
    await told(operator, "again.xml: 0 feeds added, 2 read already.")


async def test_a_saved_feed_gives_its_whole_entries_and_says_how_the_feed_is_read(operator: Reader) -> None:
    await operator.sends(RSS, name="ports.xml")
    await told(
        operator,
        "ports.xml: 1 stored, 1 refused.",
        "ports.xml: Teaser: the entry holds no article; the whole one is at https://velm-post.example/teaser",
        "/add https://velm-post.example/feed",
    )
    await operator.says("What did Lena Orlo say about the ferry?")
    assert operator.sees("Lena Orlo", "Velm Post", "The ferry to Ostra stays in port")
    await operator.sends(b"<note/>", name="ports.rss")
    await told(operator, "Nothing taken in from ports.rss: it is no feed, nor a list of feeds.")


async def test_what_is_no_article_or_too_large_is_said(operator: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await operator.sends(b"MZ", name="../../velm.exe")
    assert operator.sees(".jsonl", "../../velm.exe is none of these.")
    monkeypatch.setattr(sending, "UPLOAD_BYTES_MAX", 100)
    await operator.sends(b"x" * 101, name="velm.txt")
    assert operator.sees("velm.txt is too large")
    monkeypatch.setattr(files, "LINE_BYTES_MAX", 50)
    await operator.sends(b'{"text": "' + b"x" * 60 + b'"}', name="velm.jsonl")
    await told(operator, "velm.jsonl:1: the line has more than 50 bytes")


async def test_nobody_elses_file_is_opened(reader: Reader, newsroom: Newsroom) -> None:
    await reader.sends(FERRY.encode(), name="ferry.txt")
    assert reader.seen == ["I do not open files from readers. I read text only: type the question."]
    assert newsroom.server.calls.of("getFile") == []


async def test_a_file_is_taken_in_once_whatever_ends_the_process(
    operator: Reader, newsroom: Newsroom, tmp_path: Path
) -> None:
    """What was kept when the process ended is taken in by the next one, and told once."""
    upload = tmp_path / "uploads"
    told_by = operator
    upload.mkdir()
    note = {"update_id": 900, "chat_id": operator.chat.id, "message_id": 1, "name": "ferry.txt", "language": "en"}
    (upload / f"{newsroom.room.bot_id}-900.file").write_text(FERRY)
    (upload / f"{newsroom.room.bot_id}-900.json").write_text(json.dumps({"upload": note, "attempts": 1}))
    (upload / f"{newsroom.room.bot_id}-901.file").write_text("half")
    await operator.sends(BRIDGE.encode(), name="bridge.txt")
    await told(told_by, "ferry.txt: 1 stored.", "bridge.txt: 1 stored.")
    assert sorted(path.suffix for path in upload.iterdir()) == ["", ".file"]


async def test_a_file_that_ends_its_process_is_given_up(operator: Reader, newsroom: Newsroom, tmp_path: Path) -> None:
    upload = tmp_path / "uploads"
    upload.mkdir()
    note = {"update_id": 900, "chat_id": operator.chat.id, "message_id": 1, "name": "deep.html", "language": "en"}
    (upload / f"{newsroom.room.bot_id}-900.file").write_text(FERRY)
    (upload / f"{newsroom.room.bot_id}-900.json").write_text(json.dumps({"upload": note, "attempts": 3}))
    await operator.sends(BRIDGE.encode(), name="bridge.txt")
    await told(operator, "Nothing taken in from deep.html: it could not be read to its end.", "bridge.txt: 1 stored.")
