"""From when a question wants its news: "since Monday", "in October 2023", "yesterday", as days of publication.

Reads the words and the day they were said on; knows no article. A question that names several times, or asks for
more than one article tells, is not read so: its dates are then words like all others.
"""

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from retrieval.model import Span
from retrieval.text.tokens import index_of

YEAR_MIN = 1990  # older news is history: a year before it is what the question is about
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)


class Period(NamedTuple):
    """Days of publication, both included, and the words that name them; `until` is None where they have no end."""

    since: date
    until: date | None
    words: Span


def period(words: str, language: str, today: date) -> Period | None:
    """The one time that a question names for its news, None where it names none, several, or one yet to come."""
    pattern = _pattern(index_of(language))
    found = list(pattern.finditer(words)) if pattern else []
    if len(found) != 1:
        return None
    read = _days(found[0], index_of(language), today)
    if read is None or read[0] > today or read[0].year < YEAR_MIN:
        return None
    return Period(read[0], None if found[0]["since"] else read[1], Span(*found[0].span()))


def _days(found: re.Match[str], index: str, today: date) -> tuple[date, date] | None:
    """The first and the last day that the words name."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = (first - ONE_DAY).replace(day=1)
    named: dict[str, tuple[date, date]] = {
        "today": (today, today),
        "yesterday": (today - ONE_DAY, today - ONE_DAY),
        "this_week": (monday, today),
        "last_week": (monday - ONE_WEEK, monday - ONE_DAY),
        "this_month": (first, today),
        "last_month": (before, first - ONE_DAY),
    }
    for name, days in named.items():
        if found[name]:
            return days
    if found["weekday"]:
        ago = (today.weekday() - _place(found["weekday"], index, "weekdays")) % 7
        return today - timedelta(days=ago), today
    return _dated(found, index, today)


def _dated(found: re.Match[str], index: str, today: date) -> tuple[date, date] | None:
    """A day and the next, on which its news is printed; or a month. Without a year the latest one that began."""
    try:
        if found["iso"]:
            day = date.fromisoformat(found["iso"])
            return day, day + ONE_DAY
        month = _place(found["month"], index, "months") + 1
        number = int(found["before"] or found["after"] or 1)
        year = int(found["year"] or today.year)
        day = date(year, month, number)
        if day > today and not found["year"]:
            day = date(year - 1, month, number)
    except ValueError:
        return None
    if found["before"] or found["after"]:
        return day, day + ONE_DAY
    return day, (day + timedelta(days=31)).replace(day=1) - ONE_DAY


def _place(printed: str, index: str, part: str) -> int:
    wanted = printed.casefold()
    return next(at for at, forms in enumerate(_said(index)[part]) if wanted in forms.casefold().split("|"))


@cache
def _pattern(index: str) -> re.Pattern[str] | None:
    """One match a time that the words of a language name."""
    said = _said(index)
    if not said:
        return None
    return re.compile(_any_time(said), re.IGNORECASE)


def _any_time(said: dict[str, Any]) -> str:
    simple = ("today", "yesterday", "this_week", "last_week", "this_month", "last_month")
    named = "|".join(rf"(?P<{name}>{_any(said[name])})" for name in simple)
    month = _any("|".join(said["months"]))
    of = rf"(?:(?:{said['of']})\s+)?" if said["of"] else ""
    year = r"(?P<year>[12]\d{3})"
    dated = (
        rf"(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s+{of})?(?P<month>{month})"
        rf"(?:\.?\s+(?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d))?(?:,?\s+{of}{year})?"
    )
    opened = rf"(?:\b(?P<since>{_any(said['since'])})\s+(?:the\s+)?)?"
    # A weekday alone says when something happened: only "since" makes it a limit. A month alone may be a name
    # ("May"): a year, a day, or a word before it makes it a time.
    weekday = rf"(?(since)(?P<weekday>{_any('|'.join(said['weekdays']))})|(?!))"
    bounded = "(?(year)|(?(before)|(?(after)|(?(since)|(?(within)|(?!))))))"
    within = rf"(?:(?P<within>{_any(said['within'])})\s+)?"
    return rf"{opened}\b(?:{named}|(?P<iso>\d{{4}}-\d\d-\d\d)|{weekday}|{within}{dated}{bounded})\b"


def _any(forms: str) -> str:
    return "|".join(re.escape(form) for form in sorted(forms.split("|"), key=len, reverse=True))


@cache
def _said(index: str) -> dict[str, Any]:
    return dict(_file().get(index, {}))


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((files("retrieval") / "periods.toml").read_text("utf-8"))
