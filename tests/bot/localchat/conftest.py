"""A running local server, a client library against it, and plain calls for what no library would send."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import httpx
import pytest
import pytest_asyncio
import telegram
from telegram.request import HTTPXRequest

from bot.localchat import LocalServer, User, serve
from tests.waiting import DEADLINE_SECONDS

Calling = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[LocalServer]:
    """One server for all tests of a file."""
    async with serve() as server:
        yield server


@pytest.fixture
def local(shared: LocalServer) -> LocalServer:
    """The server as if it were new: no calls, no faults, nothing waiting."""
    shared.calls.clear()
    shared.faults.clear()
    shared.bench.updates.forget()
    shared.bench.updates.allow(())
    shared.world.commands.clear()
    return shared


@pytest.fixture
def reader(local: LocalServer) -> User:
    return local.add_user("Ada")


def requests(read_timeout: float = 10) -> HTTPXRequest:
    """The library's transport without certificates, which take longer to load than a test."""
    return HTTPXRequest(httpx_kwargs={"verify": False}, read_timeout=read_timeout)


@pytest_asyncio.fixture(loop_scope="module")
async def bot(local: LocalServer) -> AsyncIterator[telegram.Bot]:
    """The client library, over real HTTP."""
    async with telegram.Bot(local.token, base_url=f"{local.url}/bot", base_file_url=f"{local.url}/file/bot") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def call(local: LocalServer) -> AsyncIterator[Calling]:
    """Calls a method with JSON fields and returns the whole answer."""
    async with httpx.AsyncClient(
        base_url=f"{local.url}/bot{local.token}/", timeout=DEADLINE_SECONDS, verify=False
    ) as client:

        async def calling(method: str, **fields: Any) -> dict[str, Any]:
            answer: dict[str, Any] = (await client.post(method, json=fields)).json()
            return answer

        yield calling
