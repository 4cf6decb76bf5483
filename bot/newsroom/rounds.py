"""The newsroom's rounds: feeds that are due are checked, many at once, each for itself.

The database knows who is due; nothing is planned in memory. A check that fails by a defect backs off like any other.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

import structlog

from bot.newsroom.feeds import LEASE, Checked, Newsroom
from storage import feeds
from storage.values import Feed

CHECKS_AT_ONCE = 50  # most of the time they wait for other people's servers
LOOK_SECONDS = 5.0  # between looks for feeds that are due

log = structlog.get_logger(__name__)


async def keep_up(newsroom: Newsroom) -> None:
    """Check feeds as they come due, until cancelled."""
    running: set[asyncio.Task[Checked]] = set()
    try:
        while True:
            try:
                running |= {asyncio.create_task(checked(newsroom, feed)) for feed in await _due(newsroom, len(running))}
            except Exception as error:  # the top of the tick: one failed look must not end the loop
                log.exception("looking for feeds that are due failed", why=type(error).__name__)
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


async def _due(newsroom: Newsroom, running: int) -> list[Feed]:
    if running >= CHECKS_AT_ONCE:
        return []
    async with newsroom.store.writing() as session:
        now = newsroom.clock()
        return await feeds.claim_due(session, now=now, limit=CHECKS_AT_ONCE - running, lease=LEASE)
