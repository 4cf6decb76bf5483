"""Cuts a text into passages, the unit that is indexed: a few whole sentences each."""

from retrieval.model import Span
from retrieval.text.sentences import sentences
from retrieval.text.tokens import tokens

SENTENCES = 3


def cut(text: str, language: str) -> list[Span]:
    """The passages of a text, in order: runs of whole sentences, each sentence in exactly one of them."""
    found = sentences(text, language)
    runs = [found[at : at + SENTENCES] for at in range(0, len(found), SENTENCES)]
    return [Span(run[0].start, run[-1].end) for run in runs]


def index_tokens(headline: str | None, passage_text: str, language: str) -> list[str]:
    """The tokens a passage is found by: those of its article's headline, then its own."""
    return [*tokens(headline or "", language), *tokens(passage_text, language)]
