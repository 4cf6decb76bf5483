"""Manners towards other people's servers: one request at a time and a pause per host, and robots.txt for pages.

What a host asked for (a wait, a rule) is kept in memory, in bounds: after a restart it is asked again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from bot.newsroom import charsets
from bot.newsroom.fetch import AGENT_NAME, ALL, Fetched, Refused, Unreachable, Web

PAUSE_SECONDS = 1.0  # between the end of one request to a host and the next
RULES_KEPT = timedelta(hours=24)  # RFC 9309, 2.4
RULES_KEPT_AFTER_FAILURE = timedelta(minutes=10)
RULES_BYTES_MAX = 500_000  # RFC 9309, 2.5
HOSTS_KEPT_MAX = 2_000
TOO_MANY, UNAVAILABLE = 429, 503


@dataclass
class _Host:
    """What is known of a host: its turn, and when it may be asked again."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0  # by the event loop's clock
    wait_until: datetime | None = None


@dataclass(frozen=True)
class _Rules:
    robots: Protego | None
    until: datetime
    why: str = ""  # there are none to go by


class Courtesy:
    """The web, asked politely. `pause` in seconds; `clock` tells the moment."""

    def __init__(self, web: Web, clock: Callable[[], datetime], *, pause: float = PAUSE_SECONDS) -> None:
        self._web = web
        self._clock = clock
        self._pause = pause
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._rules: OrderedDict[str, _Rules] = OrderedDict()

    def now(self) -> datetime:
        """The moment, by the clock that waits are counted in."""
        return self._clock()

    async def feed(self, url: str, *, accept: str = ALL, known: Mapping[str, str] | None = None) -> Fetched:
        """What stands at a feed's address; raises `Refused` or `Unreachable`."""
        async with self._turn(url) as host:
            return self._heard(host, await self._web.get(url, accept=accept, known=known))

    async def page(self, url: str, *, accept: str = ALL, known: Mapping[str, str] | None = None) -> Fetched:
        """The same of a page, where the host's robots.txt lets us."""
        async with self._turn(url) as host:
            await self._let_in(url)
            return self._heard(host, await self._web.get(url, accept=accept, known=known, on_way=self._let_in))

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[_Host]:
        """Alone with a host, after its pause; raises `Unreachable` while it asks to be left alone."""
        host = self._host(urlsplit(url).hostname or "" if url.isprintable() else "")
        async with host.turn:
            if host.wait_until is not None and host.wait_until > self._clock():
                raise Unreachable(f"its host asks to be left alone until {host.wait_until:%Y-%m-%d %H:%M} UTC")
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, host.free_at - loop.time()))
            try:
                yield host
            finally:
                host.free_at = loop.time() + self._pause

    def _host(self, name: str) -> _Host:
        host = self._hosts.setdefault(name, _Host())
        self._hosts.move_to_end(name)
        while len(self._hosts) > HOSTS_KEPT_MAX:
            oldest = next(iter(self._hosts.values()))
            if oldest.turn.locked():
                break
            self._hosts.popitem(last=False)
        return host

    def _heard(self, host: _Host, fetched: Fetched) -> Fetched:
        if fetched.status in (TOO_MANY, UNAVAILABLE):
            now = self._clock()
            wait = fetched.retry_after(now)
            host.wait_until = now + wait if wait else None
        return fetched

    async def _let_in(self, url: str) -> None:
        """Nothing, where the robots.txt of a page's host lets us fetch it; else `Refused` or `Unreachable`."""
        rules = await self._rules_of(url)
        if rules.robots is None:
            raise Unreachable(f"the robots.txt of its host cannot be read: {rules.why}")
        if not rules.robots.can_fetch(url, AGENT_NAME):
            raise Refused("the robots.txt of its host asks not to fetch it")

    async def _rules_of(self, url: str) -> _Rules:
        """The rules of a page's host, fetched once a day; without any where they cannot be read for now."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        now = self._clock()
        known = self._rules.get(origin)
        if known is None or known.until <= now:
            known = await self._fetched_rules(origin, now)
            self._rules[origin] = known
        self._rules.move_to_end(origin)
        while len(self._rules) > HOSTS_KEPT_MAX:
            self._rules.popitem(last=False)
        return known

    async def _fetched_rules(self, origin: str, now: datetime) -> _Rules:
        again = now + RULES_KEPT_AFTER_FAILURE
        try:
            found = await self._web.get(f"{origin}/robots.txt", accept="text/plain,*/*;q=0.8")
        except Unreachable as error:
            return _Rules(None, again, str(error))
        if found.status >= 500 or found.status == TOO_MANY:
            return _Rules(None, again, f"its server answers with status {found.status}")
        words = charsets.decoded(found.content[:RULES_BYTES_MAX]) if 200 <= found.status < 300 else ""
        return _Rules(Protego.parse(words), now + RULES_KEPT)
