"""Closing a connection without an answer, which ASGI has no word for."""

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_EXTENSION = "localchat.transport"


class OpenProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol, whose application finds the connection in its lifespan state by peer address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state.setdefault(_EXTENSION, {})[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.app_state.get(_EXTENSION, {}).pop(self.client, None)
        super().connection_lost(exc)


class Dropped(Response):
    """No answer: the connection is gone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transports: dict[Any, asyncio.Transport] = scope["state"].get(_EXTENSION, {})
        transport = transports.get(scope["client"])
        if transport:
            transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
