"""The world as the chat page sees it: plain values for JSON, entities in UTF-16 units as JavaScript counts."""

from collections import Counter
from typing import Any

from bot.localchat.entities import rendered
from bot.localchat.local_server import LocalServer
from bot.localchat.world import Chat, Message, StoredFile, User

HISTORY_MAX = 100
REPLY_CHARACTERS_MAX = 160

JSON = dict[str, Any]


def state(local: LocalServer) -> JSON:
    """Everything the page needs to draw itself."""
    world = local.world
    return {
        "bot": _person(local.bot),
        "banner": local.banner,
        "hint": local.hint,
        "examples": local.examples,
        "shortcuts": [{"label": label, "says": list(says)} for label, says in local.shortcuts.items()],
        "window": HISTORY_MAX,
        "commands": world.commands,
        "people": [_person(user) for user in world.users.values() if not user.is_bot],
        "chats": [_chat(local, chat) for chat in world.chats.values() if not chat.moved_to],
        "messages": {str(chat.id): history(local, chat) for chat in world.chats.values()},
    }


def history(local: LocalServer, chat: Chat, before: int | None = None, thread: int | None = None) -> list[JSON]:
    """The newest messages (of a topic, older than `before`), oldest first, at most HISTORY_MAX."""
    kept = [one for one in local.messages(chat, thread) if before is None or one.id < before]
    return [message_view(local, one) for one in kept[-HISTORY_MAX:]]


def _person(user: User) -> JSON:
    name = " ".join(filter(None, (user.first_name, user.last_name)))
    return {"id": user.id, "name": name, "username": user.username, "language": user.language_code}


def _chat(local: LocalServer, chat: Chat) -> JSON:
    return {
        "id": chat.id,
        "kind": chat.kind.value,
        "title": chat.title or (_person(chat.user)["name"] if chat.user else ""),
        "started": chat.started and any(not one.removed for one in chat.messages.values()),
        "blocked": chat.blocked,
        "members": [user.id for user in local.world.insiders(chat)],
        "topics": [{"id": topic.id, "name": topic.name, "closed": topic.closed} for topic in chat.topics.values()],
    }


def message_view(local: LocalServer, message: Message) -> JSON:
    """One message, whole."""
    return {
        "id": message.id,
        "chat": message.chat.id,
        "thread": message.thread_id,
        "from": message.sender.id,
        "name": _person(message.sender)["name"],
        "is_bot": message.sender is local.bot,
        "date": message.date,
        "edited": message.edited_at is not None,
        "text": message.text,
        "entities": rendered(message.text, message.entities),
        "keyboard": message.keyboard,
        "reply": _reply(message),
        "file": _file(message.file) if message.file else None,
        "reactions": Counter(message.reactions.values()),
        "reactors": {str(user): emoji for user, emoji in message.reactions.items()},
        "notice": _notice(message),
        "forwarded": (message.more.get("forward_origin") or {}).get("sender_user_name"),
    }


def _reply(message: Message) -> JSON | None:
    answered = message.reply_to
    if answered is None:
        return None
    words = message.quote or answered.text or (answered.file.name if answered.file else "")
    text = "Deleted message" if answered.removed else words[:REPLY_CHARACTERS_MAX]
    return {"id": answered.id, "name": _person(answered.sender)["name"], "text": text, "quoted": bool(message.quote)}


def _file(file: StoredFile) -> JSON:
    return {
        "id": file.id,
        "kind": file.kind,
        "name": file.name,
        "mime": file.mime,
        "size": len(file.content),
        "width": file.width,
        "height": file.height,
    }


def _notice(message: Message) -> str | None:
    joined = message.more.get("new_chat_members")
    if joined:
        return f"{joined[0]['first_name']} joined the group"
    if "left_chat_member" in message.more:
        return f"{message.more['left_chat_member']['first_name']} left the group"
    if "migrate_from_chat_id" in message.more:
        return "This group became a supergroup"
    return None
