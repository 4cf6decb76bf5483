"""What a command opens and closes: settings, logs, the database, the engine."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TypeVar

from bot import logs, settings
from bot.settings import Settings
from storage.database import Store, open_store

Value = TypeVar("Value")


def configured() -> Settings:
    """The settings, with the logs set up as they say."""
    chosen = settings.load()
    logs.configure(chosen.log_level, chosen.log_format)
    return chosen


def finished(work: Coroutine[object, object, Value]) -> Value:
    """What the work of one command comes to."""
    return asyncio.run(work)


def served(work: Coroutine[object, object, None]) -> None:
    """Work that serves many at once until it is told to end, on the quicker event loop where there is one."""
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(work)


def _loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


@asynccontextmanager
async def opened(chosen: Settings) -> AsyncIterator[Store]:
    """The database the settings name, its schema up to date."""
    store = await open_store(chosen.database_url)
    try:
        yield store
    finally:
        await store.close()
