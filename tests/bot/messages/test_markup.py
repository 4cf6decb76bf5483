"""The one maker of Telegram HTML: what is dangerous becomes words, what Telegram would drop is said in words."""

import ast
from pathlib import Path

import pytest

from bot.messages import markup
from bot.messages.limits import CALLBACK_BYTES_MAX, START_CHARACTERS_MAX
from bot.messages.message import Button, Press, label
from bot.messages.places import Place, address, of_payload
from retrieval.model import Span
from storage.actions import ID_BYTES

ROOT = Path(__file__).parents[3]


def test_words_never_become_markup() -> None:
    assert markup.words('<b> & "x"').html == "&lt;b&gt; &amp; &quot;x&quot;"
    assert markup.fill("{name}!", name="<i>").html == "&lt;i&gt;!"


def test_a_filled_field_is_not_filled_again() -> None:
    assert markup.fill("{a} {b}", a="{b}", b="x").text == "{b} x"


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost/1",
        "javascript:alert(1)",
        "tg://user?id=1",
        'https://velm.example/"x',
        "https://v.example/ x",
        "",
    ],
)
def test_what_telegram_would_drop_is_no_link(address: str) -> None:
    shown = markup.link("Velm Post", address)
    assert shown.entities == 0
    assert address in shown.text


def test_a_link_names_its_address_in_plain_text() -> None:
    assert (
        markup.link("Velm Post", "https://velm.example/?a=1&b=2").plain == "Velm Post (https://velm.example/?a=1&b=2)"
    )


def test_only_markup_writes_a_tag() -> None:
    tags = ("<b>", "<i>", "<a href", "<blockquote", "<code>", "<pre>", "<tg-")
    for path in [*(ROOT / "bot/messages").rglob("*.py"), *(ROOT / "bot/commands").rglob("*.py")]:
        if path.name in {"markup.py", "cleaning.py"}:
            continue
        constants = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
        assert not [each for each in constants if isinstance(each, str) and any(tag in each for tag in tags)], path


def test_a_deep_link_says_where_and_is_read_back() -> None:
    place = Place(10**17, Span(10**8, 10**8 + 5))
    payload = address(place, "briefing_bot").partition("?start=")[2]
    assert len(payload) <= START_CHARACTERS_MAX
    assert of_payload(payload) == place


@pytest.mark.parametrize("payload", ["", "at_1_5_5", "at_1_9_5", "at_-1_0_5", "at_1_0_5_6", "at_1_0_٥", "x" * 99])
def test_other_payloads_name_no_place(payload: str) -> None:
    assert of_payload(payload) is None


def test_an_action_s_id_fits_callback_data() -> None:
    assert ID_BYTES * 4 / 3 <= CALLBACK_BYTES_MAX


def test_a_button_does_exactly_one_thing() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Button("Both", Press("more"), url="https://velm.example")


def test_a_long_label_is_cut() -> None:
    assert label("x" * 100) == "x" * 63 + "…"
