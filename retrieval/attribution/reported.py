"""Indirect speech: what somebody is reported to have said, thought or meant to do, in the article's wording."""

from collections.abc import Iterator

from retrieval.attribution.complements import CONTENT_WORDS_MIN, another_begins, complement, content_end
from retrieval.attribution.direct import shared_subject
from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.phrases import SUBJECT_PRONOUN, Phrase, is_adverb, is_thing, phrase_starting
from retrieval.attribution.reading import Frame, Reading
from retrieval.attribution.subjects import Subject
from retrieval.attribution.verbs import Use, after_modifiers, is_plural, subject_of
from retrieval.model import Sense


def uses(r: Reading, findings: Findings) -> Iterator[Use]:
    """The reporting verbs not given away yet, in order."""
    for at in r.cues:
        use = findings.use(at)
        if use is not None:
            yield use


def _fits(r: Reading, use: Use, subject: Subject | None) -> bool:
    if subject is None or use.doubtful or _set_aside(r, use, subject):
        return False
    return use.form == "finite" or (use.form == "bare" and is_plural(r, subject))


def _set_aside(r: Reading, use: Use, subject: Subject) -> bool:
    """A subject that makes no statement: "you", a mere "when they say", a thing that "that would show"."""
    first = subject.phrase.first
    if r.low[first] in ("you", "one") or (subject.way == "relative" and r.low[first] == "that" and not _plain(use)):
        return True
    begin = r.frame(use.at).first
    if first > begin and r.lexicon.has("conditionals", r.low[first - 1]):
        return True
    if r.kind[first] & Kind.IT and not _plain(use):
        return True
    quoted = use.at < r.frame(use.at).last and r.kind[use.at + 1] & Kind.QUOTE
    if first > begin and r.lexicon.has("free_relatives", r.low[first - 1]) and not quoted:
        return True
    if not _plain(use) and (subject.way == "relative" or not _sure_subject(r, subject)):
        return True
    cue = use.cue
    if cue.shape == Shape.PRESENT and use.form == "finite" and cue.lemma in r.lexicon.words.get("noun_like_cues", ()):
        return not _sure_subject(r, subject)
    return False


def _plain(use: Use) -> bool:
    return use.cue.sense is Sense.SPEECH and "quote" in use.cue.takes


def _sure_subject(r: Reading, subject: Subject) -> bool:
    """A pronoun, a name or a noun of office: "Dahl claims", where "harbour claims" would be a noun."""
    last = subject.phrase.core_last
    named = bool(r.kind[last] & (Kind.CAPITAL | Kind.ROLE)) or is_thing(r, last)
    return subject.way != "phrase" or named or is_plural(r, subject)


def _retold(r: Reading, use: Use, subject: Subject, findings: Findings) -> bool:
    """Inside somebody's reported words: only another's plain statement is one of its own ("that Orlo had promised")."""
    if not (_inside(use, findings) or _led_by_cue(r, subject.phrase.first, r.frame(use.at).first)):
        return False
    if any(r.kind[i] & Kind.MODAL for i in range(use.first, use.at)):
        return True
    says = _plain(use) or (use.at + 1 < len(r.low) and r.lexicon.has("that", r.low[use.at + 1]))
    return subject.way != "phrase" or not says


def _led_by_cue(r: Reading, item: int, first: int) -> bool:
    """ "Said he thought ...", "asserted that Dahl says": the words before a subject are another's verb of saying."""
    before = item - 1
    if before > first and r.lexicon.has("that", r.low[before]):
        before -= 1
    return before > first and bool(r.kind[before] & Kind.CUE) and "quote" in r.lexicon.cues[r.low[before]].takes


def _inside(use: Use, findings: Findings) -> bool:
    return use.at in findings.covered


def clause_after(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl said that the dam would hold. / Dahl told reporters the dam would hold."""
    for use in uses(r, findings):
        subject = subject_of(r, use)
        if subject is None or not _fits(r, use, subject) or _retold(r, use, subject, findings):
            continue
        content, told = complement(r, use)
        begin = subject.phrase.first
        if begin > r.frame(use.at).first and r.lexicon.has("times.subordinators", r.low[begin - 1]):
            content = _up_to_comma(r, content)
        if content:
            yield Finding(
                "reported: speaker, verb, clause",
                content,
                [(use.first, use.at)],
                subject.phrase,
                subject.antecedent,
                told,
                sense=use.cue.sense,
            )


def _up_to_comma(r: Reading, content: list[Extent]) -> list[Extent]:
    """ "When Dahl said the dam was old, ...": what a clause of time reports ends with that clause."""
    for first, last in content:
        comma = next((i for i in range(first, last + 1) if r.kind[i] & Kind.COMMA), last + 1)
        return [(first, comma - 1)] if comma - first >= CONTENT_WORDS_MIN else []
    return []


def clause_of_shared_subject(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl welcomed the vote and said that ... / ..., adding that ..."""
    for use in uses(r, findings):
        if use.form not in ("finite", "gerund") or use.doubtful:
            continue
        before = use.first - 1
        if use.form == "finite" and not (before > r.frame(use.at).first and _shares(r, before)):
            continue
        if not _plain(use) and _inside(use, findings):
            continue
        content, told = complement(r, use)
        phrase = shared_subject(r, use, findings) if content else None
        if content and phrase:
            rule = "reported: participle, clause" if use.form == "gerund" else "reported: shared subject"
            yield Finding(rule, content, [(use.first, use.at)], phrase, None, told, sense=use.cue.sense)


def _shares(r: Reading, before: int) -> bool:
    """Whether what stands before a verb lets it share the subject of the verb before it."""
    if r.kind[before] & Kind.COMMA:
        return not r.lexicon.has("grammar", "verb_first")
    return bool(r.kind[before] & Kind.CONJUNCTION) or r.low[before] == "then"


def clause_before(r: Reading, findings: Findings) -> Iterator[Finding]:
    """The dam would hold, Dahl said. / The dam, she said, would hold."""
    for use in uses(r, findings):
        if "trails" not in use.cue.takes or use.form not in ("finite", "bare") or use.doubtful:
            continue
        subject = subject_of(r, use)
        if subject is None or subject.way == "relative" or not _fits(r, use, subject):
            continue
        frame = r.frame(use.at)
        begin = subject.phrase.first
        if begin <= frame.first or not r.kind[begin - 1] & (Kind.COMMA | Kind.DASH | Kind.SPEECH):
            continue
        after, told = after_modifiers(r, use.at + 1, frame.last, tells="tells" in use.cue.takes)
        content = _around(r, begin - 1, after, frame.first, frame.last)
        if content:
            yield Finding(
                "reported: clause, speaker, verb",
                content,
                [(use.first, use.at)],
                subject.phrase,
                None,
                told,
                sense=use.cue.sense,
            )


def clause_before_inverted(r: Reading, findings: Findings) -> Iterator[Finding]:
    """The dam would hold, said Dahl, who built it."""
    for use in uses(r, findings):
        if "trails" not in use.cue.takes or use.form != "finite" or use.first != use.at:
            continue
        frame = r.frame(use.at)
        if use.at <= frame.first or not r.kind[use.at - 1] & (Kind.COMMA | Kind.DASH | Kind.QUOTE):
            continue
        phrase = phrase_starting(r, use.at + 1, frame.last)
        if phrase is None or not can_speak(r, phrase):
            continue
        after, _ = after_modifiers(r, phrase.last + 1, frame.last, tells=False)
        content = _around(r, use.at - 1, after, frame.first, frame.last)
        if content:
            yield Finding("reported: clause, verb, speaker", content, [(use.at, use.at)], phrase, sense=use.cue.sense)


def can_speak(r: Reading, phrase: Phrase) -> bool:
    """Whether words after a verb name somebody: a pronoun, a name, an office, a body or a group, and no clause."""
    first, last = phrase.first, phrase.core_last
    if first == last and r.kind[first] & SUBJECT_PRONOUN:
        return True
    clause = r.kind[first] & Kind.COMPLEMENTIZER and not r.kind[first] & Kind.CAPITAL
    if clause or r.kind[last] & Kind.TITLE:
        return False
    if r.lexicon.has("grammar", "capital_nouns") or r.lexicon.has("grammar", "no_capitals"):
        return True
    if r.low[last].endswith("ing") and not r.kind[last] & Kind.CAPITAL:
        return False
    return any(r.kind[i] & (Kind.CAPITAL | Kind.ROLE) or is_thing(r, i) for i in range(first, last + 1))


def _around(r: Reading, comma: int, after: int, first: int, last: int) -> list[Extent]:
    """The words on both sides of an attribution clause that stands at ``comma+1..after-1``."""
    if after <= last and not r.kind[after] & (Kind.COMMA | Kind.STOP | Kind.DASH | Kind.SPEECH):
        return []
    begin = first
    while begin < comma and r.kind[begin] & (Kind.COMMA | Kind.DASH):
        begin += 1
    left = (begin, comma - 1 if r.kind[comma] & (Kind.COMMA | Kind.DASH) else comma)
    if left[1] - left[0] + 1 < CONTENT_WORDS_MIN and not r.kind[left[0]] & Kind.QUOTE:
        begins = after + 1 < last and r.kind[after] & Kind.COMMA and not r.kind[after + 1] & Kind.CUE
        opening = r.kind[left[0]] & (Kind.ADVERB | Kind.CONJUNCTION | Kind.TIME) or is_adverb(r, left[0])
        return [(after + 1, content_end(r, after + 1, last))] if begins and opening else []
    content = [left]
    if (
        after + 1 < last
        and r.kind[after] & (Kind.COMMA | Kind.DASH)
        and not another_begins(r, after + 1, last)
        and _goes_on(r, after + 1)
    ):
        content.append((after + 1, content_end(r, after + 1, last)))
    return content


def _goes_on(r: Reading, at: int) -> bool:
    """After the attribution clause: whether the reported words go on, rather than the clause itself."""
    return not r.kind[at] & (Kind.RELATIVE | Kind.PREPOSITION | Kind.TIME) and not r.low[at].endswith("ing")


def before_main_clause(r: Reading, phrase: Phrase, at: int, frame: Frame) -> Phrase:
    """After an opening "according to" what follows the last comma is the clause itself, not an apposition."""
    ends = phrase.last + 1 > frame.last or bool(r.kind[phrase.last + 1] & Kind.STOP)
    if at <= frame.first + 1 and ends:
        return Phrase(phrase.first, phrase.core_last, phrase.core_last)
    return phrase


def according_to(r: Reading, findings: Findings) -> Iterator[Finding]:
    """According to Dahl, the dam would hold. / The dam would hold, according to Dahl."""
    for at in r.places("according"):
        if at + 2 >= len(r.low) or r.low[at + 1] != "to" or at in findings.cues:
            continue
        frame = r.frame(at)
        phrase = phrase_starting(r, at + 2, frame.last)
        if phrase is None:
            continue
        phrase = before_main_clause(r, phrase, at, frame)
        if at == frame.first or (r.kind[at - 1] & Kind.CONJUNCTION and at - 1 == frame.first):
            begin = (
                phrase.last + 2 if phrase.last < frame.last and r.kind[phrase.last + 1] & Kind.COMMA else frame.last + 1
            )
            content = [(begin, content_end(r, begin, frame.last))] if begin < frame.last else []
        else:
            content = _around(r, at - 1, phrase.last + 1, frame.first, frame.last)
            content = content or [(frame.first, at - 1 - bool(r.kind[at - 1] & Kind.COMMA))]
        if content:
            yield Finding("reported: according to", content, [(at, at + 1)], phrase)


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


def asked_by_nobody(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Asked whether the dam would hold, Dahl ... - a question that the article lets nobody put."""
    for at in r.cues:
        frame = r.frame(at)
        if at in findings.cues or not r.lexicon.has("asked", r.low[at]) or at + 2 >= frame.last:
            continue
        before = r.kind[at - 1] if at > frame.first else Kind.COMMA
        passive = before & (Kind.BE | Kind.COMMA | Kind.SUBORDINATOR)
        if not passive or not r.lexicon.has("question_openers", r.low[at + 1]):
            continue
        begin = at + 2 if r.low[at + 1] == "about" else at + 1
        comma = next((i for i in range(begin, frame.last) if r.kind[i] & Kind.COMMA), frame.last)
        last = content_end(r, begin, comma)
        if last > begin:
            yield Finding("reported: asked, nobody named", [(begin, last)], [(at, at)], unnamed=True)


def reportedly(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl has reportedly left. - hearsay of nobody named, unless the sentence has a speaker."""
    spoken = {r.frame_of[f.content[0][0]] for f in findings.found}
    for number, frame in enumerate(r.frames):
        if number in spoken:
            continue
        for at in range(frame.first, frame.last):
            if r.lexicon.has("hearsay_adverbs", r.low[at]):
                parts = [(frame.first, at - 1), (at + 1, content_end(r, at + 1, frame.last))]
                content = [(first, last) for first, last in parts if first <= last]
                yield Finding("reported: reportedly", content, [(at, at)], unnamed=True)
                break
