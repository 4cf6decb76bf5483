"""Guarded HTTP: one address fetched within bounds of time, size, redirects and destinations.

Keeps no cookies, reads no proxy settings, follows no redirect that it has not checked. Knows neither feeds nor
pages; what a status means is for the caller to say.
"""

import asyncio
import email.utils
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from ssl import SSLContext
from typing import Self
from urllib.parse import urldefrag

import httpcore
import httpx

from bot.newsroom.destinations import Guarded, NotPublic, Resolve, resolved
from bot.newsroom.unpacking import Unpackable, Unpacking

REDIRECTS_MAX = 5
BODY_BYTES_MAX = 10_000_000  # packed, and unpacked
FETCH_SECONDS_MAX = 20.0  # in all: names, connections, redirects, body
CONNECTIONS_MAX = 100
CONNECTIONS_KEPT_MAX = 20
CONNECTIONS_KEPT_SECONDS = 5.0
ADDRESS_CHARACTERS_MAX = 2_048
PORT_MAX = 65_535
WAIT_MAX = timedelta(days=1)  # however long a server asks to be left alone

AGENT_NAME = "briefing-bot"
MOVES, MOVES_FOR_EVER = (301, 302, 303, 307, 308), (301, 308)
ALL = "*/*;q=0.8"


class FetchFailed(Exception):
    """Nothing came of a fetch; the text is the reason in plain words."""


class Refused(FetchFailed):
    """The address is not fetched, or what it holds is not taken: trying again changes nothing."""


class Unreachable(FetchFailed):
    """The server could not be reached, or not in time: later it may."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered. `moved_to` is where it says the address has moved for ever, if it does."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    moved_to: str | None = None

    @property
    def media_type(self) -> str:
        """The type that the server names, without parameters, in small letters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def retry_after(self, now: datetime) -> timedelta | None:
        """How long the server asks to be left alone, at most a day; None where it does not."""
        return waiting(self.headers.get("retry-after"), now)


class Web:
    """The web, as far as the newsroom may see it. `private` lets it see private networks too."""

    def __init__(
        self, *, private: bool = False, resolve: Resolve = resolved, seconds: float = FETCH_SECONDS_MAX
    ) -> None:
        self._seconds = seconds
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_certificates(),
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=CONNECTIONS_KEPT_MAX,
            keepalive_expiry=CONNECTIONS_KEPT_SECONDS,
            network_backend=Guarded(private=private, resolve=resolve),
        )
        self._agent = f"{AGENT_NAME}/{version('briefing-bot')} (news reader; fetches feeds and the pages they name)"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._pool.aclose()

    async def get(
        self,
        url: str,
        *,
        accept: str = ALL,
        known: Mapping[str, str] | None = None,
        on_way: Callable[[str], Awaitable[None]] | None = None,
    ) -> Fetched:
        """The answer at the end of an address's redirects; raises `Refused` or `Unreachable`.

        `known` are headers of a conditional request, sent to every address on the way; `on_way` is told each
        address that a redirect leads to, and may raise instead. The body of anything but a success is left unread.
        """
        headers = {"user-agent": self._agent, "accept": accept, "accept-encoding": "gzip, deflate", **(known or {})}
        try:
            async with asyncio.timeout(self._seconds):
                return await self._followed(url, headers, on_way)
        except TimeoutError:
            raise Unreachable(f"no whole answer within {self._seconds:g} seconds") from None
        except NotPublic as error:
            raise Refused(str(error)) from None
        except Unpackable as error:
            raise Refused(str(error)) from None
        except (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError, httpx.InvalidURL, UnicodeError):
            raise Refused("no web address") from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise Unreachable(_why(error)) from None

    async def _followed(
        self, url: str, headers: Mapping[str, str], on_way: Callable[[str], Awaitable[None]] | None
    ) -> Fetched:
        moved_to, for_ever = None, True
        for _ in range(REDIRECTS_MAX + 1):
            target = _target(url)
            async with self._answer(target, headers) as answer:
                told = httpx.Headers(answer.headers)
                if answer.status not in MOVES or "location" not in told:
                    content = await _body(answer, told) if 200 <= answer.status < 300 else b""
                    return Fetched(url, answer.status, told, content, moved_to)
            url = urldefrag(str(target.join(told["location"]))).url
            for_ever = for_ever and answer.status in MOVES_FOR_EVER
            moved_to = url if for_ever else moved_to
            if on_way is not None:
                await on_way(url)
        raise Refused(f"more than {REDIRECTS_MAX} redirects")

    @asynccontextmanager
    async def _answer(self, target: httpx.URL, headers: Mapping[str, str]) -> AsyncIterator[httpcore.Response]:
        host = target.netloc.decode("ascii")
        address = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)
        answer = await self._pool.handle_async_request(
            httpcore.Request("GET", address, headers=[("host", host), *headers.items()])
        )
        try:
            yield answer
        finally:
            await answer.aclose()


def waiting(words: str | None, now: datetime) -> timedelta | None:
    """What a `Retry-After` says, seconds or a date, at most a day (RFC 9110, 10.2.3)."""
    if words is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", words.strip()):
        return min(timedelta(seconds=int(words)), WAIT_MAX)
    try:
        until = email.utils.parsedate_to_datetime(words)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), WAIT_MAX)


@cache
def _certificates() -> SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _target(url: str) -> httpx.URL:
    if len(url) > ADDRESS_CHARACTERS_MAX:
        raise Refused(f"the address has more than {ADDRESS_CHARACTERS_MAX} characters")
    target = httpx.URL(url)
    if target.scheme not in ("http", "https") or not target.host:
        raise Refused("only http and https addresses are fetched")
    if target.port is not None and not 0 < target.port <= PORT_MAX:
        raise Refused("there is no such port")
    if target.userinfo:
        raise Refused("the address carries a name and password")
    return target


async def _body(answer: httpcore.Response, headers: httpx.Headers) -> bytes:
    """The unpacked body; given up at the first byte over the bound, packed or unpacked."""
    unpacking = Unpacking(headers.get("content-encoding", ""))
    body, packed = bytearray(), 0
    async for piece in answer.aiter_stream():
        packed += len(piece)
        for unpacked in unpacking.pieces(piece):
            body += unpacked
            if max(len(body), packed) > BODY_BYTES_MAX:
                raise Refused(f"it has more than {BODY_BYTES_MAX // 1_000_000} MB")
    return bytes(body)


def _why(error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpcore.ConnectError):
        return "no connection" if "name server" not in str(error) else str(error)
    return "the connection broke off"
