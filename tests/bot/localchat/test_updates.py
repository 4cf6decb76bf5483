"""The queue of updates: offsets confirm, polls wait, one poller at a time; and who hears what in a group."""

import asyncio
from typing import Any

import pytest
import telegram

from bot.localchat import LocalServer, Standing, User
from tests.bot.localchat.conftest import Calling

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def texts(call: Calling, **fields: Any) -> list[str]:
    answer = await call("getUpdates", **fields)
    return [update["message"]["text"] for update in answer["result"]]


async def test_updates_stay_until_a_higher_offset_confirms_them(
    call: Calling, local: LocalServer, reader: User
) -> None:
    for words in "abc":
        local.says(reader, reader, words)
    assert await texts(call) == ["a", "b", "c"]
    assert await texts(call, limit=2) == ["a", "b"]
    first = (await call("getUpdates", limit=1))["result"][0]["update_id"]
    assert await texts(call, offset=first + 1) == ["b", "c"]
    assert await texts(call, offset=-1) == ["c"]
    assert await texts(call) == ["c"]
    assert await texts(call, offset=first + 3) == []


async def test_a_poll_waits_for_what_comes(call: Calling, local: LocalServer, reader: User) -> None:
    polling = asyncio.create_task(texts(call, timeout=30))
    await local.until(lambda: local.bench.updates.is_polled)
    local.says(reader, reader, "hello")
    assert await polling == ["hello"]


async def test_a_second_poller_ends_the_first(call: Calling, local: LocalServer) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await local.until(lambda: local.bench.updates.is_polled)
    await call("getUpdates", timeout=0)
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


async def test_some_kinds_come_only_on_request(call: Calling, local: LocalServer, reader: User) -> None:
    message = local.says(reader, reader, "a")
    local.reacts(message, reader, "👍")
    await call("getUpdates", offset=-1, allowed_updates=["message_reaction"])
    local.reacts(message, reader, None)
    local.says(reader, reader, "not asked for")
    kinds = [list(update) for update in (await call("getUpdates"))["result"]]
    assert kinds == [["update_id", "message"], ["update_id", "message_reaction"]]


async def test_waiting_updates_can_be_dropped(call: Calling, local: LocalServer, reader: User) -> None:
    local.says(reader, reader, "a")
    assert (await call("getWebhookInfo"))["result"]["pending_update_count"] == 1
    assert (await call("deleteWebhook", drop_pending_updates=True))["ok"]
    assert (await call("getWebhookInfo"))["result"]["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("hello everybody", False),
        ("/ask who", True),
        ("/ask@briefing_local_bot who", True),
        ("/ask@other_bot who", False),
        ("@briefing_local_bot who", True),
        ("@other_bot who", False),
    ],
)
async def test_privacy_mode_lets_only_some_words_through(
    call: Calling, local: LocalServer, reader: User, words: str, heard: bool
) -> None:
    group = local.add_group("News", reader)
    local.says(group, reader, words)
    assert await texts(call) == ([words] if heard else [])


async def test_replies_to_the_bot_are_heard_and_administrators_hear_all(
    call: Calling, local: LocalServer, reader: User
) -> None:
    group = local.add_group("News", reader)
    await call("sendMessage", chat_id=group.id, text="x")
    local.says(group, reader, "go on", reply_to=local.messages(group)[0])
    local.sets_bot(group, Standing.ADMINISTRATOR, reader)
    local.says(group, reader, "anything")
    updates = (await call("getUpdates"))["result"]
    assert [update.get("message", {}).get("text") for update in updates] == ["go on", None, "anything"]


async def test_every_update_is_one_the_library_understands(bot: telegram.Bot, local: LocalServer, reader: User) -> None:
    friend = local.add_user("Bea", last_name="Byron", username="bea_b")
    forum = local.add_group("News", reader, topics=["One"], bot=Standing.LEFT)
    local.sets_bot(forum, Standing.ADMINISTRATOR, reader)
    thread = list(forum.topics)[1]
    asked = local.says(forum, reader, "/ask 😀 @bea_b", thread)
    local.edits(asked, "/ask again")
    local.joins(forum, friend)
    local.leaves(forum, friend)
    local.forwards(reader, reader, "forwarded words", origin="Somebody")
    for kind in ("document", "photo", "voice", "sticker"):
        local.sends_file(reader, reader, b"content", kind=kind, caption="words")
    local.blocks(reader)
    local.unblocks(reader)
    local.upgrades(local.add_group("Old", reader, supergroup=False))
    sent = await bot.send_message(friend.id, "x", reply_markup=_markup())
    local.presses(local.messages(friend)[0], "Go", friend)

    updates = await bot.get_updates()
    joined, member = updates[0].my_chat_member, updates[1].effective_message
    assert joined
    assert joined.new_chat_member.status == "administrator"
    assert member
    assert member.new_chat_members[0].id == local.bot.id
    question = updates[2].effective_message
    assert question
    assert (question.message_thread_id, question.is_topic_message) == (thread, True)
    assert question.parse_entities() == {question.entities[0]: "/ask", question.entities[1]: "@bea_b"}
    assert updates[3].edited_message is not None
    found = [update.effective_message for update in updates if update.effective_message]
    assert [message.forward_origin.type for message in found if message.forward_origin] == ["hidden_user"]
    attached = [message.effective_attachment for message in found if message.effective_attachment]
    assert len(attached) == 4
    assert any(message.migrate_to_chat_id for message in found)
    assert any(message.migrate_from_chat_id for message in found)
    assert [update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member][1:] == [
        "kicked",
        "member",
    ]
    pressed = updates[-1].callback_query
    assert pressed
    assert (pressed.data, pressed.from_user.id) == ("go", friend.id)
    assert pressed.message
    assert pressed.message.message_id == sent.message_id
    assert not local.calls.of("getUpdates")[0].strange


def _markup() -> telegram.InlineKeyboardMarkup:
    return telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Go", callback_data="go")]])
