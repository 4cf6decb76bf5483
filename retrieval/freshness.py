"""How much of a passage's match its age takes away: news is asked for as it stands now, unless a year is named.

Knows days of publication only. Now is when the newest candidates were printed, so that a corpus that has ended
counts like one that goes on.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from retrieval.asked import first_of, lexicon
from retrieval.model import Candidate, Question, Span

# The share of its BM25 that a very old passage loses.
AGE_COST = 0.8
# An article is no older for so many days; so many days after, it has lost half of that share.
FRESH_FOR = timedelta(days=90)
HALF_AFTER = timedelta(days=365)
# Where the latest is asked for.
LATEST_FRESH_FOR = timedelta(0)
LATEST_HALF_AFTER = timedelta(days=7)
# One in so many candidates may bear a date that is yet to come: now is when those after them were printed.
MISDATED = 20

_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")


def latest_asked(words: str, language: str) -> Span | None:
    """The words of a question that ask for what is newest on its matter, None where none do."""
    openings: list[str] = lexicon(language).get("latest", [])
    start = first_of(openings, words, language) if openings else -1
    if start < 0:
        return None
    asked = words[start:].casefold()
    return Span(start, start + max(len(each) for each in openings if asked.startswith(each)))


def ageing(question: Question, candidates: Sequence[Candidate]) -> dict[int, float]:
    """The share of its match that each article loses to its age, 0 for new ones and those without a date."""
    latest = latest_asked(question.words, question.language) is not None
    moments = sorted((each.published.moment for each in candidates if each.published), reverse=True)
    if not moments or (_YEAR.search(question.words) and not latest):
        return dict.fromkeys((each.article_id for each in candidates), 0.0)
    now = moments[len(moments) // MISDATED]
    free, half = (LATEST_FRESH_FOR, LATEST_HALF_AFTER) if latest else (FRESH_FOR, HALF_AFTER)
    return {
        each.article_id: AGE_COST * _aged(now - each.published.moment - free, half) if each.published else 0.0
        for each in candidates
    }


def _aged(age: timedelta, half: timedelta) -> float:
    """From 0 to 1, a half at `half`."""
    beyond = max(age, timedelta(0)) / half
    return beyond / (1.0 + beyond)
