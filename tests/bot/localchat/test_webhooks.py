"""Updates brought by webhook: until 2xx, each chat in order, with the secret; and what Telegram says of failures."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from starlette.responses import Response

from bot.localchat import LocalServer
from tests.bot.localchat.conftest import Calling
from tests.bot.localchat.taking import Taker, taking

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def taker(local: LocalServer, call: Calling) -> AsyncIterator[Taker]:
    local.bench.time_scale = 100
    async with taking() as taker:
        taker.took = local.world.changed
        yield taker
        await call("deleteWebhook", drop_pending_updates=True)
    local.bench.time_scale = 1


async def settled(local: LocalServer) -> None:
    await local.until(lambda: not local.bench.updates)


async def test_what_waits_and_what_comes_is_brought_with_the_secret(
    call: Calling, local: LocalServer, taker: Taker
) -> None:
    reader = local.add_user()
    local.says(reader, reader, "before")
    assert (await call("setWebhook", url=taker.url, secret_token="S3cret_-"))["result"] is True
    local.says(reader, reader, "after")
    await settled(local)
    assert taker.words == ["before", "after"]
    assert taker.secrets == {"S3cret_-"}
    info = (await call("getWebhookInfo"))["result"]
    assert info == {
        "url": taker.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 40,
        "ip_address": "127.0.0.1",
    }
    assert not [one.strange for one in local.calls if one.strange]


async def test_anything_but_2xx_is_brought_again_and_its_chat_waits(
    call: Calling, local: LocalServer, taker: Taker
) -> None:
    first, second = local.add_user(), local.add_user()
    taker.answers["a"] = [Response(status_code=status) for status in (500, 302, 404, 204)]
    await call("setWebhook", url=taker.url)
    for words in "ab":
        local.says(first, first, words)
    local.says(second, second, "other")
    await settled(local)
    assert [word for word in taker.words if word != "other"] == ["a", "a", "a", "a", "b"]
    assert taker.words.index("other") < 4
    info = (await call("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"
    assert info["last_error_date"] > 0


async def test_a_429_is_waited_for_and_a_dead_address_tried_again(call: Calling, local: LocalServer) -> None:
    local.bench.time_scale = 100
    reader = local.add_user()
    async with taking() as taker:
        url = taker.url
    await call("setWebhook", url=url)
    local.says(reader, reader, "a")
    assert local.bench.webhook
    webhook = local.bench.webhook
    await local.until(lambda: webhook.failure == "Connection refused")
    async with taking() as taker:
        taker.answers["a"] = [Response(status_code=429, headers={"retry-after": "3"})]
        await call("setWebhook", url=taker.url)
        await settled(local)
        assert taker.words == ["a", "a"]
        await call("deleteWebhook")
    local.bench.time_scale = 1


async def test_only_kinds_asked_for_are_brought_and_presses_pass_a_chat_that_waits(
    call: Calling, local: LocalServer, taker: Taker
) -> None:
    reader = local.add_user()
    await call("setWebhook", url=taker.url, allowed_updates=["message", "callback_query"])
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await call("sendMessage", chat_id=reader.id, text="x", reply_markup=keyboard)
    (sent,) = local.from_bot(reader)
    taker.answers["a"] = [Response(status_code=500, headers={"retry-after": "30"})]
    local.says(reader, reader, "a")
    await local.until(lambda: taker.words)
    local.presses(sent, 0)
    local.reacts(sent, reader, "👍")
    await local.until(lambda: len(taker.brought) > 1)
    assert "callback_query" in taker.brought[1]
    await settled(local)
    assert (await call("getWebhookInfo"))["result"]["allowed_updates"] == ["message", "callback_query"]


async def test_a_webhook_and_a_poll_exclude_each_other(call: Calling, local: LocalServer, taker: Taker) -> None:
    polling = asyncio.create_task(call("getUpdates", timeout=30))
    await local.until(lambda: local.bench.updates.is_polled)
    await call("setWebhook", url=taker.url)
    assert (await polling)["description"] == "Conflict: terminated by setWebhook request"
    refused = await call("getUpdates")
    assert (refused["error_code"], "webhook is active" in refused["description"]) == (409, True)
    await call("setWebhook", url="")
    assert (await call("getUpdates"))["result"] == []
    reader = local.add_user()
    local.says(reader, reader, "a")
    await call("setWebhook", url=taker.url, drop_pending_updates=True)
    local.says(reader, reader, "b")
    await settled(local)
    assert taker.words == ["b"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "https://news.example.org/hook"}, "loopback"),
        ({"url": "http://news.example.org/hook"}, "loopback"),
        ({"url": "hook"}, "invalid webhook URL"),
        ({"url": "http://[hook"}, "invalid webhook URL"),
        ({"url": "http://127.0.0.1/hook", "secret_token": "a b"}, "unallowed characters"),
        ({"url": "http://127.0.0.1/hook", "secret_token": "a" * 257}, "too long"),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused(
    fields: dict[str, str], words: str, call: Calling, local: LocalServer
) -> None:
    answer = await call("setWebhook", **fields)
    assert answer["error_code"] == 400
    assert words in answer["description"]
    assert local.bench.webhook is None
