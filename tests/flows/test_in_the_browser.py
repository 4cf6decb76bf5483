"""The whole bot in the chat page, in a real Chromium: what a visitor of the demo does, seen as the visitor sees it.

All tests share one demo and one browser; each has a window of its own and begins by asking, so that it finds its
own answer last. Pictures of each state, light and dark, on a desk and on a phone, are kept where SCREENSHOTS names
a folder.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot import demonstration
from bot.localchat import Chat, LocalServer, furnish, serve
from bot.telegram.context import utc_now
from tests.browser import browsing, colour_counts
from tests.flows.conftest import Clock, Newsroom, bot_at

pytestmark = [pytest.mark.chromium, pytest.mark.prove, pytest.mark.asyncio(loop_scope="module")]

WIDTHS = {"desktop": (1200, 860), "phone": (390, 844)}
SCHEMES = ("light", "dark")
LANDED = (255, 224, 138)  # of ::target-text in the samples' pages
BRIDGE = "How many people were injured at the bridge in Velm?"
THEIRS = ".message:not(.mine)"
ARABIC = "متى يعاد فتح مستشفى الميناء؟"
FIRST_ANSWER_SECONDS_MAX = 60.0  # from dropping a file of one's own to the first answer about it
FIRST_PICTURE_MS_MAX = 30_000  # a worker loads the plotting library for it
DROP = """({name, content}) => {
  const held = new DataTransfer();
  held.items.add(new File([content], name));
  document.getElementById("room").dispatchEvent(new DragEvent("drop", {dataTransfer: held, bubbles: true}));
}"""


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo and a browser beside it."""

    context: BrowserContext
    server: LocalServer
    newsroom: Newsroom
    group: Chat
    clock: Clock


@dataclass(frozen=True, slots=True)
class Visit:
    """The demo, open in a window."""

    demo: Demo
    page: Page

    @property
    def theirs(self) -> Locator:
        return self.page.locator(THEIRS)

    async def asks(self, words: str) -> Locator:
        """Write a line and return the bot's next message."""
        before = await self.last()
        await self.page.locator("#words").fill(words)
        await self.page.keyboard.press("Enter")
        return await self.next_after(before)

    async def last(self) -> int:
        """The newest message's number."""
        return max(message.id for chat in self.demo.server.world.chats.values() for message in chat.messages.values())

    async def next_after(self, number: int) -> Locator:
        """The bot's first message after this one, once it is shown."""
        answers = [f'{THEIRS}[data-id="{one}"]' for one in range(number + 1, number + 8)]
        found = self.page.locator(", ".join(answers)).first
        await expect(found).to_be_visible()
        return self.page.locator(f'[data-id="{await found.get_attribute("data-id")}"]')

    async def presses(self, answer: Locator, button: str) -> None:
        await answer.get_by_role("button", name=button, exact=True).click()
        await self.demo.newsroom.done()

    async def opens(self, chat: str) -> None:
        """Go to a chat of the list, also where the list is not beside the room."""
        if await self.page.locator("#back").is_visible():
            await self.page.locator("#back").click()
        await self.page.locator("#chats").get_by_role("button", name=chat).first.click()

    async def looks(self, state: str) -> None:
        """A picture of this state and an audit by axe, light and dark, on a desk and on a phone."""
        found = []
        for scheme in SCHEMES:
            for width, (across, down) in WIDTHS.items():
                await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                await self.page.set_viewport_size({"width": across, "height": down})
                found += await _barriers(self.page, f"{state}-{scheme}-{width}")
        await self.page.set_viewport_size({"width": WIDTHS["desktop"][0], "height": WIDTHS["desktop"][1]})
        assert found == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    folder, clock = tmp_path_factory.mktemp("demo"), Clock()
    async with serve(**demonstration.WORDS) as server:
        visitor, _, group = furnish(server)
        server.pages |= demonstration.pages(server.url, utc_now().date())
        async with bot_at(server, folder, clock, admin_ids=(visitor.id,)) as newsroom:
            await demonstration.stock(newsroom.room, None, pages_at=server.url)
            width, height = WIDTHS["desktop"]
            size = {"width": width, "height": height}
            async with browsing(chromium, folder / "profile", viewport=size) as context:
                yield Demo(context, server, newsroom, group, clock)


@pytest_asyncio.fixture(loop_scope="module")
async def visit(demo: Demo) -> AsyncIterator[Visit]:
    """A new window on the demo, its private chat begun."""
    page = await demo.context.new_page()
    await page.goto(demo.server.url)
    visit = Visit(demo, page)
    await expect(page.locator("#room-title")).not_to_be_empty()
    await visit.opens("Briefing")
    if await page.locator("#start").is_visible():
        await page.locator("#start").click()
    await expect(visit.theirs.first).to_be_visible()
    yield visit
    await page.close()
    demo.clock.passes(minutes=2)  # nobody's questions are too many


async def test_a_briefing_in_one_minute_comes_by_itself(visit: Visit) -> None:
    """The button orders for the next full minute of the visitor's zone; the timetable sends it."""
    before = await visit.last()
    await visit.page.get_by_role("button", name="A briefing in one minute").click()
    await expect(visit.theirs.last).to_contain_text("Next:")
    await visit.demo.newsroom.done()
    ordered = await visit.last()
    assert ordered > before
    visit.demo.clock.passes(minutes=1, seconds=2)
    briefing = await visit.next_after(ordered)
    await expect(briefing).to_contain_text("Your briefing")
    await expect(briefing.locator("blockquote").first).to_be_visible()
    await visit.looks("briefing")


async def test_the_week_is_a_picture_above_its_table(visit: Visit) -> None:
    await visit.page.locator("#words").fill("/briefing week bridge")
    await visit.page.keyboard.press("Enter")
    week = visit.theirs.last
    await expect(week.locator("pre")).to_be_visible(timeout=FIRST_PICTURE_MS_MAX)
    await expect(week.locator("img")).to_be_visible()
    await expect(week.locator("pre")).to_contain_text("sum")
    await visit.looks("week")


async def test_the_first_screen_says_what_to_ask(demo: Demo) -> None:
    """A question on it is answered at a click, by the other person too; the note says how to go on in Telegram."""
    page = await demo.context.new_page()
    await page.goto(demo.server.url)
    visit = Visit(demo, page)
    await visit.opens("Briefing")
    await expect(page.locator("#banner")).to_contain_text("@BotFather")
    await visit.opens("Briefing, as Rosa Lind")
    await expect(page.locator("#start")).to_be_visible()
    await visit.looks("first")
    await page.get_by_role("button", name=demonstration.EXAMPLES[0]).click()
    await expect(page.locator(THEIRS).last.locator("blockquote").first).to_be_visible()
    await page.close()


async def test_a_quote_leads_to_its_sentence(visit: Visit) -> None:
    """Asked, answered, clicked: another page opens with the quoted words in view and marked."""
    answer = await visit.asks(BRIDGE)
    quoted = (await answer.locator("blockquote").first.inner_text()).strip("“”")
    async with visit.demo.context.expect_page() as opening:
        await answer.get_by_role("link").first.click()
    page, eye = await opening.value, await visit.demo.context.new_page()
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


async def test_a_question_is_answered_and_shown_in_context(visit: Visit) -> None:
    answer = await visit.asks(BRIDGE)
    await expect(answer.locator("blockquote").first).to_be_visible()
    await visit.looks("answer")
    before = await visit.last()
    await visit.presses(answer, "Context 1")
    await expect(await visit.next_after(before)).to_contain_text("Nine people were treated")
    await visit.looks("context")
    shown = await visit.theirs.count()
    await visit.page.reload()
    await expect(visit.theirs).to_have_count(shown)


async def test_more_quotes_come_at_a_press(visit: Visit) -> None:
    answer = await visit.asks("What is reported about the Kestrel Bridge?")
    first = await answer.locator("blockquote").all_inner_texts()
    before = await visit.last()
    await visit.presses(answer, "More quotes")
    more = await visit.next_after(before)
    others = await more.locator("blockquote").all_inner_texts()
    assert others
    assert not set(others) & set(first)
    await visit.looks("more")


async def test_an_alert_and_the_menu_are_usable(visit: Visit) -> None:
    answer = await visit.asks(BRIDGE)
    await visit.presses(answer, "Check 1")
    await visit.looks("check")
    await visit.page.keyboard.press("Escape")
    await visit.page.locator("#menu").click()
    await expect(visit.page.get_by_role("listbox", name="Commands").get_by_role("option").first).to_be_visible()
    await visit.looks("menu")
    await visit.page.keyboard.press("Escape")


async def test_settings_change_by_a_button(visit: Visit) -> None:
    settings = await visit.asks("/settings")
    await visit.looks("settings")
    words = await settings.inner_text()
    await settings.locator("button.key").first.click()
    await visit.demo.newsroom.done()
    await expect(visit.theirs.last).not_to_have_text(words)


async def test_a_subscription_is_ordered_by_buttons(visit: Visit) -> None:
    await visit.asks("/timezone Kyiv")
    asked = await visit.asks("/subscribe")
    await visit.presses(asked, "07:00")
    await visit.looks("subscribe")
    before = await visit.last()
    await visit.presses(asked, "Every day")
    ordered = await visit.next_after(before)
    await expect(ordered).to_contain_text("Subscribed: 07:00, every day.")
    await visit.looks("subscribed")


async def test_an_edited_question_has_its_answer_edited(visit: Visit) -> None:
    answer = await visit.asks(BRIDGE)
    await visit.page.locator("#words").focus()
    await visit.page.keyboard.press("ArrowUp")
    await expect(visit.page.locator("#about")).to_be_visible()
    await visit.looks("editing")
    await visit.page.locator("#words").fill("Who won the football final?")
    await visit.page.keyboard.press("Enter")
    await expect(answer).to_contain_text("Nothing found.")
    await visit.looks("nothing")


async def test_right_to_left_words_run_their_way(visit: Visit) -> None:
    answer = await visit.asks(ARABIC)
    await expect(answer.locator("blockquote").first).to_have_css("direction", "rtl")
    await visit.looks("right-to-left")


async def test_quotes_are_offered_while_the_visitor_types(visit: Visit) -> None:
    page = visit.page
    await page.locator("#words").fill("@briefing_local_bot What did Mira Dahl say?")
    await expect(page.get_by_role("listbox", name="Quotes to send").get_by_role("option").first).to_contain_text("Dahl")
    await visit.looks("offers")
    await page.locator("#words").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.mine").last).to_contain_text("1 quote from stored news")


async def test_a_deep_link_shows_the_stored_text_at_its_place(visit: Visit) -> None:
    """One sample has no address: its link leads to the private chat, where the stored text stands."""
    answer = await visit.asks("What does the Harrow Front want for the mediators?")
    link = answer.get_by_role("link").first
    assert "t.me" in (await link.get_attribute("href") or "")
    before = await visit.last()
    await link.click()
    opened = await visit.next_after(before)
    await expect(opened).to_contain_text("fishing rights in the upper lake")
    await visit.looks("deep-link")


async def test_a_file_dropped_into_the_chat_is_answered_from_within_a_minute(visit: Visit) -> None:
    article = {
        "id": "mine",
        "headline": "Lamp room opens",
        "text": "The lamp room of Gorse opens in May, curator Tilde Rask said.",
    }
    bad = {"headline": "No text at all"}
    lines = "\n".join(map(json.dumps, (article, bad)))
    began = asyncio.get_running_loop().time()
    await visit.page.evaluate(DROP, {"name": "mine.jsonl", "content": lines})
    await expect(visit.theirs.filter(has_text="mine.jsonl: 1 stored, 1 refused.")).to_be_visible()
    answer = await visit.asks("What did Tilde Rask say about the lamp room?")
    await expect(answer.locator("blockquote").first).to_contain_text("lamp room of Gorse")
    assert asyncio.get_running_loop().time() - began < FIRST_ANSWER_SECONDS_MAX
    await visit.looks("upload")


async def test_a_topic_of_a_group_has_its_own_conversation(visit: Visit) -> None:
    page = visit.page
    await visit.opens("Newsdesk")
    await page.get_by_role("tab", name="Fact check").click()
    answer = await visit.asks(f"/ask@briefing_local_bot {BRIDGE}")
    await expect(answer.locator("blockquote").first).to_be_visible()
    await visit.looks("group")
    number = await answer.get_attribute("data-id")
    await page.get_by_role("tab", name="Morning paper").click()
    await expect(page.locator(f'[data-id="{number}"]')).to_have_count(0)


async def test_the_list_of_chats_stands_alone_on_a_phone(visit: Visit) -> None:
    await visit.page.set_viewport_size({"width": WIDTHS["phone"][0], "height": WIDTHS["phone"][1]})
    await visit.opens("Briefing")
    await visit.page.locator("#back").click()
    await expect(visit.page.locator("#room")).to_be_hidden()
    await visit.looks("list")


async def _barriers(page: Page, name: str) -> list[str]:
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")
    results = (await Axe().run(page)).response["violations"]
    return [f"{name}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in results]
