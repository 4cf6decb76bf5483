"""Each exception class of python-telegram-bot, met by an application that is fed by polling and by webhook."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import telegram
from telegram import error
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.localchat import Fault, LocalServer, User
from tests.bot.localchat.conftest import Calling, requests
from tests.bot.localchat.taking import taking
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

Act = Callable[[telegram.Bot, LocalServer, User], Awaitable[object]]
App = Application[Any, Any, Any, Any, Any, Any]


def faulty(fault: Fault) -> Act:
    """Send while the server has this fault."""

    async def act(bot: telegram.Bot, local: LocalServer, reader: User) -> None:
        local.faults.order(fault, "sendMessage", retry_after=7)
        await bot.send_message(reader.id, "x", read_timeout=0.2)

    return act


async def to_an_upgraded_group(bot: telegram.Bot, local: LocalServer, reader: User) -> None:
    group = local.add_group("News", reader, supergroup=False)
    local.upgrades(group, tell=False)
    await bot.send_message(group.id, "x")


async def with_a_wrong_token(bot: telegram.Bot, local: LocalServer, reader: User) -> None:
    async with telegram.Bot("1:wrong", base_url=f"{local.url}/bot", request=requests()):
        pass


async def with_an_unknown_method(bot: telegram.Bot, local: LocalServer, reader: User) -> None:
    await bot.do_api_request("sendPigeon")


async def while_another_fetches(bot: telegram.Bot, local: LocalServer, reader: User) -> None:
    async with telegram.Bot(local.token, base_url=f"{local.url}/bot", request=requests()) as other:
        await other.get_updates(timeout=0)


ACTS: dict[type[error.TelegramError], Act] = {
    error.RetryAfter: faulty(Fault.TOO_MANY),
    error.Forbidden: faulty(Fault.FORBIDDEN),
    error.BadRequest: faulty(Fault.BAD_REQUEST),
    error.NetworkError: faulty(Fault.DROP_AFTER),
    error.TimedOut: faulty(Fault.HANG),
    error.ChatMigrated: to_an_upgraded_group,
    error.InvalidToken: with_a_wrong_token,
    error.EndPointNotFound: with_an_unknown_method,
    error.Conflict: while_another_fetches,
}


@asynccontextmanager
async def fed(way: str, app: App, local: LocalServer, call: Calling, met: list[BaseException]) -> AsyncIterator[None]:
    """The application at work, its updates fetched or brought."""
    async with app:
        await app.start()
        if way == "polling":
            assert app.updater
            await app.updater.start_polling(timeout=5, error_callback=met.append)
            yield
            await app.updater.stop()
        else:
            async with taking() as taker:
                taker.took = lambda: app.update_queue.put_nowait(telegram.Update.de_json(taker.brought[-1], app.bot))
                await call("setWebhook", url=taker.url)
                yield
                await call("deleteWebhook")
        await app.stop()


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_each_exception_of_the_library_is_met(way: str, local: LocalServer, call: Calling, reader: User) -> None:
    met: list[BaseException] = []

    async def answer(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await ACTS[getattr(error, update.message.text or "")](context.bot, local, reader)

    async def fail(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert context.error is not None
        met.append(context.error)

    app: App = (
        ApplicationBuilder()
        .bot(
            telegram.ext.ExtBot(
                local.token, base_url=f"{local.url}/bot", request=requests(), get_updates_request=requests()
            )
        )
        .job_queue(None)
        .build()
    )
    app.add_handler(MessageHandler(filters.TEXT, answer))
    app.add_error_handler(fail)
    async with fed(way, app, local, call, met):
        for number, expected in enumerate(ACTS, 1):
            local.says(reader, reader, expected.__name__)
            await until(lambda: len(met) >= number)  # noqa: B023 -- awaited at once
    assert [type(one) for one in met] == list(ACTS)


async def test_no_exception_class_is_left_out() -> None:
    """But for the root, and the one of Telegram Passport, which no server sends."""
    classes = {one for one in vars(error).values() if isinstance(one, type) and issubclass(one, error.TelegramError)}
    assert classes - set(ACTS) == {error.TelegramError, error.PassportDecryptionError}
