"""A site's feed, found: the address itself where it is one, else what the page there links to as its feed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

import lxml.html
from lxml import etree

from bot.newsroom import charsets
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.entries import FeedContent, NoFeed
from bot.newsroom.feeds import ACCEPT, read
from bot.newsroom.fetch import Fetched, FetchFailed
from bot.workers import Workers

CANDIDATES_MAX = 5
LINKS_READ_MAX = 3_000
FEED_TYPES = re.compile(r"application/(rss\+xml|atom\+xml|rdf\+xml|feed\+json|json)|text/xml", re.IGNORECASE)
FEED_ADDRESS = re.compile(r"(^|[/._-])(rss|atom|feeds?)([/._-]|$)|\.(rss|rdf|atom)$", re.IGNORECASE)


class NotFound(Exception):
    """There is no feed at an address, nor does it name one; the text says why."""


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed and where it stands; `others` are further feeds that the page names.

    `direct` where it stands at the address that was asked for, not at one that a page there names.
    """

    url: str
    content: FeedContent
    others: tuple[str, ...] = ()
    direct: bool = False


async def feed_at(courtesy: Courtesy, workers: Workers, url: str) -> FoundFeed:
    """The feed of an address or of the page there; raises `NotFound`."""
    fetched = await _fetched(courtesy, url)
    try:
        return FoundFeed(fetched.moved_to or url, await read(workers, fetched, courtesy.now()), direct=True)
    except NoFeed as error:
        why = str(error)
    named = await workers.run(links, fetched.content, fetched.url, fetched.headers.get("content-type", ""))
    for number, candidate in enumerate(named):
        try:
            found = await _fetched(courtesy, candidate)
            content = await read(workers, found, courtesy.now())
        except (NotFound, NoFeed):
            continue
        return FoundFeed(found.moved_to or candidate, content, tuple(named[number + 1 :]))
    raise NotFound(f"{why}, and it names no feed that can be read" if named else f"{why}, and it names none")


def links(content: bytes, url: str, content_type: str) -> list[str]:
    """The addresses that a page gives as its feeds: its `alternate` links first, then links that look like one."""
    text = charsets.decoded(content, charsets.in_header(content_type))
    try:
        root = lxml.html.document_fromstring(
            text.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (etree.LxmlError, ValueError, AssertionError):
        return []
    found: dict[str, None] = {}
    for href in _hrefs(root):
        try:
            address = urldefrag(urljoin(url, href.strip())).url
        except ValueError:
            continue
        if address.startswith(("http://", "https://")) and address != url:
            found.setdefault(address)
    return list(found)[:CANDIDATES_MAX]


def _hrefs(root: lxml.html.HtmlElement) -> Iterator[str]:
    for link in root.iter("link"):
        if "alternate" in (link.get("rel") or "").lower().split() and FEED_TYPES.match(link.get("type") or ""):
            yield link.get("href") or ""
    for number, link in enumerate(root.iter("a")):
        href = link.get("href") or ""
        if number < LINKS_READ_MAX and FEED_ADDRESS.search(href.partition("?")[0]):
            yield href


async def _fetched(courtesy: Courtesy, url: str) -> Fetched:
    try:
        fetched = await courtesy.feed(url, accept=f"text/html,{ACCEPT}")
    except FetchFailed as error:
        raise NotFound(str(error)) from None
    if fetched.status != 200:
        raise NotFound(f"its server answers with status {fetched.status}")
    return fetched
