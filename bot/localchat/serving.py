"""The application and its server: on loopback only, stopped without waiting for long polls."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.localchat import bot_api, controlling, page
from bot.localchat.connections import OpenProtocol
from bot.localchat.guard import Guard
from bot.localchat.local_server import LocalServer

HOST = "127.0.0.1"
STOP_SECONDS_MAX = 2
BACKLOG = 512


def create(server: LocalServer | None = None, *, control: bool = False, **options: Any) -> Starlette:
    """The application: the Bot API, the chat page and, where `control` asks for it, the control over HTTP."""
    local = server or LocalServer(**options)
    routes = [*bot_api.routes(local.bench), *page.routes(local), *(controlling.routes(local) if control else [])]
    application = Starlette(routes=routes, middleware=[Middleware(Guard)])
    application.state.server = local
    return application


@asynccontextmanager
async def serve(
    server: LocalServer | None = None, *, host: str = HOST, port: int = 0, control: bool = False, **options: Any
) -> AsyncIterator[LocalServer]:
    """Runs the server in this process; port 0 takes a free one. OSError where the port is taken."""
    application = create(server, control=control, **options)
    local: LocalServer = application.state.server
    with listening(host, port) as listener:
        address = listener.getsockname()
        local.url = f"http://{address[0]}:{address[1]}"
        running = _Server(_configured(application))
        task = asyncio.create_task(running.serve(sockets=[listener]))
        try:
            await running.is_up(task)
            yield local
        finally:
            local.bench.close()
            running.stop()
            await task


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket on a loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        yield listener


def _configured(application: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=OpenProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
    )


class _Server(uvicorn.Server):
    """uvicorn's server within somebody else's event loop: it takes no signals and wakes only to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopped = asyncio.Event()
        self._up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        self._up.set()
        await self._stopped.wait()

    async def is_up(self, task: "asyncio.Task[None]") -> None:
        """Returns once connections are taken; raises what kept the server from starting."""
        up = asyncio.create_task(self._up.wait())
        await asyncio.wait({up, task}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if task.done():
            task.result()

    def stop(self) -> None:
        self.should_exit = True
        self._stopped.set()
