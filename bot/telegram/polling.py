"""Long polling that is started again whenever it dies, and says so.

The library's own loop retries network errors; it ends for good on a rejected token or a defect, and then still
calls itself running. Each life here is a new `Updater`; what was not confirmed comes again, and the inbox knows it.
"""

import asyncio
import contextlib
from datetime import timedelta

import structlog
from telegram._utils.types import JSONDict
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import ExtBot, Updater
from telegram.request import HTTPXRequest

from bot.telegram.inbox import InboxQueue
from bot.telegram.trimming import KINDS_READ, trimmed

POLL = timedelta(seconds=25)
RESTART_SECONDS = 1.0
TOKEN_SECONDS = 30.0
STOP_SECONDS = 2.0
TASK = "Updater:start_polling:polling_task"  # the library's name for it; it gives no other way to see it end

log = structlog.get_logger(__name__)


class TrimmedRequest(HTTPXRequest):
    """Updates reach the library trimmed.

    One update it could not read would otherwise be logged word for word and asked for again without a pause, for a
    day; what is trimmed it can read.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [trimmed(update) for update in answer["result"] if isinstance(update, dict)]
        return answer


async def live(bot: ExtBot[None], queue: InboxQueue) -> None:
    """Poll until polling dies or this is cancelled; then what was stored is confirmed."""
    updater = Updater(bot, queue)
    await updater.initialize()
    try:
        polling = await _started(updater)
        await asyncio.wait({polling})
        if not polling.cancelled():
            polling.result()
    except InvalidToken:
        log.error("polling: Telegram rejects the token", remedy="check TELEGRAM_BOT_TOKEN")
        await asyncio.sleep(TOKEN_SECONDS)
    finally:
        await _stop(updater)


async def _started(updater: Updater) -> asyncio.Task[None]:
    """The task that polls; `running` stays true when it has died."""
    others = asyncio.all_tasks()
    await updater.start_polling(
        timeout=POLL,
        bootstrap_retries=-1,
        allowed_updates=KINDS_READ,
        drop_pending_updates=False,
        error_callback=_say,
    )
    return next(task for task in asyncio.all_tasks() - others if task.get_name() == TASK)


async def _stop(updater: Updater) -> None:
    if updater.running:
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await updater.stop()


def _say(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("polling: another process polls with this token", remedy="stop one of the two")
    else:
        log.warning("polling: Telegram cannot be reached", why=type(error).__name__)
