"""Paywalls, cookie pages and doors are told from articles; short articles on such things stay articles."""

import pytest

from bot.newsroom import pages, stubs
from bot.newsroom.drafts import Unusable
from tests.bot.newsroom.test_pages import PARAGRAPH, SPOKEN, a_page

COOKIES = (
    "We and our partners use cookies to store information on your device. With your consent we show personalised ads. "
    "You can change your privacy settings at any time; see our privacy policy."
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PARAGRAPH + "Subscribe now to continue reading.", "subscribers"),
        (PARAGRAPH + "Already a subscriber? Sign in", "subscribers"),
        (PARAGRAPH + "Cet article est réservé aux abonnés.", "subscribers"),
        (COOKIES, "cookies"),
        ("Wir bitten um Ihre Einwilligung. Ohne Zustimmung setzen wir keine Cookies. Datenschutzerklärung", "cookies"),
        ("Please enable JavaScript and reload the page.", "program"),
        ("Checking your browser before accessing velm-post.example.", "program"),
    ],
)
def test_what_holds_no_article_is_said_to_be_none(text: str, why: str) -> None:
    assert why in (stubs.why_none(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        PARAGRAPH,
        "The city council of Velm voted on Monday to ban cookies at school bake sales. Ada Byron objected. " * 2,
        "Ines Varga said that no consent had been given for the works on the pier, and that she would go to court.",
        (PARAGRAPH + "Subscribe now to continue reading. ") * 20,
    ],
)
def test_an_article_stays_one(text: str) -> None:
    assert stubs.why_none(text) is None


def test_a_page_that_says_it_is_paid_for_holds_no_article_while_it_is_short() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    with pytest.raises(Unusable, match="for subscribers"):
        pages.article(a_page(head, body=f"<p>{PARAGRAPH * 2}</p>"))
    whole = pages.article(a_page(head, body=f"<p>{PARAGRAPH * 20}</p><p>{SPOKEN}</p>"))
    assert SPOKEN.strip() in whole.text


def test_a_cookie_page_is_refused() -> None:
    with pytest.raises(Unusable, match="cookies"):
        pages.article(a_page(body=f"<p>{COOKIES}</p>"))
