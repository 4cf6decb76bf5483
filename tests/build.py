"""Builders with defaults that can be read: `an_article(text="...")` says only what its test is about.

All people, places and outlets are invented.
"""

import hashlib
from datetime import UTC, datetime
from itertools import count

from retrieval.attribution import statements
from retrieval.model import Draft, Precision, Prepared, PreparedPassage, Published, Supplied
from retrieval.passages import cut, index_tokens
from retrieval.text.language import identify
from retrieval.text.tokens import index_of

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_numbers = count(1)


def a_day(year: int = 2026, month: int = 11, day: int = 20) -> Published:
    """A bare day, as printed."""
    return Published(datetime(year, month, day, tzinfo=UTC), Precision.DAY)


def a_moment(moment: datetime = NOON, offset: int = 120) -> Published:
    """A moment printed with its offset from UTC in minutes."""
    return Published(moment, Precision.MOMENT, offset)


def an_article(
    text: str = "The bridge was closed on Monday. “It will open in spring,” said Ada Byron, the mayor.",
    *,
    external_id: str | None = "",
    url: str | None = "",
    outlet: str | None = "Velm Post",
    headline: str | None = "Bridge closed in Velm",
    byline: str | None = None,
    dateline: str | None = None,
    published: Published | None = None,
    language: str | None = None,
) -> Draft:
    """A draft with an id and an address of its own; `None` leaves a field out."""
    number = next(_numbers)
    return Draft(
        text=text,
        external_id=f"a-{number}" if external_id == "" else external_id,
        url=f"https://velm-post.example/{number}" if url == "" else url,
        outlet=outlet,
        headline=headline,
        byline=byline,
        dateline=dateline,
        published=published,
        language=language,
        supplied=Supplied.BY_OPERATOR,
    )


def prepared(draft: Draft) -> Prepared:
    """What a worker computes from a draft, by the product's own functions."""
    language = identify(draft.text, draft.language)
    return Prepared(
        language=language,
        text_sha256=hashlib.sha256(draft.text.encode()).hexdigest(),
        passages=tuple(
            PreparedPassage(
                span, index_of(language), tuple(index_tokens(draft.headline, span.of(draft.text), language))
            )
            for span in cut(draft.text, language)
        ),
        statements=tuple(statements(draft.text, language, draft.headline)),
    )
