"""Waiting for what a database or another process does, which tell nobody: the one place that looks again and again."""

import asyncio
from collections.abc import Awaitable, Callable

DEADLINE_SECONDS = 30.0
LOOK_SECONDS = 0.02


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = DEADLINE_SECONDS) -> None:
    """Returns once the condition holds; TimeoutError where it does not within so many seconds."""
    async with asyncio.timeout(seconds):
        while not (met if isinstance(met := condition(), bool) else await met):  # noqa: ASYNC110 -- no event to wait for
            await asyncio.sleep(LOOK_SECONDS)


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait until it is through: one that still held its database would wait for ever in it."""
    task.cancel()
    await asyncio.wait({task}, timeout=DEADLINE_SECONDS)
