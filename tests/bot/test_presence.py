"""Who waits for an answer is shown that it is being looked for; an answer waits for no such sign."""

from collections.abc import AsyncIterator

import pytest
from telegram.ext import ExtBot

from bot.localchat import Fault, LocalServer, serve
from bot.telegram.presence import typing


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with serve(pace=None) as server:
        yield server


@pytest.fixture
async def bot(server: LocalServer) -> AsyncIterator[ExtBot[None]]:
    async with ExtBot(server.token, base_url=f"{server.url}/bot") as bot:
        yield bot


async def test_a_long_wait_is_shown_as_typing(bot: ExtBot[None], server: LocalServer) -> None:
    user = server.add_user()
    async with typing(bot, user.id, after=0):
        await server.until(lambda: bool(server.calls.executed("sendChatAction")))
    (sign,) = server.calls.of("sendChatAction")
    assert (int(sign.fields["chat_id"]), sign.fields["action"]) == (user.id, "typing")


async def test_an_answer_at_once_shows_nothing(bot: ExtBot[None], server: LocalServer) -> None:
    async with typing(bot, server.add_user().id):
        pass
    await bot.get_me()
    assert not server.calls.of("sendChatAction")


async def test_a_refused_sign_costs_nothing(bot: ExtBot[None], server: LocalServer) -> None:
    user = server.add_user()
    server.faults.order(Fault.FORBIDDEN, "sendChatAction")
    async with typing(bot, user.id, after=0):
        await server.until(lambda: bool(server.calls.of("sendChatAction")))
    await bot.send_message(user.id, "Velm")
    assert [call.status for call in server.calls.of("sendChatAction")] == [403]
    assert [message.text for message in server.from_bot(user)] == ["Velm"]
