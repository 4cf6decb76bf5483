"""The verb of a report in a verb-second language: finite, with its particle behind it, or in a bracket with "hat"."""

from collections.abc import Iterator
from typing import NamedTuple

from retrieval.attribution.findings import Extent, Findings
from retrieval.attribution.lexicon import Cue, Kind, Shape
from retrieval.attribution.reading import Reading
from retrieval.attribution.verb_second.nominals import segments

PARTICLE_ITEMS_MAX = 45
"""A verb's particle ("teilte ... mit") stands no farther behind it than this."""


class Verb(NamedTuple):
    """A reporting verb in its clause: its finite part, the cue itself, its particle's item, and whose verb it is."""

    finite: int
    at: int
    cue: Cue
    particle: int | None
    passive: bool


def in_verb_second(r: Reading) -> bool:
    return r.lexicon.has("grammar", "verb_second")


def reporting(r: Reading, findings: Findings) -> Iterator[tuple[Verb, list[Extent], int]]:
    """The reporting verbs still free, each with the segments of its sentence and the number of its own."""
    number, parts = -1, []
    for at in r.cues:
        if at in findings.cues:
            continue
        if r.frame_of[at] != number:
            number, parts = r.frame_of[at], segments(r, r.frame(at))
        own = next((i for i, (first, last) in enumerate(parts) if first <= at <= last), None)
        verb = verb_at(r, at, parts[own]) if own is not None else None
        if verb is not None and own is not None:
            yield verb, parts, own


def verb_at(r: Reading, at: int, part: Extent) -> Verb | None:
    """A cue read as the verb of its clause, or None where it is an infinitive, an adjective or lacks its particle."""
    cue = r.lexicon.cues[r.low[at]]
    first, last = part
    if r.kind[at] & Kind.CAPITAL and at > r.frame(at).first:
        return None
    article = at > first and r.kind[at - 1] & Kind.DETERMINER and not r.lexicon.has("this", r.low[at - 1])
    if article or (at > first and r.lexicon.has("infinitive_sign", r.low[at - 1])):
        return None
    helper = _helper(r, at, first, last) if cue.shape & (Shape.PARTICIPLE | Shape.BASE) else None
    if helper is not None and cue.shape & Shape.PARTICIPLE:
        return _bracketed(r, at, helper, cue, part)
    if any(r.kind[i] & Kind.MODAL for i in range(first, last + 1)) or not cue.shape & (Shape.PAST | Shape.PRESENT):
        return None
    if not r.lexicon.has("separable", r.low[at]):
        return Verb(at, at, cue, None, passive=False)
    particle = _particle(r, at, r.frame(at).last)
    return Verb(at, at, cue, particle, passive=False) if particle is not None else None


def _bracketed(r: Reading, at: int, helper: int, cue: Cue, part: Extent) -> Verb | None:
    """A participle with its helping verb: a perfect, or a passive that "werden" makes."""
    if r.kind[helper] & Kind.HAVE or r.lexicon.has("perfect_with_be", r.low[at]):
        return Verb(helper, at, cue, None, passive=False)
    becomes = any(r.lexicon.has("becoming", r.low[i]) for i in range(part[0], part[1] + 1))
    return Verb(helper, at, cue, None, passive=True) if becomes else None


def _helper(r: Reading, participle: int, first: int, last: int) -> int | None:
    """The "hat", "wurde" or "ist" of a participle, in the same clause."""
    around = [*range(participle - 1, first - 1, -1), *range(participle + 1, min(participle + 3, last + 1))]
    found = [i for i in around if r.kind[i] & (Kind.HAVE | Kind.BE) and not r.kind[i] & Kind.DETERMINER]
    return found[0] if found else None


def _particle(r: Reading, verb: int, last: int) -> int | None:
    """The item that completes a separable verb: at the end of a clause, and one that this verb takes."""
    for at in range(verb + 1, min(verb + PARTICLE_ITEMS_MAX, last) + 1):
        if r.lexicon.has(f"particles.{r.low[at]}", r.low[verb]):
            ends = at == last or not r.kind[at + 1] & (Kind.CAPITAL | Kind.DETERMINER | Kind.WORD)
            tail = at < last and r.kind[at + 1] & (Kind.CONJUNCTION | Kind.COMPLEMENTIZER)
            if ends or tail or not r.kind[at] & Kind.PREPOSITION:
                return at
    return None
