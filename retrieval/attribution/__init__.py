"""Who said it: the statements of one article, found by rules over tokens and sentences."""

import re

from retrieval.attribution.quoted import Quoted, of_quote
from retrieval.model import Attribution, Certainty, Form, Span, Speaker, Statement

__all__ = ["Quoted", "of_quote", "statements"]

_DIRECT = re.compile(
    r"[“\"](?P<words>[^“”\"\n]{8,2000})[”\"] (?:said )?(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)(?P<cue> said)?"
)


def statements(text: str, language: str, headline: str | None = None) -> list[Statement]:
    """All statements of an article, in order; what is in none is the outlet's own words."""
    found: list[Statement] = []
    for match in _DIRECT.finditer(text):
        name_at = Span(*match.span("name"))
        speaker = Speaker(name_at.of(text), None, name_at)
        attribution = Attribution(speaker, source=name_at, certainty=Certainty.CERTAIN, rule="direct")
        found.append(Statement(len(found), 0, (Span(*match.span("words")),), Form.DIRECT, attribution))
    return found
