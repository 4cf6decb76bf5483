"""From a reader's words to a Question: its language, the terms searched for, the words behind them.

Reads nothing but the words themselves: which articles there are is for the engine to say.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from retrieval.asked import lexicon_tokens
from retrieval.freshness import latest_asked
from retrieval.model import Question
from retrieval.periods import Period, period
from retrieval.text.language import identify
from retrieval.text.tokens import Word
from retrieval.text.tokens import words as words_of

QUESTION_CHARACTERS_MAX = 4096
QUESTION_TERMS_MAX = 64
# A question of more terms asks for more than one article tells: no one time holds for all of it.
DATED_TERMS_MAX = 18


def parse(
    words: str, *, language: str | None = None, languages: Collection[str] = (), today: date | None = None
) -> Question:
    """What a reader's words ask for; `languages` are those the corpus holds, `language` the reader's own if known.

    Given the day they are said on, the words that name a time become days of publication, and are no terms.
    Characters past `QUESTION_CHARACTERS_MAX` and distinct terms past `QUESTION_TERMS_MAX` are left out.
    """
    asked = words[:QUESTION_CHARACTERS_MAX].strip()
    spoken = identify(asked, language, among=languages)
    read = _without_scaffold(_without_latest(words_of(asked, spoken), asked, spoken), spoken)
    named = period(asked, spoken, today) if today and len(read) <= DATED_TERMS_MAX else None
    undated = [word for word in read if not (named and named.words.holds(word.span))]
    if named and undated:
        return _dated(_question(asked, spoken, undated), named)
    return _question(asked, spoken, read)


def _dated(question: Question, named: Period) -> Question:
    return replace(question, since=named.since, until=named.until, dated=named.words.of(question.words))


def _question(asked: str, spoken: str, read: Sequence[Word]) -> Question:
    printed: dict[str, str] = {}
    for word in read:
        printed.setdefault(word.token, word.span.of(asked))
    terms = tuple(printed)[:QUESTION_TERMS_MAX]
    about = tuple(dict.fromkeys(printed[term] for term in terms))
    return Question(words=asked, language=spoken, terms=terms, about=about)


def _without_latest(read: Sequence[Word], asked: str, language: str) -> Sequence[Word]:
    """The words beside those that ask for the newest; all of them where the question holds nothing else."""
    latest = latest_asked(asked, language)
    return [word for word in read if not (latest and latest.holds(word.span))] or read


def _without_scaffold(read: Sequence[Word], language: str) -> Sequence[Word]:
    """The words about the matter; all of them where the question holds nothing else."""
    scaffold = lexicon_tokens(language, "scaffold")
    return [word for word in read if word.token not in scaffold] or read
