"""Questions for how many: what is counted, and how many of it a text tells. Sees one text at a time."""

import re
from functools import cache

from retrieval.asked import first_of, lexicon, lexicon_tokens, relatives_of
from retrieval.attribution.lexicon import Kind, lexicon_of
from retrieval.figures import figures_before
from retrieval.model import Question
from retrieval.text.tokens import index_of, tokens, words

_WORD = re.compile(r"[^\W\d_]+")
# Where somebody does it to the things, English puts the verb last: "how many did the flood displace".
_DONE = re.compile(r"\b(?:did|do|does)\b", re.IGNORECASE)
_AUXILIARY = Kind.BE | Kind.HAVE | Kind.DO | Kind.MODAL


def things_counted(question: Question) -> frozenset[str]:
    """The tokens of the things whose number is asked for, empty where that is not asked.

    People, where it names no thing: "how many were hurt", "how many fled the town".
    """
    language = question.language
    openings: list[str] = lexicon(language).get("counts", [])
    opens = first_of(openings, question.words, language) if openings else -1
    if opens < 0 or not question.terms:
        return frozenset()
    asked = max((each for each in openings if question.words[opens:].lower().startswith(each)), key=len)
    after = _WORD.findall(question.words[opens + len(asked) :].lower())
    people = lexicon_tokens(language, "people")
    if not people or not _names_no_thing(after, language):
        return frozenset(question.terms[:1])
    return people


def count_told(question: Question, text: str, headline: str | None = None) -> frozenset[str]:
    """How many of the thing asked for a text tells, in its sense: 11,000 people a day are no people hurt.

    `headline` stands over the text and helps to say what is counted. Empty where the question asks for no number.
    """
    things, language = things_counted(question), question.language
    found = {*tokens(text, language), *tokens(headline or "", language)}
    if not things or not _is_the_matter(question, things, found):
        return frozenset()
    return figures_before(_rates(language).sub(" ", text), things, language)


def counts_otherwise(question: Question, text: str, headline: str | None = None) -> bool:
    """Whether a text counts the things asked for in another sense."""
    told = figures_before(text, things_counted(question), question.language)
    return bool(told) and not count_told(question, text, headline)


def _names_no_thing(after: list[str], language: str) -> bool:
    """Whether "how many" is followed by a verb: an auxiliary, or a word before a determiner ("fled the town")."""
    kinds = lexicon_of(index_of(language)).kinds
    first, second = (kinds.get(word, Kind.NONE) for word in (*after, "", "")[:2])
    return bool(first & _AUXILIARY or second & Kind.DETERMINER)


def _is_the_matter(question: Question, things: frozenset[str], found: set[str]) -> bool:
    """Whether a text holds what is asked of the things: were hurt, did it flood; or a word used in its place."""
    names = {word.token for word in words(question.words, question.language) if _is_name(word.span.of(question.words))}
    asked = [term for term in question.terms if term not in things and term not in names]
    if not asked:
        return True
    told = asked[-1] if _DONE.search(question.words) else asked[0]
    return told in found or not relatives_of([told], index_of(question.language)).get(told, frozenset()).isdisjoint(
        found
    )


def _is_name(printed: str) -> bool:
    return printed[:1].isupper()


@cache
def _rates(language: str) -> re.Pattern[str]:
    """A figure with what it is a rate of: "11,000 people a day"."""
    rates: list[str] = lexicon(language).get("rates", [])
    return re.compile(rf"[\w.,]+(?: [^\W\d_]+){{0,3}} (?:{'|'.join(map(re.escape, rates)) or '(?!)'})\b", re.IGNORECASE)
