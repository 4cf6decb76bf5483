"""Of an update ids, thread and words are kept, whatever arrives; and what is kept the library can read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.telegram.trimming import ENTITIES_MAX, KINDS_READ, WORDS_MAX, chat_of, trimmed

ADA = {
    "id": 71,
    "is_bot": False,
    "first_name": "Ada",
    "last_name": "Byron",
    "username": "adabyron",
    "language_code": "uk",
}
ROOM = {"id": -100500, "type": "supergroup", "title": "Velm readers", "username": "velmreaders", "is_forum": True}
SECRETS = ("Ada", "Byron", "adabyron", "Velm readers", "velmreaders", "diary.pdf", "50.45")


def a_message(**parts: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1_795_000_000, "chat": ROOM, "from": ADA, "text": "Who left?", **parts}


def an_update(**parts: Any) -> dict[str, Any]:
    return {"update_id": 5, **parts}


FULL = an_update(
    message=a_message(
        message_thread_id=4,
        is_topic_message=True,
        entities=[{"type": "mention", "offset": 0, "length": 3}, {"type": "text_mention", "user": ADA}],
        reply_to_message=a_message(message_id=3, text="Said by Ada Byron"),
        forward_origin={"type": "user", "date": 1, "sender_user": ADA},
        document={"file_id": "F1", "file_unique_id": "u", "file_name": "diary.pdf", "thumbnail": {"file_id": "T"}},
        location={"latitude": 50.45, "longitude": 30.52},
        new_chat_members=[ADA],
        author_signature="Ada Byron",
    )
)


def test_names_pictures_and_places_go() -> None:
    kept = json.dumps(trimmed(FULL), ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in kept]


def test_ids_thread_words_and_kinds_stay() -> None:
    message = Update.de_json(trimmed(FULL), None).message
    assert message is not None
    assert (message.message_id, message.chat.id, message.message_thread_id, message.text) == (
        9,
        -100500,
        4,
        "Who left?",
    )
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.language_code) == (71, "uk")
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == 3
    assert message.reply_to_message.text is None
    assert message.document is not None
    assert message.document.file_id == "F1"
    assert message.forward_origin is not None


def test_a_files_name_stays_in_private_alone() -> None:
    """Until the update is settled, which erases all of it: an operator's file is told from others by its name."""
    alone = {"id": 71, "type": "private", "first_name": "Ada"}
    document = {"file_id": "F1", "file_unique_id": "u", "file_name": "velm.jsonl", "file_size": 9, "mime_type": "x"}
    for chat, kept in ((alone, {"file_name": "velm.jsonl", "file_size": 9}), (ROOM, {})):
        update = trimmed(an_update(message=a_message(chat=chat, document=document)))
        assert update["message"]["document"] == {"file_id": "F1", "file_unique_id": "", **kept}


@pytest.mark.parametrize(
    "kind",
    [
        "voice",
        "audio",
        "video",
        "video_note",
        "animation",
        "photo",
        "sticker",
        "document",
        "location",
        "contact",
        "dice",
    ],
)
def test_what_was_sent_keeps_its_kind_alone(kind: str) -> None:
    sent = [{"file_id": "secret", "width": 9}] if kind == "photo" else {"emoji": "🎯", "secret": "secret"}
    message = Update.de_json(trimmed(an_update(message=a_message(text=None, **{kind: sent}))), None).message
    assert message is not None
    assert message.effective_attachment
    assert "secret" not in message.to_json()


@pytest.mark.parametrize(
    ("status", "is_member", "kept"),
    [
        ("creator", None, "member"),
        ("administrator", None, "member"),
        ("restricted", True, "member"),
        ("restricted", False, "left"),
        ("left", None, "left"),
        ("kicked", None, "kicked"),
    ],
)
def test_a_membership_says_inside_outside_or_thrown_out(status: str, is_member: bool | None, kept: str) -> None:
    part = {
        "chat": ROOM,
        "from": ADA,
        "date": 1,
        "old_chat_member": {"status": "left", "user": ADA},
        "new_chat_member": {"status": status, "user": ADA, "is_member": is_member},
    }
    update = Update.de_json(trimmed(an_update(my_chat_member=part)), None)
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == kept


def test_words_the_database_cannot_hold_are_replaced_one_for_one() -> None:
    kept = trimmed(an_update(message=a_message(text="a\x00b\ud800c")))
    assert kept["message"]["text"] == "a\ufffdb\ufffdc"


def test_what_is_oversized_is_cut() -> None:
    many = [{"type": "url", "offset": n, "length": 1} for n in range(5_000)]
    kept = trimmed(an_update(message=a_message(text="x" * 1_000_000, entities=many)))["message"]
    assert (len(kept["text"]), len(kept["entities"])) == (WORDS_MAX, ENTITIES_MAX)


def test_a_press_keeps_its_data_and_its_place() -> None:
    press = {"id": "77", "from": ADA, "chat_instance": "c", "data": "x1", "message": a_message()}
    kept = trimmed(an_update(callback_query=press))
    assert chat_of(kept) == ROOM["id"]
    assert kept["callback_query"]["data"] == "x1"
    assert "text" not in kept["callback_query"]["message"]


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([2**63, -1, ""])
)
NAMES = st.sampled_from(
    [*FULL["message"], "id", "type", "file_id", "offset", "length", "status", "user", "is_member", "edit_date", "data"]
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)


@given(st.sampled_from(KINDS_READ), st.dictionaries(NAMES, ANYTHING), st.sampled_from([FULL["message"], {}]))
def test_whatever_arrives_the_library_can_read_what_is_kept(
    kind: str, odd: dict[str, Any], even: dict[str, Any]
) -> None:
    kept = trimmed({"update_id": 5, kind: {**even, **odd}})
    assert Update.de_json(json.loads(json.dumps(kept)), None).update_id == 5
    assert trimmed(kept) == kept
    assert abs(chat_of(kept) or 0) < 2**63
