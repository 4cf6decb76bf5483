"""How one quote is attributed, taken together from the statements that meet it; it reads no grammar itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.attribution.marks import quotations
from retrieval.model import Attribution, Certainty, Form, Span, Speaker, Statement

LEAD_WORDS_MAX = 14
"""Words that may stand before source and cue in an attribution clause ("In a letter read out on Monday, ...")."""
SPEECH_WORDS_MIN = 5
"""Fewer words in quotation marks may be a title, or words that the outlet holds off."""
TAIL_WORDS_MAX = 32
"""Words that may follow source and cue in one ("... in an interview with the Ostra Wire on Monday, which ...")."""

_WORD = re.compile(r"\w+")
_SENTENCE_BREAK = re.compile(r"(?<=[.!?؟。])[\"”’»)]*\s+|\n+")
_COORDINATION = re.compile(r"\b(?:and|but|y|pero|und|aber|et|mais|и|но)\s*$|\bو\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Who speaks in a quote. `certainty` is None for narration and where the quote holds several voices."""

    form: Form
    speaker: Speaker | None = None
    likely_speaker: Speaker | None = None
    cue: Span | None = None
    source: Span | None = None
    via: str | None = None
    certainty: Certainty | None = None
    statements: tuple[Statement, ...] = ()


def of_quote(text: str, span: Span, statements: Sequence[Statement]) -> Quoted:
    """The quote's own attribution: one voice that fills it, several ("mixed"), or the outlet's own words.

    Speaker, cue, source and via are given only when one speaker's words fill the quote apart from
    the attribution clause; of a chain the outermost counts. Else form is mixed and `statements` tell.
    """
    meeting = tuple(s for s in statements if any(part.meets(span) for part in s.content))
    if not meeting:
        spoken = _stands_in_quotation(text, span)
        return Quoted(Form.DIRECT, certainty=Certainty.UNCERTAIN) if spoken else Quoted(Form.NARRATION)
    outer = _outermost(meeting)
    first = outer[0].attribution
    if first is None or not _one_voice(outer) or not _filled(text, span, outer):
        return Quoted(Form.MIXED, statements=meeting)
    forms = {s.form for s in outer}
    return Quoted(
        form=forms.pop() if len(forms) == 1 else Form.MIXED,
        speaker=first.speaker,
        likely_speaker=first.likely_speaker,
        cue=first.cue[0] if first.cue else None,
        source=first.source,
        via=first.via,
        certainty=first.certainty,
        statements=meeting,
    )


def _stands_in_quotation(text: str, span: Span) -> bool:
    """Whether most of the quote stands in quotation marks, as an interview's answers do: nobody's own narration."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    lines = text[start : end if end >= 0 else len(text)]
    quote = Span(span.start - start, span.end - start)
    marked = (each.span for each in quotations(lines) if len(_WORD.findall(each.span.of(lines))) >= SPEECH_WORDS_MIN)
    parts = (Span(max(each.start, quote.start), min(each.end, quote.end)) for each in marked if each.meets(quote))
    return sum(part.end - part.start for part in parts) > (quote.end - quote.start) / 2


def _outermost(meeting: Sequence[Statement]) -> list[Statement]:
    present = {s.id for s in meeting}
    return [s for s in meeting if s.within not in present]


def _one_voice(outer: Sequence[Statement]) -> bool:
    if len(outer) == 1:
        return True
    voices = {_voice(s.attribution) for s in outer}
    return len(voices) == 1 and None not in voices


def _voice(attribution: Attribution | None) -> tuple[str, str | None] | None:
    """What two statements must share to be one voice: a certain speaker and the way it came."""
    if attribution is None or attribution.speaker is None:
        return None
    return attribution.speaker.name, attribution.via


def _filled(text: str, span: Span, outer: Sequence[Statement]) -> bool:
    """Whether all words of the quote are content or attribution clause."""
    anchors = [anchor for s in outer for anchor in _anchors(s.attribution)]
    return all(_is_attribution(text, gap, anchors) for gap in _gaps(text, span, outer))


def _anchors(attribution: Attribution | None) -> Iterable[Span]:
    if attribution is None:
        return ()
    named = [part for part in (attribution.source, attribution.addressee) if part is not None]
    return [*attribution.cue, *named]


def _gaps(text: str, span: Span, outer: Sequence[Statement]) -> Iterable[Span]:
    """The stretches of the quote outside all content, cut at sentence ends, that hold words."""
    covered = sorted(part for s in outer for part in s.content if part.meets(span))
    at = span.start
    for part in [*covered, Span(span.end, span.end)]:
        if part.start > at:
            yield from _sentence_parts(text, Span(at, part.start))
        at = max(at, part.end)


def _sentence_parts(text: str, gap: Span) -> Iterable[Span]:
    at = gap.start
    for found in [*_SENTENCE_BREAK.finditer(text, gap.start, gap.end), None]:
        end = found.start() if found else gap.end
        if _WORD.search(text, at, end):
            yield Span(at, end)
        at = found.end() if found else gap.end


def _is_attribution(text: str, gap: Span, anchors: Sequence[Span]) -> bool:
    """A gap is the attribution clause when it holds source or cue, and little of its own beside them."""
    held = [anchor for anchor in anchors if anchor.meets(gap)]
    if not held:
        return len(_WORD.findall(text, gap.start, gap.end)) <= 2
    lead = text[gap.start : min(anchor.start for anchor in held)]
    tail = text[max(anchor.end for anchor in held) : gap.end]
    lead_words = len(_WORD.findall(lead))
    if lead_words > 2 and _COORDINATION.search(lead):
        return False
    return lead_words <= LEAD_WORDS_MAX and len(_WORD.findall(tail)) <= TAIL_WORDS_MAX
