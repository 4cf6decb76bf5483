"""Updates that Telegram brings: a listener that stores each before it answers 200, and the address told to Telegram.

Whoever does not know the secret is refused before the body is read. Ends no TLS: a proxy before it does.
"""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import WebhookInfo
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.listening import answering, named
from bot.telegram.inbox import InboxQueue
from bot.telegram.trimming import JSON, KINDS_READ, trimmed

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
CONNECTIONS_MAX = 40  # Telegram's own default: how many updates it brings at once
CALLERS_MAX = 256  # connections and requests, whoever makes them
BODY_BYTES_MAX = 2**20
BODY_SECONDS_MAX = 10.0
STORE_SECONDS_MAX = 30.0  # then Telegram is told to come again
LOOK_SECONDS = 60.0

OK, BAD_REQUEST, FORBIDDEN, TOO_LARGE, UNAVAILABLE = 200, 400, 403, 413, 503

log = structlog.get_logger(__name__)


class _TooLarge(Exception):
    """The body is larger than any update."""


@asynccontextmanager
async def listening(place: tuple[str, int], url: str, secret: str, queue: InboxQueue) -> AsyncIterator[None]:
    """Updates are taken at `place`, under the path of `url`, while the block runs; raises `listening.CannotListen`."""
    application = _application(urlsplit(url).path or "/", secret, queue)
    with named("WEBHOOK_LISTEN", *place) as listener:
        async with answering(application, listener, limit_concurrency=CALLERS_MAX):
            yield


def _application(path: str, secret: str, queue: InboxQueue) -> Starlette:
    async def brought(request: Request) -> Response:
        return Response(status_code=await _taken(request, secret, queue))

    return Starlette(routes=[Route(path, brought, methods=["POST"])])


async def _taken(request: Request, secret: str, queue: InboxQueue) -> int:
    """The status to answer with; 200 only where the update is stored."""
    shown = request.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(shown.encode(), secret.encode()):
        return FORBIDDEN
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            update = json.loads(await _body(request))
    except _TooLarge:
        return TOO_LARGE
    except (ValueError, RecursionError, TimeoutError):
        return BAD_REQUEST
    return await _stored(trimmed(update), queue) if isinstance(update, dict) else BAD_REQUEST


async def _body(request: Request) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > BODY_BYTES_MAX:
            raise _TooLarge
    return bytes(received)


async def _stored(update: JSON, queue: InboxQueue) -> int:
    if not update["update_id"]:
        return BAD_REQUEST
    try:
        async with asyncio.timeout(STORE_SECONDS_MAX):
            await queue.take(update)
    except TimeoutError:
        return UNAVAILABLE
    return OK


class Registration:
    """What Telegram is told of the webhook; the one process that holds the role keeps it told."""

    def __init__(self, bot: ExtBot[None], url: str, secret: str) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._told = False
        self._heard: WebhookInfo | None = None

    async def keep(self) -> None:
        """Tell Telegram the address where it does not know it, and log what it could not bring."""
        try:
            if self._told:
                await self._look()
            if not self._told:
                await self._tell()
        except TelegramError as error:
            log.warning("webhook: Telegram cannot be reached", why=type(error).__name__)

    async def _tell(self) -> None:
        """The secret may be new, so the address is told also where it is known."""
        await self._bot.set_webhook(
            self._url, secret_token=self._secret, allowed_updates=KINDS_READ, max_connections=CONNECTIONS_MAX
        )
        self._told = True

    async def _look(self) -> None:
        info = await self._bot.get_webhook_info()
        self._told = info.url == self._url
        if not self._told:
            log.error("webhook: another address was set with this token", remedy="stop the other program")
        before, self._heard = self._heard, info
        if info.last_error_date and (before is None or info.last_error_date != before.last_error_date):
            log.warning("webhook: Telegram cannot bring updates", why=info.last_error_message)
