"""Lists of feeds: read from any program, written so that they read the same again, never trusted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.newsroom import opml
from bot.newsroom.opml import NoOutline, Outline
from tests.build import NOON

LIST = """<?xml version="1.0"?><opml version="1.0"><body><outline text="World"><outline title="Harbour">
<outline type="rss" text="Velm &amp; Post"
xmlURL="https://velm-post.example/feed" htmlUrl="https://velm-post.example/"/>
</outline></outline><outline text="no feed"/><outline xmlUrl="javascript:alert(1)"/>
<outline xmlUrl="https://ostra.example/feed"/><outline xmlUrl="https://ostra.example/feed" text="A"/></body></opml>"""


def test_folders_are_topics_and_each_address_stands_once() -> None:
    assert opml.read(LIST.encode()) == [
        Outline("https://velm-post.example/feed", "Velm & Post", "World / Harbour", "https://velm-post.example/"),
        Outline("https://ostra.example/feed"),
    ]


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), max_size=20).map(
    lambda w: " ".join(w.split())
)


@given(st.dictionaries(st.integers(0, 99), st.tuples(words, words), min_size=1, max_size=6))
def test_what_is_written_reads_the_same(listed: dict[int, tuple[str, str]]) -> None:
    outlines = [
        Outline(f"https://velm.example/{number}", opml._storable(title) or None, opml._storable(topic) or None)
        for number, (title, topic) in listed.items()
    ]
    again = opml.read(opml.written(outlines, now=NOON).encode())
    assert {(each.url, each.title or each.url, each.topic) for each in outlines} == {
        (each.url, each.title, each.topic) for each in again
    }


@pytest.mark.parametrize("content", [b"", b"<html/>", b"\0\xff", b"<opml", b'{"opml": 1}'])
def test_what_is_no_opml_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NoOutline):
        opml.read(content)


def test_no_entity_is_expanded() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9))
    bomb = LIST.replace("?>", f'?><!DOCTYPE opml [{levels}<!ENTITY f SYSTEM "file:///etc/passwd">]>', 1)
    found = opml.read(bomb.replace('text="World"', 'text="&f;World"').encode())
    assert all("root:" not in (each.topic or "") for each in found)
