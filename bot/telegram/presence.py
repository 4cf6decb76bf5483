"""The sign that an answer is being looked for, where that takes longer than a moment. It may be lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ExtBot

AFTER_SECONDS = 0.7  # most answers are there by then, and a sign would only cost another call
AGAIN_SECONDS = 4.0  # Telegram shows it for five

log = structlog.get_logger(__name__)


@asynccontextmanager
async def typing(
    bot: ExtBot[None], chat_id: int, thread_id: int | None = None, *, after: float = AFTER_SECONDS
) -> AsyncIterator[None]:
    """During the block, from `after` seconds on, the chat is shown that the bot is typing."""
    showing = asyncio.create_task(_show(bot, chat_id, thread_id, after))
    try:
        yield
    finally:
        showing.cancel()


async def _show(bot: ExtBot[None], chat_id: int, thread_id: int | None, after: float) -> None:
    await asyncio.sleep(after)
    while True:
        try:
            await bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=thread_id)
        except TelegramError as error:
            log.debug("not shown as typing", why=type(error).__name__)
            return
        await asyncio.sleep(AGAIN_SECONDS)
