"""What Telegram keeps of a formatted text: cleaned, trimmed, its entities nested as it allows, links found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.localchat.entities import Entity, Formatted
from bot.localchat.formatting import finished, formatted
from bot.localchat.refusal import Refused


def kinds(html: str) -> list[tuple[str, str]]:
    content = formatted(html, "HTML")
    return [(one.kind, content.text[one.start : one.end]) for one in content.entities]


def test_ends_are_trimmed_and_offsets_follow() -> None:
    assert formatted("  \n<b> a\r\t</b>b \n", "HTML") == Formatted("a b", (Entity("bold", 0, 2),))


def test_an_entity_of_spaces_alone_goes() -> None:
    assert kinds("a<b> \n</b>c") == []


@pytest.mark.parametrize("text", ["", " \n", "<b></b>", "<i>\u200f\u2800</i>"])
def test_nothing_visible_is_nothing(text: str) -> None:
    assert formatted(text, "html").text == ""


def test_code_holds_no_other_formatting() -> None:
    assert kinds("<b>a<code>b<i>c</i></code>d</b>") == [("bold", "a"), ("code", "bc"), ("bold", "d")]


def test_a_quote_in_a_quote_is_one_quote() -> None:
    assert kinds("<blockquote>a<blockquote>b</blockquote>c</blockquote>") == [("blockquote", "abc")]


def test_a_link_in_a_quote_stays_and_a_quote_in_a_link_wins() -> None:
    link = '<a href="https://example.org/">{}</a>'
    assert ("text_link", "b") in kinds(f"<blockquote>a{link.format('b')}</blockquote>")
    assert kinds(link.format("<blockquote>a</blockquote>b")) == [("blockquote", "a")]


def test_touching_bold_is_one_bold() -> None:
    assert kinds("<b>a</b><b>b</b>") == [("bold", "ab")]


def test_more_than_a_hundred_entities_are_dropped_without_a_word() -> None:
    html = "".join(f"<b>a</b> <code>{number}</code> " for number in range(80))
    found = kinds(html)
    assert len(found) == 100
    assert sum(kind == "code" for kind, _ in found) == 80


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.org/a?b=c.", ("url", "https://example.org/a?b=c")),
        ("see example.org/a", ("url", "example.org/a")),
        ("/ask who", ("bot_command", "/ask")),
        ("/ask@some_bot who", ("bot_command", "/ask@some_bot")),
        ("hey @some_bot!", ("mention", "@some_bot")),
        ("write to a.b@example.org", ("email", "a.b@example.org")),
        ("#news today", ("hashtag", "#news")),
    ],
)
def test_links_commands_and_mentions_are_found(text: str, found: tuple[str, str]) -> None:
    assert kinds(text) == [found]


@pytest.mark.parametrize("text", ["either/or", "a/b/c 1/2", "http://localhost/x", "1,5 and 2.5", "#1", "a@b"])
def test_what_only_looks_like_one_is_not_found(text: str) -> None:
    assert kinds(text) == []


def test_too_many_raw_bytes_are_refused_before_parsing() -> None:
    with pytest.raises(Refused, match="text is too long"):
        formatted("<b></b>" * 5000, "HTML")


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9))),
)
def test_finishing_twice_is_finishing_once(text: str, places: list[tuple[int, int]]) -> None:
    drawn = [Entity("bold", min(a, len(text)), min(a + b, len(text))) for a, b in places]
    once = finished(
        Formatted(text, tuple(sorted((one for one in drawn if one.start < one.end), key=lambda one: one.start)))
    )
    bold = tuple(one for one in once.entities if one.kind == "bold")
    assert finished(Formatted(once.text, bold)) == once
    assert all(0 <= one.start < one.end <= len(once.text) for one in once.entities)
