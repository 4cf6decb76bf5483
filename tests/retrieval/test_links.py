"""Links to the sentence: the directive decodes to words of the text, and a browser comes upon the quote first."""

import re
from urllib.parse import unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.links import DIRECTIVE_CHARACTERS_MAX, to_words
from retrieval.model import Span

URL = "https://velm.example/news/bridge"


def directive_of(link: str) -> str:
    return link.partition(":~:text=")[2]


def link_to(text: str, words: str, url: str = URL) -> str:
    start = text.index(words)
    return to_words(url, text, Span(start, start + len(words)))


def opened_at(link: str, text: str) -> str:
    """What a browser would mark: a reading of the specification apart from the one under test."""
    parts = directive_of(link).split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else ""
    suffix = unquote(parts.pop()[1:]) if parts[-1].startswith("-") else ""
    start, end = unquote(parts[0]), unquote(parts[1]) if len(parts) > 1 else None
    page = re.sub(r"[^\S\n]+", " ", text)
    at = -1
    while (at := page.find(start, at + 1)) >= 0:
        if not page[:at].rstrip().endswith(prefix) or (at and page[at - 1].isalnum() and start[0].isascii()):
            continue
        stop = at + len(start)
        while end is not None and (found := page.find(end, stop)) >= 0:
            stop = found + len(end)
            if page[stop:].lstrip().startswith(suffix) and not (page[stop : stop + 1].isalnum() and end.isascii()):
                return page[at:stop]
        if end is None and page[stop:].lstrip().startswith(suffix) and not page[stop : stop + 1].isalnum():
            return page[at:stop]
    return ""


TEXT = (
    "The Kestrel Bridge gave way on Tuesday evening.\n"
    "“We heard a crack, then nothing – and then the sirens,” said Mira Dahl, a fire brigade spokeswoman who was "
    "among the first to reach the eastern bank of the river. The council meets today.\n"
    "Nobody was killed. The council meets today. Traffic & trams, it said, are halted.\n"
)


def test_a_short_sentence_is_named_whole_without_its_stop() -> None:
    assert link_to(TEXT, "Nobody was killed.") == f"{URL}#:~:text=Nobody%20was%20killed"


def test_a_long_sentence_is_named_by_its_ends() -> None:
    sentence = TEXT[TEXT.index("“We") : TEXT.index(" The council")]
    link = link_to(TEXT, sentence)
    assert link == f"{URL}#:~:text=We%20heard%20a%20crack,bank%20of%20the%20river"
    assert opened_at(link, TEXT) == sentence.strip("“.")


def test_what_a_directive_reserves_is_encoded() -> None:
    link = link_to(TEXT, "Traffic & trams, it said, are halted.")
    assert directive_of(link) == "Traffic%20%26%20trams%2C%20it%20said%2C%20are%20halted"
    assert directive_of(link_to("A well-known e-mail.", "A well-known e-mail.")) == "A%20well%2Dknown%20e%2Dmail"


def test_a_fragment_of_the_address_is_kept_and_an_older_directive_replaced() -> None:
    assert link_to(TEXT, "Nobody was killed.", f"{URL}#live").startswith(f"{URL}#live:~:text=Nobody")
    assert link_to(TEXT, "Nobody was killed.", f"{URL}#live:~:text=old").startswith(f"{URL}#live:~:text=Nobody")


def test_words_that_stand_twice_are_told_apart_by_their_context() -> None:
    second = TEXT.rindex("The council meets today.")
    link = to_words(URL, TEXT, Span(second, second + 24))
    assert directive_of(link) == "Nobody%20was%20killed.-,The%20council%20meets%20today"
    first = TEXT.index("The council meets today.")
    assert directive_of(to_words(URL, TEXT, Span(first, first + 24))) == "The%20council%20meets%20today"


def test_a_word_inside_another_is_no_match() -> None:
    text = "Overseas trade grew. Seas were calm."
    assert directive_of(link_to(text, "Seas were calm.")) == "Seas%20were%20calm"


def test_a_quote_over_two_lines_has_each_part_in_one() -> None:
    quote = TEXT[TEXT.index("The council meets today.\nNobody") : TEXT.index(" The council meets today. Traffic")]
    assert directive_of(link_to(TEXT, quote)) == "The%20council%20meets%20today,Nobody%20was%20killed"


def test_scripts_without_spaces_and_arabic_stay_within_the_limit() -> None:
    chinese = "市议会周二晚上表示，红隼桥在洪水后倒塌，十四名伤者已被送往医院接受治疗，电车交通暂停。明天开会。"
    link = link_to(chinese, chinese[: chinese.index("明天")])
    assert unquote(directive_of(link)) == "市议会周二晚上表示,电车交通暂停"  # whole clauses: browsers match whole words
    arabic = "قال المجلس إن جسر العوسق انهار مساء الثلاثاء بعد الفيضانات وإن أربعة عشر جريحا نقلوا إلى المستشفى. انتهى."
    link = link_to(arabic, arabic[: arabic.index(" انتهى")])
    assert unquote(directive_of(link)).startswith("قال المجلس إن جسر,")
    assert len(link) <= len(URL) + DIRECTIVE_CHARACTERS_MAX


def test_words_that_the_headline_says_too_are_told_by_their_context() -> None:
    text = "Nobody was killed. Traffic is halted."
    span = Span(0, 17)
    assert directive_of(to_words(URL, text, span)) == "Nobody%20was%20killed"
    directive = directive_of(to_words(URL, text, span, "Nobody was killed in Velm"))
    assert directive == "Nobody%20was%20killed,-.%20Traffic%20is%20halted."


def test_a_span_without_words_links_to_the_page() -> None:
    assert to_words(URL, "… !", Span(0, 3)) == URL


def spans_of(text: str) -> st.SearchStrategy[Span]:
    """Any run of whole words."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    two = st.lists(st.sampled_from(words), min_size=2, max_size=2)
    return two.map(lambda pair: Span(min(pair)[0], max(pair)[1]))


repeating = st.lists(st.sampled_from(["storm", "vote", "the", "Rail,", "“harbour", "bay.”", "co-op", "Aé"]), min_size=1)
pages = st.lists(repeating.map(" ".join), min_size=1, max_size=4).map("\n".join)


@settings(max_examples=100, deadline=None)
@given(pages, st.data())
def test_every_link_is_short_and_names_words_of_the_text(text: str, data: st.DataObject) -> None:
    link = to_words(URL, text, data.draw(spans_of(text)))
    assert link.startswith(f"{URL}#:~:text=")
    assert len(link) <= len(URL) + DIRECTIVE_CHARACTERS_MAX
    assert re.fullmatch(r"[A-Za-z0-9._~%,-]+", directive_of(link))
    for part in directive_of(link).split(","):
        assert unquote(part.strip("-")) in text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=5), st.data())
def test_where_no_word_stands_twice_the_link_opens_at_the_quote(lengths: list[int], data: st.DataObject) -> None:
    text = "\n".join(" ".join(f"word{line}x{n}." for n in range(length)) for line, length in enumerate(lengths))
    span = data.draw(spans_of(text))
    assert opened_at(to_words(URL, text, span), text) == span.of(text).removesuffix(".")
