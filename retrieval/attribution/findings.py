"""What the rules find, in items, before names are resolved and items become code points."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import Phrase
from retrieval.attribution.reading import Reading
from retrieval.attribution.subjects import SOURCE_ITEMS_MAX
from retrieval.attribution.verbs import Use, use_of
from retrieval.model import Sense

Extent = tuple[int, int]
"""Items ``first..last``, inclusive."""


@dataclass(slots=True)
class Finding:
    """One attribution: content, cue and naming words, as items.

    `antecedent` is the phrase that the naming words point to ("who"); `same_as` is the finding whose
    speaker goes on; `unnamed` tells that the article names nobody; `guess` that the speaker is only likely;
    `spoken` that the words are direct speech without marks.
    """

    rule: str
    content: list[Extent]
    cue: list[Extent] = field(default_factory=list)
    source: Phrase | None = None
    antecedent: Phrase | None = None
    addressee: Extent | None = None
    via: Extent | None = None
    sense: Sense = Sense.SPEECH
    same_as: "Finding | None" = None
    unnamed: bool = False
    guess: bool = False
    spoken: bool = False

    @property
    def anchor(self) -> int:
        """Where in the text the naming happens: names introduced before it may be meant."""
        if self.source is not None:
            return self.source.first
        return self.cue[0][0] if self.cue else self.content[0][0]


@dataclass(slots=True)
class Findings:
    """All that was found so far; a cue and a quotation are given away once."""

    reading: Reading
    found: list[Finding] = field(default_factory=list)
    cues: set[int] = field(default_factory=set)
    of_quote: dict[int, Finding] = field(default_factory=dict)
    covered: set[int] = field(default_factory=set)
    begun: set[int] = field(default_factory=set)
    of_frame: dict[int, list[Finding]] = field(default_factory=dict)
    _uses: dict[int, Use | None] = field(default_factory=dict)

    def use(self, item: int) -> Use | None:
        """How the reporting word at an item is used; None where it is no verb, or given away already."""
        if item in self.cues or not self.reading.kind[item] & Kind.CUE:
            return None
        if item not in self._uses:
            self._uses[item] = use_of(self.reading, item)
        return self._uses[item]

    def add(self, finding: Finding) -> None:
        source = finding.source
        if (
            source
            and source.first == source.last
            and self.reading.lexicon.has("nobody", self.reading.low[source.first])
        ):
            finding.source, finding.unnamed = None, True  # "hieß es"
        if finding.source:
            finding.source = _within_bounds(self.reading, finding.source)
        self.found.append(finding)
        if finding.cue:
            self.of_frame.setdefault(self.reading.frame_of[finding.cue[0][0]], []).append(finding)
        for first, last in finding.cue:
            self.cues.update(range(first, last + 1))
        self.begun.add(finding.content[0][0])
        for first, last in finding.content:
            if first < last:
                self.covered.update(range(first, last + 1))
            elif first in self.reading.quotation:
                self.of_quote[first] = finding


def _within_bounds(r: Reading, source: Phrase) -> Phrase:
    """Naming words of bearable length: a longer apposition is cut at a comma of its own, as the article's words."""
    last = source.last
    if last - source.first < SOURCE_ITEMS_MAX:
        return source
    commas = [i for i in range(source.core_last + 1, last) if r.kind[i] & (Kind.COMMA | Kind.DASH)]
    fitting = [i for i in commas if i - source.first <= SOURCE_ITEMS_MAX]
    cut = fitting[-1] if fitting else commas[0] if commas else last + 1
    return Phrase(source.first, cut - 1, source.core_last)


Rule = Callable[[Reading, Findings], Iterable[Finding]]
"""A rule looks at the reading and at what earlier rules found, and yields findings one by one."""
