"""python-telegram-bot itself against the server: each method the bot uses, real long polling, each exception class."""

import asyncio
import base64
from contextlib import suppress

import pytest
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.localchat import Fault, LocalServer, Pace, User, serve
from tests.bot.localchat.conftest import requests

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),
]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_conversation_by_long_polling(local: LocalServer, reader: User) -> None:
    async def greet(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        button = telegram.InlineKeyboardButton("More", callback_data="more")
        message = update.effective_message
        assert message
        await message.reply_html(
            "<b>You said</b> <blockquote expandable>…</blockquote>",
            do_quote=True,
            reply_markup=telegram.InlineKeyboardMarkup([[button]]),
        )

    async def press(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query
        await query.answer("Here")
        await query.edit_message_text("More of it")

    application = (
        ApplicationBuilder().token(local.token).base_url(f"{local.url}/bot").base_file_url(f"{local.url}/file/bot")
    ).build()
    application.add_handlers([MessageHandler(filters.TEXT, greet), CallbackQueryHandler(press)])
    async with application:
        assert application.updater
        await application.updater.start_polling()
        await application.start()
        asked = local.says(reader, reader, "hello")
        answer = await local.answer_to(reader, asked)
        assert answer.spans("expandable_blockquote") == ["…"]
        assert answer.reply_to is asked
        local.presses(answer, "More")
        await local.until(lambda: answer.text == "More of it")
        await application.updater.stop()
        await application.stop()
    assert all(not one.strange for one in local.calls)


async def test_every_method_is_understood_by_the_library(bot: telegram.Bot, local: LocalServer, reader: User) -> None:
    me = await bot.get_me()
    assert (me.username, me.can_read_all_group_messages) == ("briefing_local_bot", False)
    chat = await bot.get_chat(reader.id)
    assert (chat.first_name, chat.type) == ("Ada", "private")
    group = local.add_group("News", reader)
    assert (await bot.get_chat(group.id)).title == "News"
    assert (await bot.get_chat_member(group.id, reader.id)).status == "creator"
    assert (await bot.get_chat_member(group.id, me.id)).status == "member"
    assert [member.user.id for member in await bot.get_chat_administrators(group.id)] == [reader.id]
    commands = [telegram.BotCommand("start", "begin")]
    await bot.set_my_commands(commands, scope=telegram.BotCommandScopeAllPrivateChats(), language_code="ar")
    kept = await bot.get_my_commands(scope=telegram.BotCommandScopeAllPrivateChats(), language_code="ar")
    assert list(kept) == commands
    assert await bot.get_my_commands() == ()
    assert await bot.send_chat_action(reader.id, "typing")
    message = await bot.send_message(reader.id, '<tg-time unix="1" format="D">1970</tg-time>', parse_mode="HTML")
    assert message.entities[0].unix_time
    assert await bot.set_message_reaction(reader.id, message.message_id, "👍")
    assert local.messages(reader)[0].reactions == {me.id: "👍"}
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Go", url="https://example.org")]])
    edited = await bot.edit_message_reply_markup(reader.id, message.message_id, reply_markup=keyboard)
    assert isinstance(edited, telegram.Message)
    assert edited.reply_markup
    assert await bot.delete_message(reader.id, message.message_id)
    assert local.messages(reader) == []
    assert (await bot.get_webhook_info()).url == ""
    assert all(not one.strange for one in local.calls)


async def test_files_go_up_and_come_down(bot: telegram.Bot, local: LocalServer, reader: User) -> None:
    sent = await bot.send_document(reader.id, b"the words", filename="quote.txt", caption="<i>c</i>", parse_mode="HTML")
    assert sent.document
    assert (sent.document.file_name, sent.caption_entities[0].type) == ("quote.txt", "italic")
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"the words"
    again = await bot.send_document(reader.id, sent.document.file_id)
    assert again.document
    assert again.document.file_id == sent.document.file_id
    photo = await bot.send_photo(reader.id, PIXEL)
    assert (photo.photo[0].width, photo.photo[0].height) == (1, 1)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(reader.id, b"no picture")
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(reader.id, b"")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(reader.id, b"x", caption="x" * 1025)
    assert [message.file is not None for message in local.messages(reader)] == [True, True, True]


async def test_a_wrong_token_is_an_invalid_token(local: LocalServer) -> None:
    with pytest.raises(InvalidToken):
        async with telegram.Bot("1:wrong", base_url=f"{local.url}/bot"):
            pass


async def test_two_pollers_conflict(local: LocalServer, bot: telegram.Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await local.until(lambda: local.bench.updates.is_polled)
    async with telegram.Bot(local.token, base_url=f"{local.url}/bot", request=requests()) as second:
        await second.get_updates(timeout=0)
    with pytest.raises(Conflict):
        await first


async def test_an_upgraded_group_is_a_migration(local: LocalServer, bot: telegram.Bot, reader: User) -> None:
    group = local.add_group("News", reader, supergroup=False)
    new = local.upgrades(group, tell=False)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == new.id


@pytest.mark.parametrize(
    ("fault", "error", "executed"),
    [
        (Fault.TOO_MANY, RetryAfter, False),
        (Fault.FORBIDDEN, Forbidden, False),
        (Fault.BAD_REQUEST, BadRequest, False),
        (Fault.BAD_GATEWAY, NetworkError, False),
        (Fault.DROP_BEFORE, NetworkError, False),
        (Fault.DROP_AFTER, NetworkError, True),
    ],
)
async def test_each_fault_is_an_exception_of_the_library(
    local: LocalServer, bot: telegram.Bot, reader: User, fault: Fault, error: type[Exception], executed: bool
) -> None:
    local.faults.order(fault, "sendMessage", retry_after=7)
    with pytest.raises(error):
        await bot.send_message(reader.id, "x")
    (call,) = local.calls.of("sendMessage")
    assert (call.fault, call.executed, len(local.messages(reader))) == (fault.value, executed, int(executed))
    await bot.send_message(reader.id, "and on")
    assert local.messages(reader)[-1].text == "and on"


async def test_a_hanging_call_times_out(local: LocalServer, reader: User) -> None:
    local.faults.order(Fault.HANG, "sendMessage")
    async with telegram.Bot(local.token, base_url=f"{local.url}/bot", request=requests(read_timeout=0.2)) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(reader.id, "x")
    assert local.messages(reader) == []


async def test_an_order_has_its_own_words_and_ends(local: LocalServer, bot: telegram.Bot, reader: User) -> None:
    local.faults.order(Fault.BAD_REQUEST, times=2, description="Bad Request: TOPIC_CLOSED")
    for _ in range(2):
        with pytest.raises(BadRequest, match="Topic_closed"):
            await bot.send_message(reader.id, "x")
    await bot.send_message(reader.id, "x")


async def test_a_mix_of_faults_is_the_same_for_the_same_seed(local: LocalServer, bot: telegram.Bot) -> None:
    rounds: list[list[str]] = []
    for reader in (local.add_user(), local.add_user()):
        local.faults.mix({Fault.TOO_MANY: 0.3, Fault.DROP_AFTER: 0.3}, seed=5, methods=["sendMessage"], retry_after=3)
        before = len(local.calls)
        for _ in range(12):
            with suppress(NetworkError, RetryAfter):
                await bot.send_message(reader.id, "x")
        rounds.append([call.fault or "" for call in list(local.calls)[before:]])
    assert rounds[0] == rounds[1]
    assert set(rounds[0]) == {"too_many", "drop_after", ""}
    assert all("retry after 3" in call.description for call in local.calls if call.fault == "too_many")
    local.faults.clear()
    assert (await bot.send_message(reader.id, "x")).text == "x"


async def test_pace_is_limited_and_impatience_punished() -> None:
    async with serve(pace=Pace(chat_burst=2, group_per_minute=3), now=lambda: 1000.0) as local:
        reader, other = local.add_user(), local.add_user()
        group = local.add_group("News", reader)
        async with telegram.Bot(local.token, base_url=f"{local.url}/bot", request=requests()) as bot:
            for _ in range(2):
                await bot.send_message(reader.id, "x")
            waits = []
            for _ in range(3):
                with pytest.raises(RetryAfter) as refusal:
                    await bot.send_message(reader.id, "x")
                waits.append(refusal.value.retry_after)
            assert waits == [1, 2, 3]
            await bot.send_message(other.id, "another chat is free")
            for _ in range(3):
                await bot.send_message(group.id, "x")
            with pytest.raises(RetryAfter) as refusal:
                await bot.send_message(group.id, "x")
            assert refusal.value.retry_after == 20


async def test_the_log_never_holds_the_token(local: LocalServer, bot: telegram.Bot, reader: User) -> None:
    await bot.send_message(reader.id, "x")
    assert len(local.calls) == 2
    assert all(local.token not in repr(call) for call in local.calls)
