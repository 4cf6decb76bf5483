"""Guarded HTTP against real servers on loopback: where it connects, when it gives up, what it refuses."""

import gzip
import zlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from bot.newsroom import destinations, fetch
from bot.newsroom.destinations import is_public
from bot.newsroom.fetch import Refused, Unreachable, Web
from tests.web import Reply, StubWeb, stub_web

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MEGABYTE = 1_000_000


@pytest.fixture
async def site() -> AsyncIterator[StubWeb]:
    async with stub_web() as site:
        yield site


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web(private=True) as web:
        yield web


async def test_a_page_is_fetched_under_an_honest_name_without_cookies(site: StubWeb, web: Web) -> None:
    site.serves("/a", "Bridge closed", set_cookie="seen=1")
    found = await web.get(f"{site.url}/a")
    assert (found.status, found.content, found.media_type) == (200, b"Bridge closed", "text/html")
    await web.get(f"{site.url}/a")
    assert all(request.headers["user-agent"].startswith("briefing-bot/") for request in site.requests)
    assert not any("cookie" in request.headers for request in site.requests)


PRIVATE = """
127.0.0.1 127.9.9.9 10.0.0.1 172.16.5.5 192.168.1.1 169.254.169.254 100.100.100.200 192.0.0.192 0.0.0.0 224.0.0.1
255.255.255.255 240.0.0.1 198.18.0.1 :: ::1 fe80::1 fe80::1%eth0 fd00:ec2::254 fc00::1 ff02::1 ::ffff:127.0.0.1
::ffff:169.254.169.254 2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2001:0:7f00:1:: 2001:db8::1 fec0::1 nonsense
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_an_address_of_this_machine_or_its_neighbours_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
async def test_private_addresses_are_refused_however_they_are_written(site: StubWeb, host: str) -> None:
    async with Web() as web:
        with pytest.raises((Refused, Unreachable)):
            await web.get(f"http://{host}:{site.port}/")
    assert site.requests == []


async def test_a_redirect_leads_to_no_private_address(site: StubWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host is let in as if it were public; the second one is the metadata service by another name."""
    monkeypatch.setattr(destinations, "is_public", lambda address: address == "127.0.0.1")
    site.moves("/out", f"http://inside.example:{site.port}/secret", host="outside.example")
    site.serves("/secret", "secret")
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if host == "outside.example" else ["169.254.169.254"]

    async with Web(resolve=resolve) as web:
        with pytest.raises(Refused, match=r"inside\.example leads to 169\.254\.169\.254"):
            await web.get(site.at("outside.example", "/out"))
    assert asked == ["outside.example", "inside.example"]
    assert site.asked == ["GET /out"]


async def test_a_name_is_resolved_once_and_what_was_checked_is_connected_to(site: StubWeb) -> None:
    """Rebinding: a second look-up would lead elsewhere."""
    site.serves("/", "here")
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def resolve(host: str, port: int) -> list[str]:
        return next(answers)

    async with Web(private=True, resolve=resolve) as web:
        found = await web.get(site.at("velm.example"))
    assert found.content == b"here"
    assert next(answers) == ["127.0.0.2"]


async def test_private_ones_among_public_addresses_are_left_out() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.1", "127.0.0.1"]

    async with Web(resolve=resolve) as web:
        with pytest.raises(Refused, match="no public address"):
            await web.get("http://velm.example/")


STRANGE = """
ftp://velm.example/a file:///etc/passwd gopher://velm.example http:// velm.example http://[::1
http://a:b@velm.example/ http://velm.example:99999/
"""


@pytest.mark.parametrize("url", [*STRANGE.split(), "http://\ud800.example/", "http://velm.example/" + "a" * 3_000])
async def test_other_schemes_and_broken_addresses_are_refused(web: Web, url: str) -> None:
    with pytest.raises(Refused):
        await web.get(url)


async def test_redirects_are_followed_five_times_and_no_further(site: StubWeb, web: Web) -> None:
    for number in range(6):
        site.moves(f"/{number}", f"/{number + 1}", status=302)
    site.serves("/6", "end")
    assert (await web.get(f"{site.url}/1")).content == b"end"
    with pytest.raises(Refused, match="more than 5 redirects"):
        await web.get(f"{site.url}/0")
    site.moves("/loop", "/loop")
    with pytest.raises(Refused, match="redirects"):
        await web.get(f"{site.url}/loop")


async def test_only_moves_for_ever_are_told_as_moves(site: StubWeb, web: Web) -> None:
    site.moves("/old", "/newer")
    site.moves("/newer", "/now", status=302)
    site.moves("/today", "/newer", status=307)
    site.serves("/now", "here")
    found = await web.get(f"{site.url}/old")
    assert (found.url, found.moved_to) == (f"{site.url}/now", f"{site.url}/newer")
    assert (await web.get(f"{site.url}/today")).moved_to is None


async def test_a_redirect_to_another_scheme_is_refused(site: StubWeb, web: Web) -> None:
    site.moves("/a", "file:///etc/passwd")
    with pytest.raises(Refused, match="only http and https"):
        await web.get(f"{site.url}/a")


async def test_a_body_is_unpacked_as_it_is_packed(site: StubWeb, web: Web) -> None:
    body = b"Bridge closed. " * 20_000
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = {
        "gzip": gzip.compress(body),
        "x-gzip": gzip.compress(body[:100_000]) + gzip.compress(body[100_000:]),
        "deflate": zlib.compress(body),
        "Deflate": bare.compress(body) + bare.flush(),
    }
    for number, (coding, content) in enumerate(packed.items()):
        site.serves(f"/{number}", content, content_encoding=coding)
        assert (await web.get(f"{site.url}/{number}")).content == body, coding


async def test_a_compression_bomb_is_given_up_at_the_bound(site: StubWeb, web: Web) -> None:
    once = gzip.compress(bytes(200 * MEGABYTE), 9)
    site.serves("/bomb", once, content_encoding="gzip")
    site.serves("/twice", gzip.compress(once), content_encoding="gzip, gzip")
    site.serves("/strange", b"x", content_encoding="br")
    site.serves("/broken", b"not packed at all", content_encoding="gzip")
    with pytest.raises(Refused, match="more than 10 MB"):
        await web.get(f"{site.url}/bomb")
    for path in ("twice", "strange", "broken"):
        with pytest.raises(Refused, match="packed"):
            await web.get(f"{site.url}/{path}")


async def test_a_single_line_of_50_mb_and_an_endless_body_are_given_up(site: StubWeb, web: Web) -> None:
    def endless() -> Iterable[bytes]:
        while True:
            yield b"x" * 65_536

    site.serves("/line", b"x" * 50 * MEGABYTE)
    site.answers("/endless", lambda _: Reply(200, {}, endless()))
    for path in ("line", "endless"):
        with pytest.raises(Refused, match="more than 10 MB"):
            await web.get(f"{site.url}/{path}")


async def test_what_takes_too_long_in_all_is_given_up(site: StubWeb) -> None:
    site.answers("/mute", lambda _: Reply(hangs=True, headers={"content-length": "5"}))
    site.answers("/slow", lambda _: Reply(seconds=3_600))
    async with Web(private=True, seconds=0.2) as web:
        for path in ("mute", "slow"):
            began = monotonic()
            with pytest.raises(Unreachable, match=r"within 0\.2 seconds"):
                await web.get(f"{site.url}/{path}")
            assert monotonic() - began < 5


async def test_a_server_that_is_not_there_or_speaks_no_http_is_tried_later(site: StubWeb, web: Web) -> None:
    with pytest.raises(Unreachable):
        await web.get("http://127.0.0.1:9/")
    site.answers("/noise", lambda _: Reply(200, {"transfer-encoding": "chunked"}, [b"zz\r\n"]))
    with pytest.raises(Unreachable):
        await web.get(f"{site.url}/noise")


async def test_the_body_of_an_error_is_not_read(site: StubWeb, web: Web) -> None:
    site.serves("/gone", b"x" * 1_000, status=410)
    found = await web.get(f"{site.url}/gone")
    assert (found.status, found.content) == (410, b"")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Sun, 22 Nov 2020 12:10:00 GMT", timedelta()),
        ("999999999", timedelta(days=1)),
        ("soon", None),
        (None, None),
    ],
)
def test_a_server_says_how_long_to_wait(words: str | None, expected: timedelta | None) -> None:
    assert fetch.waiting(words, NOON) == expected
