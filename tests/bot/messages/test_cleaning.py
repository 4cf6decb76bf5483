"""What Telegram does to characters: the table, applied once, changes nothing when applied again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.cleaning import cleaned, is_blank


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\tb", "a b"),
        ("a\x00b\x0bc\x1fd", "a b c d"),
        ("one\r\ntwo\rthree", "one\ntwothree"),
        ("left\u202eright\u202c", "leftright"),
        ("line\u2028paragraph\u2029end", "lineparagraphend"),
        ("a\u030a \u0333\u033f", "a "),
        ("\u200f\u200e\u200fx", "\u200c\u200c\u200fx"),
        ("one \u200f mark", "one \u200f mark"),
        ("  kept  ends \n", "  kept  ends \n"),
        ("å ñ “quoted” 😀 \u2066isolated\u2069", "å ñ “quoted” 😀 \u2066isolated\u2069"),
    ],
)
def test_characters_are_kept_replaced_or_dropped(sent: str, kept: str) -> None:
    assert cleaned(sent) == kept


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@given(st.text(alphabet=" \n\u200b\u200c\u200d\u200e\u200f\u202e\ufeff\u00a0\u2800\u3000\u2003"))
def test_what_draws_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200e.", "\n \u00adx", "😀"])
def test_what_draws_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)
