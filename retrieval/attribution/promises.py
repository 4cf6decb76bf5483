"""What is promised, refused or proposed in an infinitive right behind the verb ("prometió reparar la presa")."""

from collections.abc import Iterator

from retrieval.attribution.endings import content_end
from retrieval.attribution.findings import Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.reading import Reading
from retrieval.attribution.reported import uses
from retrieval.attribution.verbs import subject_of


def infinitive_follows(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Valdor prometió reparar la presa. / Valdor a promis de réparer le barrage."""
    if not r.lexicon.has("grammar", "infinitive_follows"):
        return
    for use in uses(r, findings):
        frame = r.frame(use.at)
        if use.form != "finite" or use.doubtful or "to" not in use.cue.takes or use.at + 2 > frame.last:
            continue
        begin = use.at + 1
        verb = begin + r.lexicon.has("infinitive_signs", r.low[begin])
        subject = subject_of(r, use) if verb <= frame.last and is_infinitive(r, verb) else None
        end = content_end(r, begin, frame.last)
        if subject and subject.way != "relative" and end > begin:
            cue, sense = [(use.first, use.at)], use.cue.sense
            yield Finding(
                "reported: speaker, verb, infinitive",
                [(begin, end)],
                cue,
                subject.phrase,
                subject.antecedent,
                sense=sense,
            )


def is_infinitive(r: Reading, item: int) -> bool:
    """Whether a small word ends like an infinitive of the language."""
    endings = tuple(r.lexicon.words.get("infinitive_endings", ()))
    small = r.kind[item] & Kind.WORD and not r.kind[item] & (Kind.CAPITAL | Kind.PREPOSITION | Kind.DETERMINER)
    return bool(small and endings and r.low[item].endswith(endings))
