"""The chat page in a real Chromium: its weight, its first paint, and how a long chat scrolls.

The chat is scrolled from its newest message to its oldest, loading the older on the way, and down again; then
up once more without what leaves out of layout what is out of sight. Figures, never a pass or a failure.

    python tests/benchmarks/page.py [MESSAGES]
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import telegram
from playwright.async_api import Page

from bot.localchat import LocalServer, User, furnish, serve

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, it does not see the package it stands in

from tests.browser import browsing
from tests.conftest import NO_CHROMIUM, chromium_path

MESSAGES = 2_000
STEP_PIXELS = 300  # each frame: a wheel turned as fast as can be
FRAME_MS = 1_000 / 60
CATEGORIES = ["cc", "blink", "benchmark", "devtools.timeline"]
WHOLE = "X"  # an event with its duration (Chromium's trace event format)
ANIMATION, FRAME, DRAWING = "FireAnimationFrame", "ProxyMain::BeginMainFrame", "RasterTask"
PHASES = {
    "scripts": "PageAnimator::serviceScriptedAnimations",
    "style and layout": "LocalFrameView::RunStyleAndLayoutLifecyclePhases",
    "paint": "LocalFrameView::RunPaintLifecyclePhase",
}
PATIENCE_MS = 600_000
ANSWER = (
    "2 quotes · 1 article\n\n<b>1. Ada Loring, “harbour master”</b>\nDirect speech\n"
    "<blockquote>“Nobody was on the bridge when it gave way,” she said on Tuesday evening.</blockquote>\n"
    '<a href="https://velm.example/bridge">Velm Wire: “Bridge gives way”</a> · <tg-time unix="0" format="D">x</tg-time>'
)
KEYS = telegram.InlineKeyboardMarkup(
    [
        [telegram.InlineKeyboardButton(f"{name} {n}", callback_data=f"{name}{n}") for n in (1, 2)]
        for name in ("See", "Cite")
    ]
)

WEIGHT = """() => {
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const state = entries.filter((one) => one.name.includes("/chat/"));
  const sum = (list) => list.reduce((bytes, one) => bytes + one.transferSize, 0);
  return [sum(entries) - sum(state), performance.getEntriesByName("first-contentful-paint")[0].startTime];
}"""

REST = """async () => {
  const moments = [];
  while (moments.length < 121) moments.push(await new Promise(requestAnimationFrame));
  return moments.slice(1).map((moment, place) => moment - moments[place]);
}"""

# The time between frames while the log moves by `step` pixels in each; `until` says when the end is reached.
SCROLL = """async ([step, count]) => {
  const scroll = document.getElementById("scroll");
  const frames = [];
  let before = null, still = 0;
  while (still < 30) {
    const now = await new Promise(requestAnimationFrame);
    if (before !== null) frames.push(now - before);
    before = now;
    const at = scroll.scrollTop;
    scroll.scrollTop += step;
    const ended = scroll.scrollTop === at && (step > 0 || document.querySelectorAll(".message").length >= count);
    still = ended ? still + 1 : 0;
  }
  return frames.slice(0, -30);
}"""


def shown(frames: list[float]) -> str:
    """How long frames take; how many came late says more about the machine's other work than about the page."""
    ordered = sorted(frames)
    p50, p95, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95, 0.99))
    return f"{len(frames):,} frames, p50 {p50:.1f} ms, p95 {p95:.1f}, p99 {p99:.1f}, most {ordered[-1]:.0f}"


async def scrolled(page: Page, name: str, script: str, argument: object = None) -> None:
    """Print when a passage's frames came, and the page's own work in them by the processor's time in a trace."""
    async with traced(page) as told:
        frames = await page.evaluate(script, argument)
    print(f"{name:<24} came: {shown(frames)}")
    spent = Counter[str]()
    ours = {event["pid"] for event in told if event["name"] == ANIMATION}  # the browser's own pages are traced too
    events = [event for event in told if event["pid"] in ours and event["ph"] == WHOLE]
    for event in events:
        spent[event["name"]] += event.get("tdur", 0) / 1_000
    own = [event.get("tdur", 0) / 1_000 for event in events if event["name"] == FRAME]
    late = sum(ms > FRAME_MS for ms in own) / len(own)
    parts = ", ".join(f"{phase} {spent[event] / len(own):.1f}" for phase, event in PHASES.items())
    drawing = spent[DRAWING] / len(own)
    print(f"{'':<24} own work: {shown(own)}; {late:.1%} over {FRAME_MS:.1f} ms")
    print(f"{'':<24} on average {sum(own) / len(own):.1f} ms ({parts}); drawing on other threads {drawing:.1f} ms")


@asynccontextmanager
async def traced(page: Page) -> AsyncIterator[list[dict[str, Any]]]:
    """The browser's trace of the block, complete once it has ended."""
    session = await page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    ended = asyncio.Event()
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.set())
    config = {"includedCategories": CATEGORIES}
    await session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    yield events
    await session.send("Tracing.end")
    await ended.wait()


async def filled(server: LocalServer, visitor: User, count: int) -> None:
    """A chat of questions and answers with quotes, links and buttons."""
    async with telegram.Bot(server.token, base_url=f"{server.url}/bot") as bot:
        for number in range(0, count, 2):
            server.says(visitor, visitor, f"{number}. How many were injured at the bridge?")
            await bot.send_message(visitor.id, ANSWER, parse_mode="HTML", reply_markup=KEYS)


async def measured(page: Page, url: str, count: int) -> None:
    await page.goto(url)
    await page.locator(".message").last.wait_for()
    weight, paint = await page.evaluate(WEIGHT)
    print(f"weight, without messages: {weight / 1000:.1f} kB; first contentful paint {paint:.0f} ms")
    await scrolled(page, "at rest", REST)
    await scrolled(page, "up, loading the older", SCROLL, [-STEP_PIXELS, count])
    await scrolled(page, "down", SCROLL, [STEP_PIXELS, count])
    await page.add_style_tag(content=".stretch { content-visibility: visible !important; }")
    await scrolled(page, "all laid out, up", SCROLL, [-STEP_PIXELS, count])


async def main(count: int) -> None:
    chromium = chromium_path()
    if chromium is None:
        print(NO_CHROMIUM)
        return
    with tempfile.TemporaryDirectory() as folder:
        async with serve() as server:
            visitor, _, _ = furnish(server)
            await filled(server, visitor, count)
            async with browsing(
                chromium, Path(folder), viewport={"width": 1200, "height": 860}, bypass_csp=True
            ) as browser:
                page = browser.pages[0]
                page.set_default_timeout(PATIENCE_MS)
                await measured(page, server.url, count)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES))
