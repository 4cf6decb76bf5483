"""Whatever the article and the quote: Telegram takes the message, it shows the exact words, and every limit holds."""

from datetime import UTC

from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import answer as answers
from bot.messages import check, citation, limits, reading
from bot.messages.message import Message
from retrieval.model import Attribution, Certainty, Form, Precision, Published, Quote, Span, Speaker, Statement
from tests.bot.messages.making import CORPUS, Chat, a_quote, a_view, an_answer

AWKWARD = "<>&\"'/=«»“” \n\t\r\u00a0\u200b\u200e\u200f\u202e\u2066\u2069\u0301\u030a\ufeff\x0b😀́é漢字שלום مرحبا"
CHARACTERS = st.one_of(st.characters(codec="utf-8", exclude_characters="\x00"), st.sampled_from(AWKWARD))
WORDS = st.text(CHARACTERS, min_size=1, max_size=60)
MARKED_UP = st.sampled_from(["<b>", "</blockquote>", "&lt;", "&#60;", "<a href='x'>", "&amp;amp;", "<tg-time>", "]]>"])
TEXTS = st.one_of(
    st.lists(st.one_of(WORDS, MARKED_UP), min_size=1, max_size=8).map("".join),
    st.builds(lambda words, times: words * times, WORDS, st.integers(1, 400)),
)
MAYBE = st.none() | WORDS
URLS = st.none() | st.builds("https://velm.example/{}".format, WORDS) | WORDS
MOMENTS = st.datetimes(timezones=st.just(UTC))
SPOKEN = (Form.DIRECT, Form.INDIRECT, Form.MIXED)
PUBLISHED = st.none() | st.builds(Published, MOMENTS, st.sampled_from(Precision), st.none() | st.integers(-840, 840))


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    text = draw(TEXTS)
    span = draw(spans(text))
    found = tuple(
        Statement(n, 1, (draw(spans(text)),), draw(st.sampled_from(SPOKEN)), draw(st.none() | attributions(text)))
        for n in range(draw(st.integers(0, 3)))
    )
    return a_quote(
        text,
        span,
        found=found,
        outlet=draw(MAYBE),
        url=draw(URLS),
        headline=draw(st.none() | TEXTS),
        published=draw(PUBLISHED),
        article=draw(st.integers(1, 3)),
    )


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    return Span(start, draw(st.integers(start + 1, len(text))))


@st.composite
def attributions(draw: st.DrawFn, text: str) -> Attribution:
    name_at = draw(spans(text))
    speaker = Speaker(name_at.of(text), draw(MAYBE), name_at)
    return Attribution(
        draw(st.none() | st.just(speaker)),
        cue=tuple(draw(st.lists(spans(text), max_size=2))),
        source=draw(st.none() | spans(text)),
        via=draw(MAYBE),
        certainty=draw(st.sampled_from(Certainty)),
    )


def assert_within_limits(message: Message) -> None:
    characters = limits.CAPTION_CHARACTERS_MAX if message.document else limits.TEXT_CHARACTERS_MAX
    assert len(message.markup.text) <= characters
    assert len(message.markup.plain) <= characters
    assert len(message.markup.html.encode()) <= limits.RAW_BYTES_MAX
    assert message.markup.entities <= limits.ENTITIES_MAX
    buttons = [button for row in message.buttons for button in row]
    assert all(len(button.copy or "") <= limits.COPY_CHARACTERS_MAX for button in buttons)
    assert all(len(row) <= limits.ROW_BUTTONS_MAX for row in message.buttons)


def shown_words(messages: list[Message]) -> list[str]:
    """The words of every quote as Telegram shows or carries them."""
    chat, words = Chat(), []
    for message in messages:
        assert_within_limits(message)
        sent = chat.receives(message)
        chat.receives(message, plainly=True)
        words += sent.spans("blockquote") + sent.spans("expandable_blockquote")
        words += [sent.file.content.decode()] if sent.file else []
    return words


@given(st.lists(quotes(), min_size=1, max_size=3))
@example([a_quote("</blockquote><b>&lt;", found=())])
@example([a_quote("x" * 5_000, found=())])
@example([a_quote("&" * 3_800, found=())])
@example([a_quote(" \u200e\u200e ", found=())])
@example([a_quote("gate", found=(), url='https://localhost/<">')])
def test_an_answer_shows_the_exact_words(chosen: list[Quote]) -> None:
    words = shown_words(answers.render(an_answer(*chosen), a_view(), CORPUS))
    assert sorted(words) == sorted(quote.text for quote in chosen)


@given(quotes())
def test_a_citation_holds_the_exact_words(quote: Quote) -> None:
    message = citation.render(quote, a_view())
    assert_within_limits(message)
    sent = Chat().receives(message)
    copied = sent.file.content.decode() if sent.file else sent.spans("pre")[0]
    assert quote.text in copied


@given(quotes())
def test_a_quote_in_context_keeps_the_article_s_words(quote: Quote) -> None:
    message = reading.in_context(quote, a_view(), whole_text=True)
    (words,) = shown_words([message])
    assert quote.text in words
    assert words in quote.version.text


@given(quotes())
def test_all_pages_together_hold_every_sentence(quote: Quote) -> None:
    text = quote.version.text
    pages = reading.cut(text, "en")
    assert [page.start for page in pages] == sorted(page.start for page in pages)
    assert "".join("".join(page.of(text) for page in pages).split()) == "".join(text.split())
    (words,) = shown_words([reading.page(quote, a_view())])
    assert words in text


@given(quotes())
def test_a_check_is_taken(quote: Quote) -> None:
    message = check.render(quote, "0", quote.version, a_view())
    assert_within_limits(message)
    Chat().receives(message)
