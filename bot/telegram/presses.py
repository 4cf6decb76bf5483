"""Button presses are answered the moment they are stored; what they ask for follows in the chat's order.

Telegram calls a press too old within seconds, and a chat's question may take longer. An answer here may be lost.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.telegram.trimming import JSON
from storage.database import DatabaseUnavailable

AT_ONCE_MAX = 32  # presses beyond this go unanswered: the reader's button only blinks for longer

log = structlog.get_logger(__name__)


WordFor = Callable[[JSON], Awaitable[str | None]]


class Presses:
    """The presses being answered. `word_for` gives what a press is told: None where its button works."""

    def __init__(self, bot: ExtBot[None], word_for: WordFor) -> None:
        self._bot = bot
        self._word_for = word_for
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, payload: JSON) -> None:
        """Answer the press in this update, if it is one."""
        if "callback_query" in payload and len(self._tasks) < AT_ONCE_MAX:
            task = asyncio.create_task(self._answer(payload["callback_query"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, press: JSON) -> None:
        try:
            await self._bot.answer_callback_query(press["id"], text=await self._word_for(press))
        except (TelegramError, DatabaseUnavailable) as error:
            log.debug("press not answered", why=type(error).__name__)
