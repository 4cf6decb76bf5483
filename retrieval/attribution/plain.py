"""Noun phrases of a script without capitals: whose verb comes first, up to the word that begins something else."""

from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import MARK, Phrase
from retrieval.attribution.reading import Reading

NAME_WORDS_MAX = 9
"""An office with its name is no longer than this."""


def plain_phrase(r: Reading, first: int, last: int) -> Phrase | None:
    """The words from `first` up to a preposition, a time or an addressee; with an apposition between commas."""
    end = _run_end(r, first, last)
    if end < first or end - first >= NAME_WORDS_MAX:
        return None
    apposed = end + 2
    if apposed <= last and r.kind[end + 1] & Kind.COMMA:
        closing = _run_end(r, apposed, last)
        closed = closing >= last or r.kind[closing + 1] & MARK
        if closing >= apposed and closed and closing - apposed < NAME_WORDS_MAX:
            return Phrase(first, closing, end)
    return Phrase(first, end, end)


def _run_end(r: Reading, first: int, last: int) -> int:
    stops = MARK | Kind.PREPOSITION | Kind.TIME | Kind.RELATIVE | Kind.CUE | Kind.SPEECH
    at = first
    while at <= last and not r.lexicon.has("addressees", r.low[at]):
        noun = r.kind[at] & Kind.CUE and at > first and r.kind[at - 1] & Kind.DETERMINER
        if r.kind[at] & stops and not noun:
            break
        at += 1
    return at - 1


def office_end(r: Reading, phrase: Phrase) -> int | None:
    """The last item of an office that stands before a name without a comma ("the spokesman of the port Tamer Kuirl").

    An office ends with its last word that bears the article; None where no name of two words is left behind it.
    """
    if not r.kind[phrase.first] & Kind.ROLE:
        return None
    items = range(phrase.first, phrase.core_last + 1)
    articled = [i for i in items if r.low[i].startswith(tuple(r.lexicon.words.get("articles_grown", ("\0",))))]
    end = articled[-1] if articled else phrase.core_last
    return end if phrase.core_last - end >= 2 else None
