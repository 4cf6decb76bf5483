"""A hundred outlets on a stub web, each with a feed that brings articles as the virtual hours pass.

Every other outlet prints its articles whole in the feed, the others a teaser there and the article on a page.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.benchmarks.answering import PASSAGES_AN_ARTICLE, Words, articles
from tests.web import Reply, Request, StubWeb

LISTED = 10
BEFORE = 3  # articles that a feed has at the beginning
HOUR = timedelta(hours=1)


class Press:
    """The outlets; `hours` is how many virtual hours have passed since `began`."""

    def __init__(self, web: StubWeb, outlets: int, a_day: float, began: datetime) -> None:
        self.hours = 0.0
        self._web = web
        self._began = began
        self._between = 24 / a_day
        words = Words(random.Random(3))
        self._made = articles(words, 100_000_000 * PASSAGES_AN_ARTICLE)
        self._texts: dict[tuple[str, int], dict[str, str]] = {}
        self._late = {f"outlet-{each}.example": each % 24 * self._between / 24 for each in range(outlets)}
        web.answers("/feed", self._feed)
        web.answers("/robots.txt", lambda _: Reply(404, {"content-length": "0"}))

    @property
    def feeds(self) -> list[str]:
        return [self._web.at(host, "/feed") for host in self._late]

    def _published(self, host: str) -> int:
        """How many articles an outlet has printed so far."""
        return BEFORE + max(0, int((self.hours - self._late[host]) // self._between) + 1)

    def _feed(self, request: Request) -> Reply:
        host, printed = request.host, self._published(request.host)
        head = {"etag": f'"{printed}"', "content-type": "application/rss+xml"}
        if request.headers.get("if-none-match") == head["etag"]:
            return Reply(304, head)
        listed = "".join(self._item(host, each) for each in range(printed - 1, max(-1, printed - 1 - LISTED), -1))
        body = f"<channel><title>Outlet of {host}</title>{listed}</channel></rss>"
        content = f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">{body}'.encode()
        return Reply(200, {**head, "content-length": str(len(content))}, [content])

    def _item(self, host: str, number: int) -> str:
        article, path = self._article(host, number), f"/story/{number}"
        self._web.serves(path, self._page(article), host=host, etag='"1"')
        date = format_datetime(self._began + (number - BEFORE) * self._between * HOUR + self._late[host] * HOUR)
        whole = f"<content:encoded><![CDATA[<p>{article['text']}</p>]]></content:encoded>"
        content = whole if int(host.split("-")[1].split(".")[0]) % 2 else "<description>More inside…</description>"
        link = self._web.at(host, path)
        return f"<item><title>{article['headline']}</title><link>{link}</link><pubDate>{date}</pubDate>{content}</item>"

    def _article(self, host: str, number: int) -> dict[str, str]:
        if (host, number) not in self._texts:
            self._texts[host, number] = next(self._made)
        return self._texts[host, number]

    def _page(self, article: dict[str, str]) -> str:
        paragraphs = "".join(f"<p>{each}</p>" for each in article["text"].split("\n\n"))
        return (
            f"<!DOCTYPE html><html lang=en><head><title>{article['headline']}</title></head><body><main><article>"
            f"<h1>{article['headline']}</h1>{paragraphs}</article></main></body></html>"
        )


def archive(seed: int) -> Iterator[str]:
    """Texts of articles of some 1,500 words, without an end."""
    made = articles(Words(random.Random(seed)), 100_000_000 * PASSAGES_AN_ARTICLE)
    while True:
        yield "\n\n".join(next(made)["text"] for _ in range(3))
