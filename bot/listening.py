"""A web server within our own event loop: it takes no signals, and stops without waiting for those who still listen.

Knows no routes; the local chat, the webhook and the status bring their own.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

STOP_SECONDS_MAX = 2
BACKLOG = 512


class CannotListen(Exception):
    """The address that a setting names cannot be had; the text says which and why."""


@contextlib.contextmanager
def named(setting: str, host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens where a setting says; raises `CannotListen`."""
    with contextlib.ExitStack() as stack:
        try:
            listener = stack.enter_context(bound(host, port))
        except OSError as error:
            raise CannotListen(f"{setting}: {host}:{port}: {(error.strerror or str(error)).lower()}") from None
        yield listener


@contextlib.contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens there; port 0 takes a free one. OSError where it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        yield listener


@asynccontextmanager
async def answering(application: ASGIApp, listener: socket.socket, **options: Any) -> AsyncIterator[None]:
    """The application answers there while the block runs; `options` are uvicorn's own."""
    server = _Server(_configured(application, **options))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await server.is_up(task)
        yield
    finally:
        server.stop()
        await task


def _configured(application: ASGIApp, **options: Any) -> uvicorn.Config:
    quiet: dict[str, Any] = {
        "ws": "none",
        "lifespan": "off",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": False,
        "proxy_headers": False,
        "timeout_graceful_shutdown": STOP_SECONDS_MAX,
    }
    return uvicorn.Config(application, **(quiet | options))


class _Server(uvicorn.Server):
    """uvicorn's server, which takes no signals here and wakes only to stop."""

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
