"""What an update tells of the chat itself: that it is there, that it moved, that the bot was let in or thrown out."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.telegram.trimming import JSON, KINDS_READ
from storage import chats
from storage.values import ChatKind, ChatState

OUTSIDE = {"kicked": ChatState.BLOCKED, "left": ChatState.GONE}


async def note(session: AsyncSession, bot_id: int, payload: JSON, *, now: datetime) -> None:
    """Keep what a trimmed update tells of its chat, in the transaction that stores the update."""
    for name in KINDS_READ:
        if name in payload:
            await _note_chat(session, bot_id, payload[name], now)


async def _note_chat(session: AsyncSession, bot_id: int, part: JSON, now: datetime) -> None:
    chat = part.get("chat") or part.get("message", {}).get("chat")
    if chat is None:
        return
    await chats.seen(session, bot_id, chat["id"], ChatKind(chat["type"]), now=now)
    if "migrate_to_chat_id" in part:
        await chats.moved(session, bot_id, chat["id"], part["migrate_to_chat_id"])
    if "migrate_from_chat_id" in part:
        await chats.moved(session, bot_id, part["migrate_from_chat_id"], chat["id"])
    if "new_chat_member" in part:
        state = OUTSIDE.get(part["new_chat_member"]["status"], ChatState.ACTIVE)
        await chats.set_state(session, bot_id, chat["id"], state, why="my_chat_member")
