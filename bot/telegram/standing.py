"""Who leads a chat: asked of Telegram at the moment it matters, and never kept."""

import structlog
from telegram import ChatMember, ChatMemberAdministrator
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot

LEADING = {ChatMember.OWNER, ChatMember.ADMINISTRATOR}

log = structlog.get_logger(__name__)


async def channel(bot: ExtBot[None], name: str, user_id: int) -> int | None:
    """The channel of this name or number, where this person leads it and the bot may post; None for any other."""
    try:
        chat = await bot.get_chat(name)
        if chat.type != ChatType.CHANNEL or not await leads(bot, chat.id, user_id):
            return None
        own = await bot.get_chat_member(chat.id, bot.id)
    except TelegramError as error:
        log.info("channel not known", why=type(error).__name__)
        return None
    return chat.id if isinstance(own, ChatMemberAdministrator) and own.can_post_messages else None


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
