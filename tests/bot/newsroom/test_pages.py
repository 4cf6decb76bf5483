"""An article out of a page's HTML: the text, what is printed with it, and no trust in any of it."""

import pytest

from bot.newsroom import pages
from bot.newsroom.drafts import Unusable
from retrieval.model import Precision

PARAGRAPH = "The Kestrel Bridge was closed on Monday after a tram brushed against its middle span, the city said. "
SPOKEN = "“It will open again in spring, and not a day earlier,” said Ada Byron, the mayor of Velm. "


def a_page(head: str = "", *, body: str = "", language: str = "en") -> bytes:
    return f"""<!doctype html><html lang="{language}"><head><title>Bridge closed in Velm | Velm Post</title>
    <meta property="og:title" content="Bridge closed in Velm"><meta property="og:site_name" content="Velm Post">{head}
    </head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Bridge closed in Velm</h1>
    {body or f"<p>{PARAGRAPH * 3}</p><p>{SPOKEN * 2}</p><p>{PARAGRAPH * 2}</p>"}</article>
    <footer>All rights reserved</footer></body></html>""".encode()


def test_an_outlet_is_named_as_it_writes_itself() -> None:
    page = a_page().replace(b'content="Velm Post"', b'content="la Voce di Velm"')
    assert pages.article(page).outlet == "la Voce di Velm"


def test_an_article_is_told_from_its_page() -> None:
    head = (
        '<link rel="canonical" href="https://velm-post.example/bridge#top"><meta name="author" content="Tomas Reyle">'
        '<meta property="article:published_time" content="2026-11-17T19:40:00+02:00">'
    )
    draft = pages.article(a_page(head))
    assert SPOKEN.strip() in draft.text
    assert "Sport" not in draft.text
    assert not draft.text.startswith("Bridge closed in Velm")
    assert (draft.headline, draft.outlet, draft.byline) == ("Bridge closed in Velm", "Velm Post", "Tomas Reyle")
    assert draft.url == "https://velm-post.example/bridge"
    assert draft.published is not None
    assert draft.published.isoformat() == "2026-11-17T19:40:00+02:00"
    assert draft.language == "en"


def test_a_day_in_linked_data_stays_a_day() -> None:
    head = '<script type="application/ld+json">{"@graph": [{"@type": "X"}, {"datePublished": "2026-11-17"}]}</script>'
    draft = pages.article(a_page(head))
    assert draft.published is not None
    assert draft.published.precision is Precision.DAY
    assert draft.published.isoformat() == "2026-11-17"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="9999-12-31T23:59:59-12:00">',
        '<script type="application/ld+json">{"datePublished": 7</script>',
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<link rel="canonical" href="javascript:alert(1)">',
        '<meta name="author" content="' + "a" * 5_000 + '">',
    ],
)
def test_nonsense_in_a_head_is_left_out_and_the_text_stays(head: str) -> None:
    draft = pages.article(a_page(head, language="no such language!"))
    assert SPOKEN.strip() in draft.text
    assert (draft.published, draft.language) == (None, None)


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\x00\xff\xfe", b"<p></p>" * 10])
def test_a_page_without_an_article_is_refused(content: bytes) -> None:
    with pytest.raises(Unusable):
        pages.article(content)


def test_a_page_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_BYTES_MAX", 100)
    with pytest.raises(Unusable, match="more than 100"):
        pages.article(a_page())


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:section" content="Opinion">',
        '<meta property="article:opinion" content="true">',
        '<script type="application/ld+json">{"@type": "OpinionNewsArticle"}</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle", "OpinionNewsArticle"]}]}</script>',
        '<script type="application/ld+json">[{"articleSection": ["Velm", "Meinung"]}]</script>',
    ],
)
def test_opinion_is_what_the_page_calls_so(head: str) -> None:
    assert pages.article(a_page(head)).opinion


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<meta property="article:section" content="Public opinion polls">',
        '<meta property="article:opinion" content="false">',
        '<script type="application/ld+json">{"@type": {"opinion": 1}, "articleSection": 7}</script>',
        "<title>Opinion: the gate</title>",
    ],
)
def test_what_only_sounds_like_opinion_is_not_called_so(head: str) -> None:
    assert not pages.article(a_page(head)).opinion
