"""Direct speech: whose words stand between quotation marks. Each rule names one way of printing the speaker."""

import itertools
from collections.abc import Iterator

from retrieval.attribution.findings import Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import AUXILIARY, MARK, Phrase, phrase_starting
from retrieval.attribution.reading import Reading
from retrieval.attribution.reduced import is_reduced
from retrieval.attribution.sharing import shared_subject
from retrieval.attribution.subjects import inverted_subject, subject_before
from retrieval.attribution.verbs import Use, after_modifiers, is_plural, subject_of

LOOK_AHEAD_ITEMS = 40
NAME_WORDS_MIN = 2
APPOSITION_WORDS_MAX = 10
"""Between a name and its colon stand no more words than this ("Mira Dahl, mayor of Velm: “...”")."""


def speech(r: Reading, findings: Findings) -> list[int]:
    """The quotations still without a speaker that are speech: long enough, or ended like a sentence."""
    return [item for item in r.quotation if r.kind[item] & Kind.SPEECH and item not in findings.of_quote]


def _quoting_use(r: Reading, item: int, findings: Findings) -> Use | None:
    use = findings.use(item) if r.kind[item] & Kind.CUE else None
    return use if use and "quote" in use.cue.takes and use.form in ("finite", "bare", "gerund") else None


def _clause_after(r: Reading, quote: int) -> tuple[int, int] | None:
    """The items after a quotation where its speaker may stand: the rest of its frame, or the next one's.

    A quotation that only ends a sentence begun outside it is not spoken of so: the sentence has its own attribution.
    """
    frame = r.frame(quote)
    if not _begins_speech(r, quote, frame.first):
        return None
    if quote < frame.last:
        return quote + 1, frame.last
    number = r.frame_of[quote] + 1
    if number < len(r.frames) and r.frames[number].paragraph == frame.paragraph:
        return r.frames[number].first, r.frames[number].last
    return None


def _begins_speech(r: Reading, quote: int, first: int) -> bool:
    """Whether a quotation begins its sentence, or follows a mark or a lone "but"."""
    if quote <= first + 1:
        return quote == first or bool(r.kind[first] & (MARK | Kind.CONJUNCTION | Kind.QUOTE))
    return bool(r.kind[quote - 1] & MARK)


def speaker_after_verb(r: Reading, findings: Findings) -> Iterator[Finding]:
    """“...,” said Mira Dahl."""
    for quote in speech(r, findings):
        clause = _clause_after(r, quote)
        if not clause:
            continue
        begin = _skip(r, *clause)
        begin += begin < clause[1] and r.lexicon.has("so", r.low[begin])
        for at in range(begin, min(begin + 3, clause[1] + 1)):
            use = _quoting_use(r, at, findings)
            if use and use.form == "finite" and use.first == begin:
                phrase = _inverted_speaker(r, use, clause[1])
                if phrase:
                    yield Finding("direct: verb, speaker", [(quote, quote)], [(begin, at)], phrase)
                break


def _inverted_speaker(r: Reading, use: Use, last: int) -> Phrase | None:
    """The speaker after a verb, or the pronoun grown into it ("a-t-il déclaré")."""
    for at in range(use.first, use.at + 1):
        if r.kind[at] & (Kind.HE | Kind.SHE):
            return Phrase(at, at, at)
    begin = use.at + 1
    if r.lexicon.has("so", r.low[use.first - 1]) and begin < last and r.kind[begin] & Kind.OBJECT_PRONOUN:
        begin += 1
    if r.lexicon.has("grammar", "verb_first"):
        return inverted_subject(r, begin, last)
    return phrase_starting(r, begin, last)


def speaker_before_verb(r: Reading, findings: Findings) -> Iterator[Finding]:
    """“...,” Mira Dahl said."""
    for quote in speech(r, findings):
        clause = _clause_after(r, quote)
        if not clause:
            continue
        begin = _skip(r, *clause)
        for at in range(begin, min(clause[1], begin + LOOK_AHEAD_ITEMS) + 1):
            if r.kind[at] & (Kind.SPEECH | Kind.SEMICOLON | Kind.COLON):
                break
            use = _quoting_use(r, at, findings)
            if not use or use.form == "gerund":
                continue
            subject = subject_before(r, use.first, begin)
            if subject is None or subject.phrase.first != begin or (use.form == "bare" and not is_plural(r, subject)):
                break
            if r.frame_of[quote] != r.frame_of[at] and not _is_bare_clause(r, use, clause[1]):
                break
            told = after_modifiers(r, at + 1, clause[1], tells="tells" in use.cue.takes)[1]
            yield Finding(
                "direct: speaker, verb", [(quote, quote)], [(use.first, at)], subject.phrase, subject.antecedent, told
            )
            break


def speaker_by_according(r: Reading, findings: Findings) -> Iterator[Finding]:
    """“...,” according to Mira Dahl."""
    for quote in speech(r, findings):
        clause = _clause_after(r, quote)
        if not clause:
            continue
        at = _skip(r, *clause)
        if at + 1 <= clause[1] and r.lexicon.has("according", r.low[at]) and r.low[at + 1] == "to":
            phrase = phrase_starting(r, at + 2, clause[1])
            if phrase:
                yield Finding("direct: according to", [(quote, quote)], [(at, at + 1)], phrase)


def speaker_before_quote(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Mira Dahl said: “...”, also with time, place and addressee between."""
    for quote in speech(r, findings):
        frame = r.frame(quote)
        for at in range(quote - 1, max(frame.first, quote - LOOK_AHEAD_ITEMS) - 1, -1):
            if r.kind[at] & (Kind.SPEECH | Kind.SEMICOLON):
                break
            use = findings.use(at) if r.kind[at] & Kind.CUE else None
            if use is None or use.form == "infinitive" or not _reaches(r, use, quote):
                continue
            if use.form == "passive" and not r.lexicon.has("quoted_words", r.low[at]):
                continue
            if _is_part_of_clause(r, use, quote):
                break
            found = _named_before(r, use, quote, findings)
            if found:
                yield found
            break


def _is_part_of_clause(r: Reading, use: Use, quote: int) -> bool:
    """ "Said that “it broke” and that “it cost us dear”": a clause after "that" which goes on behind its quotation."""
    last = r.frame(quote).last
    led = any(r.lexicon.has("that", r.low[i]) for i in range(use.at + 1, quote))
    follows = next((i for i in range(quote + 1, last + 1) if r.kind[i] & Kind.WORD), None)
    return led and follows is not None and not r.kind[quote + 1] & MARK and not _ends_speech(r, quote)


def _ends_speech(r: Reading, quote: int) -> bool:
    """Whether a quotation ends with a comma or like a sentence inside its marks."""
    return any(mark in r.text[r.end[quote] - 4 : r.end[quote]] for mark in ",.!?")


def _named_before(r: Reading, use: Use, quote: int, findings: Findings) -> Finding | None:
    told = after_modifiers(r, use.at + 1, quote - 1, tells="tells" in use.cue.takes)[1]
    if use.form == "gerund":
        phrase = shared_subject(r, use, findings)
        rule = "direct: participle, quotation"
        guess = not findings.of_frame.get(r.frame_of[use.at])  # of these, 71 in 100 were right on marked articles
        cue = [(use.at, use.at)]
        return Finding(rule, [(quote, quote)], cue, phrase, None, told, guess=guess) if phrase else None
    subject = subject_of(r, use)
    if subject is None:
        phrase = shared_subject(r, use, findings)
        return (
            Finding("direct: shared subject", [(quote, quote)], [(use.first, use.at)], phrase, None, told)
            if phrase
            else None
        )
    if (use.form == "bare" and not is_plural(r, subject)) or is_reduced(r, use, subject):
        return None
    return Finding(
        "direct: speaker, verb, quotation",
        [(quote, quote)],
        [(use.first, use.at)],
        subject.phrase,
        subject.antecedent,
        told,
    )


def _reaches(r: Reading, use: Use, quote: int) -> bool:
    """Whether nothing but addressee, time, place and "that" stands between a verb and the quotation."""
    at, _ = after_modifiers(r, use.at + 1, quote - 1, tells="tells" in use.cue.takes)
    while at < quote and (
        r.kind[at] & (Kind.COMMA | Kind.COLON | Kind.DASH) or (r.lexicon.has("that", r.low[at]) or r.low[at] == "of")
    ):
        at += 1
    return at >= quote


def _skip(r: Reading, first: int, last: int) -> int:
    """Past commas and dashes after a quotation."""
    while first <= last and r.kind[first] & (Kind.COMMA | Kind.DASH):
        first += 1
    return first


def _is_bare_clause(r: Reading, use: Use, last: int) -> bool:
    """After a quotation that ended its sentence: "Dahl said." speaks of it, "Dahl said the dam was old." does not."""
    at, _ = after_modifiers(r, use.at + 1, last, tells="tells" in use.cue.takes)
    return at > last or bool(r.kind[at] & (Kind.STOP | Kind.COMMA | Kind.SPEECH))


def announced_by_colon(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl continued:¶“...” - the sentence before ends in a colon."""
    for quote in speech(r, findings):
        frame = r.frame(quote)
        number = r.frame_of[quote] - 1
        if quote != frame.first or number < 0:
            continue
        before = r.frames[number]
        if not r.kind[before.last] & Kind.COLON:
            continue
        for at in range(before.last - 1, before.first - 1, -1):
            use = _quoting_use(r, at, findings)
            if use is None:
                continue
            subject = subject_of(r, use) if use.form != "gerund" else None
            phrase = subject.phrase if subject else shared_subject(r, use, findings)
            if phrase:
                yield Finding(
                    "direct: announced",
                    [(quote, quote)],
                    [(use.first, at)],
                    phrase,
                    subject.antecedent if subject else None,
                )
            break


def named_before_colon(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Mira Dahl: “...” / Mira Dahl, mayor of Velm: “...” - a name of two words begins the sentence, a colon ends it."""
    for quote in speech(r, findings):
        first, colon = r.frame(quote).first, quote - 1
        if colon - first < NAME_WORDS_MIN or not r.kind[colon] & Kind.COLON:
            continue
        end = first
        while end < colon and r.kind[end] & Kind.CAPITAL and not r.kind[end] & (Kind.CUE | Kind.TIME | Kind.DETERMINER):
            end += 1
        apposed = r.kind[end] & Kind.COMMA and colon - end <= APPOSITION_WORDS_MAX
        verbs = any(r.kind[i] & (AUXILIARY | Kind.CUE) for i in range(end, colon))
        if end - first >= NAME_WORDS_MIN and (end == colon or (apposed and not verbs)):
            yield Finding("direct: name, colon", [(quote, quote)], [(colon, colon)], Phrase(first, colon - 1, end - 1))


def continued_paragraph(r: Reading, findings: Findings) -> Iterator[Finding]:
    """A quotation left open at the end of its paragraph goes on in the next: one speaker, wherever named."""
    quotes = list(r.quotation)
    for before, quote in itertools.pairwise(quotes):
        if r.quotation[quote].continues and before in findings.of_quote and quote not in findings.of_quote:
            yield Finding("direct: continued paragraph", [(quote, quote)], same_as=findings.of_quote[before])
    for before, quote in zip(reversed(quotes[:-1]), reversed(quotes), strict=False):
        if r.quotation[quote].continues and quote in findings.of_quote and before not in findings.of_quote:
            yield Finding("direct: continued paragraph", [(before, before)], same_as=findings.of_quote[quote])


def continued_speech(r: Reading, findings: Findings) -> Iterator[Finding]:
    """“...,” said Dahl. “...” - the next quotation of the paragraph, right after, with no other speaker."""
    last_in: dict[int, tuple[int, Finding]] = {}
    for quote in r.quotation:
        frame = r.frame(quote)
        if quote in findings.of_quote:
            last_in[frame.paragraph] = quote, findings.of_quote[quote]
        elif r.kind[quote] & Kind.SPEECH and frame.paragraph in last_in:
            before, finding = last_in[frame.paragraph]
            if _follows_on(r, before, quote):
                yield Finding("direct: continued", [(quote, quote)], same_as=finding)
                last_in[frame.paragraph] = quote, finding


def _follows_on(r: Reading, before: int, quote: int) -> bool:
    """No whole sentence stands between, and the quotation begins its own."""
    frame = r.frame(quote)
    if quote > frame.first + 1 and not (r.frame_of[quote] == r.frame_of[before] and r.kind[quote - 1] & MARK):
        return False
    apart = r.frame_of[quote] - r.frame_of[before]
    return apart <= 1 or (apart == 2 and frame.first == quote)
