"""What tests look for among the statements of an English text."""

from retrieval.attribution import statements
from retrieval.model import Statement


def holding(text: str, words: str) -> Statement:
    """The first statement whose own words hold these."""
    return next(s for s in statements(text, "en") if any(words in span.of(text) for span in s.content))
