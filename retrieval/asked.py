"""What ranking and quotes look for: a question's terms, their weights and relatives, and the kind of thing asked.

Reads the question and the corpus statistics; sees no article.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from retrieval.model import Question, Statistics
from retrieval.text.tokens import index_of, tokens, words

# A word's rarity is read as if this many more passages had been seen, with so many of them holding the word:
# in a corpus of three passages every word would else be as common as the next.
PRIOR_PASSAGES = 1000
PRIOR_HOLDING = 2
# What a relative of a question's word counts for, where the word itself is missing.
RELATIVE_WORTH = 0.5
# What a name counts for that stands elsewhere in the article: news names a person once, and then says "he".
CARRIED_WORTH = 0.8

# Languages written without spaces between words.
UNSPACED = frozenset({"zh", "ja"})
# Two characters are a token there, and a word has about two of them.
TOKENS_A_WORD_UNSPACED = 2

_WORD = re.compile(r"\w+")
_INITIALISM = re.compile(r"[^\W\d_a-zß-ÿ]{2,5}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question prepared for comparison. `weights` are shares of its information and sum to 1.

    `matter` is what it asks about: the terms beside the speaker's name, or beside all names where no speaker is known.
    """

    question: Question
    terms: frozenset[str]
    weights: Mapping[str, float]
    relatives: Mapping[str, frozenset[str]]
    pairs: frozenset[tuple[str, str]]
    names: frozenset[str]
    printed: frozenset[str]
    kind: str
    initialisms: Mapping[str, re.Pattern[str]]
    matter: frozenset[str]

    def share(self, found: frozenset[str], carried: frozenset[str] = frozenset()) -> float:
        """How much of what was asked these tokens hold, 0 to 1.

        A relative counts `RELATIVE_WORTH`, a name carried over from elsewhere in the article `CARRIED_WORTH`.
        """
        weights = self.weights
        held = sum([weights[term] for term in self.terms & found])
        held += CARRIED_WORTH * sum([weights[name] for name in carried - found])
        for term, relatives in self.relatives.items():
            if term not in found and not relatives.isdisjoint(found):
                held += weights[term] * RELATIVE_WORTH
        return min(1.0, held)

    def share_of_matter(self, found: frozenset[str]) -> float:
        """How much of the matter these tokens hold, 0 to 1; 1 where names are all that was asked."""
        whole = sum(self.weights[term] for term in self.matter)
        return sum(self.weights[term] for term in self.matter if not self.lacks(term, found)) / whole if whole else 1.0

    def lacks(self, term: str, found: frozenset[str]) -> bool:
        """Whether neither the term nor a relative of it is among these tokens."""
        return term not in found and self.relatives.get(term, frozenset()).isdisjoint(found)


def prepare(question: Question, statistics: Statistics, outlets: Iterable[str] = ()) -> Asked:
    """The question as ranking compares it; the names of `outlets` say where to look, not what for."""
    where = {token for outlet in outlets for token in tokens(outlet, question.language)}
    terms = [term for term in question.terms if term not in where] or question.terms
    kept = [word for word in words(question.words, question.language) if word.token in set(terms)]
    names = frozenset(word.token for word in kept if _is_name(word.span.of(question.words), word.span.start))
    return Asked(
        question=question,
        terms=frozenset(terms),
        weights=_shares({term: rarity(term, statistics) for term in terms}),
        relatives=relatives_of(terms, index_of(question.language)) | _misspelt(question),
        pairs=frozenset(pairwise(word.token for word in kept)),
        names=names,
        printed=frozenset(_WORD.findall(question.words.casefold())),
        kind=kind_of(question.words, question.language),
        matter=frozenset(terms) - (set(tokens(question.speaker, question.language)) if question.speaker else names),
        initialisms={
            word.token: _spelled_out(printed)
            for word in kept
            if _INITIALISM.fullmatch(printed := word.span.of(question.words))
        },
    )


def rarity(term: str, statistics: Statistics) -> float:
    """The inverse passage frequency of a term, steadied by a prior so that small corpora weigh words alike."""
    return math.log((statistics.passages + PRIOR_PASSAGES) / (statistics.holding.get(term, 0) + PRIOR_HOLDING))


def kind_of(question: str, language: str) -> str:
    """What kind of thing is asked: amount, moment, place, person, reason, name; empty where it is none of them."""
    kinds: dict[str, list[str]] = lexicon(language).get("kinds", {})
    found = [
        (place, kind) for kind, openings in kinds.items() if (place := first_of(openings, question, language)) >= 0
    ]
    return min(found, default=(0, ""), key=lambda each: each[0])[1]


@cache
def lexicon(language: str) -> dict[str, Any]:
    """How a language asks; empty for one that nobody has written down."""
    return dict(_file("asking.toml").get(index_of(language), {}))


@cache
def lexicon_tokens(language: str, part: str) -> frozenset[str]:
    """The index tokens of one list of a language's lexicon."""
    return frozenset(token for word in lexicon(language).get(part, ()) for token in tokens(word, language))


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((files("retrieval") / name).read_text("utf-8"))


def first_of(openings: Sequence[str], question: str, language: str) -> int:
    """Where the first of the openings stands in the question, -1 where none does."""
    bound = "" if index_of(language) in UNSPACED else r"\b"
    found = re.search(f"{bound}(?:{'|'.join(map(re.escape, openings))}){bound}", question, re.IGNORECASE)
    return found.start() if found else -1


def _is_name(printed: str, start: int) -> bool:
    return printed[:1].isdigit() or (start > 0 and printed[:1].isupper())


def _spelled_out(initialism: str) -> re.Pattern[str]:
    """A name in whose words the letters stand first, small words between them left out: "Ostra Port Council"."""
    return re.compile(r"\b" + r"\w+ (?:(?:of|for|and|the|de|del|des|du|der) ){0,2}".join(initialism) + r"\w+")


def _shares(rarities: Mapping[str, float]) -> dict[str, float]:
    total = sum(rarities.values())
    return {term: each / total for term, each in rarities.items()} if total else {}


def _misspelt(question: Question) -> dict[str, frozenset[str]]:
    """What may be meant counts as a relative does: it may be somebody else."""
    return {each.term: frozenset(each.words) for each in question.near}


def relatives_of(terms: Sequence[str], index: str) -> dict[str, frozenset[str]]:
    """For each term the words that news uses in its place, by their tokens in this index."""
    families = _families(index)
    return {
        term: frozenset().union(*(each for each in families if term in each)) - {term}
        for term in terms
        if any(term in each for each in families)
    }


@cache
def _families(index: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(tokens(line, index)) for line in _file("families.toml").get(index, ()))
