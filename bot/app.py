"""The only place that chooses parts and wires them: `run` (the bot) and `demo` (the bot in the local chat).

Decides nothing about questions or messages.
"""

import asyncio
import errno
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from ssl import SSLContext
from typing import TYPE_CHECKING, Any, cast

import structlog
from httpx import create_ssl_context
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

from bot import commands, corpus
from bot.alerting import Alerting
from bot.composing import Composer
from bot.correcting import Correcting
from bot.delivery.alerts import Operators
from bot.delivery.loop import HOLD_SECONDS, Delivery
from bot.drafting import Sender
from bot.issuing import Issuing
from bot.loops import Bell, every
from bot.messages.notices import EDITIONS_KEPT_DAYS
from bot.newsdesk import Newsdesk
from bot.newsroom import adding, rounds
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.feeds import Newsroom
from bot.newsroom.fetch import Web
from bot.reporting import Reporting
from bot.settings import Access, Settings
from bot.telegram import polling, sending
from bot.telegram.context import App, Context, Room, utc_now
from bot.telegram.inbox import InboxQueue
from bot.telegram.lanes import Lanes
from bot.telegram.offering import Offering
from bot.telegram.presses import Presses
from bot.tenure import KEEP_SECONDS, Duty, Tenure, holder_here, is_dead, shown
from bot.uploads import Uploads
from bot.workers import Workers, sharing_tables
from storage import alerts, chats, editions, outbox, questions
from storage.database import Store, open_store
from storage.values import Grant, Pace

if TYPE_CHECKING:
    from bot.localchat import LocalServer
    from retrieval.engine.embedded import Embedded

READ_SECONDS = 20.0  # a send given up too early may have arrived, and is repeated
CONNECTIONS_MAX = 64
GREET_SECONDS_MAX = 30.0  # between tries to reach Telegram at the start
LANES_STOP_SECONDS = 3.0  # at SIGTERM; with the sends, and closing, under 10
SENDS_STOP_SECONDS = 3.0
CATCH_UP_SECONDS = 2.0
ERASE_SECONDS = 600.0
ERASE_AT_ONCE_SECONDS = 30.0  # where KEEP_QUESTIONS_DAYS is 0: how long what was sent is still found
BUTTONS_DAYS_MIN = 1  # for so long buttons work also where the words of questions are erased at once
RECOVER_SECONDS = 10.0
WHOLE_COLLECTION_AFTER = 500  # collections of the garbage collector of what is younger
TIMETABLE_SECONDS = 1.0  # between looks at who is due
REPORT_SECONDS = 60.0  # between looks at what operators must know
CORRECT_SECONDS = 5.0  # between looks at quotes that later versions have changed
ALERTS_SECONDS = 5.0  # between looks at which articles came
PORTS_TRIED = 50
PORT_MAX = 65_535
NEWSROOM, UPLOADS = "newsroom", "uploads"
NEWSROOM_PROCESSES, NEWSROOM_NICENESS = 1, 10
WARMED = ("retrieval.quotes", "retrieval.question")

log = structlog.get_logger(__name__)


class HeldElsewhere(Exception):
    """Another process runs the bot on this database; the text says which."""


class TokenMissing(Exception):
    """There is no token to run with."""


class TokenRejected(Exception):
    """Telegram does not know the token."""


class NoPort(Exception):
    """No port near the one asked for is free."""


async def run(settings: Settings) -> None:
    """The bot until SIGTERM or SIGINT; raises HeldElsewhere, TokenMissing, TokenRejected and storage's errors."""
    with _until_signalled():
        async with serving(settings) as room:
            await _greet_operator(room)
            calm_collector()
            await asyncio.Event().wait()


async def demo(settings: Settings, *, port: int, fresh: bool = False, articles: Path | None = None) -> None:
    """The bot in a local chat on sample articles until SIGTERM or SIGINT; prints the chat's address.

    The next free port is taken where `port` is not.
    """
    from bot import demonstration, localchat  # `run` has no use for a web server, and starts faster without

    with demonstration.occupied(settings.demo_dir, fresh=fresh), _until_signalled():
        async with AsyncExitStack() as stack:
            serve = partial(localchat.serve, **demonstration.WORDS)
            server = await _local_server(stack, serve, port)
            visitor, _, _ = localchat.furnish(server)
            server.pages |= demonstration.pages(server.url, utc_now().date())
            room = await stack.enter_async_context(serving(_demo_settings(settings, server, visitor.id)))
            await demonstration.stock(room, articles, pages_at=server.url)
            calm_collector()
            print(f"Open {server.url} and ask. Ctrl-C ends the demo.", flush=True)
            async with _tasks(room.uploads.warm()):
                await asyncio.Event().wait()


@asynccontextmanager
async def serving(
    settings: Settings, *, clock: Callable[[], datetime] = utc_now, processes: int | None = None
) -> AsyncIterator[Room]:
    """The whole bot at work; at the end of the block what is in flight is finished.

    `processes` is how many workers there are: None takes the processors' number, 0 works in this process.
    """
    if settings.telegram_bot_token is None:
        raise TokenMissing("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather, or try `briefing-bot demo`")
    async with AsyncExitStack() as stack:
        store = await open_store(settings.database_url)
        stack.push_async_callback(store.close)
        token = settings.telegram_bot_token.get_secret_value()
        bot_id = int(token.partition(":")[0])
        tenure = Tenure(store, _role(store, bot_id), holder_here(), clock)
        await _begin(store, tenure, bot_id)
        stack.push_async_callback(tenure.leave)
        app = application(token, settings.telegram_api_url)
        stack.push_async_callback(app.shutdown)
        async with _keeping(tenure, alone=store.dialect == "sqlite"):
            await _reach_telegram(app)
        workers = await stack.enter_async_context(Workers(processes, begin=sharing_tables(settings.data_dir)))
        engine = await stack.enter_async_context(corpus.opened(store, settings.data_dir))
        outgoing = Bell()
        newsroom = await _newsroom(stack, settings, store, workers.processes, clock)
        add = partial(adding.add, newsroom)
        uploads = _uploads(settings, newsroom, app, outgoing)
        room = Room(settings, store, engine, workers, bot_id, app.bot.username, outgoing.ring, add, uploads, clock)
        app.bot_data = room
        commands.register(app)
        await stack.enter_async_context(_tasks(uploads.run()))
        await _put_to_work(stack, app, engine, newsroom, tenure, outgoing)
        if settings.status_place:
            from bot import status  # who is not watched has no use for a web server, and starts faster without

            await stack.enter_async_context(status.listening(settings.status_place, room))
        yield room


async def _put_to_work(
    stack: AsyncExitStack, app: App, engine: "Embedded", newsroom: Newsroom, tenure: Tenure, outgoing: Bell
) -> None:
    """Start the loops; the stack ends them in the opposite order: intake, lanes, sends."""
    room, incoming = app.bot_data, Bell()
    delivery = _delivery(app, tenure.holder, outgoing)
    stack.push_async_callback(delivery.finish, SENDS_STOP_SECONDS)
    await stack.enter_async_context(_tasks(delivery.run(), every(HOLD_SECONDS, delivery.hold)))
    lanes = Lanes(app, room, incoming)
    stack.push_async_callback(lanes.finish, LANES_STOP_SECONDS)
    presses = Presses(app.bot, partial(commands.word_for, room))
    offering = Offering(app.bot, commands.Offers(room).of, commands.PRIVATE)
    queue = InboxQueue(room.store, room.bot_id, room.clock, _arrived(incoming, presses, offering))
    receive = await _receiving(stack, app, queue)
    stack.push_async_callback(tenure.rest)
    newsroom_tenure = Tenure(room.store, NEWSROOM, tenure.holder, room.clock)
    stack.push_async_callback(newsroom_tenure.leave)
    stack.push_async_callback(newsroom_tenure.rest)
    timetable = Tenure(room.store, f"timetable:{room.bot_id}", tenure.holder, room.clock)
    stack.push_async_callback(timetable.leave)
    stack.push_async_callback(timetable.rest)
    await stack.enter_async_context(
        _tasks(
            every(KEEP_SECONDS, partial(tenure.serve, receive, lanes.run)),
            every(KEEP_SECONDS, partial(newsroom_tenure.serve, *_rounds(newsroom))),
            every(KEEP_SECONDS, partial(timetable.serve, *_timetable(room))),
            every(CATCH_UP_SECONDS, partial(corpus.follow, room.store, engine)),
            every(ERASE_SECONDS if room.settings.keep_questions_days else ERASE_AT_ONCE_SECONDS, partial(_erase, room)),
            every(RECOVER_SECONDS, partial(_recover, room, tenure.holder)),
            room.workers.warm(*WARMED),
            commands.publish(app),
        )
    )


async def _newsroom(
    stack: AsyncExitStack, settings: Settings, store: Store, processes: int, clock: Callable[[], datetime]
) -> Newsroom:
    """What articles come in by: a worker of its own, so that no question waits behind a feed."""
    workers = Workers(
        min(processes, NEWSROOM_PROCESSES), niceness=NEWSROOM_NICENESS, begin=sharing_tables(settings.data_dir)
    )
    await stack.enter_async_context(workers)
    web = await stack.enter_async_context(Web(private=settings.allow_private_addresses))
    every = timedelta(minutes=settings.check_feeds_every)
    return Newsroom(store, workers, Courtesy(web, clock), clock, every)


def _rounds(newsroom: Newsroom) -> tuple[Duty, ...]:
    """What the one newsroom at work does."""
    return partial(rounds.keep_up, newsroom), partial(rounds.look_again, newsroom)


def _uploads(settings: Settings, newsroom: Newsroom, app: App, outgoing: Bell) -> Uploads:
    sender = Sender(app.bot.id, app.bot.username, settings.default_language, newsroom.clock, outgoing.ring)
    return Uploads(settings.data_dir / UPLOADS, newsroom, sender)


def _timetable(room: Room) -> tuple[Duty, ...]:
    """The timetable's work, each at its pace; one process of a bot does it at a time."""
    composer = Composer(room.store, room.workers, Newsdesk(room.store))
    sender = Sender(room.bot_id, room.bot_name, room.settings.default_language, room.clock, room.wake)
    zone = room.settings.default_timezone
    return (
        partial(every, TIMETABLE_SECONDS, Issuing(room.store, composer, sender).step),
        partial(every, ALERTS_SECONDS, Alerting(room.store, composer, sender).step),
        partial(every, CORRECT_SECONDS, Correcting(room.store, room.workers, sender, zone=zone).step),
        partial(every, REPORT_SECONDS, Reporting(room.store, room.settings, sender).step),
    )


async def _receiving(stack: AsyncExitStack, app: App, queue: InboxQueue) -> Duty:
    """The duty of the one process that sees to it that updates come; by webhook every process takes them."""
    settings = app.bot_data.settings
    if settings.webhook_url is None or settings.webhook_secret is None:
        return partial(every, polling.RESTART_SECONDS, partial(polling.live, app.bot, queue))
    from bot.telegram import webhook  # who polls has no use for a web server, and starts faster without

    secret = settings.webhook_secret.get_secret_value()
    await stack.enter_async_context(webhook.listening(settings.webhook_place, settings.webhook_url, secret, queue))
    registration = webhook.Registration(app.bot, settings.webhook_url, secret)
    return partial(every, webhook.LOOK_SECONDS, registration.keep)


def _arrived(incoming: Bell, presses: Presses, offering: Offering) -> Callable[[dict[str, Any]], None]:
    def arrived(payload: dict[str, Any]) -> None:
        incoming.ring()
        presses.answer(payload)
        offering.answer(payload)

    return arrived


def _delivery(app: App, holder: str, outgoing: Bell) -> Delivery:
    room = app.bot_data
    settings = room.settings
    pace = Pace(
        per_second=settings.messages_per_second,
        per_chat_per_second=settings.messages_per_chat_per_second,
        per_group_per_minute=settings.messages_per_group_per_minute,
    )
    send = partial(sending.send, app.bot)
    return Delivery(
        room.store,
        send,
        bot_id=room.bot_id,
        holder=holder,
        pace=pace,
        clock=room.clock,
        bell=outgoing,
        operators=Operators(room.settings.admin_ids, room.settings.default_language),
    )


def application(token: str, api_url: str) -> App:
    """The library's calls and callbacks, without its own fetching, queueing and timers."""
    trusted = {"verify": _certificates()}
    bot = ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=HTTPXRequest(
            connection_pool_size=CONNECTIONS_MAX,
            read_timeout=READ_SECONDS,
            pool_timeout=READ_SECONDS,
            httpx_kwargs=trusted,
        ),
        get_updates_request=polling.TrimmedRequest(connection_pool_size=2, httpx_kwargs=trusted),
    )
    contexts = ContextTypes(context=Context)
    return cast(App, ApplicationBuilder().bot(bot).updater(None).job_queue(None).context_types(contexts).build())


@cache
def _certificates() -> SSLContext:
    """Loaded once, in 0.03 s: the library would load them for every pool of connections."""
    return create_ssl_context()


async def _reach_telegram(app: App) -> None:
    """Ask who we are until Telegram answers; a token it does not know ends the start."""
    wait = 1.0
    while True:
        try:
            return await app.initialize()
        except InvalidToken:
            raise TokenRejected(
                "Telegram does not know this TELEGRAM_BOT_TOKEN: copy it again from @BotFather"
            ) from None
        except TelegramError as error:
            log.warning("Telegram cannot be reached", why=type(error).__name__, again_in_seconds=wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, GREET_SECONDS_MAX)


async def _local_server(
    stack: AsyncExitStack, serve: Callable[..., AbstractAsyncContextManager["LocalServer"]], port: int
) -> "LocalServer":
    for candidate in range(port, min(port + PORTS_TRIED, PORT_MAX) + 1):
        try:
            return await stack.enter_async_context(serve(port=candidate))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise NoPort(f"ports {port} to {port + PORTS_TRIED} are taken: name another one with --port")


def _demo_settings(settings: Settings, server: "LocalServer", visitor_id: int) -> Settings:
    """A token that opens nothing but the local server, a database of its own, and everybody let in."""
    return settings.model_copy(
        update={
            "webhook_url": None,
            "status_listen": None,
            "telegram_bot_token": SecretStr(server.token),
            "telegram_api_url": server.url,
            "database_url": f"sqlite+aiosqlite:///{settings.demo_dir.resolve() / 'briefing.db'}",
            "data_dir": settings.demo_dir,
            "admin_ids": (visitor_id,),
            "access": Access.OPEN,
        }
    )


def calm_collector() -> None:
    """Leave what the bot was built of out of every collection: walking it stops the event loop for 0.1 s.

    What it has come to hold since costs 20 to 60 ms to walk, and some hundred of a hundred thousand objects are then
    found to be lost: that is done every some thousand questions, not every two hundred.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, WHOLE_COLLECTION_AFTER)


def _role(store: Store, bot_id: int) -> str:
    """SQLite has one bot at a time; on PostgreSQL any number of processes run, and one of them polls."""
    return "run" if store.dialect == "sqlite" else f"poller:{bot_id}"


async def _begin(store: Store, tenure: Tenure, bot_id: int) -> None:
    """Be alone where only one may run; what a dead process was sending is owed again."""
    alone = store.dialect == "sqlite"
    if alone and (other := await tenure.take()) is not None:
        raise HeldElsewhere(f"{shown(other)} already runs the bot on this database")
    async with store.writing() as session:
        dead = await _dead_holders(session, bot_id)
        await outbox.recover(session, bot_id, now=None if alone else utc_now(), dead=dead)


async def _dead_holders(session: AsyncSession, bot_id: int) -> list[str]:
    """Processes of this machine that were sending and are gone: nobody need wait for their leases to end."""
    return [each for each in await outbox.holders(session, bot_id) if is_dead(each)]


async def _greet_operator(room: Room) -> None:
    """Print a one-use link that makes whoever opens it operator, where there is none yet."""
    async with room.store.writing() as session:
        if room.settings.admin_ids or await chats.operators(session, room.bot_id):
            return
        code = await chats.invite(session, room.bot_id, Grant.OPERATOR, now=room.clock())
    print(f"Open https://t.me/{room.bot_name}?start={code} once to become its operator.", flush=True)


async def _erase(room: Room) -> None:
    """Erase what is kept for longer than KEEP_QUESTIONS_DAYS says, and old editions and alerts."""
    now, days = room.clock(), room.settings.keep_questions_days
    buttons_before = now - timedelta(days=max(days, BUTTONS_DAYS_MIN))
    async with room.store.writing() as session:
        await questions.erase_older(session, now - timedelta(days=days), buttons_before=buttons_before)
        await editions.forget_older(session, (now - timedelta(days=EDITIONS_KEPT_DAYS)).date())
        await alerts.forget_older(session, now - timedelta(days=EDITIONS_KEPT_DAYS))


async def _recover(room: Room, holder: str) -> None:
    """Owe again what a process held that died beside this one."""
    async with room.store.writing() as session:
        dead = await _dead_holders(session, room.bot_id)
        await outbox.recover(session, room.bot_id, now=room.clock(), beside=holder, dead=dead)


def _keeping(tenure: Tenure, *, alone: bool) -> AbstractAsyncContextManager[None]:
    """The role stays ours while Telegram cannot be reached yet, where only one process may run."""
    return _tasks(every(KEEP_SECONDS, tenure.take)) if alone else _tasks()


@asynccontextmanager
async def _tasks(*loops: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """The loops run while the block does."""
    running = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@contextmanager
def _until_signalled() -> Iterator[None]:
    """The first SIGTERM or SIGINT ends the block in good order, the second at once: a kill loses nothing."""
    loop, task, signalled = asyncio.get_running_loop(), asyncio.current_task(), False
    assert task is not None

    def stop() -> None:
        nonlocal signalled
        if signalled:
            os._exit(1)
        signalled = True
        log.info("stopping: what is in flight is finished")
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        yield
    except asyncio.CancelledError:
        if not signalled:
            raise
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
