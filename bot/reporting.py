"""What operators are told unasked: one message a day at most, and at once what cannot wait. Nothing on a good day.

The timetable's holder does this. A message to an operator is owed like any other; its key holds the day, so that no
restart repeats it.
"""

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.drafting import Sender
from bot.messages import report as messages
from bot.messages.markup import Markup
from bot.messages.phrases import spoken
from bot.messages.report import Report, Urgent
from bot.messages.view import View
from bot.settings import Settings
from storage import chats, outbox, reports
from storage.database import Store
from storage.values import OutboxDraft, Priority

QUIET_AFTER = timedelta(days=7)  # feeds that fail or bring nothing for so long are told of
REPORT_HOUR = 8  # of the default zone
LATE_AFTER = timedelta(minutes=10)  # of the outbox
STOPPED_AFTER = timedelta(minutes=30)  # of a feed that is due and is not checked
URGENT_AGAIN = timedelta(hours=6)
FULL_WITHIN_DAYS = 14
FREE_BYTES_MIN = 500_000_000
MEASURED = timedelta(days=7)  # of free space, for how fast it goes
MEASURED_MIN = timedelta(hours=12)


class Reporting:
    """The day's report and what is urgent. `free` tells how many bytes are free where the data live."""

    def __init__(
        self, store: Store, settings: Settings, sender: Sender, *, free: Callable[[Path], int] | None = None
    ) -> None:
        self._store = store
        self._settings = settings
        self._sender = sender
        self._free = free or _free
        self._began = sender.clock()

    async def step(self) -> None:
        """Tell what is urgent, and once a day, from the morning on, what else only operators can mend."""
        now = self._sender.clock()
        await self._tell_urgent(now)
        local = now.astimezone(ZoneInfo(self._settings.default_timezone))
        if local.hour >= REPORT_HOUR:
            await self._report(now, local.date().isoformat())

    async def _tell_urgent(self, now: datetime) -> None:
        async with self._store.reading() as session:
            due = await reports.unchecked_since(session)
            waiting = await reports.unsent_since(session, self._sender.bot_id, now=now)
        late = {Urgent.STOPPED: (due, STOPPED_AFTER), Urgent.LATE: (waiting, LATE_AFTER)}
        # What waited while nothing ran is only now being worked off.
        found = {
            kind: since for kind, (since, after) in late.items() if since and now - max(since, self._began) > after
        }
        if not found:
            return
        part = int(now.timestamp() // URGENT_AGAIN.total_seconds())
        async with self._store.writing() as session:
            for kind, since in found.items():
                key = f"urgent:{kind}:{self._sender.bot_id}:{part}"
                await self._owe(session, key, messages.urgent(kind, since, self._view(now)), now)
        self._sender.wake()

    async def _report(self, now: datetime, day: str) -> None:
        local_day = datetime.fromisoformat(day).date()
        async with self._store.reading() as session:
            if await reports.is_made(session, self._sender.bot_id, local_day):
                return
        free_bytes = await asyncio.to_thread(self._free, self._settings.data_dir)
        async with self._store.writing() as session:
            if not await reports.open(session, self._sender.bot_id, local_day, free_bytes=free_bytes, now=now):
                return
            report = await self._found(session, free_bytes, now)
            if report.things:
                await self._owe(
                    session, f"report:{self._sender.bot_id}:{day}", messages.daily(report, self._view(now)), now
                )
        self._sender.wake()

    async def _found(self, session: AsyncSession, free_bytes: int, now: datetime) -> Report:
        without = await reports.feeds_without(session, now - QUIET_AFTER)
        measured = await reports.free_before(session, self._sender.bot_id, now - MEASURED)
        days = _full_in(measured, free_bytes, now)
        refused = await reports.refused(session, self._sender.bot_id, now - timedelta(days=1))
        return Report(
            gone=without.gone,
            failing=without.failing,
            silent=without.silent,
            feeds=without.feeds,
            days=QUIET_AFTER.days,
            full_in_days=days if days is not None and days <= FULL_WITHIN_DAYS else None,
            free_bytes=free_bytes if free_bytes < FREE_BYTES_MIN else None,
            refused=refused.for_good,
            plainer=refused.plainer,
        )

    async def _owe(self, session: AsyncSession, key: str, told: Markup, now: datetime) -> None:
        """To each operator, once."""
        for operator in {*self._settings.admin_ids, *await chats.operators(session, self._sender.bot_id)}:
            draft = OutboxDraft(
                key=f"{key}:{operator}",
                bot_id=self._sender.bot_id,
                chat_id=operator,
                html=told.html,
                plain=told.plain,
                priority=Priority.NOTICE,
            )
            await outbox.put(session, draft, now=now)

    def _view(self, now: datetime) -> View:
        settings = self._settings
        return View(spoken(self._sender.language), now, self._sender.name, ZoneInfo(settings.default_timezone), True)


def _full_in(measured: tuple[datetime, int] | None, free_bytes: int, now: datetime) -> int | None:
    """In how many days the disk is full if it goes on filling as it did; None where it does not, or nobody knows."""
    if measured is None or now - measured[0] < MEASURED_MIN or measured[1] <= free_bytes:
        return None
    a_day = (measured[1] - free_bytes) / ((now - measured[0]) / timedelta(days=1))
    return int(free_bytes / a_day)


def _free(folder: Path) -> int:
    existing = next((each for each in (folder, *folder.absolute().parents) if each.exists()), Path("/"))
    return shutil.disk_usage(existing).free
