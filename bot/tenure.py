"""Who holds a role: one process at a time, by a lease in the database that a dead process soon loses.

A holder is named by host, process id and the moment that process began, so that another process on the same host
can see that it is dead and need not wait for the lease to end.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from storage import roles
from storage.database import Store

LEASE = timedelta(seconds=30)
KEEP_SECONDS = 10.0
DEAD_STATES = ("Z", "X")  # a zombie still has its line in /proc

Duty = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger(__name__)


def holder_here() -> str:
    """This process, by a name that no other process has or will have: ``host/namespace/pid/began``."""
    return f"{_host()}/{os.getpid()}/{_began(str(os.getpid()))}"


def is_dead(holder: str) -> bool:
    """Whether that process is known to be gone: of this host, and no longer the one it was."""
    host, pid, began = _parts(holder)
    return host == _host() and began != "" and _began(pid) != began


def shown(holder: str) -> str:
    """The holder in words for an operator."""
    host, pid, _ = _parts(holder)
    return f"process {pid} on {host.split('/')[0]}"


class Tenure:
    """One role of one process, and the duties that go with it."""

    def __init__(self, store: Store, name: str, holder: str, clock: Callable[[], datetime]) -> None:
        self.holder = holder
        self._store = store
        self._name = name
        self._clock = clock
        self._duties: list[asyncio.Task[None]] = []

    async def take(self) -> str | None:
        """None where the role is ours now, also for the next `LEASE`; else who holds it."""
        now = self._clock()
        async with self._store.writing() as session:
            if await roles.take(session, self._name, self.holder, now=now, lease=LEASE):
                return None
            other = await roles.holder(session, self._name, now=now) or ""
            if not is_dead(other):
                return other
            await roles.release(session, self._name, other)
            taken = await roles.take(session, self._name, self.holder, now=now, lease=LEASE)
        return None if taken else other

    async def serve(self, *duties: Duty) -> None:
        """Keep the role, and do its duties for as long as it is ours; duties that ended are begun again."""
        other = await self.take()
        if other is not None:
            if self._duties:
                log.error("another process took over", holder=shown(other))
            await self.rest()
        elif not self._duties or self._any_ended():
            await self.rest()
            self._duties = [asyncio.create_task(duty()) for duty in duties]

    def _any_ended(self) -> bool:
        ended = [duty for duty in self._duties if duty.done()]
        for duty in ended:
            error = None if duty.cancelled() else duty.exception()
            log.error("a duty ended and is begun again", why=type(error).__name__)
        return bool(ended)

    async def rest(self) -> None:
        """Lay the duties down."""
        duties, self._duties = self._duties, []
        for duty in duties:
            duty.cancel()
        await asyncio.gather(*duties, return_exceptions=True)

    async def leave(self) -> None:
        """Let the next process have the role at once."""
        async with self._store.writing() as session:
            await roles.release(session, self._name, self.holder)


def _parts(holder: str) -> tuple[str, str, str]:
    host, pid, began = holder.rsplit("/", 2)
    return host, pid, began


def _host() -> str:
    """The host, and where process ids count: containers may share a host's name."""
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}"


def _began(pid: str) -> str:
    """The clock tick at which a process began, 22nd in its line; empty where it is gone or no such line is kept."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in DEAD_STATES else fields[19]
