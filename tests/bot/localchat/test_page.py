"""The chat page in a real browser: ask, press, edit, the commands, right to left, keyboard alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import telegram
from playwright.async_api import Page, Route, expect

from bot.localchat import LocalServer, furnish, serve
from tests.bot.localchat.conftest import requests
from tests.browser import browsing

pytestmark = pytest.mark.chromium

ANSWER = (
    "1. <b>Ada Loring</b> &lt;img src=x onerror=alert(1)&gt;\n<blockquote>Short.</blockquote>\n"
    "<blockquote expandable>"
    + "“Nobody was on the bridge when it gave way,” she said. " * 12
    + '</blockquote>\n<a href="http://127.0.0.1:9/a">Velm Wire (sample)</a> <tg-time unix="0" format="D">x</tg-time>'
)
KEYBOARD = telegram.InlineKeyboardMarkup(
    [
        [telegram.InlineKeyboardButton("More", callback_data="more")],
        [telegram.InlineKeyboardButton("Check", callback_data="check")],
    ]
)


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with serve(banner="How to get a token") as server:
        furnish(server)
        yield server


@pytest.fixture
async def bot(server: LocalServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(server.token, base_url=f"{server.url}/bot", request=requests()) as bot:
        yield bot


@pytest.fixture
async def page(server: LocalServer, chromium: str, tmp_path: Path) -> AsyncIterator[Page]:
    """The page, open; what it throws or logs as an error fails the test."""
    faults: list[str] = []
    async with browsing(chromium, tmp_path) as browser:
        page = browser.pages[0]
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        await page.goto(server.url)
        yield page
    assert faults == []


async def test_a_visitor_talks_with_the_bot(server: LocalServer, bot: telegram.Bot, page: Page) -> None:
    visitor = server.user(501)
    await bot.set_my_commands([("start", "begin"), ("latest", "the newest articles")])
    await expect(page.locator("#banner")).to_have_text("How to get a token")

    await page.get_by_role("button", name="Start").click()
    started = await server.until(lambda: server.messages(visitor))
    assert started[0].text == "/start"

    await expect(page.locator("#words")).to_be_focused()
    await page.keyboard.type("What is reported about the bridge?")
    await page.keyboard.press("Enter")
    await server.until(lambda: len(server.messages(visitor)) == 2)
    asked = server.messages(visitor)[-1]
    await bot.send_chat_action(visitor.id, "typing")
    await expect(page.locator("#room-status")).to_contain_text("is typing")

    reply = telegram.ReplyParameters(asked.id)
    await bot.send_message(visitor.id, ANSWER, parse_mode="HTML", reply_markup=KEYBOARD, reply_parameters=reply)
    answer = page.locator(".message").last
    await expect(answer.locator(".words")).to_contain_text("Ada Loring <img src=x onerror=alert(1)>")
    await expect(answer.locator(".reply")).to_contain_text("What is reported about the bridge?")
    await expect(answer.locator("blockquote").first).to_have_text("Short.")
    await expect(answer.locator("time.moment")).to_have_text("1 January 1970")
    link = answer.get_by_role("link", name="Velm Wire (sample)")
    await expect(link).to_have_attribute("target", "_blank")

    more = answer.get_by_role("button", name="Show more")
    closed = await answer.locator(".folding").bounding_box()
    await more.click()
    unfolded = await answer.locator(".folding").bounding_box()
    assert closed
    assert unfolded
    assert unfolded["height"] > closed["height"] + 40

    await answer.get_by_role("button", name="Check").click()
    await expect(answer.get_by_role("button", name="Check")).to_have_attribute("aria-busy", "true")
    (query,) = await server.until(lambda: list(server.bench.queries))
    await bot.answer_callback_query(query, "It still stands there.")
    await expect(page.locator("#toast")).to_have_text("It still stands there.")
    await expect(answer.get_by_role("button", name="Check")).not_to_have_attribute("aria-busy", "true")
    await answer.get_by_role("button", name="More", exact=True).click()
    await server.until(lambda: len(server.bench.queries) == 2)
    await bot.answer_callback_query(list(server.bench.queries)[-1], "Read this first.", show_alert=True)
    await expect(page.get_by_role("dialog")).to_contain_text("Read this first.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_hidden()

    await page.locator("#words").focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.type(" And the ferry?")
    await page.keyboard.press("Enter")
    await server.until(lambda: asked.edited_at)
    assert asked.text == "What is reported about the bridge? And the ferry?"

    await answer.get_by_role("button", name="Show less").focus()  # the tools come with the focus
    await answer.get_by_role("button", name="Like").press("Enter")
    await expect(answer.get_by_role("button", name="👍, 1")).to_be_visible()
    await page.locator("#words").focus()
    await page.keyboard.type("/la")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await server.until(lambda: server.messages(visitor)[-1].text == "/latest")

    await page.reload()
    await expect(page.locator(".message")).to_have_count(4)


async def test_an_answer_that_overtakes_the_press_is_shown(server: LocalServer, bot: telegram.Bot, page: Page) -> None:
    visitor = server.user(501)
    await page.get_by_role("button", name="Start").click()
    await server.until(lambda: server.messages(visitor))
    await bot.send_message(visitor.id, ANSWER, parse_mode="HTML", reply_markup=KEYBOARD)

    async def held(route: Route) -> None:
        response = await route.fetch()
        (query,) = server.bench.queries
        await bot.answer_callback_query(query, "Sooner than expected.", show_alert=True)
        await bot.send_message(visitor.id, "told after the answer")
        await expect(page.locator(".message").last).to_contain_text("told after the answer")
        await route.fulfill(response=response)

    await page.route("**/chat/press", held)
    key = page.get_by_role("button", name="More", exact=True)
    await key.click()
    await expect(page.get_by_role("dialog")).to_contain_text("Sooner than expected.")
    await expect(key).not_to_have_attribute("aria-busy", "true")


async def test_right_to_left_topics_and_a_block(server: LocalServer, bot: telegram.Bot, page: Page) -> None:
    visitor, second = server.user(501), server.user(502)
    group = server.chat(-1_000_000_000_777)
    topic = list(group.topics)[1]
    server.says(group, second, "/ask@briefing_local_bot ماذا قالت البلدية؟", topic)
    await page.get_by_role("button", name="Newsdesk").click()
    await page.get_by_role("tab", name="Morning paper").click()
    await expect(page.locator(".message")).to_have_count(1)
    await bot.send_message(
        group.id, "<blockquote>قالت ليلى حداد</blockquote>", parse_mode="HTML", message_thread_id=topic
    )
    quote = page.locator("blockquote")
    await expect(quote).to_have_css("direction", "rtl")

    await page.locator("#as select").select_option("Rosa Lind")
    await page.locator("#words").fill("/ask as Rosa")
    await page.keyboard.press("Enter")
    await server.until(lambda: server.messages(group)[-1].text == "/ask as Rosa")
    assert (server.messages(group)[-1].sender, server.messages(group)[-1].thread_id) == (second, topic)

    server.says(visitor, visitor, "/start")
    await page.locator("#chats button").first.click()
    await page.get_by_role("button", name="Block", exact=True).click()
    await server.until(lambda: server.chat(visitor).blocked)
    await page.locator("#unblock").click()
    await server.until(lambda: not server.chat(visitor).blocked)


async def test_a_long_chat_is_read_upwards_and_offers_are_chosen(
    server: LocalServer, bot: telegram.Bot, page: Page
) -> None:
    visitor = server.user(501)
    for number in range(230):
        server.says(visitor, visitor, f"message {number}\n" * (1 + number % 3))
    await page.reload()
    await expect(page.locator(".message")).to_have_count(100)
    await expect(page.locator(".message").last).to_be_in_viewport()
    before = page.locator(".message", has_text="message 135").last
    await before.scroll_into_view_if_needed()
    await expect(page.locator(".message")).to_have_count(200)
    await expect(before).to_be_in_viewport()
    await page.locator("#scroll").evaluate("scroll => { scroll.scrollTop = 0; }")
    await expect(page.locator(".message")).to_have_count(230)
    await expect(page.locator(".day")).to_have_count(1)
    await page.locator("#down").click()
    await expect(page.locator(".message").last).to_be_in_viewport()

    await page.locator("#words").fill("@briefing_local_bot rates")
    (query,) = await server.until(lambda: list(server.bench.inline))
    words = telegram.InputTextMessageContent("<b>Ada Loring</b>\n<blockquote>Rates stay.</blockquote>", "HTML")
    offer = telegram.InlineQueryResultArticle("1", "Ada Loring", words, description="Direct speech · Rates stay.")
    lead = telegram.InlineQueryResultsButton("Ask in the private chat", start_parameter="ask")
    await bot.answer_inline_query(query, [offer], button=lead)
    await expect(page.get_by_role("listbox", name="Quotes to send").get_by_role("option")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message").last.locator("blockquote")).to_have_text("Rates stay.")
    assert server.messages(visitor)[-1].more["via_bot"]["id"] == server.bot.id


async def test_a_line_runs_as_its_first_letter_outside_of_names_does(
    server: LocalServer, bot: telegram.Bot, page: Page
) -> None:
    visitor = server.user(501)
    await page.get_by_role("button", name="Start").click()
    await server.until(lambda: server.messages(visitor))
    await bot.send_message(visitor.id, "1. \u2068ليلى حداد\u2069 · the outlet's own words\n\u2068Mira\u2069 قالت")
    words = page.locator(".words").last
    await expect(words).to_contain_text("outlet")
    shown = await words.evaluate("node => node.textContent")
    assert [line[0] for line in shown.split("\n")] == ["\u200e", "\u200f"]

    await bot.send_message(visitor.id, "A line of a message that is taller than the room.\n" * 60)
    await expect(page.locator(".message")).to_have_count(3)
    begin = await page.locator(".message").last.bounding_box()
    room = await page.locator("#scroll").bounding_box()
    assert begin
    assert room
    assert room["y"] <= begin["y"] < room["y"] + room["height"]  # it is read from its beginning
