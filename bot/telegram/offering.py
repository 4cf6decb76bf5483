"""Inline queries are answered directly, the newest of each reader; what was typed before it is passed over.

An answer here may be lost: the reader's client asks again at the next letter.
"""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256

import structlog
from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages.inline import Offer, Offered
from bot.telegram.trimming import JSON
from storage.database import DatabaseUnavailable

AT_ONCE_MAX = 16
PAUSE_SECONDS = 0.15  # between letters: who types on is not answered yet
KEPT_SECONDS = 30  # for so long Telegram may show a reader the same again
ID_LETTERS = 32

log = structlog.get_logger(__name__)

OffersOf = Callable[[JSON], Awaitable[Offered | None]]


class Offering:
    """The inline queries being answered. `private` is what the line above the offers hands to /start."""

    def __init__(self, bot: ExtBot[None], offers_of: OffersOf, private: str) -> None:
        self._bot = bot
        self._offers_of = offers_of
        self._private = private
        self._newest: dict[int, str] = {}  # by reader
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, payload: JSON) -> None:
        """Answer the inline query in this update, if it is one."""
        if "inline_query" not in payload or len(self._tasks) >= AT_ONCE_MAX:
            return
        typed = payload["inline_query"]
        self._newest[typed["from"]["id"]] = typed["id"]
        task = asyncio.create_task(self._answer(typed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, typed: JSON) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        reader, name = typed["from"]["id"], typed["id"]
        if self._newest.get(reader) != name:
            return
        try:
            offered = await self._offers_of(typed)
            if offered is not None and self._newest.get(reader) == name:
                await self._tell(name, offered)
        except (TelegramError, DatabaseUnavailable) as error:
            log.debug("inline query not answered", why=type(error).__name__)
        except Exception:  # the top of the query: what the reader typed must not be logged with the error
            log.exception("inline query failed")
        finally:
            if self._newest.get(reader) == name:
                del self._newest[reader]

    async def _tell(self, name: str, offered: Offered) -> None:
        await self._bot.answer_inline_query(
            name,
            [_article(offer) for offer in offered.offers],
            cache_time=KEPT_SECONDS,
            is_personal=True,
            button=InlineQueryResultsButton(offered.note, start_parameter=self._private) if offered.note else None,
        )


def _article(offer: Offer) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        offer.markup.html, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    name = sha256(repr(offer.place).encode()).hexdigest()[:ID_LETTERS]
    return InlineQueryResultArticle(name, offer.title, content, description=offer.description)
