"""What is said by nobody named, or by a place: "Se informó de que", "Сообщается, что", "сообщили в министерстве"."""

from collections.abc import Iterator

from retrieval.attribution.endings import content_end
from retrieval.attribution.findings import Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import Phrase, phrase_starting
from retrieval.attribution.reading import Reading
from retrieval.attribution.subjects import inverted_subject

THAT_ITEMS_MAX = 3
"""Between such a verb and its "that" stand no more items than this ("se informó ayer de que")."""


def impersonal(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Se informó de que la presa aguantará. / Сообщается, что плотина выдержит."""
    for at in r.places("impersonal_cues"):
        frame = r.frame(at)
        led = at > frame.first and r.lexicon.has("impersonal", r.low[at - 1])
        if (r.lexicon.words.get("impersonal") and not led) or at in findings.cues:
            continue
        that = _that_soon(r, at + 1, frame.last)
        if that is not None and content_end(r, that, frame.last) > that:
            content = [(that, content_end(r, that, frame.last))]
            yield Finding("reported: impersonal", content, [(at - led, at)], unnamed=True)


def _that_soon(r: Reading, first: int, last: int) -> int | None:
    for at in range(first, min(first + THAT_ITEMS_MAX, last) + 1):
        if r.lexicon.has("that", r.low[at]):
            return at
    return None


def said_at_a_place(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Плотина выдержит, сообщили в министерстве. / В министерстве сообщили, что плотина выдержит."""
    if not r.lexicon.words.get("place_leads"):
        return
    for at in r.cues:
        if at in findings.cues or not r.lexicon.has("they_say", r.low[at]):
            continue
        frame = r.frame(at)
        place = _place_after(r, at, frame.last) or _place_before(r, at, frame.first)
        if place is None:
            continue
        content = _said_beside(r, at, place, frame.first, frame.last)
        if content:
            direct = all(r.kind[first] & Kind.QUOTE and first == last for first, last in content)
            rule = f"{'direct' if direct else 'reported'}: said at a place"
            yield Finding(rule, content, [(at, at)], place, guess=True)


def _place_after(r: Reading, verb: int, last: int) -> Phrase | None:
    lead = verb + 1
    if lead >= last or not r.lexicon.has("place_leads", r.low[lead]):
        return None
    return phrase_starting(r, lead + 1, last)


def _place_before(r: Reading, verb: int, first: int) -> Phrase | None:
    if not r.lexicon.has("place_leads", r.low[first]):
        return None
    phrase = phrase_starting(r, first + 1, verb - 1)
    return phrase if phrase and phrase.last == verb - 1 else None


def _said_beside(r: Reading, verb: int, place: Phrase, first: int, last: int) -> list[tuple[int, int]]:
    """What stands before such a clause, or after its "that"."""
    that = _that_soon(r, max(verb, place.last) + 1, last)
    if that is not None and content_end(r, that, last) > that:
        return [(that, content_end(r, that, last))]
    end = verb - 1
    while end > first and r.kind[end] & (Kind.COMMA | Kind.DASH):
        end -= 1
    if place.first < verb or end == verb - 1:
        return []
    return [(end, end)] if r.kind[end] & Kind.QUOTE and end == first else [(first, end)] if end - first >= 1 else []


def of_this(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Плотина выдержит зиму. Об этом сообщил Орло. - the sentence before, told by who is named after "of this"."""
    for number in range(1, len(r.frames)):
        frame, before = r.frames[number], r.frames[number - 1]
        at = frame.first + 2
        if at >= frame.last or before.paragraph != frame.paragraph or not r.lexicon.has("of_this", r.low[at - 1]):
            continue
        if not r.kind[frame.first] & Kind.PREPOSITION or not r.kind[at] & Kind.CUE or at in findings.cues:
            continue
        phrase = inverted_subject(r, at + 1, frame.last)
        last = before.last - bool(r.kind[before.last] & Kind.STOP)
        if phrase is not None and last > before.first and before.first not in findings.begun:
            yield Finding("relayed: of this", [(before.first, last)], [(at, at)], phrase)
