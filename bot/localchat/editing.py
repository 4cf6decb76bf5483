"""editMessageText, editMessageReplyMarkup, deleteMessage, answerCallbackQuery, setMessageReaction."""

from typing import Any

from bot.localchat.bench import CALLBACK_SECONDS_MAX, Bench, message_of, writable_chat
from bot.localchat.given import Given
from bot.localchat.keyboards import Keyboard, keyboard_of
from bot.localchat.refusal import bad_request
from bot.localchat.rendering import message_object
from bot.localchat.sending import TEXT_MAX, text_of
from bot.localchat.world import ChatKind, Message

CALLBACK_ANSWER_MAX = 200
DELETABLE_SECONDS = 48 * 3600

#: The free reactions that every chat knows; the full list is the server's and changes.
_REACTIONS = """
👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈
😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
REACTIONS = frozenset(_REACTIONS.split())

JSON = dict[str, Any]

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)


async def edit_message_text(bench: Bench, given: Given) -> JSON:
    content = text_of(given)
    keyboard = keyboard_of(given.structure("reply_markup", "reply keyboard markup"))
    message = _editable(bench, given)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    if len(content.text) > TEXT_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    preview = given.structure("link_preview_options", "link preview options")
    if (message.text, message.entities, message.keyboard, message.preview) == (
        content.text,
        content.entities,
        keyboard,
        preview,
    ):
        raise bad_request(_NOT_MODIFIED)
    message.text, message.entities, message.preview = content.text, content.entities, preview
    return _edited(bench, message, keyboard)


async def edit_message_reply_markup(bench: Bench, given: Given) -> JSON:
    keyboard = keyboard_of(given.structure("reply_markup", "reply keyboard markup"))
    message = _editable(bench, given)
    if message.keyboard == keyboard:
        raise bad_request(_NOT_MODIFIED)
    return _edited(bench, message, keyboard)


def _editable(bench: Bench, given: Given) -> Message:
    if given.has("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = writable_chat(bench, given)
    message = message_of(chat, given, "message to edit not found")
    if message.sender is not bench.world.bot or message.has_reply_keyboard:
        raise bad_request("message can't be edited")
    if bench.pace:
        bench.pace.check(chat, bench.now())
    return message


def _edited(bench: Bench, message: Message, keyboard: Keyboard) -> JSON:
    message.keyboard = keyboard
    message.edited_at = int(bench.world.now())
    bench.world.changed(kind="edit", chat=message.chat.id, message=message.id)
    return message_object(message, bench.world)


async def delete_message(bench: Bench, given: Given) -> bool:
    chat = writable_chat(bench, given)
    message = message_of(chat, given, "message to delete not found")
    own = message.sender is bench.world.bot
    too_old = bench.world.now() - message.date > DELETABLE_SECONDS
    if too_old or not (own or chat.kind is ChatKind.PRIVATE):
        raise bad_request("message can't be deleted for everyone" if too_old else "message can't be deleted")
    message.removed = True
    bench.world.changed(kind="removal", chat=chat.id, message=message.id)
    return True


async def answer_callback_query(bench: Bench, given: Given) -> bool:
    query = bench.queries.get(given.text("callback_query_id"))
    text = given.text("text")
    if len(text) > CALLBACK_ANSWER_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    age = (bench.world.now() - query.pressed_at) * bench.time_scale if query else 0
    if query is None or query.answered or age > CALLBACK_SECONDS_MAX:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    query.answered = True
    bench.world.changed(
        kind="answer",
        chat=query.message.chat.id,
        message=query.message.id,
        query=query.id,
        user=query.user.id,
        text=text,
        alert=given.boolean("show_alert"),
        url=given.text("url"),
    )
    return True


async def set_message_reaction(bench: Bench, given: Given) -> bool:
    chat = writable_chat(bench, given)
    message = message_of(chat, given, "message to react not found")
    reactions = given.structure("reaction", "reaction types") or []
    if not isinstance(reactions, list) or not all(isinstance(one, dict) for one in reactions):
        raise bad_request("can't parse reaction types JSON object")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for one in reactions:
        if one.get("type") != "emoji" or str(one.get("emoji")).replace("\ufe0f", "") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
    message.reactions.pop(bench.world.bot.id, None)
    if reactions:
        message.reactions[bench.world.bot.id] = str(reactions[0]["emoji"])
    bench.world.changed(kind="edit", chat=chat.id, message=message.id)
    return True
