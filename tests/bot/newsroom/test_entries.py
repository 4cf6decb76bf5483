"""What a feed says: every form, entries told apart, dates as printed, and nothing that hangs or steers."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.newsroom import bodies, entries
from bot.newsroom.entries import Entry, FeedContent, NoFeed
from bot.workers import TooSlow, Workers

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://velm-post.example/feed"
LONG = "<p>The Kestrel Bridge was closed on Monday, the city said.</p>" * 12


def read(content: str | bytes, content_type: str = "") -> FeedContent:
    raw = content.encode() if isinstance(content, str) else content
    return entries.read(raw, URL, content_type, NOON)


def rss(items: str, head: str = "<title>Velm Post</title><link>https://velm-post.example/</link>") -> str:
    namespaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<?xml version="1.0"?><rss version="2.0" {namespaces}><channel>{head}{items}</channel></rss>'


def the_entry(content: str | bytes) -> Entry:
    (entry,) = read(content).entries
    return entry


def test_rss_says_who_when_and_where() -> None:
    item = f"""<item><title>Bridge &amp; tram</title><link>/2026/bridge</link><guid isPermaLink="false">b-1</guid>
    <dc:creator>Tomas Reyle</dc:creator><pubDate>Tue, 17 Nov 2026 19:40:00 +0200</pubDate>
    <description>Short.</description><content:encoded><![CDATA[{LONG}]]></content:encoded></item>"""
    feed = read(rss(item, "<title>Velm Post</title><link>/</link><language>en-GB</language><ttl>60</ttl>"))
    (entry,) = feed.entries
    assert (feed.title, feed.site, feed.rest) == ("Velm Post", "https://velm-post.example/", timedelta(hours=1))
    assert (entry.headline, entry.byline) == ("Bridge & tram", "Tomas Reyle")
    assert entry.url == "https://velm-post.example/2026/bridge"
    assert entry.language == "en-GB"
    assert entry.published is not None
    assert entry.published.isoformat() == "2026-11-17T19:40:00+02:00"
    assert entry.whole
    assert entry.body.splitlines()[0] == "The Kestrel Bridge was closed on Monday, the city said."


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Ostra Wire</title><link href="https://ostra.example/"/>
<entry><id>tag:ostra.example,2026:1</id><title>Exchange agreed</title><link href="https://ostra.example/1"/>
<updated>2026-11-21T18:05:00Z</updated><content type="html">{LONG.replace("<", "&lt;")}</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>Ostra Wire</title></channel><item><title>Exchange agreed</title><link>https://ostra.example/1</link>
<description>Talks ended on Friday.</description></item></rdf:RDF>"""
OLD = """<rss version="0.91"><channel><title>Ostra Wire</title><item><title>Exchange agreed</title>
<link>https://ostra.example/1</link></item></channel></rss>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ostra Wire",
        "items": [
            {
                "id": 1,
                "url": "https://ostra.example/1",
                "title": "Exchange agreed",
                "content_html": LONG,
                "authors": [{"name": "Lena Orlo"}, 7, {"name": None}],
                "date_published": "2026-11-21T18:05:00Z",
            },
            "no item",
        ],
    }
)


@pytest.mark.parametrize("content", [ATOM, RDF, OLD, JSON], ids=["atom", "rdf", "rss091", "json"])
def test_every_form_of_feed_is_read(content: str) -> None:
    feed = read(content)
    (entry,) = feed.entries
    assert (feed.title, entry.headline, entry.url) == ("Ostra Wire", "Exchange agreed", "https://ostra.example/1")


def test_a_teaser_is_not_the_whole_article() -> None:
    cut = LONG[:-4] + "… <a href='x'>Read more</a></p>"
    for body in ("Short.", cut):
        assert not the_entry(rss(f"<item><content:encoded><![CDATA[{body}]]></content:encoded></item>")).whole
    assert not the_entry(rss(f"<item><description><![CDATA[{LONG}]]></description></item>")).whole


@pytest.mark.parametrize("content", ["<html><body>Hello</body></html>", "", "plain words", '{"a": 1}', "{", "\0\xff"])
def test_what_is_no_feed_is_said_to_be_none(content: str) -> None:
    with pytest.raises(NoFeed):
        read(content)


def test_a_date_that_cannot_be_is_left_out() -> None:
    for words in ("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 2035 00:00:00 GMT", "soon", "0000-00-00", "-1"):
        assert the_entry(rss(f"<item><title>A</title><pubDate>{words}</pubDate></item>")).published is None, words


def test_entries_of_one_id_are_told_apart_by_link_and_words() -> None:
    item = "<item><guid>same</guid><title>{0}</title><link>https://velm-post.example/{0}</link></item>"
    found = read(rss("".join(item.format(number) for number in (1, 2, 3)) + item.format(1))).entries
    assert [entry.headline for entry in found] == ["1", "2", "3"]
    assert len({entry.key for entry in found}) == 3


def test_the_words_of_an_entry_change_its_digest_and_not_its_key() -> None:
    first = the_entry(rss("<item><guid>1</guid><title>Bridge closed</title></item>"))
    second = the_entry(rss("<item><guid>1</guid><title>Bridge open</title></item>"))
    assert first.key == second.key
    assert first.digest != second.digest


def test_no_file_of_ours_and_no_entity_comes_out_of_a_feed() -> None:
    for target in ("file:///etc/passwd", "http://127.0.0.1:9/x"):
        declared = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{target}">]>'
        entry = the_entry(rss("<item><title>A &x;</title></item>").replace("?>", f"?>{declared}", 1))
        assert "root:" not in (entry.headline or "")


def test_an_entity_bomb_is_no_feed_or_a_small_one() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9))
    bomb = rss("<item><title>A</title><description>&l8;</description></item>").replace(
        "?>", f"?><!DOCTYPE r [{levels}]>", 1
    )
    assert sum(len(entry.body) for entry in read(bomb).entries) < 10_000


async def test_a_feed_that_keeps_a_reader_busy_ends_with_its_time() -> None:
    """Half a million nested elements take the parser minutes."""
    deep = rss("<item>" + "<a>" * 500_000).encode()
    async with Workers(1, seconds=0.5) as workers:
        with pytest.raises(TooSlow):
            await workers.run(entries.read, deep, URL, "", NOON)


def test_deep_html_long_lines_and_strange_characters_pass() -> None:
    for depth in (1_500, 100_000):
        deep = rss("<item><title>A</title><description>" + "&lt;div&gt;" * depth + "Words.</description></item>")
        assert the_entry(deep).headline == "A"
        assert the_entry(deep).body == ("Words." if depth < 2_000 else "")
    line = rss("<item><description>" + "x" * 2_000_000 + "</description></item>")
    assert len(the_entry(line).body) == 2_000_000
    strange = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"title": "\0A\ud800\u202eB"}]})
    assert the_entry(strange).headline == "\ufffdA\ufffd\u202eB"


def test_a_fragment_becomes_its_paragraphs() -> None:
    html = "<p>One <b>bold</b> word,\n and more</p><script>x()</script><p>Two<br>three &amp; four</p><!-- c -->end"
    assert bodies.text(html) == "One bold word, and more\nTwo\nthree & four\nend"
    assert bodies.text("a < b & c\n\n d") == "a < b & c\nd"


@given(st.text(alphabet=st.sampled_from("<>&;/! apdivscript\n\"'=x\0\ud800é"), max_size=300))
def test_any_fragment_becomes_text(fragment: str) -> None:
    text = bodies.text(fragment)
    assert all(line == line.strip(" \t") for line in text.split("\n"))
