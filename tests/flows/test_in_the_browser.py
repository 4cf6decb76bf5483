"""The whole bot in the chat page, in a real Chromium: what a visitor of the demo does, seen as the visitor sees it.

Pictures of each state are kept where SCREENSHOTS names a folder.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot import demonstration
from bot.localchat import LocalServer, furnish, serve
from tests.browser import browsing, colour_counts
from tests.flows.conftest import Clock, Newsroom, bot_at

pytestmark = [pytest.mark.chromium, pytest.mark.prove]

WIDTHS = {"desktop": (1200, 860), "phone": (390, 844)}
LANDED = (255, 224, 138)  # of ::target-text in the samples' pages
BRIDGE = "How many people were injured at the bridge in Velm?"
THEIRS = ".message:not(.mine)"
ARABIC = "متى يعاد فتح مستشفى الميناء؟"


@dataclass(frozen=True, slots=True)
class Visit:
    """The demo, open in a browser."""

    context: BrowserContext
    page: Page
    server: LocalServer
    newsroom: Newsroom

    async def asks(self, words: str) -> Locator:
        """Write a line and return the bot's next message."""
        before = await self.page.locator(THEIRS).count()
        await self.page.locator("#words").fill(words)
        await self.page.keyboard.press("Enter")
        answer = self.page.locator(THEIRS).nth(before)
        await expect(answer).to_be_visible()
        return answer

    async def presses(self, answer: Locator, button: str) -> None:
        await answer.get_by_role("button", name=button, exact=True).click()
        await self.newsroom.done()


@pytest.fixture
async def visit(chromium: str, tmp_path: Path) -> AsyncIterator[Visit]:
    async with serve(**demonstration.WORDS) as server:
        visitor, _, _ = furnish(server)
        server.pages |= demonstration.pages(server.url)
        async with bot_at(server, tmp_path, Clock(), admin_ids=(visitor.id,)) as newsroom:
            await demonstration.stock(newsroom.room, None, pages_at=server.url)
            width, height = WIDTHS["desktop"]
            async with browsing(chromium, tmp_path / "profile", viewport={"width": width, "height": height}) as context:
                page = context.pages[0]
                await page.goto(server.url)
                await page.get_by_role("button", name="Start").click()
                await expect(page.locator(THEIRS)).to_have_count(1)
                yield Visit(context, page, server, newsroom)


async def test_a_quote_leads_to_its_sentence(visit: Visit) -> None:
    """Asked, answered, clicked: another page opens with the quoted words in view and marked."""
    answer = await visit.asks(BRIDGE)
    quoted = (await answer.locator("blockquote").first.inner_text()).strip("“”")
    async with visit.context.expect_page() as opening:
        await answer.get_by_role("link").first.click()
    page, eye = await opening.value, await visit.context.new_page()
    await eye.goto("about:blank")
    await page.bring_to_front()
    place = page.locator("article p", has_text=quoted[:40])
    await expect(place).to_be_in_viewport()
    box = await place.bounding_box()
    assert box
    around = [round(box["x"]), round(box["y"]), round(box["x"] + box["width"]), round(box["y"] + box["height"])]
    within, without, _ = await colour_counts(page, LANDED, [around], eye)
    assert within > 1_000
    assert without == 0


async def test_a_visitor_goes_through_the_first_minutes(visit: Visit) -> None:
    page = visit.page
    answer = await visit.asks(BRIDGE)
    await expect(answer.locator("blockquote").first).to_be_visible()
    await visit.presses(answer, "Context 1")
    await expect(page.locator(THEIRS).last).to_contain_text("Nine people were treated")
    await page.reload()
    await expect(page.locator(THEIRS).nth(1)).to_be_visible()

    await page.locator("#words").focus()
    await page.keyboard.press("ArrowUp")
    await page.locator("#words").fill("Who won the football final?")
    await page.keyboard.press("Enter")
    await expect(page.locator(THEIRS).nth(1)).to_contain_text("Nothing found.")

    right_to_left = (await visit.asks(ARABIC)).locator("blockquote").first
    await expect(right_to_left).to_have_css("direction", "rtl")

    await page.locator("#words").fill("@briefing_local_bot What did Mira Dahl say?")
    await expect(page.get_by_role("listbox", name="Quotes to send").get_by_role("option").first).to_contain_text("Dahl")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.mine").last).to_contain_text("1 quote from stored news")


async def test_the_first_screen_says_what_to_ask(visit: Visit) -> None:
    """A question on it is answered at a click, by the other person too; the note says how to go on in Telegram."""
    await expect(visit.page.locator("#banner")).to_contain_text("@BotFather")
    await visit.page.get_by_role("button", name="Briefing, as Rosa Lind").click()
    await visit.page.get_by_role("button", name=demonstration.EXAMPLES[0]).click()
    await expect(visit.page.locator(THEIRS).last.locator("blockquote").first).to_be_visible()


async def test_a_deep_link_shows_the_stored_text_at_its_place(visit: Visit) -> None:
    """One sample has no address: its link leads to the private chat, where the stored text stands."""
    answer = await visit.asks("What does the Harrow Front want for the mediators?")
    link = answer.get_by_role("link").first
    assert "t.me" in (await link.get_attribute("href") or "")
    before = await visit.page.locator(THEIRS).count()
    await link.click()
    opened = visit.page.locator(THEIRS).nth(before)
    await expect(opened).to_contain_text("fishing rights in the upper lake")


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", "desktop"),
        ("dark", "phone"),
        pytest.param("dark", "desktop", marks=pytest.mark.prove),
        pytest.param("light", "phone", marks=pytest.mark.prove),
    ],
)
async def test_no_state_has_a_barrier(visit: Visit, scheme: str, width: str) -> None:
    """An audit by axe, and a picture to look at, of the page with an answer, a menu, a group and an alert."""
    page = visit.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    answer = await visit.asks(BRIDGE)
    await page.set_viewport_size({"width": WIDTHS[width][0], "height": WIDTHS[width][1]})
    if width == "phone":
        await page.get_by_role("button", name="Briefing").first.click()
    found = [await _barriers(page, f"answer-{scheme}-{width}")]
    await visit.presses(answer, "Check 1")
    found.append(await _barriers(page, f"check-{scheme}-{width}"))
    await page.keyboard.press("Escape")
    await page.locator("#menu").click()
    found.append(await _barriers(page, f"menu-{scheme}-{width}"))
    await page.keyboard.press("Escape")
    if width == "phone":
        await page.locator("#back").click()
        found.append(await _barriers(page, f"list-{scheme}-{width}"))
    await page.get_by_role("button", name="Newsdesk").click()
    found.append(await _barriers(page, f"group-{scheme}-{width}"))
    assert [each for each in found if each] == []


async def _barriers(page: Page, name: str) -> list[str]:
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")
    results = (await Axe().run(page)).response["violations"]
    return [f"{name}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in results]
