"""Stored updates are taken up: one chat's in order, chats at once, a defect in one never stopping the next.

Each chat is a lane with at most one update at work, so a chat with a hundred questions holds one place and the
others keep theirs. What is unfinished when the process ends is still waiting in the inbox at the next start.
"""

import asyncio
import secrets
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.loops import Bell, every
from bot.messages.markup import words
from bot.messages.phrases import spoken
from bot.telegram.context import App, Room, Withdrawn
from bot.telegram.dispatch import dispatch
from storage import chats, inbox, outbox
from storage.database import DatabaseUnavailable
from storage.values import InboxUpdate, OutboxDraft, Priority

AT_ONCE_MAX = 16
UPDATE_SECONDS_MAX = 60.0
ATTEMPTS_MAX = 3
POSTPONED = timedelta(seconds=5)
IDLE_SECONDS = 1.0  # how late a postponed update, or another process's leftover, may be noticed
DATABASE_REST_SECONDS = 0.5
REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
REFERENCE_LENGTH = 4

log = structlog.get_logger(__name__)


class Lanes:
    """The chats being served. `bell` rings when an update was stored."""

    def __init__(self, app: App, room: Room, bell: Bell) -> None:
        self._app = app
        self._room = room
        self._bell = bell
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Take updates up until cancelled; what is at work goes on until `finish`."""
        await every(IDLE_SECONDS, self._take_up, bell=self._bell)

    async def finish(self, seconds: float) -> None:
        """Let what is at work end, for so long; the rest is taken up at the next start."""
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=seconds)
            for task in late:
                task.cancel()

    async def _take_up(self) -> None:
        free = AT_ONCE_MAX - len(self._busy)
        if free <= 0:
            return
        async with self._room.store.reading() as session:
            heads = await inbox.waiting(
                session, self._room.bot_id, now=self._room.clock(), limit=free, without=tuple(self._busy)
            )
        for stored in heads:
            self._start(stored)

    def _start(self, stored: InboxUpdate) -> None:
        lane = stored.chat_id or 0
        if lane in self._busy:
            return
        task = asyncio.create_task(self._settle(stored))
        self._busy[lane] = task
        task.add_done_callback(lambda _: self._leave(lane))

    def _leave(self, lane: int) -> None:
        del self._busy[lane]
        self._bell.ring()

    async def _settle(self, stored: InboxUpdate) -> None:
        try:
            async with asyncio.timeout(UPDATE_SECONDS_MAX):
                await self._answer(stored)
        except DatabaseUnavailable as error:
            log.warning("update waits for the database", update_id=stored.update_id, why=type(error).__name__)
            await asyncio.sleep(DATABASE_REST_SECONDS)
        except Withdrawn:
            log.info("update was cancelled while it was answered", update_id=stored.update_id)
        except Exception as error:  # noqa: BLE001 -- the top of the update: a defect in one must not stop the next
            await self._set_aside(stored, error)

    async def _answer(self, stored: InboxUpdate) -> None:
        context = await dispatch(self._app, stored)
        if not context.settled:
            async with self._room.store.writing() as session:
                await inbox.settle(session, stored.bot_id, stored.update_id, now=self._room.clock())

    async def _set_aside(self, stored: InboxUpdate, error: Exception) -> None:
        reference = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))
        log.error(
            "update failed", update_id=stored.update_id, attempt=stored.attempts + 1, ref=reference, exc_info=error
        )
        try:
            await self._postpone_or_fail(stored, reference)
        except DatabaseUnavailable:
            await asyncio.sleep(DATABASE_REST_SECONDS)

    async def _postpone_or_fail(self, stored: InboxUpdate, reference: str) -> None:
        now, last = self._room.clock(), stored.attempts + 1 >= ATTEMPTS_MAX
        async with self._room.store.writing() as session:
            notice = await _notice(session, stored, self._room.settings.default_language, reference if last else None)
            if last:
                await inbox.fail(session, stored.bot_id, stored.update_id, now=now)
            else:
                await inbox.postpone(session, stored.bot_id, stored.update_id, until=now + POSTPONED)
            if notice is not None:
                await outbox.put(session, notice, now=now)
        self._room.wake()


async def _notice(
    session: AsyncSession, stored: InboxUpdate, language: str, reference: str | None
) -> OutboxDraft | None:
    """What the reader hears of a failure: once that it is tried again, once (with a reference) that it failed."""
    message = stored.payload.get("message") or stored.payload.get("edited_message")
    place = message or stored.payload.get("callback_query", {}).get("message")
    if place is None or (stored.attempts and reference is None):
        return None
    chat = await chats.find(session, stored.bot_id, place["chat"]["id"])
    phrases = spoken((chat and chat.language) or language)
    told = words(phrases["failed"].format(reference=reference) if reference else phrases["trying"])
    return OutboxDraft(
        key=f"{'failed' if reference else 'trying'}:{stored.bot_id}:{stored.update_id}",
        bot_id=stored.bot_id,
        chat_id=place["chat"]["id"],
        thread_id=place.get("message_thread_id"),
        reply_to=message["message_id"] if message else None,
        html=told.html,
        plain=told.plain,
        priority=Priority.NOTICE,
    )
