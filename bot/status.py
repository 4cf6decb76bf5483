"""How the bot is, for programs that watch it: GET /health on STATUS_LISTEN, by plain HTTP.

Tells counts, ages and versions; never a word of a question or of an article, nor anybody's number. Who may ask is for
the network: it listens where the operator says.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.listening import answering, named
from bot.telegram.context import Room
from storage import inbox, index_changes, outbox
from storage.database import DatabaseUnavailable

ANSWER_SECONDS_MAX = 5.0
CALLERS_MAX = 16
OWED_SECONDS_MAX = 300.0  # a message that is due and waits longer tells that nothing is sent
OK, UNAVAILABLE = 200, 503


@asynccontextmanager
async def listening(place: tuple[str, int], room: Room) -> AsyncIterator[None]:
    """The bot's health is told at `place` while the block runs; raises `listening.CannotListen`."""

    async def health(request: Request) -> Response:
        told = await _health(room)
        return JSONResponse(told, OK if told["well"] else UNAVAILABLE, {"cache-control": "no-store"})

    application = Starlette(routes=[Route("/health", health)])
    with named("STATUS_LISTEN", *place) as listener:
        async with answering(application, listener, limit_concurrency=CALLERS_MAX):
            yield


async def _health(room: Room) -> dict[str, Any]:
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            return await _measured(room)
    except (DatabaseUnavailable, TimeoutError):
        return {"well": False, "database": "does not answer"}


async def _measured(room: Room) -> dict[str, Any]:
    """`index_behind` counts changes that no search here knows yet; it is 0 again at the next question."""
    now = room.clock()
    async with room.store.reading() as session:
        waiting = await inbox.count_waiting(session, room.bot_id)
        oldest = await outbox.oldest_waiting(session, room.bot_id, now=now)
        newest, _ = await index_changes.newest(session)
    owed = _seconds(oldest, now)
    return {
        "well": owed <= OWED_SECONDS_MAX,
        "database": "answers",
        "updates_waiting": waiting,
        "oldest_message_owed_seconds": owed,
        "index_behind": max(0, newest - room.engine.seq),
    }


def _seconds(since: datetime | None, now: datetime) -> float:
    return round(max(0.0, (now - since).total_seconds()), 1) if since else 0.0
