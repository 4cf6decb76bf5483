"""The order of candidates: passage evidence fused with that of their article. Pure."""

from collections.abc import Sequence

from retrieval.model import Candidate, Question, Statistics


def order(question: Question, candidates: Sequence[Candidate], statistics: Statistics) -> list[Candidate]:
    """The candidates best first, their score replaced."""
    return sorted(candidates, key=lambda each: (-each.score, each.passage.id))
