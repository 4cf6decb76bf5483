"""Each refusal of Telegram's, as the library raises it over HTTP, has its consequence."""

from collections.abc import AsyncIterator

import pytest
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.localchat import Fault, LocalServer, serve
from bot.telegram.outcome import (
    ChatGone,
    ChatMoved,
    MessageGone,
    Outcome,
    Sent,
    TopicGone,
    TryLater,
    Unsendable,
    Unsupported,
    of_error,
)


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with serve(pace=None) as server:
        yield server


@pytest.fixture
async def bot(server: LocalServer) -> AsyncIterator[ExtBot[None]]:
    request = HTTPXRequest(read_timeout=0.2)
    async with ExtBot(server.token, base_url=f"{server.url}/bot", request=request) as bot:
        yield bot


async def outcome_of_sending(
    bot: ExtBot[None], chat_id: int, text: str = "Velm", thread_id: int | None = None
) -> Outcome:
    with pytest.raises(TelegramError) as raised:
        await bot.send_message(chat_id, text, parse_mode="HTML", message_thread_id=thread_id)
    return of_error(raised.value)


REFUSALS = [
    ("chat not found", ChatGone),
    ("user not found", ChatGone),
    ("not enough rights to send text messages to the chat", ChatGone),
    ("CHAT_WRITE_FORBIDDEN", ChatGone),
    ("group chat was deactivated", ChatGone),
    ("TOPIC_CLOSED", TopicGone),
    ("message thread not found", TopicGone),
    ("message to edit not found", MessageGone),
    ("message can't be edited", MessageGone),
    ("MESSAGE_ID_INVALID", MessageGone),
    ("message is not modified: specified new message content is exactly the same", Sent),
    ("can't parse entities: unsupported start tag", Unsendable),
    ("message is too long", Unsendable),
    ("BUTTON_DATA_INVALID", Unsendable),
]


@pytest.mark.parametrize(("description", "consequence"), REFUSALS)
async def test_a_400_is_known_by_its_words(
    description: str, consequence: type[Outcome], bot: ExtBot[None], server: LocalServer
) -> None:
    server.faults.order(Fault.BAD_REQUEST, "sendMessage", description=f"Bad Request: {description}")
    assert isinstance(await outcome_of_sending(bot, server.add_user().id), consequence)


@pytest.mark.parametrize(
    "description", ["bot was blocked by the user", "bot was kicked from the group chat", "user is deactivated"]
)
async def test_a_403_means_the_chat_is_gone(description: str, bot: ExtBot[None], server: LocalServer) -> None:
    server.faults.order(Fault.FORBIDDEN, "sendMessage", description=f"Forbidden: {description}")
    assert isinstance(await outcome_of_sending(bot, server.add_user().id), ChatGone)


async def test_a_429_says_how_long(bot: ExtBot[None], server: LocalServer) -> None:
    server.faults.order(Fault.TOO_MANY, "sendMessage", retry_after=37)
    outcome = await outcome_of_sending(bot, server.add_user().id)
    assert isinstance(outcome, TryLater)
    assert outcome.wait == 37


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.HANG])
async def test_what_may_or_may_not_have_arrived_is_tried_later(
    fault: Fault, bot: ExtBot[None], server: LocalServer
) -> None:
    server.faults.order(fault, "sendMessage")
    outcome = await outcome_of_sending(bot, server.add_user().id)
    assert isinstance(outcome, TryLater)
    assert outcome.wait is None


async def test_a_group_that_moved_says_where(bot: ExtBot[None], server: LocalServer) -> None:
    group = server.add_group("Velm readers", server.add_user(), supergroup=False)
    new = server.upgrades(group)
    assert await outcome_of_sending(bot, group.id) == ChatMoved(new.id)


async def test_a_chat_nobody_knows_is_gone(bot: ExtBot[None]) -> None:
    assert isinstance(await outcome_of_sending(bot, 99), ChatGone)


async def test_a_wrong_token_waits_and_is_not_told(server: LocalServer) -> None:
    token = "7700000001:" + "x" * 35
    bot = ExtBot(token, base_url=f"{server.url}/bot")
    with pytest.raises(TelegramError) as raised:
        await bot.initialize()
    outcome = of_error(raised.value)
    assert isinstance(outcome, TryLater)
    assert token not in outcome.why
    await bot.shutdown()


async def test_a_method_the_server_does_not_know_is_unsupported(bot: ExtBot[None]) -> None:
    with pytest.raises(TelegramError) as raised:
        await bot.set_my_short_description("Velm")
    assert isinstance(of_error(raised.value), Unsupported)
