"""Telegram's HTML: what it makes of tags and references, and the words with which it refuses them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.localchat.entities import rendered
from bot.localchat.parsing import parse_html
from bot.localchat.refusal import Refused


def entities(html: str) -> list[tuple[str, int, int]]:
    parsed = parse_html(html)
    return [(one["type"], one["offset"], one["length"]) for one in rendered(parsed.text, parsed.entities)]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a <br> b", 'Unsupported start tag "br" at byte offset 2'),
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x">y', 'Can\'t find end tag corresponding to start tag "a"'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<blockquote>x", 'Can\'t find end tag corresponding to start tag "blockquote"'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched"),
        ('<tg-time unix="soon">x</tg-time>', "Invalid Unix time specified"),
    ],
)
def test_what_telegram_cannot_read_is_refused_in_its_words(html: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_html(html)
    assert refusal.value.description.startswith(f"Bad Request: can't parse entities: {words}")


@pytest.mark.parametrize(
    ("html", "text", "found"),
    [
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<I>a</i><em>b</EM>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", i, 1) for i in range(3)]),
        ('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', "ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<blockquote expandable=false x>a</>", "a", [("expandable_blockquote", 0, 1)]),
        ("😀<b>😀</b>", "😀😀", [("bold", 2, 2)]),
        ("<b></b>x", "x", []),
        ("&lt;&gt;&amp;&quot;&#65;&#x41;&lt", '<>&"AA<', []),
        ("&nbsp;&apos;&hellip;&#12345678;&;", "&nbsp;&apos;&hellip;&#12345678;&;", []),
        ("<a>example.org</a>", "example.org", [("text_link", 0, 11)]),
        ("<a href='http://localhost/x'>y</a>", "y", []),
        ("<a href='http://127.0.0.1:8080/x#:~:text=a'>y</a>", "y", [("text_link", 0, 1)]),
        ("<a href='tg://user?id=7'>y</a>", "y", [("text_mention", 0, 1)]),
        ("<pre><code class='language-py'>a</code></pre>", "a", [("pre", 0, 1)]),
        ("<pre><code>a</code></pre>", "a", [("pre", 0, 1), ("code", 0, 1)]),
        ("<tg-time unix='1' format='wDT'>x</tg-time>", "x", [("date_time", 0, 1)]),
    ],
)
def test_tags_become_entities(html: str, text: str, found: list[tuple[str, int, int]]) -> None:
    assert parse_html(html).text == text
    assert entities(html) == found


def test_an_attribute_is_decoded_and_kept() -> None:
    parsed = parse_html('<a href="https://example.org/?a=1&amp;b=&quot;x&quot;">y</a>')
    assert parsed.entities[0].more == {"url": 'https://example.org/?a=1&b="x"'}


PLAIN = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="<&\x00"), max_size=8)
TREES = st.recursive(
    PLAIN.map(lambda text: (text, text, 0)),
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "blockquote"]), st.lists(inner, max_size=3)
    ).map(
        lambda node: (
            f"<{node[0]}>{''.join(one[0] for one in node[1])}</{node[0]}>",
            "".join(one[1] for one in node[1]),
            sum(one[2] for one in node[1]) + any(one[1] for one in node[1]),
        )
    ),
    max_leaves=12,
)


@given(st.lists(TREES, max_size=4))
def test_every_nesting_keeps_the_words_and_counts_in_utf16(trees: list[tuple[str, str, int]]) -> None:
    html, text = "".join(tree[0] for tree in trees), "".join(tree[1] for tree in trees)
    parsed = parse_html(html)
    assert parsed.text == text
    assert len(parsed.entities) == sum(tree[2] for tree in trees)
    units = text.encode("utf-16-le")
    for raw, entity in zip(rendered(parsed.text, parsed.entities), parsed.entities, strict=True):
        covered = units[2 * raw["offset"] : 2 * (raw["offset"] + raw["length"])].decode("utf-16-le")
        assert covered == text[entity.start : entity.end] != ""


@given(st.text(alphabet="<>/ab =\"'&;#x1\n", max_size=40))
def test_any_text_is_read_or_refused(html: str) -> None:
    places, words = read(html)
    assert words is None or words.startswith("Bad Request: can't parse entities: ")
    assert all(0 <= start < end for start, end in places)


def read(html: str) -> tuple[list[tuple[int, int]], str | None]:
    """Where the entities are, or the words of the refusal."""
    try:
        return [(one.start, one.end) for one in parse_html(html).entities], None
    except Refused as refusal:
        return [], refusal.description
