"""Reported speech in the word orders of other languages: the verb first, no subject, the source by a preposition."""

from collections.abc import Iterator

from retrieval.attribution.complements import reporting_mood
from retrieval.attribution.direct import speech
from retrieval.attribution.endings import content_end
from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.phrases import (
    MARK,
    SUBJECT_PRONOUN,
    Phrase,
    is_adverb,
    is_noun_like,
    is_thing,
    phrase_ending,
    phrase_starting,
)
from retrieval.attribution.plain import plain_phrase
from retrieval.attribution.reading import Frame, Reading
from retrieval.attribution.reported import before_main_clause, uses
from retrieval.attribution.subjects import inverted_subject, subject_before
from retrieval.attribution.verb_second.whose import antecedent_in
from retrieval.attribution.verbs import Use

SPEAKER_ITEMS_MAX = 16
"""Between a verb that comes first and its "that" stand no more items than this."""

FRAMES_APART_MAX = 2
"""A statement without a subject goes on with the speaker of a statement at most this many sentences before."""


def verb_speaker_clause(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dijo Orlo que ... / сообщил Орло, что ... / Am Montag sagte Orlo, dass ..."""
    if not r.lexicon.has("grammar", "verb_first"):
        return
    for use in uses(r, findings):
        if use.form != "finite" or not {"that", "clause"} & use.cue.takes:
            continue
        frame = r.frame(use.at)
        opener = _that_after(r, use.at + 1, frame.last)
        if opener is None or opener == use.at + 1:
            continue
        phrase = _subject_first(r, use, frame.first) or _speaker_between(r, use.at + 1, opener - 1)
        phrase = phrase or _subject_led(r, use, frame.first)
        last = content_end(r, opener, frame.last)
        if phrase and last > opener:
            yield Finding(
                "reported: verb, speaker, clause", [(opener, last)], [(use.first, use.at)], phrase, sense=use.cue.sense
            )


def speaker_verb_that(r: Reading, findings: Findings) -> Iterator[Finding]:
    """ميرا دال قالت إن ... - the speaker before the verb, in a script without capitals. / وفقا لميرا دال، ..."""
    if not r.lexicon.has("grammar", "no_capitals"):
        return
    for use in uses(r, findings):
        frame = r.frame(use.at)
        that = use.at + 1
        if use.form != "finite" or use.at == frame.first or that >= frame.last:
            continue
        phrase = plain_phrase(r, frame.first, use.at - 1)
        end = content_end(r, that, frame.last)
        if r.lexicon.has("that", r.low[that]) and phrase and phrase.last == use.at - 1 and end > that:
            yield Finding("reported: speaker, verb, that", [(that, end)], [(use.at, use.at)], phrase)
    for at in r.places("according_first"):
        frame = r.frame(at)
        grown = at + 1 <= frame.last and r.low[at + 1].startswith(
            tuple(r.lexicon.words.get("according_prefix", ("\0",)))
        )
        phrase = plain_phrase(r, at + 1, frame.last) if grown and at not in findings.cues else None
        phrase = Phrase(phrase.first, phrase.core_last, phrase.core_last) if phrase else None
        content = _rest_of(r, at, phrase, frame.first, frame.last) if phrase else []
        if phrase and content:
            yield Finding("reported: according to", content, [(at, at)], phrase, guess=True)


def _subject_first(r: Reading, use: Use, first: int) -> Phrase | None:
    """The subject that begins the sentence, where one does: what follows the verb is then its object."""
    subject = subject_before(r, use.first, first)
    if subject is None or subject.phrase.first != first or subject.way == "relative":
        return None
    items = range(first + 1, subject.phrase.last + 1)
    named = any(r.kind[i] & (Kind.CAPITAL | Kind.ROLE) or is_thing(r, i) for i in items)
    return subject.phrase if named or subject.way == "pronoun" or is_noun_like(r, first) else None


def _subject_led(r: Reading, use: Use, first: int) -> Phrase | None:
    """Во вторник Орло заявил журналистам, что ... - a subject behind the sentence's opening, named or of office."""
    subject = subject_before(r, use.first, first)
    if subject is None or subject.way == "relative":
        return None
    items = range(subject.phrase.first, subject.phrase.last + 1)
    sure = subject.way == "pronoun" or any(
        r.kind[i] & (Kind.CAPITAL | Kind.ROLE) and not r.kind[i] & Kind.TIME for i in items
    )
    return subject.phrase if sure else None


def _that_after(r: Reading, first: int, last: int) -> int | None:
    """The "that" of a verb whose speaker stands between; a comma alone may do where clauses begin so."""
    for at in range(first, min(first + SPEAKER_ITEMS_MAX, last) + 1):
        if r.lexicon.has("that", r.low[at]):
            return at
        if r.kind[at] & Kind.COMMA and at > first and r.lexicon.has("grammar", "comma_before_clause"):
            return at + 1 if at + 1 < last and reporting_mood(r, at + 1, last) else None
        verb = r.kind[at] & Kind.CUE and not r.kind[at - 1] & Kind.DETERMINER
        if r.kind[at] & (MARK & ~Kind.COMMA) or verb:
            return None
    return None


def _speaker_between(r: Reading, first: int, last: int) -> Phrase | None:
    while last > first and r.kind[last] & Kind.COMMA:
        last -= 1
    if r.lexicon.has("grammar", "no_capitals"):
        return plain_phrase(r, first, last)
    phrase = inverted_subject(r, first, last)
    timed = phrase is not None and any(r.kind[i] & Kind.TIME for i in range(phrase.first, phrase.core_last + 1))
    return None if timed else phrase


def clause_without_subject(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Añadió que ... / وأضاف أن ... - the speaker of the statement before goes on."""
    if not r.lexicon.has("grammar", "drops_subject"):
        return
    for use in uses(r, findings):
        at = use.at + 1
        if use.form != "finite" or use.negated or at > r.frame(use.at).last or not r.lexicon.has("that", r.low[at]):
            continue
        leads = use.first == r.frame(use.at).first or all(
            is_adverb(r, i) for i in range(r.frame(use.at).first, use.first)
        )
        if not leads and not r.kind[use.first - 1] & (Kind.COMMA | Kind.CONJUNCTION):
            continue
        before = _statement_before(r, findings, use)
        last = content_end(r, at, r.frame(use.at).last)
        if last > at and use.at not in findings.covered:
            cue = [(use.first, use.at)]
            guess = before is not None and not _surely_goes_on(r, use, before)
            yield Finding("reported: verb alone", [(at, last)], cue, sense=use.cue.sense, same_as=before, guess=guess)


def _surely_goes_on(r: Reading, use: Use, before: Finding) -> bool:
    """Whether a verb without a subject has the speaker of the sentence right before it, by gender too if it shows."""
    cue = before.cue[-1][1]
    if r.frame_of[use.at] - r.frame_of[cue] > 1:
        return False
    return _is_feminine(r, use.at) == _is_feminine(r, cue)


def _is_feminine(r: Reading, verb: int) -> bool:
    """Whether a verb shows by its first or last letter that a woman, or a body, speaks ("قالت", "تقول")."""
    low = r.low[verb].removeprefix("و").removeprefix("ف")
    ending, opening = (tuple(r.lexicon.words.get(f"feminine_verb_{part}", ("\0",))) for part in ("ends", "begins"))
    return low.endswith(ending) or (low.startswith(opening) and not r.lexicon.has("masculine_verbs", low))


def _statement_before(r: Reading, findings: Findings, use: Use) -> Finding | None:
    number = r.frame_of[use.at]
    frames = range(number - FRAMES_APART_MAX, number + 1)
    near = [f for frame in frames for f in findings.of_frame.get(frame, []) if f.cue[0][0] < use.first]
    return max(near, key=lambda f: f.cue[0][0]) if near else None


def as_somebody_said(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Wie Orlo mitteilte, ... / Como dijo Orlo, ..."""
    for use in uses(r, findings):
        frame = r.frame(use.at)
        if not r.lexicon.has("as", r.low[frame.first]) or use.at - frame.first > SPEAKER_ITEMS_MAX:
            continue
        begin = frame.first + 1
        begin += bool(r.kind[begin] & Kind.OBJECT_PRONOUN and not r.lexicon.has("grammar", "verb_second"))
        phrase = (
            phrase_starting(r, begin, use.first - 1)
            if use.first > begin
            else inverted_subject(r, use.at + 1, frame.last)
        )
        if phrase and use.first == begin:
            phrase = Phrase(phrase.first, phrase.core_last, phrase.core_last)
        comma = next(
            (i for i in range(use.at, frame.last) if r.kind[i] & Kind.COMMA and (phrase is None or i > phrase.last)),
            None,
        )
        if phrase and comma is not None and comma - use.at < SPEAKER_ITEMS_MAX:
            content = (comma + 1, content_end(r, comma + 1, frame.last))
            yield Finding("reported: as somebody said", [content], [(use.at, use.at)], phrase, sense=use.cue.sense)


def according_preposition(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Laut Orlo ... / Según Orlo, ... / nach Angaben der Hafenwache ... / по словам Орло, ..."""
    for at in sorted([*r.places("according_alone"), *r.places("according_first")]):
        begin = _according_end(r, at)
        if begin is None or at in findings.cues:
            continue
        frame = r.frame(at)
        phrase = phrase_starting(r, begin, frame.last) if begin <= frame.last else None
        if begin - 1 > at and (phrase is None or _follows_alone(r, begin)):
            phrase = Phrase(at + 1, begin - 1, begin - 1)
            alone = _rest_of(r, at, phrase, frame.first, frame.last)
            if alone:
                yield Finding("reported: according to nobody", alone, [(at, at)], phrase, unnamed=True)
            continue
        phrase = before_main_clause(r, phrase, at, frame) if phrase else None
        content = _rest_of(r, at, phrase, frame.first, frame.last) if phrase else []
        if phrase and content:
            noun = begin - 1 if begin - 1 == at or not r.lexicon.has("of", r.low[begin - 1]) else begin - 2
            naming = phrase if noun == at else Phrase(noun, phrase.last, phrase.core_last)
            document = noun != at and r.lexicon.has("words_things.documents", r.low[noun])
            whose = None if document else phrase
            yield Finding("reported: according to", content, [(at, at)], naming, antecedent=whose)


def _follows_alone(r: Reading, begin: int) -> bool:
    """ "Nach ersten Angaben wurde ...": whether no owner follows the noun."""
    owner = r.kind[begin] & (Kind.DETERMINER | Kind.CAPITAL) or r.lexicon.has("of", r.low[begin - 1])
    return r.lexicon.has("grammar", "capital_nouns") and not owner


def according_after(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Der Hafenwache zufolge hält der Damm. - the preposition stands behind its speaker."""
    for at in r.places("according_after"):
        frame = r.frame(at)
        phrase = _before_according(r, at, frame.first) if at > frame.first else None
        if phrase is None:
            continue
        nobody = phrase.first == phrase.last or not r.kind[phrase.first] & Kind.DETERMINER
        nobody = nobody and r.lexicon.has("according_nouns", r.low[phrase.last])
        content = [(frame.first, phrase.first - 1)] if phrase.first - 1 > frame.first else []
        if at + 1 < frame.last:
            content.append((at + 1, content_end(r, at + 1, frame.last)))
        if content:
            yield Finding("reported: according to", content, [(at, at)], phrase, unnamed=nobody)


def _before_according(r: Reading, at: int, first: int) -> Phrase | None:
    """The phrase before "zufolge", from its article on."""
    if r.lexicon.has("grammar", "verb_second"):
        return antecedent_in(r, first, at - 1)
    return phrase_ending(r, at - 1, first)


def _according_end(r: Reading, at: int) -> int | None:
    """Past "laut", "según", or "nach (den) Angaben von": where the naming words begin."""
    lexicon, low = r.lexicon, r.low
    if lexicon.has("according_alone", low[at]):
        return at + 1
    if not lexicon.has("according_first", low[at]):
        return None
    for item in range(at + 1, min(at + 4, r.frame(at).last + 1)):
        if lexicon.has("according_nouns", low[item]):
            after = item + 1
            links = after < len(low) and (lexicon.has("of", low[after]) or lexicon.has("according_links", low[after]))
            return after + 1 if links else after
    return None


def _rest_of(r: Reading, at: int, phrase: Phrase, first: int, last: int) -> list[Extent]:
    """The sentence without its "according to" part."""
    after = phrase.last + 1
    while after <= last and r.kind[after] & (Kind.COMMA | Kind.DASH):
        after += 1
    before = at - 1
    while before >= first and r.kind[before] & (Kind.COMMA | Kind.DASH):
        before -= 1
    content = [(first, before)] if before > first else []
    if after < last:
        content.append((after, content_end(r, after, last)))
    return content


def so_somebody(r: Reading, findings: Findings) -> Iterator[Finding]:
    """„...“, so Orlo. / Der Damm halte, so Orlo."""
    for at in r.places("so"):
        frame = r.frame(at)
        if (
            not at
            or at in findings.cues
            or at >= frame.last
            or not r.kind[at - 1] & (Kind.COMMA | Kind.DASH | Kind.QUOTE)
        ):
            continue
        phrase = phrase_starting(r, at + 1, frame.last)
        if phrase is None or not r.kind[phrase.core_last] & Kind.CAPITAL:
            continue
        after = phrase.last + 1
        if after <= frame.last and not r.kind[after] & (MARK | Kind.PREPOSITION | Kind.ADVERB):
            continue
        quote = at - 1 if r.kind[at - 1] & Kind.QUOTE else at - 2
        if quote == frame.first and r.kind[quote] & Kind.SPEECH and quote not in findings.of_quote:
            yield Finding("direct: so speaker", [(quote, quote)], [(at, at)], phrase)
        else:
            content = _rest_of(r, at, phrase, frame.first, frame.last)
            if content:
                yield Finding("reported: so speaker", content, [(at, at)], phrase)


def before_colon(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Bei einem Besuch kritisierte Orlo den Plan scharf: „...“ - the verb's own sentence ends in the colon."""
    for quote in speech(r, findings):
        frame = r.frame(quote)
        if quote == frame.first or not r.kind[quote - 1] & Kind.COLON:
            continue
        for at in range(quote - 2, frame.first - 1, -1):
            use = findings.use(at) if r.kind[at] & Kind.CUE else None
            phrase = speaker_of(r, use, quote - 2) if use else None
            if use and phrase:
                yield Finding("direct: before the colon", [(quote, quote)], [(use.first, at)], phrase)
                break


def colon_without_subject(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Añadió: «...» / وأضافت: «...» - the speaker of the statement before goes on."""
    if not r.lexicon.has("grammar", "drops_subject"):
        return
    for quote in speech(r, findings):
        at = r.frame(quote).first
        use = findings.use(at) if at + 2 == quote and r.kind[at + 1] & Kind.COLON else None
        before = _statement_before(r, findings, use) if use and use.form == "finite" else None
        if before:
            guess = use is not None and not _surely_goes_on(r, use, before)
            yield Finding("direct: verb alone, quotation", [(quote, quote)], [(at, at)], same_as=before, guess=guess)


def speaker_of(r: Reading, use: Use, last: int) -> Phrase | None:
    """A finite verb's subject: to its left where that begins the sentence, else to its right."""
    if use.form not in ("finite", "bare"):
        return None
    first = r.frame(use.at).first
    inverts = r.lexicon.has("grammar", "verb_first")
    if inverts and use.at < last and r.kind[use.at + 1] & SUBJECT_PRONOUN and not r.kind[use.at + 1] & Kind.DETERMINER:
        return Phrase(use.at + 1, use.at + 1, use.at + 1)
    subject = subject_before(r, use.first, first)
    leads = subject is not None and is_adverb(r, subject.phrase.first)
    if subject and not leads and (subject.way == "relative" or subject.phrase.first == first or not inverts):
        return subject.phrase
    begin = use.at + 1
    begin += inverts and begin < last and bool(r.kind[begin] & Kind.OBJECT_PRONOUN)
    if not inverts or use.at >= last:
        return None
    return plain_phrase(r, begin, last) if r.lexicon.has("grammar", "no_capitals") else phrase_starting(r, begin, last)


def perfect_after_quote(r: Reading, findings: Findings) -> Iterator[Finding]:
    """„...“, hatte Hafenmeister Orlo in Velm erklärt."""
    if not r.lexicon.has("grammar", "verb_first"):
        return
    for quote in speech(r, findings):
        frame = r.frame(quote)
        at = quote + 1
        while at < frame.last and r.kind[at] & (Kind.COMMA | Kind.DASH):
            at += 1
        if quote != frame.first or at >= frame.last or not r.kind[at] & Kind.HAVE:
            continue
        phrase = phrase_starting(r, at + 1, frame.last)
        verb = next((i for i in range(at + 2, frame.last + 1) if findings.use(i)), None) if phrase else None
        if phrase and verb and r.lexicon.cues[r.low[verb]].shape & Shape.PARTICIPLE:
            yield Finding("direct: perfect, speaker", [(quote, quote)], [(at, at), (verb, verb)], phrase)


def words_in_report(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Orlo nannte den Plan „reinen Unsinn“ - a few quoted words in a sentence that reports: likely his."""
    if not r.lexicon.has("grammar", "verb_first"):
        return
    covered = {i for f in findings.found for first, last in f.content for i in range(first, last + 1)}
    for quote in r.quotation:
        frame = r.frame(quote)
        if quote in covered or not _is_wording(r, quote):
            continue
        verbs = [use for i in range(frame.first, frame.last + 1) if r.kind[i] & Kind.CUE and (use := findings.use(i))]
        led = [use for use in verbs if use.at < quote] or verbs[:1]
        phrase = speaker_of(r, led[-1], frame.last) if led else None
        if phrase and not phrase.first <= quote <= phrase.last:
            cue = [(led[-1].first, led[-1].at)]
            calls = r.lexicon.has("calling", r.low[led[-1].at])
            yield Finding("direct: words in a report", [(quote, quote)], cue, phrase, guess=not calls)


def _is_wording(r: Reading, quote: int) -> bool:
    """Whether quoted words are wording rather than a name: a small word is among them."""
    words = r.word[quote].strip("„“”\"«»‚‘' ").split()
    return any(word[0].islower() for word in words)


def _items_of(frame: Frame) -> range:
    return range(frame.first, frame.last + 1)


def subjunctive_goes_on(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Er sei ... Die Lage habe ... - a sentence in the reporting mood after a statement has its speaker."""
    moods = r.lexicon.words.get("reporting_mood", frozenset())
    if not moods:
        return
    spoken = {r.frame_of[f.content[0][0]]: f for f in findings.found}
    for number, frame in enumerate(r.frames):
        before = spoken.get(number - 1)
        if number in spoken or before is None or r.frames[number - 1].paragraph != frame.paragraph:
            continue
        own = any(r.kind[i] & Kind.CUE or r.lexicon.has("according_alone", r.low[i]) for i in _items_of(frame))
        if own:
            continue
        items = range(frame.first, frame.last + 1)
        inside = any(r.low[i] in moods and (i == frame.first or not r.kind[i] & Kind.CAPITAL) for i in items)
        conditional = r.lexicon.has("conditionals", r.low[frame.first])
        if inside and not conditional and not r.kind[frame.first] & Kind.QUOTE:
            last = content_end(r, frame.first, frame.last)
            if last > frame.first:
                finding = Finding("reported: reporting mood", [(frame.first, last)], same_as=before)
                spoken[number] = finding
                yield finding
