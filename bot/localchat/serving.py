"""The application and its server: on loopback only, stopped without waiting for long polls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.listening import answering, bound
from bot.localchat import bot_api, controlling, page
from bot.localchat.connections import OpenProtocol
from bot.localchat.guard import Guard
from bot.localchat.local_server import LocalServer

HOST = "127.0.0.1"


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
    with bound(host, port) as listener:
        address = listener.getsockname()
        local.url = f"http://{address[0]}:{address[1]}"
        async with answering(application, listener, http=OpenProtocol):
            try:
                yield local
            finally:
                local.bench.close()
