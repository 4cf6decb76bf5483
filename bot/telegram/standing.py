"""Who leads a chat: asked of Telegram at the moment it matters, and never kept."""

import structlog
from telegram import ChatMember
from telegram.error import TelegramError
from telegram.ext import ExtBot

LEADING = {ChatMember.OWNER, ChatMember.ADMINISTRATOR}

log = structlog.get_logger(__name__)


async def leads(bot: ExtBot[None], chat_id: int, user_id: int) -> bool:
    """Whether this person leads the chat; also where it writes as the chat itself, as anonymous admins do.

    Where Telegram does not say, nobody does.
    """
    if user_id == chat_id:
        return True
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except TelegramError as error:
        log.info("standing not known", why=type(error).__name__)
        return False
    return member.status in LEADING
