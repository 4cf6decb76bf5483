"""A running local server, a client library against it, and plain calls for what no library would send."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import telegram

from bot.localchat import LocalServer, User, serve

Calling = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def local() -> AsyncIterator[LocalServer]:
    async with serve() as server:
        yield server


@pytest.fixture
def reader(local: LocalServer) -> User:
    return local.add_user("Ada")


@pytest.fixture
async def bot(local: LocalServer) -> AsyncIterator[telegram.Bot]:
    """The client library, over real HTTP."""
    async with telegram.Bot(local.token, base_url=f"{local.url}/bot", base_file_url=f"{local.url}/file/bot") as client:
        yield client


@pytest.fixture
async def call(local: LocalServer) -> AsyncIterator[Calling]:
    """Calls a method with JSON fields and returns the whole answer."""
    async with httpx.AsyncClient(base_url=f"{local.url}/bot{local.token}/", timeout=10) as client:

        async def calling(method: str, **fields: Any) -> dict[str, Any]:
            answer: dict[str, Any] = (await client.post(method, json=fields)).json()
            return answer

        yield calling
