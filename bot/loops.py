"""The one ticker: a step every so many seconds, also after a step that failed."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


class Bell:
    """What wakes a loop: any number of rings before it listens count as one."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def heard(self, seconds: float) -> None:
        """Return at the next ring, or after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()


async def every(seconds: float, step: Callable[[], Awaitable[object]], *, bell: Bell | None = None) -> None:
    """Take the step now and every so many seconds, or at the bell, until cancelled; a failed step is logged."""
    bell = bell or Bell()
    while True:
        try:
            await step()
        except Exception:  # the top of the tick: one failed step must not end the loop
            log.exception("step failed", step=getattr(step, "__qualname__", repr(step)))
        await bell.heard(seconds)
