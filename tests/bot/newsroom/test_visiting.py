"""Pages fetched by address: polite, in whatever encoding, and never speaking for another outlet's article."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from bot.newsroom import visiting
from bot.newsroom.charsets import decoded
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.drafts import Given, Unusable
from bot.newsroom.fetch import Refused, Unreachable, Web
from bot.newsroom.files import PageArrival, Refusal
from bot.newsroom.preparation import draft_in
from retrieval.model import Draft, Supplied
from tests.bot.newsroom.test_pages import SPOKEN, a_page
from tests.web import Reply, StubWeb, stub_web

HOST = "velm-post.example"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def site() -> AsyncIterator[StubWeb]:
    async with stub_web() as site:
        yield site


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def courtesy(site: StubWeb, clock: Clock) -> AsyncIterator[Courtesy]:
    async with Web(private=True, resolve=site.resolve) as web:
        yield Courtesy(web, clock, pause=0)


async def visited(courtesy: Courtesy, url: str) -> Draft:
    found = await visiting.arrival(courtesy, url, Given())
    assert isinstance(found, PageArrival), found
    return draft_in(found)


async def test_a_page_becomes_an_article_that_goes_by_where_it_stands(site: StubWeb, courtesy: Courtesy) -> None:
    site.serves("/bridge", a_page())
    site.moves("/old", "/bridge", status=302)
    draft = await visited(courtesy, site.at(HOST, "/old#top"))
    assert SPOKEN.strip() in draft.text
    assert (draft.url, draft.supplied) == (site.at(HOST, "/bridge"), Supplied.FETCHED)


async def test_a_page_names_another_address_only_on_its_own_host(site: StubWeb, courtesy: Courtesy) -> None:
    own = f"http://www.{HOST}:{site.port}/2026/bridge"
    site.serves("/own", a_page(f'<link rel="canonical" href="{own}">'))
    site.serves("/other", a_page('<link rel="canonical" href="https://ostra-wire.example/exchange">'))
    assert (await visited(courtesy, site.at(HOST, "/own"))).url == own
    assert (await visited(courtesy, site.at(HOST, "/other"))).url == site.at(HOST, "/other")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "koi8-r", "iso2022_jp", "shift_jis", "gb18030"])
def test_text_is_read_in_the_encoding_that_header_or_page_says(encoding: str) -> None:
    text = {"cp1251": "Мост закрыт", "koi8-r": "Мост закрыт", "gb18030": "大桥关闭"}.get(encoding, "橋は閉鎖")
    assert decoded(text.encode(encoding), encoding) == text
    page = f'<html><head><meta charset="{encoding}"></head><p>{text}</p>'
    assert text in decoded(page.encode(encoding))


def test_a_wrong_word_on_the_encoding_loses_nothing() -> None:
    assert decoded("Brücke “zu”".encode(), "iso-8859-1") == "Brücke “zu”"
    assert decoded("Brücke “zu”".encode("cp1252"), "utf-8") == "Brücke “zu”"
    assert decoded("Brücke “zu”".encode("cp1252"), "iso-8859-1") == "Brücke “zu”"
    assert decoded(b"plain", "no-such-charset") == "plain"
    assert decoded(b"plain", "zip") == "plain"
    assert decoded(b"\xff\xfe\x00") == "\ufffd"


@pytest.mark.parametrize(("status", "kind", "why"), [(404, "text/html", "404"), (200, "image/png", "image/png")])
async def test_what_is_no_page_is_refused_with_the_reason(
    site: StubWeb, courtesy: Courtesy, status: int, kind: str, why: str
) -> None:
    site.serves("/a", a_page(), status=status, kind=kind)
    found = await visiting.arrival(courtesy, site.at(HOST, "/a"), Given())
    assert isinstance(found, Refusal)
    assert why in found.reason


async def test_robots_txt_is_read_once_and_respected_on_the_whole_way(
    site: StubWeb, courtesy: Courtesy, clock: Clock
) -> None:
    site.serves("/robots.txt", "User-agent: *\nDisallow: /private/*.html$\nAllow: /", kind="text/plain")
    site.serves("/open", a_page())
    site.serves("/private/a.html", a_page())
    site.moves("/door", "/private/a.html", status=302)
    await courtesy.page(site.at(HOST, "/open"))
    for path in ("/private/a.html", "/door"):
        with pytest.raises(Refused, match=r"robots\.txt"):
            await courtesy.page(site.at(HOST, path))
    assert site.asked == ["GET /robots.txt", "GET /open", "GET /door"]
    clock.now += timedelta(hours=25)
    await courtesy.page(site.at(HOST, "/open"))
    assert site.asked.count("GET /robots.txt") == 2


async def test_a_host_whose_rules_cannot_be_read_is_left_alone_for_a_while(
    site: StubWeb, courtesy: Courtesy, clock: Clock
) -> None:
    site.serves("/robots.txt", status=503)
    site.serves("/open", a_page())
    for _ in range(2):
        with pytest.raises(Unreachable, match="cannot be read"):
            await courtesy.page(site.at(HOST, "/open"))
    assert site.asked == ["GET /robots.txt"]
    site.serves("/robots.txt", status=404)
    clock.now += timedelta(minutes=11)
    assert (await courtesy.page(site.at(HOST, "/open"))).status == 200


async def test_a_host_that_asks_for_a_wait_is_not_asked_meanwhile(
    site: StubWeb, courtesy: Courtesy, clock: Clock
) -> None:
    site.serves("/feed", status=429, retry_after="600")
    assert (await courtesy.feed(site.at(HOST, "/feed"))).status == 429
    with pytest.raises(Unreachable, match=r"alone until 2026-11-22 12:10 UTC"):
        await courtesy.feed(site.at(HOST, "/other"))
    assert (await courtesy.feed(site.at("ostra.example", "/other"))).status == 404
    clock.now += timedelta(minutes=11)
    await courtesy.feed(site.at(HOST, "/other"))
    assert len(site.requests) == 3


async def test_one_host_has_one_request_at_a_time_and_a_pause(site: StubWeb) -> None:
    for host in (HOST, "ostra.example"):
        site.answers("/a", lambda _: Reply(200, {"content-length": "0"}, seconds=0.02), host=host)
    async with Web(private=True, resolve=site.resolve) as web:
        courtesy = Courtesy(web, Clock(), pause=0.05)
        began = monotonic()
        hosts = (HOST,) * 4 + ("ostra.example",) * 4
        await asyncio.gather(*(courtesy.feed(site.at(host, "/a")) for host in hosts))
    assert monotonic() - began >= 3 * (0.05 + 0.02)
    assert site.open_at_once_max == {HOST: 1, "ostra.example": 1}


async def test_a_page_that_looks_packed_is_not_unpacked_behind_our_back(site: StubWeb, courtesy: Courtesy) -> None:
    site.serves("/bomb", gzip.compress(bytes(100_000_000), 9))
    found = await visiting.arrival(courtesy, site.at(HOST, "/bomb"), Given())
    assert isinstance(found, PageArrival)
    with pytest.raises(Unusable, match="no article"):
        draft_in(found)
