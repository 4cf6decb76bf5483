"""The newsroom's rounds: feeds that are due are checked, and pages looked at again, many at once, each for itself.

The database knows who is due; nothing is planned in memory. A check that fails by a defect backs off like any other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog

from bot.newsroom import revisits
from bot.newsroom.feeds import LEASE, Checked, Newsroom
from bot.newsroom.revisits import Looked
from storage import feeds, looks
from storage.values import Feed, Look

CHECKS_AT_ONCE = 50  # most of the time they wait for other people's servers
LOOKS_AT_ONCE = 20
LOOK_SECONDS = 5.0  # between looks for what is due

log = structlog.get_logger(__name__)


async def keep_up(newsroom: Newsroom) -> None:
    """Check feeds as they come due, until cancelled."""

    async def due(running: int) -> list[Coroutine[Any, Any, object]]:
        return [checked(newsroom, feed) for feed in await _due(newsroom, running)]

    await _work_off(due)


async def look_again(newsroom: Newsroom) -> None:
    """Look at the pages of articles as their looks come due, until cancelled."""

    async def due(running: int) -> list[Coroutine[Any, Any, object]]:
        return [looked(newsroom, look) for look in await _due_looks(newsroom, running)]

    await _work_off(due)


async def _work_off(due: Callable[[int], Awaitable[list[Coroutine[Any, Any, object]]]]) -> None:
    """Do what is due as it comes due; `due` is told how much of it is being done already."""
    running: set[asyncio.Task[object]] = set()
    try:
        while True:
            try:
                running |= {asyncio.create_task(each) for each in await due(len(running))}
            except Exception as error:  # the top of the tick: one failed look must not end the loop
                log.exception("looking for what is due failed", why=type(error).__name__)
            if running:
                _, running = await asyncio.wait(running, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(LOOK_SECONDS)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def each(newsroom: Newsroom, chosen: Sequence[Feed]) -> AsyncIterator[Checked]:
    """Check these feeds now, whether due or not, each told as it is done; one held elsewhere is being checked."""
    limit = asyncio.Semaphore(CHECKS_AT_ONCE)

    async def check(feed: Feed) -> Checked:
        async with limit:
            async with newsroom.store.writing() as session:
                held = await feeds.claim(session, feed.id, now=newsroom.clock(), lease=LEASE)
            if held is None:
                return Checked(feed, error="another process is reading it")
            return await checked(newsroom, held)

    for done in asyncio.as_completed([check(feed) for feed in chosen]):
        yield await done


async def checked(newsroom: Newsroom, feed: Feed) -> Checked:
    """What the check of a feed that is held came to; a defect is its failure, and logged."""
    try:
        return await newsroom.check(feed)
    except Exception as error:  # the top of one feed's check: the others go on
        log.exception("a defect in checking a feed", feed=feed.id, why=type(error).__name__)
        return await newsroom.failed(feed, f"a defect in checking it ({type(error).__name__})")


async def looked(newsroom: Newsroom, look: Look) -> Looked:
    """What a look at a page that is held came to; a defect is its failure, and logged."""
    try:
        return await revisits.look_again(newsroom, look)
    except Exception as error:  # the top of one look: the others go on
        log.exception("a defect in looking at a page", article=look.article_id, why=type(error).__name__)
        return await revisits.failed(newsroom, look, f"a defect in looking at it ({type(error).__name__})")


async def _due_looks(newsroom: Newsroom, running: int) -> list[Look]:
    if running >= LOOKS_AT_ONCE:
        return []
    async with newsroom.store.writing() as session:
        now = newsroom.clock()
        return await looks.claim_due(session, now=now, limit=LOOKS_AT_ONCE - running, lease=LEASE)


async def _due(newsroom: Newsroom, running: int) -> list[Feed]:
    if running >= CHECKS_AT_ONCE:
        return []
    async with newsroom.store.writing() as session:
        now = newsroom.clock()
        return await feeds.claim_due(session, now=now, limit=CHECKS_AT_ONCE - running, lease=LEASE)
