"""A program of somebody's with a webhook: it takes what it is brought, and answers as a test wants."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.listening import answering, bound
from bot.localchat.webhooks import SECRET_HEADER

Update = dict[str, Any]


class Taker:
    """A program with a webhook: what it was brought, and the statuses it answers with, 200 by default."""

    def __init__(self) -> None:
        self.url = ""
        self.brought: list[Update] = []
        self.secrets: set[str | None] = set()
        self.answers: dict[str, list[Response]] = {}
        self.took: Callable[[], None] = lambda: None

    @property
    def words(self) -> list[str]:
        return [update["message"]["text"] for update in self.brought if "message" in update]

    async def take(self, request: Request) -> Response:
        update = await request.json()
        self.brought.append(update)
        self.secrets.add(request.headers.get(SECRET_HEADER))
        self.took()
        await asyncio.sleep(0)
        waiting = self.answers.get(update.get("message", {}).get("text", ""))
        return waiting.pop(0) if waiting else Response()


@asynccontextmanager
async def taking() -> AsyncIterator[Taker]:
    taker = Taker()
    application = Starlette(routes=[Route("/hook", taker.take, methods=["POST"])])
    with bound("127.0.0.1", 0) as listener:
        taker.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
        async with answering(application, listener):
            yield taker
