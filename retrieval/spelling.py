"""Names that no article prints as the question writes them, and the words of the corpus nearest to them.

Names only: a common word that the corpus lacks is an honest gap, and its neighbours mean something else.
"""

from collections.abc import Collection
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.model import Near, Question, Statistics
from retrieval.text.tokens import tokens

LETTERS_MIN = 5
# So many letters may be wrong, missing, too many, or changed with their neighbour; in a long name, the other.
MISTAKES_MAX = 1
MISTAKES_MAX_LONG = 2
LETTERS_LONG = 6
NEAREST_MAX = 3
OPENING = " \n\t\"'“‘«(¿¡"  # may stand between the end of a sentence and the next one's first word
ENDING = (".", "!", "?", "…", ":")


def spelled(question: Question, statistics: Statistics, vocabulary: Collection[str]) -> Question:
    """The question with the words nearest to each of its names that no passage holds, where there are any."""
    unknown = {term for term in question.terms if not statistics.holding.get(term)}
    if not unknown:
        return question
    names = {_token(printed, question): printed for printed in question.about if _is_name(printed, question)}
    near = [Near(name, printed, nearest(name, vocabulary)) for name, printed in names.items() if name in unknown]
    return replace(question, near=tuple(each for each in near if each.words))


def nearest(name: str, vocabulary: Collection[str]) -> tuple[str, ...]:
    """The words written most like a name, at most `NEAREST_MAX`; none where all are further than a few mistakes."""
    if len(name) < LETTERS_MIN:
        return ()
    mistakes = MISTAKES_MAX_LONG if len(name) >= LETTERS_LONG else MISTAKES_MAX
    found = process.extract(name, vocabulary, scorer=OSA.distance, score_cutoff=mistakes, limit=None)
    likely = [(word, distance) for word, distance, _ in found if word[0] == name[0]]
    least = min((distance for _, distance in likely), default=0)
    return tuple(sorted(word for word, distance in likely if distance == least)[:NEAREST_MAX])


def _is_name(printed: str, question: Question) -> bool:
    """Whether it is written as a name, and not only because it begins a sentence of the question."""
    before = question.words[: max(question.words.find(printed), 0)].rstrip(OPENING)
    return printed[:1].isupper() and not before.endswith(ENDING) and bool(before)


def _token(printed: str, question: Question) -> str:
    return next(iter(tokens(printed, question.language)), "")
