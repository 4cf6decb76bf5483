"""Reports in a verb-second language: who said what by a verb of saying. Each rule gives a cue away once.

It puts together what `brackets`, `whose` and `content` read.
"""

from collections.abc import Iterator

from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import Phrase
from retrieval.attribution.reading import Frame, Reading
from retrieval.attribution.verb_second.brackets import Verb, in_verb_second, reporting
from retrieval.attribution.verb_second.content import (
    CONTENT_ITEMS_MIN,
    SEGMENTS_SKIPPED_MAX,
    in_reporting_mood,
    said_left,
    said_right,
    sentence_before,
    thing_said_of,
    this_before,
)
from retrieval.attribution.verb_second.nominals import can_be_subject, is_person, midfield, nominal, segments
from retrieval.attribution.verb_second.whose import antecedent_in, subject, subject_before_end
from retrieval.model import Sense


def says(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Orlo sagte, der Damm halte. / Der Damm halte, sagte Orlo. / „...“, sagte Orlo. / Orlo sagte: „...“"""
    if not in_verb_second(r):
        return
    subjects: dict[int, Phrase] = {}
    for verb, parts, own in reporting(r, findings):
        if verb.passive or _is_subordinate(r, parts[own], verb):
            continue
        whose = subject(r, verb, parts, own)
        number = r.frame_of[verb.at]
        phrase = whose.phrase if whose else subjects.get(number)
        if phrase is None:
            continue
        subjects.setdefault(number, phrase)
        phrase = document_named(r, verb, parts[own], phrase)
        for finding in _reports(r, verb, parts, own, phrase, behind=bool(whose and whose.inverted)):
            yield from _given_once(findings, _of_quoted(r, verb, parts[own], finding))


def _given_once(findings: Findings, finding: Finding) -> Iterator[Finding]:
    """A finding, unless an earlier one has its quotation or begins at the same word."""
    first = finding.content[0][0]
    if first not in findings.begun and first not in findings.of_quote:
        yield finding


def _of_quoted(r: Reading, verb: Verb, part: Extent, finding: Finding) -> Finding:
    """ "..., zitiert der Bote den Minister": the words are the minister's, through the paper."""
    if r.lexicon.has("quotes_others", r.low[verb.at]) and finding.source:
        paper = finding.source
        others = [p for p in midfield(r, verb.finite + 1, part[1]) if p.first > paper.last]
        finding.source, finding.via = (others[0] if others else None), (paper.first, paper.core_last)
    return finding


def document_named(r: Reading, verb: Verb, part: Extent, phrase: Phrase) -> Phrase:
    """ "In dem Antrag heißt es": what speaks is the document, not "es"."""
    if not r.lexicon.has("nobody", r.low[phrase.first]):
        return phrase
    for at in range(part[0], part[1] + 1):
        if r.lexicon.has("document_leads", r.low[at]) and not part[0] < at < verb.finite:
            document = nominal(r, at + 1, part[1])
            if document is not None and not any(r.kind[i] & Kind.TIME for i in range(at, document.last + 1)):
                return document
    return phrase


def _reports(
    r: Reading, verb: Verb, parts: list[Extent], own: int, phrase: Phrase, *, behind: bool
) -> Iterator[Finding]:
    """The findings of one verb: what stands to its right, else to its left, else its own object."""
    cue = _cue(verb)
    right = said_right(r, verb, parts, own, phrase)
    left = said_left(r, verb, parts, own) if behind and speaks(r, verb, phrase) else []
    quoted = bool(left) and r.is_kind(left[0][0], Kind.QUOTE) and left[0][0] == left[0][1]
    if left and (quoted or not right or in_reporting_mood(r, *left[0])) and not _is_adverbial(r, parts[0]):
        yield _finding(r, "clause, verb, speaker", left, cue, phrase, verb)
        if right and r.is_kind(right[0][0], Kind.QUOTE):
            yield _finding(r, "verb, speaker, clause", right, cue, phrase, verb)
    elif right:
        yield _finding(r, "speaker, verb, clause", right, cue, phrase, verb)
    elif this_before(r, verb, parts[own]):
        before = sentence_before(r, verb) if verb.cue.name == "sagen" and is_person(r, phrase) else []
        if before:  # who confirms or disputes a sentence need not have said it
            yield Finding("relayed: this said", before, cue, phrase, sense=verb.cue.sense)
    elif "object" in verb.cue.takes and is_person(r, phrase):
        content = thing_said_of(r, verb, parts, own, phrase)
        if content:
            yield Finding("reported: speaker, verb, object", content, cue, phrase, sense=verb.cue.sense)


def speaks(r: Reading, verb: Verb, phrase: Phrase) -> bool:
    """Whether what stands behind a verb can have said what stands before it."""
    return is_person(r, phrase) or (verb.cue.name == "sagen" and r.is_kind(phrase.first, Kind.DETERMINER))


def _cue(verb: Verb) -> list[Extent]:
    items = sorted({verb.finite, verb.at, *([verb.particle] if verb.particle is not None else [])})
    return [(item, item) for item in items]


def _finding(r: Reading, rule: str, content: list[Extent], cue: list[Extent], phrase: Phrase, verb: Verb) -> Finding:
    """One finding; where all that is said is quotations, it is direct speech."""
    alone = all(first == last and r.kind[first] & Kind.QUOTE for first, last in content)
    return Finding(f"{'direct' if alone else 'reported'}: {rule}", content, cue, phrase, sense=verb.cue.sense)


def _is_subordinate(r: Reading, part: Extent, verb: Verb) -> bool:
    """Whether the verb ends a clause that "wie", "nachdem" or "dass" begins."""
    first, last = part
    opener = r.kind[first] & (Kind.SUBORDINATOR | Kind.COMPLEMENTIZER | Kind.RELATIVE) or r.lexicon.has(
        "as", r.low[first]
    )
    return bool(opener) and max(verb.at, verb.finite) == last and verb.finite > first + 1


def _is_adverbial(r: Reading, part: Extent) -> bool:
    return bool(r.kind[part[0]] & Kind.SUBORDINATOR) or r.lexicon.has("as", r.low[part[0]])


def as_said(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Wie Orlo mitteilte, hält der Damm. / Der Damm halte, wie Orlo in Velm mitteilte, den Winter über."""
    if not in_verb_second(r):
        return
    for verb, parts, own in reporting(r, findings):
        opening = _as_opening(r, verb, parts, own)
        if opening is None:
            continue
        begin = parts[opening][0] + 1 + bool(r.kind[parts[opening][0]] & Kind.CONJUNCTION)
        phrase = None if verb.passive else subject_before_end(r, begin, parts[opening][1], min(verb.finite, verb.at))
        if phrase is None and not verb.passive:
            continue
        content = _without(parts, opening, own, r.frame(verb.at))
        if content:
            named, sense = phrase is None, verb.cue.sense
            yield Finding("reported: as somebody said", content, _cue(verb), phrase, unnamed=named, sense=sense)


def _as_opening(r: Reading, verb: Verb, parts: list[Extent], own: int) -> int | None:
    """The segment that begins with "wie" and whose verb this is, an apposition or two between."""
    for number in range(own, max(-1, own - SEGMENTS_SKIPPED_MAX), -1):
        first, last = parts[number]
        begin = first + bool(r.kind[first] & Kind.CONJUNCTION)
        if r.lexicon.has("as", r.low[begin]):
            return number if verb.finite > begin and (number == own or verb.at <= parts[own][0] + 1) else None
        phrase = nominal(r, first, last, wide=True) if number < own else None
        if number < own and (phrase is None or phrase.last < last):
            return None
    return None


def _without(parts: list[Extent], opening: int, own: int, frame: Frame) -> list[Extent]:
    """A sentence without the segments of a clause."""
    content: list[Extent] = []
    if opening:
        content.append((frame.first, parts[opening - 1][1]))
    if own + 1 < len(parts):
        content.append((parts[own + 1][0], parts[-1][1]))
    return [(first, last) for first, last in content if last - first + 1 > CONTENT_ITEMS_MIN]


def after_conjunction(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Nachdem Orlo erklärt hatte, dass der Damm halte, ... / ..., indem er sagte, der Damm halte."""
    if not in_verb_second(r):
        return
    for verb, parts, own in reporting(r, findings):
        if verb.passive or not _is_subordinate(r, parts[own], verb) or r.lexicon.has("as", r.low[parts[own][0]]):
            continue
        phrase = subject_before_end(r, parts[own][0] + 1, parts[own][1], min(verb.finite, verb.at))
        right = said_right(r, verb, parts, own, phrase) if phrase else []
        if phrase and right:
            yield _finding(r, "conjunction, speaker, verb", right, _cue(verb), phrase, verb)


def who_said(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Orlo, der in Velm betonte, der Damm halte, ... - the relative clause's speaker is the noun before it."""
    if not in_verb_second(r):
        return
    for verb, parts, own in reporting(r, findings):
        first, last = parts[own]
        ends = max(verb.at, verb.finite) == last or verb.particle == last
        if not own or not ends or verb.passive or not r.lexicon.has("relative_subjects", r.low[first]):
            continue
        pronoun = Phrase(first, first, first)
        right = said_right(r, verb, parts, own, pronoun)
        antecedent = antecedent_in(r, *parts[own - 1])
        if right and antecedent and verb.finite > first + 1:
            finding = _finding(r, "who said", right, _cue(verb), pronoun, verb)
            finding.antecedent = antecedent
            yield finding


def nobody_says(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Es wurde berichtet, dass der Damm halte. / Orlo wird mit den Worten zitiert, der Damm halte."""
    if not in_verb_second(r):
        return
    for verb, parts, own in reporting(r, findings):
        if not verb.passive or _is_subordinate(r, parts[own], verb) or verb.cue.sense is Sense.INTENTION:
            continue
        phrase = _quoted(r, verb, parts, own) or _agent(r, parts[own]) or _document(r, verb, parts[own])
        spoken = phrase or Phrase(verb.finite, verb.finite, verb.finite)
        right = said_right(r, verb, parts, own, spoken)
        clause = right and (r.is_kind(right[0][0], Kind.COMPLEMENTIZER | Kind.QUOTE) or in_reporting_mood(r, *right[0]))
        if clause or (right and phrase):
            finding = _finding(r, "passive", right, _cue(verb), spoken, verb)
            if phrase is None:
                finding.source, finding.unnamed = None, True
            yield from _given_once(findings, finding)


def _quoted(r: Reading, verb: Verb, parts: list[Extent], own: int) -> Phrase | None:
    """Who "is quoted": only that passive names its speaker as its subject."""
    if not r.lexicon.has("quoted_words", r.low[verb.at]):
        return None
    whose = subject(r, verb, parts, own)
    return whose.phrase if whose else None


def _agent(r: Reading, part: Extent) -> Phrase | None:
    """ "Von Orlo wurde gefordert": the agent of a passive."""
    for at in range(part[0], part[1] + 1):
        if r.lexicon.has("owning", r.low[at]):
            phrase = nominal(r, at + 1, part[1])
            return phrase if phrase and is_person(r, phrase) else None
    return None


def _document(r: Reading, verb: Verb, part: Extent) -> Phrase | None:
    """ "Im Bericht der Hafenwache wurde festgestellt": the document that opens the sentence."""
    if not r.lexicon.has("document_leads", r.low[part[0]]):
        return None
    phrase = nominal(r, part[0] + 1, verb.finite - 1)
    named = phrase and any(
        r.lexicon.has("words_things.documents", r.low[i]) for i in range(phrase.first, phrase.last + 1)
    )
    return phrase if named else None


def quoted_beside(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Orlo zeigte sich „tief besorgt über den Zustand“. - no verb of saying: likely the sentence's subject's words."""
    if not in_verb_second(r):
        return
    for quote in r.quotation:
        taken = quote in findings.of_quote or quote in findings.covered or not r.kind[quote] & Kind.SPEECH
        frame = r.frame(quote)
        if taken or quote == frame.first == frame.last or not _in_language(r, quote):
            continue
        phrase = _foremost_person(r, frame)
        if phrase is not None and not phrase.first <= quote <= phrase.last:
            yield Finding("direct: beside the subject", [(quote, quote)], [], phrase, guess=True)


def _in_language(r: Reading, quote: int) -> bool:
    """Whether quoted words hold a function word of the language: no foreign title, no name of an event."""
    return any(r.lexicon.kinds.get(word, 0) for word in r.word[quote].strip("„“”\"«»‚‘' ").split())


def _foremost_person(r: Reading, frame: Frame) -> Phrase | None:
    """The first phrase of a sentence that can be its subject and is a person or body."""
    found = (p for first, last in segments(r, frame) for p in midfield(r, first, last))
    return next((p for p in found if can_be_subject(r, p) and is_person(r, p)), None)
