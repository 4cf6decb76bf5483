"""Topics that readers follow: what their words ask for, and which of thousands an article matches, in one pass.

Words are compared as the index knows them, in the article's own language; a topic is never a pattern to search by.
All plain words of an alternative must stand together, in one passage or its article's headline.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Generic, TypeVar

from retrieval.text.tokens import index_of, tokens

TOPIC_CHARACTERS_MAX = 300
NAME_CHARACTERS_MAX = 60
ALTERNATIVES_MAX = 8
PARTS_MAX = 12  # words, phrases and the rest, in one alternative

PASSING = 0.5  # how well an article matches that names a topic once, neither in its headline nor at its beginning
SHORT_PASSAGES = 3  # an article of no more is about all that it names

_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』"}
_OPENING = "".join(_QUOTES)
_FIELD = re.compile(r"(outlet|speaker):", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")

Key = TypeVar("Key", bound=Hashable)


class Fault(StrEnum):
    """Why words are no topic."""

    EMPTY = "empty"
    LONG = "long"
    UNCLOSED = "unclosed"
    ONLY_WITHOUT = "only_without"
    WORDLESS = "wordless"


class NotATopic(Exception):
    """These words cannot be followed; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which an article can match, as typed: all of `words` and `phrases`, none of `without`."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What a reader follows: an article matches where one of the alternatives does."""

    name: str
    words: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Matchable:
    """An article as topics see it: its headline, the index tokens of its passages (a space between), who is in it.

    `speakers` are names case folded. Each passage's tokens begin with those of the headline, as the index has them.
    """

    language: str
    headline: str | None
    passages: Sequence[str]
    outlet: str | None = None
    speakers: Sequence[str] = ()

    @cached_property
    def heading(self) -> str:
        """The headline's tokens, with a space at either end."""
        return _spaced(tokens(self.headline or "", index_of(self.language)))

    @cached_property
    def bodies(self) -> tuple[str, ...]:
        """The tokens of each passage's own words, with a space at either end."""
        start = self.heading.lstrip()
        spaced = (f" {passage} " for passage in self.passages)
        return tuple(each[len(start) :] if start and each[1:].startswith(start) else each for each in spaced)

    @cached_property
    def together(self) -> tuple[frozenset[str], ...]:
        """The tokens that stand together: those of each passage with the headline's."""
        heading = self.heading.split()
        return tuple(frozenset((*heading, *body.split())) for body in self.bodies or ("",))

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset[str]().union(*self.together)


# ── reading what a reader typed ──────────────────────────────────────────────────────────────────


def parse(typed: str) -> Topic:
    """A topic from ``Name: words "exact phrase" -without outlet:name | words in another language``.

    Raises NotATopic. Without a name it is called by its words.
    """
    flat = _SPACE.sub(" ", typed).strip()
    if not flat:
        raise NotATopic(Fault.EMPTY)
    if len(flat) > TOPIC_CHARACTERS_MAX:
        raise NotATopic(Fault.LONG)
    name, words = _named(flat)
    alternatives = tuple(_alternative(parts) for parts in _alternatives(words))
    if len(alternatives) > ALTERNATIVES_MAX or not alternatives:
        raise NotATopic(Fault.LONG if alternatives else Fault.EMPTY)
    return Topic(name[:NAME_CHARACTERS_MAX].strip(), words, alternatives)


def _named(flat: str) -> tuple[str, str]:
    name, colon, words = flat.partition(": ")
    if colon and name.strip() and words.strip() and not _FIELD.match(f"{name}:") and not set(name) & set(_OPENING):
        return name.strip(), words.strip()
    return flat, flat


def _alternatives(words: str) -> list[list[str]]:
    """The parts of each alternative: a word, a phrase in its quotation marks, each with what stands before it."""
    found: list[list[str]] = [[]]
    at = 0
    while at < len(words):
        if words[at] == "|":
            found.append([])
            at += 1
        elif words[at].isspace():
            at += 1
        else:
            part, at = _part(words, at)
            found[-1].append(part)
    return [parts for parts in found if parts]


def _part(words: str, at: int) -> tuple[str, int]:
    start = at
    while at < len(words) and not words[at].isspace() and words[at] != "|":
        if words[at] in _OPENING:
            ends = [end for mark in _QUOTES[words[at]] if (end := words.find(mark, at + 1)) >= 0]
            if not ends:
                raise NotATopic(Fault.UNCLOSED)
            return words[start : min(ends) + 1], min(ends) + 1
        at += 1
    return words[start:at], at


def _alternative(parts: Sequence[str]) -> Alternative:
    if len(parts) > PARTS_MAX:
        raise NotATopic(Fault.LONG)
    sorted_: dict[str, list[str]] = {"words": [], "phrases": [], "without": [], "outlet": [], "speaker": []}
    for part in parts:
        kind, words = _kind(part)
        if not _WORD.search(words):
            raise NotATopic(Fault.WORDLESS)
        sorted_[kind].append(words)
    if not any(sorted_[kind] for kind in ("words", "phrases", "outlet", "speaker")):
        raise NotATopic(Fault.ONLY_WITHOUT)
    return Alternative(*(tuple(found) for found in sorted_.values()))


def _kind(part: str) -> tuple[str, str]:
    if len(part) > 1 and part[0] in "-−–":
        return "without", _unquoted(part[1:])
    if named := _FIELD.match(part):
        return named.group(1).lower(), _unquoted(part[named.end() :])
    return ("phrases" if part[0] in _OPENING else "words"), _unquoted(part)


def _unquoted(part: str) -> str:
    return part[1:-1].strip() if part[:1] and part[0] in _OPENING else part


# ── matching ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An alternative in one index's tokens. Phrases are token sequences with a space at either end."""

    tokens: frozenset[str]
    phrases: tuple[str, ...]
    without: tuple[str, ...]
    outlets: tuple[frozenset[str], ...]
    speakers: tuple[frozenset[str], ...]

    def strength(self, article: Matchable) -> float:
        """How well it matches, 0 where it does not: more in the headline and in more passages is better.

        What an article only mentions in passing is `PASSING`, all else more than 1.
        """
        if not self.tokens <= article.tokens or not _any_named(self.outlets, [article.outlet or ""]):
            return 0.0
        if not _any_named(self.speakers, article.speakers) or self._excluded(article):
            return 0.0
        if not self.tokens:
            return 1.0
        together = sum(self._in(article, place) for place in range(len(article.together)))
        if not together:
            return 0.0
        heading = self.tokens & frozenset(article.heading.split())
        if not heading and together == 1 and len(article.together) > SHORT_PASSAGES and not self._in(article, 0):
            return PASSING
        return 1.0 + len(heading) / len(self.tokens) + together / len(article.together)

    def _in(self, article: Matchable, place: int) -> bool:
        """Whether all of it stands in one passage, or in the headline."""
        if not self.tokens <= article.together[place]:
            return False
        words = (article.heading, *article.bodies[place : place + 1])
        return all(any(phrase in each for each in words) for phrase in self.phrases)

    def _excluded(self, article: Matchable) -> bool:
        return any(phrase in words for phrase in self.without for words in (article.heading, *article.bodies))


@dataclass
class _Index(Generic[Key]):
    """What all topics want in one language's tokens, each once with the keys of all who want it.

    Each is found by the rarest of its tokens, or stands among those that ask for none.
    """

    wanted: dict[_Wanted, list[Key]] = field(default_factory=lambda: defaultdict(list))
    by_token: dict[str, list[_Wanted]] = field(default_factory=lambda: defaultdict(list))
    tokenless: list[_Wanted] = field(default_factory=list)

    def candidates(self, article: Matchable) -> Iterable[_Wanted]:
        found = (self.by_token[token] for token in article.tokens if token in self.by_token)
        return chain(self.tokenless, chain.from_iterable(found))


class Topics(Generic[Key]):
    """Many topics, each under a key of the caller's; compiled for a language when its first article comes."""

    def __init__(self, topics: Mapping[Key, Topic]) -> None:
        self._topics = dict(topics)
        self._indexes: dict[str, _Index[Key]] = {}

    def match(self, article: Matchable) -> dict[Key, float]:
        """The topics that an article matches, each with how well: `PASSING`, or more than 1."""
        index = index_of(article.language)
        if index not in self._indexes:
            self._indexes[index] = self._compiled(index)
        compiled, found = self._indexes[index], dict[Key, float]()
        for wanted in compiled.candidates(article):
            if strength := wanted.strength(article):
                for key in compiled.wanted[wanted]:
                    found[key] = max(strength, found.get(key, 0.0))
        return found

    def _compiled(self, index: str) -> _Index[Key]:
        compiled = _Index[Key]()
        for key, topic in self._topics.items():
            for each in topic.alternatives:
                if (wanted := _wanted(each, index)) is not None:
                    compiled.wanted[wanted].append(key)
        common = Counter(chain.from_iterable(wanted.tokens for wanted in compiled.wanted))
        for wanted in compiled.wanted:
            if wanted.tokens:
                rarest = min(sorted(wanted.tokens), key=lambda token: common[token])
                compiled.by_token[rarest].append(wanted)
            else:
                compiled.tokenless.append(wanted)
        return compiled


def terms(topic: Topic, language: str) -> frozenset[str]:
    """The index tokens that a topic looks for in an article of this language."""
    index = index_of(language)
    asked = chain.from_iterable((*each.words, *each.phrases) for each in topic.alternatives)
    return frozenset(chain.from_iterable(tokens(words, index) for words in asked))


def _wanted(alternative: Alternative, index: str) -> _Wanted | None:
    """An alternative in an index's tokens; None where none of its words is one there: nothing would be asked."""
    words = [tokens(each, index) for each in alternative.words]
    phrases = [tokens(each, index) for each in alternative.phrases]
    asked = [*words, *phrases]
    if asked and not any(asked):
        return None
    without = [tokens(each, index) for each in alternative.without]
    return _Wanted(
        frozenset(chain.from_iterable(asked)),
        tuple(_spaced(each) for each in (*phrases, *(word for word in words if len(word) > 1)) if each),
        tuple(_spaced(each) for each in without if each),
        tuple(map(_name, alternative.outlets)),
        tuple(map(_name, alternative.speakers)),
    )


def _any_named(wanted: Sequence[frozenset[str]], names: Iterable[str]) -> bool:
    """Whether one of the names holds all the words of one wanted; true where none is wanted."""
    return not wanted or any(each <= name for name in map(_name, names) for each in wanted)


def _name(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(name.casefold()))


def _spaced(found: Sequence[str]) -> str:
    return f" {' '.join(found)} " if found else ""
