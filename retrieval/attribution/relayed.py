"""A sentence that tells whose the sentence before it was: "This was stated by ...", "So said ...", and through whom."""

from collections.abc import Iterator

from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import AUXILIARY, MARK, Phrase, phrase_starting
from retrieval.attribution.reading import Frame, Reading
from retrieval.attribution.subjects import subject_before
from retrieval.attribution.verbs import use_of

PASSIVE_ITEMS_MAX = 12
"""Between "This was stated" and "by" stand no more items than this ("on Monday evening in Velm")."""

_CIRCUMSTANCES = frozenset(["in", "at", "on", "during", "with", "after", "before"])


def stated_by(r: Reading, findings: Findings) -> Iterator[Finding]:
    """This was stated by Dahl in an interview with ... / The remark was made by ... / That came from Dahl."""
    for number in range(1, len(r.frames)):
        frame = r.frames[number]
        begin = _pointer_end(r, frame)
        if begin is None:
            continue
        agent = _agent(r, begin, frame.last)
        before = _frame_before(r, number)
        if agent is None or before is None or _is_anothers(r, before):
            continue
        phrase = phrase_starting(r, agent + 1, frame.last)
        if phrase is not None:
            via = via_after(r, agent + 1, frame.last)
            yield Finding(
                "relayed: stated by", [before], [(begin, agent - 1)], _without_circumstance(r, phrase), via=via
            )


def _is_anothers(r: Reading, before: Extent) -> bool:
    """Whether the sentence names who said it itself: "... was ruled out by the minister, Goran Sell." """
    agents = [at for at in range(before[0], before[1]) if r.lexicon.has("agent", r.low[at])]
    return any(r.kind[at] & Kind.CUE for agent in agents for at in range(max(before[0], agent - 2), agent))


def said_so(r: Reading, findings: Findings) -> Iterator[Finding]:
    """So said Dahl. / That is what Dahl said. / Dahl said so on Monday. / Dahl said this in an interview."""
    for number in range(1, len(r.frames)):
        frame = r.frames[number]
        before = _frame_before(r, number)
        found = before and (_so_said(r, frame, before) or _what_said(r, frame, before) or _said_this(r, frame, before))
        if found:
            yield found


def _pointer_end(r: Reading, frame: Frame) -> int | None:
    """Past "This", "The remark", "These words", "It" and a form of "be": where the participle stands."""
    at = frame.first
    if not (r.lexicon.has("demonstratives", r.low[at]) or r.kind[at] & (Kind.DETERMINER | Kind.IT)):
        return None
    demonstrative = r.lexicon.has("demonstratives", r.low[at]) or bool(r.kind[at] & Kind.IT)
    while at < frame.last and r.kind[at] & (Kind.DETERMINER | Kind.IT | Kind.RELATIVE):
        at += 1
    noun = False
    while at < frame.last and (r.lexicon.has("remark_words", r.low[at]) or r.low[at] in ("same", "latter")):
        noun, at = True, at + 1
    if r.lexicon.has("decision_words", r.low[at]) and _made_public(r, at, frame.last):
        noun, at = True, at + 1
    if not (noun or (demonstrative and at == frame.first + 1)) or not r.kind[at] & (Kind.BE | Kind.HAVE | Kind.MODAL):
        return None
    while at < frame.last and r.kind[at] & (AUXILIARY | Kind.ADVERB):
        at += 1
    if demonstrative and at + 1 < frame.last and r.kind[at] & Kind.DETERMINER:  # "That was the estimate given by"
        at = at + 2 if r.lexicon.has("remark_words", r.low[at + 1]) else at
    return at


def _made_public(r: Reading, noun: int, last: int) -> bool:
    """Whether a decision "was made public" or "made known"; of one announced the sentence before need not tell."""
    ahead = range(noun + 1, min(noun + 4, last))
    return any(r.low[i] == "made" and r.low[i + 1] in ("public", "known") for i in ahead)


def _agent(r: Reading, participle: int, last: int) -> int | None:
    """The "by" of a passive of saying or making, close after its participle."""
    made = r.lexicon.has("made_words", r.low[participle])
    if r.lexicon.has("repeated_words", r.low[participle]):
        return None  # who confirms or repeats a sentence need not have said it
    if not (made or r.kind[participle] & Kind.CUE):
        return None
    for at in range(participle + 1, min(participle + PASSIVE_ITEMS_MAX, last) + 1):
        if r.lexicon.has("agent", r.low[at]):
            return at
        if r.kind[at] & (MARK | AUXILIARY):
            return None
    return None


def _frame_before(r: Reading, number: int) -> Extent | None:
    """The words of the sentence before, without its full stop."""
    frame = r.frames[number - 1]
    last = frame.last
    while last > frame.first and r.kind[last] & Kind.STOP:
        last -= 1
    return (frame.first, last) if last > frame.first or r.kind[last] & Kind.QUOTE else None


def _without_circumstance(r: Reading, phrase: Phrase) -> Phrase:
    """The naming words alone: neither "in an interview ..." nor ", who ..." belongs to them."""
    for at in range(phrase.first + 1, phrase.last + 1):
        if r.kind[at] & Kind.RELATIVE or (r.low[at] in _CIRCUMSTANCES and at <= phrase.core_last):
            last = at - 1
            while r.kind[last] & Kind.COMMA:
                last -= 1
            return Phrase(phrase.first, last, min(last, phrase.core_last))
    return phrase


def _so_said(r: Reading, frame: Frame, before: Extent) -> Finding | None:
    at = frame.first + 1
    if r.low[frame.first] not in ("so", "thus") or at >= frame.last or not r.kind[at] & (Kind.CUE | Kind.BE):
        return None
    use = use_of(r, at) if r.kind[at] & Kind.CUE else None
    phrase = phrase_starting(r, at + 1, frame.last) if use and use.form == "finite" else None
    if phrase is None:
        return None
    return Finding(
        "relayed: so said", [before], [(frame.first, at)], phrase, via=via_after(r, phrase.core_last + 1, frame.last)
    )


def _what_said(r: Reading, frame: Frame, before: Extent) -> Finding | None:
    """ "That is what Dahl told the Wire." """
    at = frame.first + 1
    if not r.lexicon.has("demonstratives", r.low[frame.first]) or at >= frame.last or not r.kind[at] & Kind.BE:
        return None
    at += 1
    if r.low[at] not in ("what", "how", "according") or at >= frame.last:
        return None
    if r.low[at] == "according":
        phrase = phrase_starting(r, at + 2, frame.last)
        return Finding("relayed: this is according to", [before], [(at, at + 1)], phrase) if phrase else None
    return _verb_after(r, at + 1, frame, before, "relayed: what was said")


def _verb_after(r: Reading, begin: int, frame: Frame, before: Extent, rule: str) -> Finding | None:
    for at in range(begin, min(begin + PASSIVE_ITEMS_MAX, frame.last) + 1):
        use = use_of(r, at) if r.kind[at] & Kind.CUE else None
        subject = subject_before(r, use.first, begin) if use and use.form in ("finite", "bare") else None
        if use and subject and subject.phrase.first == begin:
            return Finding(rule, [before], [(use.first, at)], subject.phrase, via=via_after(r, at + 1, frame.last))
    return None


def _said_this(r: Reading, frame: Frame, before: Extent) -> Finding | None:
    """ "Dahl said this in an interview with the Wire." """
    for at in range(frame.first + 1, frame.last):
        if not r.kind[at] & Kind.CUE or r.low[at + 1] not in ("so", "this", "that"):
            continue
        if "quote" not in r.lexicon.cues[r.low[at]].takes:
            continue  # who disputes a sentence has not said it
        after = at + 2
        ends = after > frame.last or r.kind[after] & (MARK | Kind.PREPOSITION | Kind.TIME)
        if r.low[at + 1] == "that":  # "said that on Monday ..." is a clause to come
            ends = after > frame.last or r.kind[after] & Kind.STOP
        use = use_of(r, at) if ends else None
        subject = (
            subject_before(r, use.first, frame.first) if use and use.form == "finite" and not use.negated else None
        )
        repeats = r.lexicon.has("repeating_verbs", r.low[at])  # "The union disputes this" is not its own sentence
        if use and subject and subject.phrase.first == frame.first and not repeats:
            return Finding(
                "relayed: said this",
                [before],
                [(use.first, at + 1)],
                subject.phrase,
                via=via_after(r, after, frame.last),
            )
    return None


def via_after(r: Reading, first: int, last: int) -> Extent | None:
    """The agency or outlet it came through: "in an interview with ...", "reported by ...", "told the Ostra Wire"."""
    interview = False
    for at in range(first, last + 1):
        if r.kind[at] & (Kind.SPEECH | Kind.SEMICOLON):
            return None
        interview = interview or r.lexicon.has("interview_words", r.low[at])
        by = r.lexicon.has("agent", r.low[at]) and r.lexicon.has("report_words", r.low[at - 1])
        if by or (interview and r.low[at] in ("with", "to", "on", "for")):
            outlet = outlet_at(r, at + 1, last)
            if outlet:
                return outlet
    return None


def outlet_at(r: Reading, first: int, last: int) -> Extent | None:
    """A printed name with its article, up to the first word that is no capital."""
    at = first
    while at <= last and r.kind[at] & Kind.DETERMINER:
        at += 1
    end = at
    while end <= last and (
        (r.kind[end] & Kind.CAPITAL and not r.kind[end] & Kind.TIME)
        or (r.low[end] == "of" and r.kind[min(end + 1, last)] & Kind.CAPITAL)
    ):
        end += 1
    return (first, end - 1) if end > at else None
