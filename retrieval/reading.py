"""A candidate read sentence by sentence: what each holds of what was asked. Pure; knows no other candidate."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.asked import TOKENS_A_WORD_UNSPACED, UNSPACED, Asked, lexicon, lexicon_tokens
from retrieval.figures import figures
from retrieval.model import Candidate, Span
from retrieval.text.sentences import sentences
from retrieval.text.tokens import index_of, tokens

# The kinds of thing asked that a name answers.
NAMED = frozenset({"person", "place", "name"})

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")
# A name as printed: capitalised words in a row, with small words of names between them.
_NAME = re.compile(r"[^\W\d_a-zß-ÿ][\w’'&-]*(?: (?:(?:of|the|de|del|von|van|bin|al|la) )?[^\W\d_a-zß-ÿ][\w’'&-]*)*")


@dataclass(slots=True)
class Sentence:
    """One sentence of a passage. `span` is within its text; `tokens` keep their order; `length` is in words."""

    span: Span
    text: str
    tokens: list[str]
    found: frozenset[str]
    names: tuple[str, ...]
    share: float
    length: float
    score: float = 0.0


@dataclass(slots=True)
class Reading:
    """A candidate with its sentences; `share` is what passage and headline together hold of what was asked.

    `carried` are the names asked for that its article holds, here or elsewhere.
    """

    candidate: Candidate
    sentences: list[Sentence]
    found: frozenset[str]
    share: float
    carried: frozenset[str] = frozenset()
    score: float = 0.0

    @property
    def around(self) -> frozenset[str]:
        """What passage and headline hold."""
        return self.found | headline_tokens(self.candidate)


def read(asked: Asked, candidate: Candidate) -> Reading:
    """The candidate's sentences with what they hold."""
    language = candidate.language
    parts = [_sentence(asked, candidate.text, span, language) for span in sentences(candidate.text, language)]
    found = frozenset().union(*(part.found for part in parts))
    return Reading(candidate, parts, found, asked.share(found | headline_tokens(candidate)))


def carry_names(asked: Asked, readings: Sequence[Reading]) -> None:
    """Let every passage, and each of its sentences, know the names asked for that its article holds."""
    held: dict[int, frozenset[str]] = {}
    for reading in readings:
        article = reading.candidate.article_id
        found = (reading.found | headline_tokens(reading.candidate)) & asked.names
        held[article] = held.get(article, frozenset()) | found
    for reading in readings:
        reading.carried = held[reading.candidate.article_id]
        for sentence in reading.sentences:
            sentence.share = asked.share(sentence.found, reading.carried)


def headline_tokens(candidate: Candidate) -> frozenset[str]:
    """The index tokens of the headline over the candidate."""
    return frozenset(tokens(candidate.headline or "", candidate.language))


def held_by(asked: Asked, text: str, found: Sequence[str]) -> frozenset[str]:
    """The tokens of a text, and the initialisms asked for whose name it spells out."""
    return frozenset(found).union(term for term, spelled in asked.initialisms.items() if spelled.search(text))


def _sentence(asked: Asked, text: str, span: Span, language: str) -> Sentence:
    printed = span.of(text)
    ordered = tokens(printed, language)
    found = held_by(asked, printed, ordered)
    names = _names(printed) if asked.kind in NAMED else ()
    return Sentence(span, printed, ordered, found, names, asked.share(found), _length(printed, ordered, language))


def _length(printed: str, ordered: Sequence[str], language: str) -> float:
    """In words: those between spaces, or half the pairs of characters where words are not spaced."""
    pairs = len(ordered) / TOKENS_A_WORD_UNSPACED if index_of(language) in UNSPACED else 0
    return max(printed.count(" ") + 1, pairs)


def _names(sentence: str) -> tuple[str, ...]:
    """The names printed in a sentence, case folded; its first word alone is none."""
    return tuple(
        name.group().casefold().removesuffix("’s").removesuffix("'s")
        for name in _NAME.finditer(sentence)
        if name.start() > 1 or " " in name.group()
    )


def new_names(asked: Asked, sentence: Sentence) -> list[str]:
    """The names of a sentence that the question does not hold itself."""
    return [name for name in sentence.names if not asked.printed.issuperset(_WORD.findall(name))]


def tells(asked: Asked, sentence: Sentence, language: str) -> bool:
    """Whether the sentence holds the kind of thing that is asked: an amount, a moment, a reason, a name."""
    match asked.kind:
        case "amount":
            written = figures(sentence.text, language) or _holds(sentence, language, "amounts")
            return bool(written or _DIGIT.search(sentence.text))
        case "moment":
            return bool(_YEAR.search(sentence.text)) or _holds(sentence, language, "moments")
        case "reason":
            return _holds(sentence, language, "reasons")
        case _:
            return bool(new_names(asked, sentence))


def points_back(sentence: str, language: str) -> bool:
    """Whether a sentence opens with a word that only the sentence before explains."""
    opening: list[str] = lexicon(language).get("back", [])
    start = sentence.lstrip("“\"'«‘ ").casefold()
    spaced = index_of(language) not in UNSPACED
    return any(
        start.startswith(word) and not (spaced and start[len(word) : len(word) + 1].isalpha()) for word in opening
    )


def takes_back(sentence: Sentence, language: str) -> bool:
    """Whether the sentence corrects or denies something, so that what is right stands in the next one."""
    return _holds(sentence, language, "corrects")


def _holds(sentence: Sentence, language: str, part: str) -> bool:
    written: list[str] = lexicon(language).get(part, [])
    if not sentence.found.isdisjoint(lexicon_tokens(language, part)):
        return True
    return bool(written) and not {word.casefold() for word in written}.isdisjoint(
        _WORD.findall(sentence.text.casefold())
    )
