"""What is told in the passive voice: "Dahl is said to have left", "seen as a risk", "praised by Orlo for it".

Of nobody named, or of whom "by" names. It does not read sentences that point back ("This was stated by Orlo").
"""

from collections.abc import Iterator

from retrieval.attribution.complements import complement
from retrieval.attribution.endings import content_end, first_clause_end
from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import Phrase, is_adverb, phrase_starting
from retrieval.attribution.reading import Reading
from retrieval.attribution.reported import can_speak, uses
from retrieval.attribution.verbs import Use, subject_of

AGENT_ITEMS_MAX = 4
"""Between a participle and its "by" stand no more items than this ("endorsed on Monday by Orlo")."""


def passive_unnamed(r: Reading, findings: Findings) -> Iterator[Finding]:
    """It was reported earlier that ... - a statement of nobody named."""
    for use in uses(r, findings):
        if use.form != "passive" or use.doubtful or "that" not in use.cue.takes:
            continue
        subject = subject_of(r, use)
        if subject is None or not r.kind[subject.phrase.first] & Kind.IT:
            continue
        content, _ = complement(r, use)
        if content and r.lexicon.has("that", r.low[content[0][0]]):
            yield Finding("reported: passive, nobody named", content, [(use.first, use.at)], unnamed=True)


def said_to(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl is said to have left. / The dam is expected to hold. - told of somebody, by nobody named."""
    for use in uses(r, findings):
        frame = r.frame(use.at)
        if use.form != "passive" or use.doubtful or use.at >= frame.last or r.low[use.at + 1] != "to":
            continue
        subject = subject_of(r, use)
        if subject is None or not r.lexicon.has("hearsay", r.low[use.at]):
            continue
        told = (use.at + 1, content_end(r, use.at + 1, frame.last))
        about = (subject.phrase.first, subject.phrase.last)
        yield Finding("reported: is said to", [about, told], [(use.first, use.at)], unnamed=True)


def seen_as(r: Reading, findings: Findings) -> Iterator[Finding]:
    """The vote is widely seen as a test. / Dahl is considered a rival. / Orlo was accused of lying. - by nobody."""
    for use in uses(r, findings):
        if use.form != "passive" or use.doubtful or use.at in findings.covered or agent_after(r, use) is not None:
            continue
        about = _about(r, use)
        begin = _held_at(r, use)
        if about is None or begin is None:
            continue
        last = first_clause_end(r, begin, content_end(r, begin, r.frame(use.at).last))
        if last > begin:
            sense = use.cue.sense
            cue = [(use.first, use.at)]
            yield Finding("passive: seen as, nobody named", [about, (begin, last)], cue, sense=sense, unnamed=True)


def _held_at(r: Reading, use: Use) -> int | None:
    """Where that begins which somebody is held to be, or accused of: behind "as", "of", "for" or the verb itself."""
    after = use.at + 1
    if after >= r.frame(use.at).last:
        return None
    if r.lexicon.has(f"passive_links.{use.cue.lemma}", r.low[after]):
        return after + 1
    if not r.lexicon.has("held", r.low[use.at]):
        return None
    return after if r.kind[after] & Kind.DETERMINER or is_adverb(r, after) else None


def _about(r: Reading, use: Use) -> Extent | None:
    """The words of whom or what a passive tells; of "who" or "which" the words before it."""
    subject = subject_of(r, use)
    if subject is None:
        return None
    phrase = subject.antecedent if subject.way == "relative" else subject.phrase
    if phrase is None or r.kind[phrase.first] & Kind.IT:
        return None
    return phrase.first, phrase.last


def by_somebody(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl was praised by Orlo for her work. / The talks were first reported by the Velm Wire."""
    for use in uses(r, findings):
        if use.form != "passive" or use.doubtful or use.negated or r.lexicon.has("not_told_by", r.low[use.at]):
            continue
        by = agent_after(r, use)
        speaker = phrase_starting(r, by + 1, r.frame(use.at).last) if by is not None else None
        about = _about(r, use)
        if by is None or speaker is None or about is None or not can_speak(r, speaker):
            continue
        speaker = _alone(r, speaker)
        rest = _rest(r, use, speaker)
        if not rest and not ({"quote", "that"} <= use.cue.takes and about[1] > about[0]):
            continue  # "they were backed by volunteers"
        if "tells" in use.cue.takes and not (rest and r.low[rest[0][0]] == "to"):
            continue  # "the league was told by Dahl": whom she told
        content = [about, *rest]
        yield Finding("passive: by somebody", content, [(use.first, use.at), (by, by)], speaker, sense=use.cue.sense)


def agent_after(r: Reading, use: Use) -> int | None:
    """The "by" of a passive, at once or behind a time or an adverb."""
    last = r.frame(use.at).last
    for at in range(use.at + 1, min(use.at + AGENT_ITEMS_MAX, last)):
        if r.lexicon.has("agent", r.low[at]):
            return at
        if not (r.kind[at] & Kind.TIME or is_adverb(r, at) or r.low[at] in ("on", "last", "this")):
            return None
    return None


def _alone(r: Reading, speaker: Phrase) -> Phrase:
    """The naming words without what the article adds behind a comma, or a reason: "Orlo | for her work"."""
    items = range(speaker.first + 1, speaker.core_last)
    last = next((i - 1 for i in items if r.lexicon.has("reasons", r.low[i])), speaker.core_last)
    return Phrase(speaker.first, last, last)


def _rest(r: Reading, use: Use, speaker: Phrase) -> list[Extent]:
    """What follows who speaks, as far as it belongs to what is said: "as a risk", "for her work", "of lying"."""
    last = r.frame(use.at).last
    begin = speaker.last + 1
    if begin >= last or not r.lexicon.has("reasons", r.low[begin]):
        return []
    return [(begin, first_clause_end(r, begin, content_end(r, begin, last)))]
