"""The world's things as Bot API objects, complete enough for any client library to parse."""

from typing import Any

from bot.localchat.entities import rendered, utf16_length
from bot.localchat.world import Chat, ChatKind, Message, StoredFile, User, World

JSON = dict[str, Any]


def user_object(user: User) -> JSON:
    more = {
        "last_name": user.last_name,
        "username": user.username,
        "language_code": None if user.is_bot else user.language_code,
    }
    return {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name} | _given(more)


def chat_object(chat: Chat) -> JSON:
    if chat.user:
        person = chat.user
        return {"id": chat.id, "type": chat.kind.value, "first_name": person.first_name} | _given(
            {"last_name": person.last_name, "username": person.username}
        )
    more = _given({"username": chat.username, "is_forum": chat.is_forum or None})
    return {"id": chat.id, "type": chat.kind.value, "title": chat.title} | more


def full_chat_object(chat: Chat) -> JSON:
    """What getChat answers."""
    common: JSON = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    if chat.kind is not ChatKind.PRIVATE:
        common["permissions"] = {"can_send_messages": True}
    return chat_object(chat) | common


_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def member_object(user: User, standing: str, *, in_channel: bool = False) -> JSON:
    rights = dict.fromkeys(_ADMINISTRATOR_RIGHTS, False) | {"can_manage_chat": True}
    own: dict[str, JSON] = {
        "creator": {"is_anonymous": False},
        "administrator": rights | {"can_be_edited": False, "is_anonymous": False} | (_POSTING if in_channel else {}),
        "kicked": {"until_date": 0},
    }
    return {"status": standing, "user": user_object(user)} | own.get(standing, {})


_POSTING = {"can_post_messages": True, "can_edit_messages": True}
_ADMINISTRATOR_RIGHTS = (
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def message_object(message: Message, world: World, *, with_reply: bool = True) -> JSON:
    """A Message; the message it answers is included, but not the one before that."""
    chat = message.chat
    in_channel = chat.kind is ChatKind.CHANNEL
    head: JSON = {
        "message_id": message.id,
        **({"sender_chat": chat_object(chat)} if in_channel else {"from": user_object(message.sender)}),
        "chat": chat_object(chat),
        "date": message.date,
    }
    return head | _place(message, world, with_reply) | _content(message, world) | message.more | _keyboard(message)


def _place(message: Message, world: World, with_reply: bool) -> JSON:
    place: JSON = _given({"message_thread_id": message.thread_id, "edit_date": message.edited_at})
    if message.thread_id and message.chat.is_forum:
        place["is_topic_message"] = True
    if with_reply and message.reply_to:
        place["reply_to_message"] = message_object(message.reply_to, world, with_reply=False)
        if message.quote:
            before = message.reply_to.text.partition(message.quote)[0]
            place["quote"] = {"text": message.quote, "position": utf16_length(before), "is_manual": True}
    return place


def _content(message: Message, world: World) -> JSON:
    entities = [_with_user(one, world) for one in rendered(message.text, message.entities)]
    if message.file is None:
        content: JSON = {"text": message.text} if message.text else {}
        name = "entities"
    else:
        content = file_objects(message.file) | ({"caption": message.text} if message.text else {})
        name = "caption_entities"
    content |= {name: entities} if entities else {}
    return content | ({"link_preview_options": message.preview} if message.preview else {})


def _with_user(entity: JSON, world: World) -> JSON:
    if "user_id" not in entity:
        return entity
    user = world.users.get(entity["user_id"]) or User(entity["user_id"], "")
    return {key: value for key, value in entity.items() if key != "user_id"} | {"user": user_object(user)}


def _keyboard(message: Message) -> JSON:
    return {"reply_markup": {"inline_keyboard": message.keyboard}} if message.keyboard else {}


def file_objects(file: StoredFile) -> JSON:
    """The field of a message that carries this file."""
    common: JSON = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}
    match file.kind:
        case "photo":
            return {"photo": [common | {"width": file.width, "height": file.height}]}
        case "voice":
            return {"voice": common | {"duration": 1, "mime_type": file.mime}}
        case "sticker":
            shape = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
            return {"sticker": common | shape}
    return {"document": common | {"file_name": file.name, "mime_type": file.mime}}


def _given(fields: JSON) -> JSON:
    return {key: value for key, value in fields.items() if value is not None}
