"""A Bot API server on loopback and a chat page: the bot, whole, without a token.

In memory and stand-alone: of ours it imports only the table of what Telegram cleans.
"""

from bot.localchat.faults import Fault
from bot.localchat.local_server import LocalServer
from bot.localchat.pace import Pace
from bot.localchat.serving import create, serve
from bot.localchat.visitors import furnish
from bot.localchat.world import Chat, ChatKind, Message, Standing, User

__all__ = [
    "Chat",
    "ChatKind",
    "Fault",
    "LocalServer",
    "Message",
    "Pace",
    "Standing",
    "User",
    "create",
    "furnish",
    "serve",
]
