"""Figures in a sentence: the numbers it tells, however they are written. Knows no question and no article."""

import re
from collections.abc import Collection

from retrieval.asked import lexicon
from retrieval.text.tokens import words

# So many words before a thing its number stands: "fourteen badly injured people".
COUNTED_WITHIN_WORDS = 4

# "11,000", "9.400", "3.5": groups of three belong together, a lone separator is a decimal one.
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_CLAUSE_END = re.compile(r"[.!?؟。,;:،–—]\s")
_WORD = re.compile(r"[^\W\d_]+")
# A number beside a month is a day, one with a colon a time of day.
_TIME = re.compile(r"\d{1,2}:\d\d")


def figures(text: str, language: str) -> frozenset[str]:
    """The amounts a text tells, as digits: no years, days of a month or times of day."""
    dated = _dates(language).sub(" ", _TIME.sub(" ", text)) if language else text
    numbers = {_digits(each.group()) for each in _NUMBER.finditer(dated) if not _YEAR.fullmatch(each.group())}
    written = lexicon(language).get("figures", {})
    return frozenset(numbers).union(str(written[word]) for word in _WORD.findall(dated.casefold()) if word in written)


def figures_before(text: str, things: Collection[str], language: str) -> frozenset[str]:
    """The figures that a text tells shortly before things, given as index tokens, or its only figure beside them."""
    places = [word.span.start for word in words(text, language) if word.token in things]
    before = frozenset[str]().union(*(figures(_shortly_before(text, place), language) for place in places))
    told = figures(text, language)
    return before or (told if places and len(told) == 1 else frozenset())


def differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each of the two tells a figure, and not one of them the other's."""
    return bool(one) and bool(other) and one.isdisjoint(other)


def _shortly_before(text: str, place: int) -> str:
    return " ".join(_CLAUSE_END.split(text[:place])[-1].split()[-COUNTED_WITHIN_WORDS:])


def _digits(printed: str) -> str:
    return re.sub(r"[.,]", "", printed) if _GROUPED.fullmatch(printed) else printed.replace(",", ".")


def _dates(language: str) -> re.Pattern[str]:
    moments = "|".join(re.escape(each) for each in lexicon(language).get("moments", ())) or r"(?!)"
    return re.compile(rf"\b\d{{1,2}}\.? (?:de )?(?:{moments})\b|\b(?:{moments}) \d{{1,2}}\b", re.IGNORECASE)
