"""A quote's link opens the page at the quote, in a real browser: where it scrolls and what it marks, measured.

The sample articles' own pages, and pages written as outlets write them: emphasis, links, words that stand twice.
"""

from html import escape
from itertools import pairwise

import pytest

from bot import samples
from bot.newsroom import pages as reading
from bot.newsroom.files import Arrival
from bot.samples import pages
from retrieval.model import Draft, Span
from retrieval.text.sentences import sentences
from tests.bot.samples.conftest import Browser
from tests.build import an_article

FILLER = "Boats lay at the quay and nobody said when they would leave.\n" * 40


def drafts() -> list[Draft]:
    return [each.draft for each in samples.articles() if isinstance(each, Arrival)]


def a_page(draft: Draft, marked: dict[str, str]) -> str:
    """The draft's page; `marked` gives the markup that a page puts around some of its words."""
    html = pages.page(draft)
    for words, markup in marked.items():
        assert escape(words) in html
        html = html.replace(escape(words), markup)
    return html


def span_of(text: str, words: str, nth: int = 0) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return Span(at, at + len(words))


def test_every_sample_with_an_address_has_a_page_and_its_page_tells_the_same_article() -> None:
    base = "http://127.0.0.1:8080"
    served = pages.pages(drafts(), base)
    for draft in filter(lambda each: each.url, drafts()):
        here = pages.served(draft, base)
        kind, content = served[str(here.url).removeprefix(base)]
        read = reading.article(content)
        assert kind == "text/html"
        assert (read.url, read.outlet, read.headline) == (here.url, here.outlet, here.headline)
        assert (read.published, read.byline, read.language) == (here.published, here.byline, here.language)
        assert read.text.split() == here.text.split()


def test_nothing_an_article_says_becomes_markup() -> None:
    hostile = an_article("<b>Bold</b> & </script>", headline="</title><script>x</script>", byline='"><img src=x>')
    html = pages.page(hostile)
    assert html.count("<script") == 1  # the page's own linked data
    assert "<img" not in html
    assert "<b>" not in html


CASES = {
    "a short sentence": ("Nobody was hurt at the quay.", {}, "en"),
    "reserved characters": ("The well-known tram, Line 4 & Line 5, is a “short-cut” – they say.", {}, "en"),
    "emphasis and a link inside": (
        "The mayor promised a new bridge before the winter of next year and said so twice in the council.",
        {
            "a new bridge": '<em>a new <a href="/">bridge</a></em>',
            "said so twice": "<strong>said so</strong> twice",
        },
        "en",
    ),
    "a line break inside": (
        "The council will meet again on the first Monday of March to decide about the ferry.",
        {"again on the first": "again<br>on the first"},
        "en",
    ),
    "an apostrophe and quotation marks": ("“It’s the ferry's last year,” the captain's son said.", {}, "en"),
    "Arabic": (
        "قال المجلس إن جسر العوسق انهار مساء الثلاثاء بعد الفيضانات وإن أربعة عشر جريحا نقلوا إلى المستشفى.",
        {},
        "ar",
    ),
    "Japanese": ("知事は「橋は春までに直す」と述べ、フェリーを増やす考えを示した。", {}, "ja"),
    "Korean": ("시장은 다리가 봄까지 다시 열릴 것이라고 화요일 저녁 기자들에게 말했다.", {}, "ko"),
    "Chinese": ("市议会周二晚上表示，红隼桥在洪水后倒塌，十四名伤者已被送往医院接受治疗，电车交通暂停。", {}, "zh"),
}


@pytest.mark.chromium
async def test_a_link_opens_pages_as_outlets_write_them(browser: Browser) -> None:
    missed = []
    for name, (words, marked, language) in CASES.items():
        draft = an_article(f"{FILLER}{words}\n{FILLER}", language=language)
        opened = await browser.opens(a_page(draft, marked), draft, span_of(draft.text, words))
        missed += [] if opened.hit else [(name, opened)]
    assert missed == []


@pytest.mark.chromium
async def test_words_that_stand_twice_are_found_at_their_own_place(browser: Browser) -> None:
    words = "The vote is on Monday."
    draft = an_article(f"{FILLER}{words} Karst agrees.\n{FILLER}Nobody came. {words} Ostra waits.\n")
    for nth in (0, 1):
        assert (await browser.opens(pages.page(draft), draft, span_of(draft.text, words, nth), nth)).hit


@pytest.mark.chromium
async def test_a_quote_over_two_paragraphs_is_marked_whole(browser: Browser) -> None:
    words = "The tram stays in its shed until the rails are new.\nThe ferry takes its place, the harbour says."
    draft = an_article(f"{FILLER}{words}\n{FILLER}")
    assert (await browser.opens(pages.page(draft), draft, span_of(draft.text, words))).hit


@pytest.mark.chromium
async def test_words_of_the_headline_are_told_from_the_same_words_below(browser: Browser) -> None:
    words = "The harbour stays open all night"
    draft = an_article(f"{words}. {FILLER}", headline=words)
    assert (await browser.opens(pages.page(draft), draft, span_of(draft.text, words), 1)).hit


@pytest.mark.chromium
@pytest.mark.prove
async def test_every_quote_of_the_sample_articles_opens_at_its_words(browser: Browser) -> None:
    tried = [(draft, span) for draft in drafts() if draft.url for span in quotes_of(draft)]
    missed = [(draft.url, span) for draft, span in tried if not (await browser.finds(draft, span)).hit]
    print(f"{len(tried) - len(missed)} of {len(tried)} quotes opened at their words")
    assert len(tried) > 250
    assert missed == []


def quotes_of(draft: Draft) -> list[Span]:
    """Every sentence, and every two that stand beside each other."""
    found = sentences(draft.text, draft.language or "en")
    pairs = [Span(first.start, second.end) for first, second in pairwise(found)]
    return [*found, *pairs]
