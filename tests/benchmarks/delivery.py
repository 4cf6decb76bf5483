"""What a delivered message costs this process, beside what the library's own call costs, at a pace that is kept.

The local server runs in a process of its own. Figures, never a pass or a failure.
    python -m tests.benchmarks.delivery [MESSAGES] [A_SECOND]
"""

import asyncio
import multiprocessing
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from time import perf_counter, process_time

import sqlalchemy as sa
from telegram.ext import ExtBot

from bot.app import application
from bot.delivery.loop import Delivery
from bot.localchat import serve
from bot.loops import Bell
from bot.telegram import sending
from storage import outbox
from storage.database import Store, open_store
from storage.tables import OutboxRow
from storage.values import MessageState, OutboxDraft, OutboxMessage, Pace, Priority

LINE = "<blockquote>Nine people were treated for injuries after the Kestrel Bridge gave way on Tuesday.</blockquote>\n"
ALONE = 300  # messages sent by the library's call alone
LOOK_SECONDS = 0.2


def owed(bot_id: int, chat_id: int) -> OutboxDraft:
    """A message as long as one edition of two stories."""
    return OutboxDraft(
        key=f"edition:{chat_id}",
        bot_id=bot_id,
        chat_id=chat_id,
        html=f"Your briefing for {chat_id}\n{LINE * 12}",
        plain=f"Your briefing for {chat_id}\n{LINE * 12}",
        buttons=(({"text": "More on 1", "action": "x1"}, {"text": "More on 2", "action": "x2"}),),
        priority=Priority.BRIEFING,
    )


def served(there: Connection, chats: int) -> None:
    """The local server with so many chats, until the other end hangs up."""

    async def serving() -> None:
        async with serve(pace=None) as server:
            there.send((server.url, server.token, [server.add_user().id for _ in range(chats)]))
            with suppress(EOFError):
                await asyncio.to_thread(there.recv)

    asyncio.run(serving())


async def measured(work: Callable[[], Awaitable[object]], messages: int) -> tuple[float, float]:
    """Milliseconds of processor time a message, and messages a second."""
    began, spent = perf_counter(), process_time()
    await work()
    return 1000 * (process_time() - spent) / messages, messages / (perf_counter() - began)


async def called(bot: ExtBot[None], messages: list[OutboxMessage]) -> None:
    """The library's calls alone, as many at once as delivery has in flight."""
    for at in range(0, len(messages), 8):
        await asyncio.gather(*(sending.send(bot, message) for message in messages[at : at + 8]))


async def delivered(store: Store, bot: ExtBot[None], pace: Pace) -> None:
    delivery = Delivery(
        store,
        partial(sending.send, bot),
        bot_id=bot.id,
        holder="here",
        pace=pace,
        clock=lambda: datetime.now(UTC),
        bell=Bell(),
    )
    running = asyncio.create_task(delivery.run())
    left = sa.select(sa.func.count()).where(OutboxRow.state != MessageState.SENT.value)
    while True:
        async with store.reading() as session:
            if not await session.scalar(left):
                break
        await asyncio.sleep(LOOK_SECONDS)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def main(messages: int, per_second: float) -> None:
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=served, args=(there, messages))
    server.start()
    url, token, chat_ids = here.recv()
    app = application(token, url)
    await app.initialize()
    drafts = [owed(app.bot.id, chat_id) for chat_id in chat_ids]
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite+aiosqlite:///{folder}/briefing.db")
        async with store.writing() as session:
            await outbox.put(session, *drafts, now=datetime.now(UTC))
        async with store.reading() as session:
            some = [await outbox.find(session, draft.key) for draft in drafts[:ALONE]]
        alone, _ = await measured(lambda: called(app.bot, [each for each in some if each]), len(some))
        pace = Pace(per_second=per_second)
        whole, reached = await measured(lambda: delivered(store, app.bot, pace), messages)
        await store.close()
    await app.shutdown()
    here.close()
    there.close()
    server.terminate()
    server.join()
    print(
        f"{messages} messages at {per_second:g} a second: {whole:.2f} ms of processor time each, "
        f"of which the library's call takes {alone:.2f}; {reached:.1f} a second reached"
    )


if __name__ == "__main__":
    given = [float(each) for each in sys.argv[1:]]
    asyncio.run(main(int(given[0]) if given else 1_000, given[1] if len(given) > 1 else 100.0))
