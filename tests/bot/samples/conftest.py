"""Pages on loopback and a browser that opens them at a quote: where it scrolls, and what it marks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from bot.localchat import LocalServer, serve
from bot.samples import pages
from retrieval.links import to_words
from retrieval.model import Draft, Span
from tests.browser import browsing, colour_counts

FOUND = (255, 224, 138)  # of ::target-text in page.css, in light
MARKED_SHARE_MIN = 0.4  # of a line's box: letters, and the space between lines, have other colours

#: The boxes of the words from the `nth` place where a page holds them: left, top, right, bottom.
_BOXES = """({words, nth}) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (let i = 0; i < node.data.length; i += 1) {
      if (/\\s/.test(node.data[i])) continue;
      text += node.data[i];
      places.push([node, i]);
    }
  const wanted = words.replace(/\\s/g, "");
  let at = -1;
  for (let i = 0; i <= nth; i += 1) at = text.indexOf(wanted, at + 1);
  if (at < 0) return [];
  const range = document.createRange();
  range.setStart(...places[at]);
  const [last, offset] = places[at + wanted.length - 1];
  range.setEnd(last, offset + 1);
  return [...range.getClientRects()].map((box) => [box.left, box.top, box.right, box.bottom].map(Math.round));
}"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a browser shows of a quote: whether its first line is in view, and which share of it is marked."""

    in_view: bool
    marked: float
    stray: int

    @property
    def hit(self) -> bool:
        return self.in_view and self.marked >= MARKED_SHARE_MIN and self.stray == 0


class Browser:
    def __init__(self, server: LocalServer, page: Page, eye: Page) -> None:
        self._server, self._page, self._eye = server, page, eye

    async def opens(self, html: str, draft: Draft, span: Span, nth: int = 0) -> Opened:
        """Serve the page, follow the link to the span's words, and look; `nth` counts where they stand twice."""
        self._server.pages |= pages.pages([], self._server.url) | {"/news/page": ("text/html", html.encode())}
        link = to_words(f"{self._server.url}/news/page", draft.text, span, draft.headline)
        return await self.follows(link, span.of(draft.text), nth)

    async def finds(self, draft: Draft, span: Span) -> Opened:
        """The same for a sample article and its own page."""
        here = pages.served(draft, self._server.url)
        self._server.pages |= pages.pages([draft], self._server.url)
        link = to_words(str(here.url), draft.text, span, draft.headline)
        return await self.follows(link, span.of(draft.text), nth=0)

    async def follows(self, link: str, words: str, nth: int = 0) -> Opened:
        await self._page.goto("about:blank")
        await self._page.goto(link, wait_until="load")
        boxes = await self._page.evaluate(_BOXES, {"words": words, "nth": nth})
        view: Any = self._page.viewport_size
        within, without, area = await colour_counts(self._page, FOUND, boxes, self._eye)
        in_view = bool(boxes) and 0 <= boxes[0][1] < view["height"]
        return Opened(in_view, within / area if area else 0.0, without)


@pytest.fixture
async def browser(chromium: str, tmp_path: Path) -> AsyncIterator[Browser]:
    async with serve() as server, browsing(chromium, tmp_path, viewport={"width": 900, "height": 900}) as context:
        page, eye = context.pages[0], await context.new_page()
        await eye.goto("about:blank")
        await page.bring_to_front()
        yield Browser(server, page, eye)
