"""What is asked is answered, whatever Telegram and the network do on the way."""

from pathlib import Path
from typing import Any

import pytest

from bot.localchat import Fault, LocalServer, Standing
from storage import chats, outbox, paces
from storage.values import ChatState, Grant, MessageKind, OutboxDraft
from tests.build import NOON
from tests.flows.conftest import Clock, Newsroom, Reader, bot_at


async def owed(newsroom: Newsroom, chat_id: int, key: str, **more: Any) -> None:
    """Owe a message to a chat, as any decision of the bot would."""
    words: dict[str, Any] = {"html": "Velm", "plain": "Velm", **more}
    draft = OutboxDraft(key=key, bot_id=newsroom.room.bot_id, chat_id=chat_id, **words)
    async with newsroom.room.store.writing() as session:
        await outbox.put(session, draft, now=newsroom.room.clock())
    newsroom.room.wake()


async def state_of(newsroom: Newsroom, reader: Reader) -> ChatState | None:
    async with newsroom.room.store.reading() as session:
        chat = await chats.find(session, newsroom.room.bot_id, reader.chat.id)
    return chat.state if chat else None


async def test_a_message_is_answered(reader: Reader) -> None:
    await reader.says("hello")
    assert reader.seen


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.DROP_BEFORE])
async def test_a_send_that_failed_on_the_way_is_sent_once(fault: Fault, reader: Reader, server: LocalServer) -> None:
    server.faults.order(fault, "sendMessage", times=2)
    await reader.says("hello")
    await eventually(reader, server, 1)
    assert len(server.calls.executed("sendMessage")) == 1


async def test_a_send_whose_answer_was_lost_is_repeated(reader: Reader, server: LocalServer) -> None:
    server.faults.order(Fault.DROP_AFTER, "sendMessage")
    await reader.says("hello")
    await eventually(reader, server, 2)
    assert len(server.calls.executed("sendMessage")) == 2


async def eventually(reader: Reader, server: LocalServer, count: int) -> None:
    await server.until(lambda: len(reader.messages) >= count)


async def test_a_429_holds_its_chat_for_as_long_as_it_says_and_no_other(
    reader: Reader, another_reader: Reader, newsroom: Newsroom, server: LocalServer, clock: Clock
) -> None:
    server.faults.order(Fault.TOO_MANY, "sendMessage", retry_after=600)
    await reader.says("hello")
    assert not reader.messages
    await another_reader.says("hello")
    assert another_reader.seen
    clock.passes(seconds=500)
    await newsroom.done()
    assert not reader.messages
    clock.passes(seconds=101)
    newsroom.room.wake()
    await eventually(reader, server, 1)


async def test_a_second_chat_refused_while_the_first_waits_holds_the_bot(
    reader: Reader, another_reader: Reader, newsroom: Newsroom, server: LocalServer, clock: Clock
) -> None:
    server.faults.order(Fault.TOO_MANY, "sendMessage", times=2, retry_after=600)
    await reader.says("hello")
    await another_reader.says("hello")
    third = Reader(newsroom, server.add_user("Ines"))
    await owed(newsroom, third.chat.id, "held")
    async with newsroom.room.store.reading() as session:
        assert await paces.waits_until(session, newsroom.room.bot_id) is not None
    assert not third.messages
    clock.passes(seconds=601)
    newsroom.room.wake()
    await server.until(lambda: reader.messages and another_reader.messages and third.messages)


async def test_a_blocked_chat_rests_and_wakes(reader: Reader, newsroom: Newsroom, server: LocalServer) -> None:
    await reader.says("hello")
    server.blocks(reader.user)
    await newsroom.done()
    assert await state_of(newsroom, reader) is ChatState.BLOCKED
    server.unblocks(reader.user)
    await newsroom.done()
    assert await state_of(newsroom, reader) is ChatState.ACTIVE


async def test_a_refusal_tells_of_a_block_too(reader: Reader, newsroom: Newsroom, server: LocalServer) -> None:
    server.faults.order(Fault.FORBIDDEN, "sendMessage")
    await reader.says("hello")
    assert await state_of(newsroom, reader) is ChatState.BLOCKED
    await reader.says("hello again")
    assert reader.seen


@pytest.mark.parametrize("told", [True, False])
async def test_what_is_owed_to_a_group_follows_it_when_it_is_upgraded(
    told: bool, reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    group = server.add_group("Velm readers", reader.user, supergroup=False)
    member = Reader(newsroom, reader.user, group)
    await member.says("/start")
    new = server.upgrades(group, tell=told)
    await newsroom.done()
    await owed(newsroom, group.id, "after-upgrade")
    await server.until(lambda: [message.text for message in server.from_bot(new)] == ["Velm"])


async def test_a_closed_topic_sends_its_messages_to_the_general_one(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    forum = server.add_group("Velm readers", reader.user, topics=("Bridge",))
    topic = max(forum.topics)
    server.closes_topic(forum, topic)
    await owed(newsroom, forum.id, "to-topic", thread_id=topic)
    await newsroom.done()
    assert [(message.text, message.thread_id) for message in server.from_bot(forum)] == [("Velm", None)]


async def test_operators_are_told_once_of_a_closed_topic(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    operator = Reader(newsroom, server.add_user("Ines"))
    async with newsroom.room.store.writing() as session:
        await chats.give(session, newsroom.room.bot_id, operator.user.id, Grant.OPERATOR, now=NOON)
    forum = server.add_group("Velm readers", reader.user, topics=("Bridge",))
    topic = max(forum.topics)
    server.closes_topic(forum, topic)
    for key in ("first", "second"):
        await owed(newsroom, forum.id, key, thread_id=topic)
        await newsroom.done()
    assert [message.text for message in operator.messages] == [
        f"Topic {topic} of group {forum.id} is closed or deleted. "
        "What I had to say there went to the group's general topic."
    ]


async def test_the_general_topic_is_named_by_no_thread(reader: Reader, newsroom: Newsroom, server: LocalServer) -> None:
    forum = server.add_group("Velm readers", reader.user, topics=("Bridge",))
    await owed(newsroom, forum.id, "to-general", thread_id=1)
    await newsroom.done()
    assert len(server.from_bot(forum)) == 1
    assert not [call for call in server.calls.of("sendMessage") if call.status != 200]


@pytest.mark.parametrize(
    ("html", "plain"),
    [("<b>Velm", "Velm"), ("x" * 5_000, "Velm"), ("<blockquote>a</b>", "a < b & c")],
)
async def test_what_telegram_cannot_read_goes_out_as_plain_text(
    html: str, plain: str, reader: Reader, newsroom: Newsroom
) -> None:
    await owed(newsroom, reader.chat.id, "broken", html=html, plain=plain)
    await newsroom.done()
    assert [message.text for message in reader.messages] == [plain]
    async with newsroom.room.store.reading() as session:
        kept = await outbox.find(session, "broken")
    assert kept is not None
    assert kept.error, "what Telegram refused can be counted"


async def test_operators_see_how_many_messages_went_out_plainer(reader: Reader, newsroom: Newsroom) -> None:
    async with newsroom.room.store.writing() as session:
        await chats.give(session, newsroom.room.bot_id, reader.user.id, Grant.OPERATOR, now=NOON)
    await owed(newsroom, reader.chat.id, "unreadable", html="<b>Velm", plain="Velm")
    await newsroom.done()
    await reader.says("/stats")
    assert reader.sees("Refused by Telegram and sent plainer: 1 message")


async def test_what_is_too_long_for_any_message_goes_out_as_a_file(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await owed(newsroom, reader.chat.id, "long", html="x" * 9_000, plain="x" * 9_000)
    await newsroom.done()
    assert reader.messages[-1].file is not None
    assert reader.messages[-1].file.content == b"x" * 9_000


async def test_a_button_telegram_refuses_does_not_cost_the_message(reader: Reader, newsroom: Newsroom) -> None:
    await owed(newsroom, reader.chat.id, "button", buttons=(({"text": "Go", "url": "http://localhost/"},),))
    await newsroom.done()
    assert [message.text for message in reader.messages] == ["Velm"]


async def test_an_edit_that_changes_nothing_has_succeeded(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await owed(newsroom, reader.chat.id, "first")
    await newsroom.done()
    await owed(newsroom, reader.chat.id, "same", kind=MessageKind.EDIT, message_id=reader.messages[0].id)
    await newsroom.done()
    assert len(server.calls.of("editMessageText")) == 1
    words = {"html": "Ostra", "plain": "Ostra"}
    await owed(newsroom, reader.chat.id, "other", kind=MessageKind.EDIT, edits="same", **words)
    await newsroom.done()
    assert [message.text for message in reader.messages] == ["Ostra"]


async def test_an_edit_of_a_message_that_is_gone_is_sent_anew(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await owed(newsroom, reader.chat.id, "first")
    await newsroom.done()
    server.removes(reader.messages[0])
    words = {"html": "Ostra", "plain": "Ostra"}
    await owed(newsroom, reader.chat.id, "edit", kind=MessageKind.EDIT, edits="first", **words)
    await newsroom.done()
    assert [message.text for message in reader.messages] == ["Ostra"]


async def test_a_chats_messages_keep_their_order_through_a_failure(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    server.faults.order(Fault.BAD_GATEWAY, "sendMessage")
    for number in range(4):
        await owed(newsroom, reader.chat.id, f"part-{number}", html=str(number), plain=str(number))
    await eventually(reader, server, 4)
    assert [message.text for message in reader.messages] == ["0", "1", "2", "3"]


async def test_a_bot_started_again_delivers_what_was_owed(server: LocalServer, tmp_path: Path, clock: Clock) -> None:
    ada = server.add_user("Ada")
    server.faults.order(Fault.BAD_GATEWAY, "sendMessage", times=1_000)
    async with bot_at(server, tmp_path, clock):
        server.says(ada, ada, "hello")
        await server.until(lambda: server.calls.of("sendMessage"))
    server.faults.clear()
    async with bot_at(server, tmp_path, clock):
        await server.until(lambda: server.from_bot(ada))


async def test_a_bot_thrown_out_and_let_in_again_knows(reader: Reader, newsroom: Newsroom, server: LocalServer) -> None:
    group = server.add_group("Velm readers", reader.user)
    member = Reader(newsroom, reader.user, group)
    server.sets_bot(group, Standing.KICKED, reader.user)
    await newsroom.done()
    assert await state_of(newsroom, member) is ChatState.BLOCKED
    server.sets_bot(group, Standing.MEMBER, reader.user)
    await newsroom.done()
    assert await state_of(newsroom, member) is ChatState.ACTIVE
