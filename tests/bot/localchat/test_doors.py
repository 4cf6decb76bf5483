"""The page's and the control's addresses: who is let in, what they answer, how large they may be."""

import asyncio
import json
from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.localchat import Chat, LocalServer, User, furnish, serve
from bot.localchat.page import split
from tests.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE_BYTES_MAX = 200_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[LocalServer]:
    async with serve(control=True, banner="How to get a token") as server:
        furnish(server)
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def client(server: LocalServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, verify=False, timeout=DEADLINE_SECONDS) as client:
        yield client


@pytest.fixture
def you(server: LocalServer) -> User:
    return server.user(501)


@pytest.fixture
def group(server: LocalServer) -> Chat:
    return server.chat(-1_000_000_000_777)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "example.org"},
        {"host": "127.0.0.1.example.org"},
        {"host": "127.0.0.1@example.org"},
        {"origin": "https://example.org"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
        {"sec-fetch-site": "cross-site"},
    ],
)
@pytest.mark.parametrize("address", ["/chat/state", "/control/calls", "/chat/events", "/bot1:x/getMe"])
async def test_what_comes_from_elsewhere_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], address: str
) -> None:
    answer = await client.get(address, headers=headers)
    assert (answer.status_code, "Refused" in answer.text) == (403, True)


async def test_what_comes_from_here_is_let_in(client: httpx.AsyncClient, server: LocalServer) -> None:
    port = server.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]"):
        own = {"host": f"{host}:{port}", "origin": f"http://{host}:{port}", "sec-fetch-site": "same-origin"}
        assert (await client.get("/chat/state", headers=own)).status_code == 200
    assert (await client.get("/", headers={"sec-fetch-site": "cross-site"})).status_code == 200


async def test_a_page_elsewhere_cannot_post_a_form(client: httpx.AsyncClient, you: User) -> None:
    fields = {"chat": you.id, "user": you.id, "text": "x"}
    for form in ({"data": fields}, {"content": json.dumps(fields), "headers": {"content-type": "text/plain"}}):
        answer = await client.post("/chat/send", **form)
        assert answer.status_code == 400


async def test_every_answer_keeps_to_itself(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_is_light_and_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    names = [asset.name for asset in (files("bot.localchat") / "web").iterdir() if not asset.name.endswith(".html")]
    assert len(names) >= 8
    answers = [await client.get("/"), *[await client.get(f"/assets/{name}") for name in names]]
    assert all(answer.status_code == 200 for answer in answers)
    assert sum(len(answer.content) for answer in answers) < PAGE_BYTES_MAX
    own = [answer.text.replace("http://www.w3.org/", "") for answer in answers]
    assert not any("https://" in text or 'src="http' in text or "innerHTML" in text for text in own)
    assert (await client.get("/assets/../serving.py")).status_code == 404


async def test_the_state_tells_all_that_the_page_draws(
    client: httpx.AsyncClient, server: LocalServer, you: User, group: Chat
) -> None:
    topic = list(group.topics)[1]
    asked = server.says(group, you, "<b>not bold</b> 😀 /ask", topic)
    server.says(group, you, "again", topic, asked, quote="not bold")
    state = (await client.get("/chat/state")).json()
    assert state["banner"] == "How to get a token"
    assert [chat["title"] for chat in state["chats"][:3]] == ["You", "Rosa Lind", "Newsdesk"]
    first, second = state["messages"][str(group.id)][-2:]
    assert (first["text"], first["thread"]) == ("<b>not bold</b> 😀 /ask", topic)
    assert first["entities"] == [{"type": "bot_command", "offset": 19, "length": 4}]
    assert second["reply"] == {"id": asked.id, "name": "You", "text": "not bold", "quoted": True}
    history = await client.get("/chat/history", params={"chat": group.id, "before": second["id"]})
    assert history.json()["messages"][-1]["id"] == first["id"]


async def post(client: httpx.AsyncClient, act: str, **fields: Any) -> int:
    return (await client.post(f"/chat/{act}", json=fields)).status_code


async def test_a_visitor_writes_edits_reacts_and_blocks(
    client: httpx.AsyncClient, server: LocalServer, you: User
) -> None:
    here = {"chat": you.id, "user": you.id}
    assert await post(client, "send", **here, text=" hello ") == 200
    message = server.messages(you)[-1]
    assert message.text == "hello"
    at = {"chat": you.id, "message": message.id}
    assert await post(client, "edit", **at, text="hello again") == 200
    assert message.text == "hello again"
    assert await post(client, "react", **at, user=you.id, emoji="👍") == 200
    assert message.reactions == {you.id: "👍"}
    assert await post(client, "block", **here, blocked=True) == 200
    assert server.chat(you).blocked
    assert await post(client, "block", **here, blocked=False) == 200
    assert not server.chat(you).blocked


@pytest.mark.parametrize(
    ("act", "fields", "status"),
    [
        ("send", {"chat": 501, "user": 501, "text": "  "}, 400),
        ("send", {"chat": 501, "user": 502, "text": "x"}, 404),
        ("send", {"chat": 5, "user": 501, "text": "x"}, 404),
        ("send", {"chat": 501, "user": 501, "text": "x", "reply": 5}, 404),
        ("edit", {"chat": 501, "message": 5, "text": "x"}, 404),
        ("press", {"chat": 501, "message": 5, "user": 501, "button": 0}, 404),
        ("fly", {}, 404),
    ],
)
async def test_what_a_visitor_cannot_do(client: httpx.AsyncClient, act: str, fields: Any, status: int) -> None:
    assert await post(client, act, **fields) == status


async def test_a_body_that_is_no_object_is_refused(client: httpx.AsyncClient) -> None:
    for content in ("[]", "{", '"x"', "x" * (2**20 + 1)):
        answer = await client.post("/chat/send", content=content, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 413)


async def test_a_long_paste_is_split_as_telegram_does(
    client: httpx.AsyncClient, server: LocalServer, you: User
) -> None:
    words = " ".join(f"word{number}" for number in range(2000))
    assert await post(client, "send", chat=you.id, user=you.id, text=words) == 200
    pieces = [message.text for message in server.messages(you)[-len(split(words)) :]]
    assert len(pieces) > 3
    assert " ".join(pieces) == words
    assert all(len(piece) <= 4096 for piece in pieces)
    assert split("x" * 5000) == ["x" * 4096, "x" * 904]


async def test_files_go_up_and_come_down_as_attachments(
    client: httpx.AsyncClient, server: LocalServer, you: User
) -> None:
    query: dict[str, str | int] = {"chat": you.id, "user": you.id, "name": "a.html", "mime": "text/html"}
    octets = {"content-type": "application/octet-stream"}
    answer = await client.post("/chat/upload", params=query, content=b"<script>", headers=octets)
    assert answer.status_code == 200
    file = server.messages(you)[-1].file
    assert file
    served = await client.get(f"/chat/file/{file.id}")
    assert (served.content, served.headers["content-disposition"]) == (b"<script>", "attachment")
    assert served.headers["content-type"] == "application/octet-stream"
    refused = await client.post("/chat/upload", params=query, content=b"x", headers={"content-type": "text/plain"})
    assert refused.status_code == 400
    assert (await client.post("/chat/upload", params=query, content=b"", headers=octets)).status_code == 400
    assert (await client.get("/chat/file/none")).status_code == 404


async def test_events_tell_of_messages_and_a_stop_ends_them() -> None:
    async with (
        serve() as server,
        httpx.AsyncClient(base_url=server.url, verify=False, timeout=DEADLINE_SECONDS) as client,
    ):
        reader = server.add_user("Ada")
        told: list[dict[str, Any]] = []

        async def listen() -> None:
            async with client.stream("GET", "/chat/events") as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                async for line in answer.aiter_lines():
                    if line.startswith("data:"):
                        told.append(json.loads(line.removeprefix("data:")))
                        server.world.changed()

        listening = asyncio.create_task(listen())
        polling = asyncio.create_task(client.get(f"/bot{server.token}/getUpdates?timeout=50"))
        await server.until(lambda: server.bench.updates.is_polled)
        await server.until(lambda: server.world.listeners)
        message = server.says(reader, reader, "hello")
        server.edits(message, "hello again")
        await server.until(lambda: len(told) > 1)
        assert [event["kind"] for event in told] == ["message", "edit"]
        assert told[1]["message"]["text"] == "hello again"
        assert (await polling).json()["result"]
        waiting = asyncio.create_task(client.get(f"/bot{server.token}/getUpdates?timeout=50&offset=9999999999"))
        await server.until(lambda: server.bench.updates.is_polled)
        server.bench.close()
        assert (await waiting).json() == {"ok": True, "result": []}
        await listening


async def test_control_is_there_only_on_request(server: LocalServer) -> None:
    async with (
        serve() as other,
        httpx.AsyncClient(base_url=other.url, verify=False, timeout=DEADLINE_SECONDS) as client,
    ):
        assert (await client.post("/control/user", json={})).status_code == 404


async def test_control_does_what_people_do(client: httpx.AsyncClient, server: LocalServer) -> None:
    async def act(verb: str, **fields: Any) -> dict[str, Any]:
        answer = await client.post(f"/control/{verb}", json=fields)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    before = len(server.calls)
    user = (await act("user", first_name="Bea"))["id"]
    group = await act("group", title="News", members=[user], topics=["One"])
    said = (await act("says", chat=user, text="hello"))["id"]
    await act("says", chat=group["id"], user=user, text="/ask", thread_id=group["topics"][1])
    await act("edits", chat=user, message=said, text="hello again")
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await client.post(
        f"/bot{server.token}/sendMessage", json={"chat_id": user, "text": "x", "reply_markup": keyboard}
    )
    pressed = await act("presses", chat=user, message=sent.json()["result"]["message_id"], button="Go")
    assert pressed["query"] in server.bench.queries
    await act("fault", fault="bad_gateway", method="sendMessage")
    failed = await client.post(f"/bot{server.token}/sendMessage", json={"chat_id": user, "text": "x"})
    assert failed.status_code == 502
    await act("mix", probabilities={"too_many": 1.0}, seed=1)
    failed = await client.post(f"/bot{server.token}/sendMessage", json={"chat_id": user, "text": "x"})
    assert failed.status_code == 429
    await act("clear")
    await act("blocks", user=user)
    assert server.chat(user).blocked
    await act("unblocks", user=user)
    seen = (await client.get("/control/messages", params={"chat": user})).json()
    assert [message["text"] for message in seen] == ["hello again", "x"]
    calls = (await client.get("/control/calls", params={"since": before, "seconds": 1})).json()
    assert [call["status"] for call in calls] == [200, 502, 429]
    assert (await client.get("/control/calls", params={"since": 99_999})).json() == []
    assert (await client.post("/control/fault", json={"fault": "earthquake"})).status_code == 400
    assert (await client.post("/control/fly", json={})).status_code == 404
