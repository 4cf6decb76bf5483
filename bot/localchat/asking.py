"""The methods that ask: who am I, what is this chat, where is that file, which commands are there."""

from typing import Any

from bot.localchat.bench import Bench, chat_of, user_of, writable_chat
from bot.localchat.given import Given
from bot.localchat.refusal import bad_request
from bot.localchat.rendering import full_chat_object, member_object, user_object
from bot.localchat.world import ChatKind, Standing
from bot.messages.cleaning import is_blank

DOWNLOAD_BYTES_MAX = 20 * 2**20
COMMANDS_MAX = 100
COMMAND_MAX = 32
DESCRIPTION_MAX = 256

JSON = dict[str, Any]


async def get_me(bench: Bench, given: Given) -> JSON:
    return user_object(bench.world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not bench.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_chat(bench: Bench, given: Given) -> JSON:
    return full_chat_object(chat_of(bench, given))


async def get_chat_member(bench: Bench, given: Given) -> JSON:
    chat = writable_chat(bench, given)
    user = user_of(bench, given)
    in_channel = chat.kind is ChatKind.CHANNEL
    return member_object(user, chat.members.get(user.id, Standing.LEFT).value, in_channel=in_channel)


async def get_chat_administrators(bench: Bench, given: Given) -> list[JSON]:
    chat = writable_chat(bench, given)
    if chat.kind is ChatKind.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    leading = (Standing.CREATOR, Standing.ADMINISTRATOR)
    return [
        member_object(bench.world.users[user], standing.value)
        for user, standing in chat.members.items()
        if standing in leading
    ]


async def get_file(bench: Bench, given: Given) -> JSON:
    file = bench.world.files.get(given.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_BYTES_MAX:
        raise bad_request("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": f"{file.kind}s/{file.id}",
    }


async def set_my_commands(bench: Bench, given: Given) -> bool:
    commands = given.structure("commands", "commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON object")
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    bench.world.commands[_scope(given)] = [_command(one) for one in commands]
    bench.world.changed(kind="commands")
    return True


def _command(command: Any) -> dict[str, str]:
    name = str(command.get("command", "")).removeprefix("/") if isinstance(command, dict) else ""
    description = str(command.get("description", "")) if isinstance(command, dict) else ""
    is_name = name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
    if not is_name or len(name) > COMMAND_MAX:
        raise bad_request("BOT_COMMAND_INVALID")
    if is_blank(description) or len(description) > DESCRIPTION_MAX:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


async def get_my_commands(bench: Bench, given: Given) -> list[dict[str, str]]:
    return bench.world.commands.get(_scope(given), [])


def _scope(given: Given) -> str:
    scope = given.structure("scope", "bot command scope") or {}
    kind = scope.get("type", "default") if isinstance(scope, dict) else "default"
    place = f" {scope.get('chat_id', '')} {scope.get('user_id', '')}".rstrip() if isinstance(scope, dict) else ""
    return f"{kind}{place} {given.text('language_code')}".rstrip()
