"""Every call that Telegram would refuse is refused over HTTP, with Telegram's status and words."""

from typing import Any

import pytest

from bot.localchat import Chat, LocalServer, Standing, User
from tests.bot.localchat.conftest import Calling

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def keys(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def key(**more: Any) -> dict[str, Any]:
    return {"text": "x", **more}


def refused(answer: dict[str, Any], words: str, code: int = 400) -> bool:
    return not answer["ok"] and answer["error_code"] == code and answer["description"] == words


async def described(call: Calling, method: str, **fields: Any) -> str:
    answer = await call(method, **fields)
    assert not answer["ok"], answer
    assert answer["error_code"] == 400
    return str(answer["description"]).removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200f"}, "message must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 4097}, "message is too long"),
        ({"text": "é" * 16_385, "parse_mode": "HTML"}, "text is too long"),
        ({"text": "<x>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": keys([key(callback_data="")])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keys([key(callback_data="é" * 33)])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keys([key(copy_text={"text": "x" * 257})])}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "reply_markup": keys([key(copy_text={"text": ""})])}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "x", "reply_markup": keys([key(url="http://localhost/a")])},
            "inline keyboard button URL 'http://localhost/a' is invalid: Wrong HTTP URL",
        ),
        ({"text": "x", "reply_markup": keys([key(url="")])}, "BUTTON_URL_INVALID"),
        (
            {"text": "x", "reply_markup": keys([key()])},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "x", "reply_markup": keys([{"text": " ", "callback_data": "1"}])}, "BUTTON_TEXT_INVALID"),
        ({"text": "x", "reply_markup": keys([key(callback_data="1")] * 9)}, "reply markup is too long"),
        ({"text": "x", "reply_markup": keys(*[[key(callback_data="1")]] * 101)}, "reply markup is too long"),
        ({"text": "x", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 1}, "message thread not found"),
        ({"text": "x", "message_thread_id": 77}, "message thread not found"),
    ],
)
async def test_a_message_is_refused(
    call: Calling, local: LocalServer, reader: User, fields: dict[str, Any], words: str
) -> None:
    assert await described(call, "sendMessage", chat_id=reader.id, **fields) == words
    assert local.messages(reader) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x" * 4096},
        {"text": "<b>" + "😀" * 4096 + "</b>", "parse_mode": "HTML"},
        {"text": "x", "reply_markup": keys([key(callback_data="é" * 32)])},
        {"text": "x", "reply_markup": keys([key(copy_text={"text": "x" * 256})])},
        {"text": "x", "reply_markup": keys(*[[key(callback_data="1")] * 5] * 20)},
        {"text": "x", "reply_markup": keys([key(url="http://127.0.0.1:8080/a")])},
        {"text": "x", "reply_parameters": {"message_id": 1, "allow_sending_without_reply": True}},
    ],
)
async def test_what_just_fits_is_sent(call: Calling, reader: User, fields: dict[str, Any]) -> None:
    assert (await call("sendMessage", chat_id=reader.id, **fields))["ok"]


@pytest.mark.parametrize("chat_id", [424242, "@nobody", "x", -100])
async def test_an_unknown_chat_is_not_found(call: Calling, chat_id: int | str) -> None:
    assert await described(call, "sendMessage", chat_id=chat_id, text="x") == "chat not found"


async def test_a_chat_must_be_named(call: Calling) -> None:
    assert await described(call, "sendMessage", text="x") == "chat_id is empty"


async def test_a_person_who_never_wrote_is_not_found(call: Calling, local: LocalServer) -> None:
    stranger = local.add_user("Bea", started=False)
    assert await described(call, "sendMessage", chat_id=stranger.id, text="x") == "chat not found"
    local.says(stranger, stranger, "/start")
    assert (await call("sendMessage", chat_id=stranger.id, text="x"))["ok"]


async def test_a_quote_must_stand_in_the_message(call: Calling, local: LocalServer, reader: User) -> None:
    asked = local.says(reader, reader, "What did Byron say?")
    reply = {"message_id": asked.id, "allow_sending_without_reply": True}
    answer = await described(
        call, "sendMessage", chat_id=reader.id, text="x", reply_parameters=reply | {"quote": "byron"}
    )
    assert answer == "QUOTE_TEXT_INVALID"
    sent = await call("sendMessage", chat_id=reader.id, text="x", reply_parameters=reply | {"quote": "Byron"})
    assert sent["result"]["quote"]["text"] == "Byron"


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("editMessageText", "message to edit not found"),
        ("editMessageReplyMarkup", "message to edit not found"),
        ("deleteMessage", "message to delete not found"),
        ("setMessageReaction", "message to react not found"),
    ],
)
async def test_an_unknown_message_is_not_found(call: Calling, reader: User, method: str, words: str) -> None:
    assert await described(call, method, chat_id=reader.id, message_id=5, text="x", reaction=[]) == words
    missing = await described(call, method, chat_id=reader.id, text="x", reaction=[])
    assert missing == "message identifier is not specified"


async def test_edits_are_refused(call: Calling, local: LocalServer, reader: User) -> None:
    sent = (await call("sendMessage", chat_id=reader.id, text="<b>a</b>", parse_mode="HTML"))["result"]["message_id"]
    at = {"chat_id": reader.id, "message_id": sent}
    assert await described(call, "editMessageText", **at, text="<i></i><b>a</b> ", parse_mode="HTML") == NOT_MODIFIED
    assert await described(call, "editMessageText", **at, text="x" * 4097) == "MESSAGE_TOO_LONG"
    assert await described(call, "editMessageReplyMarkup", **at) == NOT_MODIFIED
    assert (await call("editMessageText", **at, text="a"))["ok"]
    own = local.says(reader, reader, "mine")
    assert await described(call, "editMessageText", chat_id=reader.id, message_id=own.id, text="x") == (
        "message can't be edited"
    )
    document = (await call("sendMessage", chat_id=reader.id, text="x", reply_markup={"force_reply": True}))["result"]
    at["message_id"] = document["message_id"]
    assert await described(call, "editMessageText", **at, text="y") == "message can't be edited"


async def test_an_edit_without_a_keyboard_takes_it_away(call: Calling, local: LocalServer, reader: User) -> None:
    await call("sendMessage", chat_id=reader.id, text="a", reply_markup=keys([key(callback_data="1")]))
    (message,) = local.messages(reader)
    assert message.buttons
    await call("editMessageText", chat_id=reader.id, message_id=message.id, text="b")
    assert (message.text, message.buttons) == ("b", [])


async def test_callback_answers_are_refused(call: Calling, local: LocalServer, reader: User) -> None:
    await call("sendMessage", chat_id=reader.id, text="a", reply_markup=keys([key(callback_data="1")]))
    (message,) = local.messages(reader)
    query = local.presses(message, "x")
    assert await described(call, "answerCallbackQuery", callback_query_id=query, text="x" * 201) == "MESSAGE_TOO_LONG"
    assert (await call("answerCallbackQuery", callback_query_id=query, text="x" * 200))["ok"]
    assert await described(call, "answerCallbackQuery", callback_query_id=query) == TOO_OLD
    assert await described(call, "answerCallbackQuery", callback_query_id="5") == TOO_OLD
    late = local.presses(message, 0)
    local.expires_queries()
    assert await described(call, "answerCallbackQuery", callback_query_id=late) == TOO_OLD


async def test_a_blocking_a_kicking_and_a_deleted_reader(call: Calling, local: LocalServer, reader: User) -> None:
    local.blocks(reader)
    answer = await call("sendMessage", chat_id=reader.id, text="x")
    assert refused(answer, "Forbidden: bot was blocked by the user", 403)
    local.unblocks(reader)
    assert (await call("sendMessage", chat_id=reader.id, text="x"))["ok"]
    reader.deactivated = True
    answer = await call("sendMessage", chat_id=reader.id, text="x")
    assert refused(answer, "Forbidden: user is deactivated", 403)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing.KICKED, "Forbidden: bot was kicked from the supergroup chat"),
        (Standing.LEFT, "Forbidden: bot is not a member of the supergroup chat"),
    ],
)
async def test_a_group_without_the_bot(
    call: Calling, local: LocalServer, reader: User, standing: Standing, words: str
) -> None:
    group = local.add_group("News", reader, bot=standing)
    assert refused(await call("sendMessage", chat_id=group.id, text="x"), words, 403)


async def test_an_upgraded_group_names_its_new_id(call: Calling, local: LocalServer, reader: User) -> None:
    group = local.add_group("News", reader, supergroup=False)
    new = local.upgrades(group)
    answer = await call("sendMessage", chat_id=group.id, text="x")
    assert refused(answer, "Bad Request: group chat was upgraded to a supergroup chat")
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    assert (await call("sendMessage", chat_id=new.id, text="x"))["ok"]


@pytest.fixture
def forum(local: LocalServer, reader: User) -> Chat:
    return local.add_group("News", reader, topics=["One", "Two"])


async def test_topics(call: Calling, local: LocalServer, reader: User, forum: Chat) -> None:
    general, one, _ = forum.topics
    for thread in (general, 99):
        at = {"chat_id": forum.id, "message_thread_id": thread}
        assert await described(call, "sendMessage", **at, text="x") == "message thread not found"
    sent = (await call("sendMessage", chat_id=forum.id, message_thread_id=one, text="x"))["result"]
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (one, True)
    local.closes_topic(forum, one)
    assert await described(call, "sendMessage", chat_id=forum.id, message_thread_id=one, text="x") == "TOPIC_CLOSED"
    assert (await call("sendMessage", chat_id=forum.id, text="x"))["ok"]


async def test_a_reply_stays_in_its_topic(call: Calling, local: LocalServer, reader: User, forum: Chat) -> None:
    thread = list(forum.topics)[1]
    asked = local.says(forum, reader, "/ask", thread)
    reply = {"message_id": asked.id}
    sent = (await call("sendMessage", chat_id=forum.id, text="x", reply_parameters=reply))["result"]
    assert sent["message_thread_id"] == thread
    assert sent["reply_to_message"]["message_id"] == asked.id


@pytest.mark.parametrize(
    ("reaction", "words"),
    [
        ([{"type": "emoji", "emoji": "🦖"}], "REACTION_INVALID"),
        ([{"type": "paid"}], "REACTION_INVALID"),
        ([{"type": "emoji", "emoji": "👍"}] * 2, "REACTIONS_TOO_MANY"),
        ("[1]", "can't parse reaction types JSON object"),
    ],
)
async def test_reactions_are_refused(
    call: Calling, local: LocalServer, reader: User, reaction: Any, words: str
) -> None:
    message = local.says(reader, reader, "hello")
    at = {"chat_id": reader.id, "message_id": message.id}
    assert await described(call, "setMessageReaction", **at, reaction=reaction) == words


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([{"command": "Start", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "x" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "start", "description": " "}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "start", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
        ({}, "can't parse commands JSON object"),
    ],
)
async def test_commands_are_refused(call: Calling, commands: Any, words: str) -> None:
    assert await described(call, "setMyCommands", commands=commands) == words


async def test_other_things_are_refused(call: Calling, local: LocalServer, reader: User) -> None:
    assert await described(call, "sendChatAction", chat_id=reader.id, action="x") == "wrong parameter action in request"
    assert await described(call, "getFile", file_id="x") == "invalid file_id"
    assert await described(call, "sendDocument", chat_id=reader.id) == "there is no document in the request"
    missing = await described(call, "sendDocument", chat_id=reader.id, document="x")
    assert missing == "wrong file identifier/HTTP URL specified"
    alone = await described(call, "getChatAdministrators", chat_id=reader.id)
    assert alone == "there are no administrators in the private chat"
    assert await described(call, "getChatMember", chat_id=reader.id, user_id=9) == "invalid user_id specified"


async def test_unknown_tokens_methods_and_fields(call: Calling, local: LocalServer, reader: User) -> None:
    assert refused(await call("sendTelepathy"), "Not Found: method not found", 404)
    assert refused(await call(f"../bot{local.token}x/getMe"), "Unauthorized", 401)
    await call("SENDMESSAGE", chat_id=reader.id, text="x", colour="red", disable_notification="maybe")
    assert local.calls.of("sendMessage")[0].strange == ("colour", "disable_notification: no boolean")


async def test_too_large_a_body_is_refused(call: Calling, reader: User) -> None:
    answer = await call("sendMessage", chat_id=reader.id, text="x" * 2**20)
    assert refused(answer, "Request Entity Too Large", 413)


async def test_a_body_that_is_no_json_object_is_refused(local: LocalServer, call: Calling) -> None:
    answer = await call("getChat", chat_id={"a": 1})
    assert refused(answer, "Bad Request: chat not found")


def an_offer(**more: Any) -> dict[str, Any]:
    return {"type": "article", "id": "1", "title": "A", "input_message_content": {"message_text": "x"}, **more}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"results": "?"}, "can't parse inline query results"),
        ({"results": [an_offer(id=str(n)) for n in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [an_offer(id="")]}, "RESULT_ID_INVALID"),
        ({"results": [an_offer(id="é" * 33)]}, "RESULT_ID_INVALID"),
        ({"results": [an_offer(), an_offer()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [an_offer(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [an_offer(type="gif")]}, "unallowed result type"),
        ({"results": ["x"]}, "expected an Object"),
        ({"results": [an_offer(input_message_content=None)]}, "input_message_content"),
        ({"results": [an_offer(input_message_content={"message_text": " "})]}, "MESSAGE_EMPTY"),
        ({"results": [an_offer(input_message_content={"message_text": "x" * 4097})]}, "MESSAGE_TOO_LONG"),
        (
            {"results": [an_offer(input_message_content={"message_text": "<b>x", "parse_mode": "HTML"})]},
            "can't parse entities",
        ),
        ({"results": [], "next_offset": "é" * 33}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "button": {"text": "", "start_parameter": "a"}}, "text must be non-empty"),
        ({"results": [], "button": {"text": "A", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ({"results": [], "inline_query_id": "0"}, "query is too old"),
    ],
)
async def test_offers_that_telegram_refuses(
    fields: dict[str, Any], words: str, call: Calling, local: LocalServer, reader: User
) -> None:
    query = local.types(reader, "words")
    answer = await call("answerInlineQuery", **({"inline_query_id": query} | fields))
    assert answer["error_code"] == 400
    assert words in answer["description"]
    assert local.bench.inline[query].answer is None


async def test_offers_are_kept_for_as_long_as_they_say(call: Calling, local: LocalServer, reader: User) -> None:
    other = local.add_user("Bea")
    first = local.types(reader, "velm")
    offers = [an_offer()]
    assert (await call("answerInlineQuery", inline_query_id=first, results=offers, is_personal=True))["result"] is True
    assert (await call("answerInlineQuery", inline_query_id=first, results=offers))["error_code"] == 400
    assert local.bench.inline[local.types(reader, "velm")].answer
    for_all = local.types(other, "velm")
    assert local.bench.inline[for_all].answer is None
    assert (await call("answerInlineQuery", inline_query_id=for_all, results=offers, cache_time=0))["result"] is True
    assert local.bench.inline[local.types(other, "velm")].answer is None
    assert local.chooses(first, "1", reader).text == "x"
    with pytest.raises(LookupError):
        local.chooses(first, "2", reader)
