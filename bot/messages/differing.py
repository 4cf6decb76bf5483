"""Quotes in which outlets tell different figures: when that is said, and that the oldest then stands first.

Never says who is right, and never that reports contradict each other.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations

from retrieval.counting import count_told
from retrieval.figures import differ
from retrieval.model import Answer, Quote

_UNDATED = datetime.max.replace(tzinfo=UTC)


def outlets(answer: Answer) -> int:
    """How many outlets tell different figures of what is counted, 0 where that is not to be said.

    Said only of a question for how many, where two outlets each tell a figure that the other does not.
    """
    asked = answer.question
    told = [(quote, count_told(asked, quote.text, quote.version.headline)) for quote in answer.quotes]
    apart = [
        {_outlet(one), _outlet(other)}
        for (one, figure), (other, figure_of_other) in combinations(told, 2)
        if differ(figure, figure_of_other) and _outlet(one) != _outlet(other)
    ]
    return len(set[str | None]().union(*apart) - {None})


def oldest_first(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotes by the printed dates of their articles; those without one come last."""
    return tuple(sorted(quotes, key=_printed))


def _printed(quote: Quote) -> datetime:
    return quote.version.published.moment if quote.version.published else _UNDATED


def _outlet(quote: Quote) -> str | None:
    return quote.article.outlet.name if quote.article.outlet else None
