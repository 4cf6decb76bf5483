"""Which commands there are, and how Telegram's clients list them for each kind of chat."""

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.messages.phrases import spoken
from bot.telegram.context import App

ORDERS = (
    "briefing",
    "subscribe",
    "follow",
    "topics",
    "alerts",
    "settings",
    "timezone",
    "pause",
    "resume",
    "unfollow",
    "mute",
    "unsubscribe",
)
COMMANDS = ("ask", "said", *ORDERS, "latest", "changes", "outlets", "privacy", "export", "forget", "help", "start")
OPERATOR_COMMANDS = ("feeds", "add", "stats", "allow")
GROUP_COMMANDS = ("ask", "said", *ORDERS, "latest", "changes", "outlets", "privacy", "help")

log = structlog.get_logger(__name__)


async def publish(app: App) -> None:
    """Tell Telegram the commands, by scope; without them the bot works all the same."""
    scopes: list[tuple[BotCommandScope, tuple[str, ...]]] = [
        (BotCommandScopeDefault(), COMMANDS),
        (BotCommandScopeAllGroupChats(), GROUP_COMMANDS),
        *((BotCommandScopeChat(id_), COMMANDS + OPERATOR_COMMANDS) for id_ in app.bot_data.settings.admin_ids),
    ]
    phrases = spoken(app.bot_data.settings.default_language)
    for scope, names in scopes:
        try:
            await app.bot.set_my_commands([BotCommand(name, phrases[f"does_{name}"]) for name in names], scope)
        except TelegramError as error:  # an older server, or an operator who never spoke to the bot
            log.info("commands not listed", scope=scope.type, why=type(error).__name__)
