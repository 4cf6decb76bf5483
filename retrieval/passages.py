"""Cuts a text into passages, the unit that is indexed: a few whole sentences each."""

from collections.abc import Iterator, Sequence

from retrieval.model import Span
from retrieval.text.sentences import sentences
from retrieval.text.tokens import tokens

# Measured over three sets of news questions: from three sentences a passage to five the first hit that holds the
# answer comes up in 62% instead of 55% of them; more changes nothing.
SENTENCES_MAX = 5
# Code points from the first sentence's start to the last one's end; a longer sentence stands alone.
PASSAGE_LENGTH_MAX = 700


def cut(text: str, language: str) -> list[Span]:
    """The passages of a text, in order: runs of whole sentences, each sentence in exactly one of them."""
    return [Span(run[0].start, run[-1].end) for run in _runs(sentences(text, language))]


def index_tokens(headline: str | None, passage_text: str, language: str) -> list[str]:
    """The tokens a passage is found by: those of its article's headline, then its own."""
    return [*tokens(headline or "", language), *tokens(passage_text, language)]


def _runs(found: Sequence[Span]) -> Iterator[list[Span]]:
    run: list[Span] = []
    for sentence in found:
        if run and (len(run) == SENTENCES_MAX or sentence.end - run[0].start > PASSAGE_LENGTH_MAX):
            yield run
            run = []
        run.append(sentence)
    if run:
        yield run
