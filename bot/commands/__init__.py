"""What a reader can say: a file for each noun, registered here in the order in which they are tried."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.commands import (
    alerts,
    briefing,
    buttons,
    changes,
    feeding,
    following,
    groups,
    operators,
    others,
    outlets,
    privacy,
    questions,
    said,
    start,
    subscriptions,
)
from bot.commands.bounds import paced
from bot.commands.buttons import word_for
from bot.commands.inline import PRIVATE, Offers
from bot.commands.menu import publish
from bot.telegram.context import App, Context

__all__ = ["PRIVATE", "Offers", "publish", "register", "word_for"]

SAID = filters.UpdateType.MESSAGE
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]
COMMANDS: dict[str, Callback] = {
    "start": start.start,
    "help": others.help_,
    "ask": questions.said,
    "said": said.said,
    "briefing": briefing.briefing,
    "subscribe": subscriptions.subscribe,
    "unsubscribe": subscriptions.unsubscribe,
    "pause": subscriptions.pause,
    "resume": subscriptions.resume,
    "timezone": subscriptions.timezone,
    "settings": subscriptions.settings,
    "follow": following.follow,
    "unfollow": following.unfollow,
    "topics": following.listed,
    "mute": following.mute,
    "changes": changes.changes,
    "alerts": alerts.alerts,
    "latest": outlets.latest,
    "outlets": outlets.outlets,
    "sources": outlets.outlets,
    "privacy": privacy.privacy,
    "export": privacy.export,
    "forget": privacy.forget,
    "feeds": feeding.feeds,
    "add": feeding.add,
    "stats": operators.stats,
    "allow": operators.allow,
}


def register(app: App) -> None:
    """Give the application its callbacks."""
    app.add_handler(CallbackQueryHandler(paced(buttons.pressed)))
    app.add_handler(ChatMemberHandler(groups.joined, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, questions.edited))
    for name, callback in COMMANDS.items():
        app.add_handler(CommandHandler(name, paced(callback), filters=SAID))
    app.add_handler(MessageHandler(SAID & filters.COMMAND, others.unknown))
    app.add_handler(MessageHandler(SAID & filters.TEXT, questions.said))
    app.add_handler(MessageHandler(SAID & ~filters.StatusUpdate.ALL, others.no_text))
