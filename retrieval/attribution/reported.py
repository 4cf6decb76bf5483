"""Indirect speech: what somebody is reported to have said, thought or meant to do, in the article's wording."""

from collections.abc import Iterator

from retrieval.attribution.complements import CONTENT_WORDS_MIN, complement
from retrieval.attribution.endings import another_begins, content_end
from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.phrases import (
    AUXILIARY,
    MARK,
    SUBJECT_PRONOUN,
    Phrase,
    is_adverb,
    is_thing,
    is_verb,
    own_noun,
    phrase_starting,
)
from retrieval.attribution.reading import Frame, Reading
from retrieval.attribution.reduced import is_reduced
from retrieval.attribution.sharing import shared_subject
from retrieval.attribution.subjects import Subject, clause_subject, inverted_subject
from retrieval.attribution.verbs import Use, after_modifiers, agrees, is_plural, subject_of
from retrieval.model import Sense

QUESTION_ITEMS_MAX = 10
"""Time and place between "asked" and the question are no longer than this."""
SHOWN = frozenset(["clause", "object"])
NOTHING_MORE: frozenset[str] = frozenset()


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
    alone = first == subject.phrase.last
    if (alone and r.low[first] in ("you", "one")) or (
        subject.way == "relative" and r.low[first] == "that" and not _plain(use)
    ):
        return True
    begin = r.frame(use.at).first
    if r.lexicon.has("none", r.low[first]) or (first > begin and r.lexicon.has("none", r.low[first - 1])):
        return True  # "neither Dahl nor Orlo said": nobody did
    if first > begin and r.lexicon.has("conditionals", r.low[first - 1]):
        return True
    if r.kind[first] & Kind.IT and not _plain(use):
        return True
    if first > begin and r.low[first - 1] == "as" and use.cue.takes == {"object"}:
        return True  # "Barack and Bibi, as they call each other"
    if is_reduced(r, use, subject) or _guessed(r, use, subject) or _lacks_its_object(r, use, subject):
        return True
    if first > begin and r.lexicon.has("free_relatives", r.low[first - 1]):
        return not _says_what(r, use)
    who = subject.way == "relative" and r.lexicon.has("persons_relatives", r.low[first])
    who = who and use.cue.sense is Sense.SPEECH
    if not _plain(use) and not who and (subject.way == "relative" or not _sure_subject(r, subject)):
        return True
    cue = use.cue
    if r.lexicon.has("lasting_verbs", cue.lemma) and use.at < len(r.low) - 1 and r.low[use.at + 1] == "to":
        return True  # "crews continue to work": nobody says anything
    noun_like = cue.lemma in r.lexicon.words.get("noun_like_cues", ()) and not cue.shape & Shape.PAST
    phrase = subject.phrase
    if noun_like and any(is_verb(r, i) for i in range(phrase.first + 1, phrase.last + 1)):
        return True  # "won victories in coastal states that ...", "faced questions about"
    if noun_like and cue.shape & (Shape.PRESENT | Shape.BASE) and use.first == use.at:
        after = use.at + 1
        if after <= r.frame(use.at).last and (is_verb(r, after) or _is_cue_verb(r, after)):
            return True  # "jobs report cheered", "news reports say"
        if cue.shape & Shape.BASE and subject.way == "apposition":
            return True
    if cue.shape == Shape.PRESENT and use.form == "finite" and noun_like:
        return not _sure_subject(r, subject)
    return False


def _lacks_its_object(r: Reading, use: Use, subject: Subject) -> bool:
    """ "The only goal Turner conceded in May", "the one thing Dahl said was wrong": what is told of leads the name."""
    phrase, after = subject.phrase, use.at + 1
    if not r.lexicon.has("grammar", "verbs_known") or not r.kind[phrase.first] & Kind.DETERMINER:
        return False
    name = next((i for i in range(phrase.first + 1, phrase.core_last + 1) if r.kind[i] & Kind.CAPITAL), phrase.first)
    noun = name - 1
    office = Kind.ROLE | Kind.TITLE | Kind.POSSESSIVE | Kind.NUMBER | Kind.DETERMINER
    if noun <= phrase.first or r.kind[noun] & office or not r.kind[noun] & Kind.WORD or is_thing(r, noun):
        return False
    last = r.frame(use.at).last
    bare = after <= last and r.kind[after] & (Kind.PREPOSITION | AUXILIARY)
    return bool(bare) and not any(r.lexicon.has("that", r.low[i]) for i in range(after, last + 1))


def _guessed(r: Reading, use: Use, subject: Subject) -> bool:
    """ "It is clear that Dahl wanted to win": a thought or aim that the article infers, told by nobody."""
    before = subject.phrase.first - 1
    begin = r.frame(use.at).first
    if use.cue.sense is Sense.SPEECH or before <= begin or not r.lexicon.has("that", r.low[before]):
        return False
    return r.lexicon.has("evaluations", r.low[before - 1])


def _says_what(r: Reading, use: Use) -> bool:
    """ "What he said was a farce", "what she called a farce", "what they see as a farce": words that somebody chose."""
    last = r.frame(use.at).last
    if use.at >= last:
        return False
    after = r.kind[use.at + 1]
    names = r.lexicon.has("naming_words", r.low[use.at]) and after & Kind.DETERMINER
    linked = after & (Kind.QUOTE | Kind.BE) or (r.low[use.at + 1] == "as" and use.at + 1 < last)
    return bool(names or linked) and not after & SUBJECT_PRONOUN


def _is_cue_verb(r: Reading, item: int) -> bool:
    """Whether a word that follows another reporting word in small letters may be the verb of the two."""
    return bool(r.kind[item] & Kind.CUE) and not r.kind[item] & (Kind.CAPITAL | Kind.POSSESSIVE)


def _plain(use: Use) -> bool:
    return use.cue.sense is Sense.SPEECH and "quote" in use.cue.takes


def _sure_subject(r: Reading, subject: Subject) -> bool:
    """A pronoun, a name or a noun of office: "Dahl claims", where "harbour claims" would be a noun."""
    last = own_noun(r, subject.phrase)
    named = bool(r.kind[last] & (Kind.CAPITAL | Kind.ROLE)) or is_thing(r, last)
    named = named or any(is_thing(r, i) for i in range(subject.phrase.first, subject.phrase.last))
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
        content, told = complement(r, use, _of_document(r, use, subject))
        begin = subject.phrase.first
        if begin > r.frame(use.at).first and _leads_clause(r, begin - 1):
            content = _up_to_comma(r, content)
        elif subject.way == "relative":
            content = _within_relative(r, content)
        elif begin > r.frame(use.at).first and r.kind[begin - 1] & Kind.DASH:
            content = _up_to_dash(r, content)
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


def _of_document(r: Reading, use: Use, subject: Subject) -> frozenset[str]:
    """ "The poll shows Orlo leading": what a document shows may be told by any complement."""
    items = range(subject.phrase.first, subject.phrase.last + 1)
    document = any(r.lexicon.has("words_things.documents", r.low[i]) for i in items)
    return SHOWN if document and use.cue.name == "show" else NOTHING_MORE


def _leads_clause(r: Reading, item: int) -> bool:
    """Whether a word before a subject begins a clause that another follows ("While Dahl said ..., Orlo left")."""
    return r.lexicon.has("times.subordinators", r.low[item]) or r.lexicon.has("clause_leads", r.low[item])


def _within_relative(r: Reading, content: list[Extent]) -> list[Extent]:
    """ "Dahl, who says the dam is old, left": what a relative clause reports ends where the main verb goes on."""
    for first, last in content:
        for at in range(first + 1, last):
            verb = is_verb(r, at + 1) and not r.kind[at + 1] & SUBJECT_PRONOUN
            if r.kind[at] & Kind.COMMA and verb:
                return [(first, at - 1)] if at - first >= CONTENT_WORDS_MIN else []
            if r.kind[at] & Kind.QUOTE and verb and "," in r.text[r.end[at] - 4 : r.end[at]]:
                return [(first, at)]
    return content


def _up_to_comma(r: Reading, content: list[Extent]) -> list[Extent]:
    """ "When Dahl said the dam was old, ...": what a clause of time reports ends with that clause."""
    for first, last in content:
        comma = next((i for i in range(first, last + 1) if r.kind[i] & Kind.COMMA), last + 1)
        return [(first, comma - 1)] if comma - first >= CONTENT_WORDS_MIN else []
    return []


def _up_to_dash(r: Reading, content: list[Extent]) -> list[Extent]:
    """ "Bold - some say unreal - goals": what is said between dashes ends with the second."""
    for first, last in content:
        dash = next((i for i in range(first, last + 1) if r.kind[i] & Kind.DASH), last + 1)
        return [(first, dash - 1)] if dash - first >= CONTENT_WORDS_MIN else []
    return []


def as_clause(r: Reading, findings: Findings) -> Iterator[Finding]:
    """As Dahl noted, the dam is old. / The dam is old, as Dahl noted."""
    for use in uses(r, findings):
        if "trails" not in use.cue.takes or use.form not in ("finite", "bare") or use.doubtful or use.negated:
            continue
        subject = subject_of(r, use)
        frame = r.frame(use.at)
        begin = subject.phrase.first - 1 if subject and subject.way != "relative" else -1
        if subject is None or begin < frame.first or r.low[begin] != "as" or not _fits(r, use, subject):
            continue
        after, told = after_modifiers(r, use.at + 1, frame.last, tells="tells" in use.cue.takes)
        content = _beside_as(r, begin, after, frame)
        if content:
            cue = [(use.first, use.at)]
            yield Finding("reported: as somebody said", content, cue, subject.phrase, None, told, sense=use.cue.sense)


def _beside_as(r: Reading, begin: int, after: int, frame: Frame) -> list[Extent]:
    """The clause that an "as Dahl noted" at items ``begin..after-1`` goes with."""
    closed = after > frame.last or r.kind[after] & (Kind.COMMA | Kind.STOP | Kind.DASH)
    if not closed:
        return []
    if begin <= frame.first + 1:
        opens = after + 1 < frame.last and r.kind[after] & Kind.COMMA
        return [(after + 1, content_end(r, after + 1, frame.last))] if opens else []
    if not r.kind[begin - 1] & (Kind.COMMA | Kind.DASH):
        return []
    return _around(r, begin - 1, after, frame.first, frame.last)


def opening_participle(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Saying that the dam was old, Dahl left. / After saying that the dam was old, Dahl left."""
    for use in uses(r, findings):
        frame = r.frame(use.at)
        led = use.first == frame.first + 1 and r.lexicon.has("participle_leads", r.low[frame.first])
        if use.form != "gerund" or not (use.first == frame.first or led) or use.cue.name == "feel":
            continue  # "Assuming that ..." is a condition
        content, told = complement(r, use)
        first = content[0][0] if content else frame.last
        comma = next((i for i in range(first, frame.last) if r.kind[i] & Kind.COMMA), None)
        phrase = clause_subject(r, frame.last, comma + 1) if comma is not None else None
        if phrase is None or comma is None or phrase.first != comma + 1 or comma - first < CONTENT_WORDS_MIN:
            continue
        cue = [(use.first, use.at)]
        yield Finding(
            "reported: opening participle", [(first, comma - 1)], cue, phrase, None, told, sense=use.cue.sense
        )


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
        if r.kind[before] & Kind.COMMA and r.lexicon.has("asked", r.low[use.at]):
            continue  # "said Dahl, asked about the dam"
        if use.form == "finite" and use.first == use.at and _is_noun_or_adjective(r, use):
            continue
        if (r.kind[before] & Kind.SUBORDINATOR or r.lexicon.has("agent", r.low[before])) and not _plain(use):
            continue  # "before backing the plan", "won the vote by attacking Orlo"
        content, told = complement(r, use)
        if r.kind[before] & Kind.COMMA and use.form == "finite" and not _has_verb(r, content):
            continue  # ", said the envoy of the league": no clause, but who said it
        phrase = shared_subject(r, use, findings) if content else None
        if content and phrase:
            rule = "reported: participle, clause" if use.form == "gerund" else "reported: shared subject"
            yield Finding(rule, content, [(use.first, use.at)], phrase, None, told, sense=use.cue.sense)


def _is_noun_or_adjective(r: Reading, use: Use) -> bool:
    """After "and": "chants and promises to ...", "protesters and alleged helpers", where nobody reports."""
    if r.lexicon.has("that", r.low[min(use.at + 1, r.frame(use.at).last)]):
        return False
    if "as" in use.cue.takes:
        return True  # "a shake-up, viewed as a sign"
    noun = use.cue.shape == Shape.PRESENT and use.cue.lemma in r.lexicon.words.get("noun_like_cues", ())
    return noun or r.lexicon.has("hearsay_adjectives", r.low[use.at])


def _has_verb(r: Reading, content: list[Extent]) -> bool:
    """Whether reported words hold a verb or a quotation, as far as verbs are known in the language."""
    if not r.lexicon.has("grammar", "verbs_known"):
        return True
    items = (i for first, last in content for i in range(first, last + 1))
    return any(is_verb(r, i) or r.kind[i] & (Kind.QUOTE | SUBJECT_PRONOUN) for i in items)


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
        takes = use.cue.takes
        after, told = after_modifiers(r, use.at + 1, frame.last, tells="tells" in takes, keeps_to="to" in takes)
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
        helped = r.lexicon.has("grammar", "verb_first")
        takes = {"trails", "quote"} <= use.cue.takes
        if not takes or use.form not in ("finite", "bare") or (use.first != use.at and not helped):
            continue
        frame = r.frame(use.at)
        if use.first <= frame.first or not r.kind[use.first - 1] & (Kind.COMMA | Kind.DASH | Kind.QUOTE):
            continue
        phrase = (inverted_subject if helped else phrase_starting)(r, use.at + 1, frame.last)
        if phrase is None or not can_speak(r, phrase) or (use.form == "bare" and not agrees(r, phrase)):
            continue
        if not helped and _is_clause_of_its_own(r, phrase, frame.last):
            continue
        after, _ = after_modifiers(r, phrase.last + 1, frame.last, tells=False)
        if after <= frame.last and r.lexicon.has("persons_relatives", r.low[after]):
            after = frame.last + 1  # "said a handful of crews who had seen it"
        content = _around(r, use.first - 1, after, frame.first, frame.last)
        if content:
            cue = [(use.first, use.at)]
            yield Finding("reported: clause, verb, speaker", content, cue, phrase, sense=use.cue.sense)


def _is_clause_of_its_own(r: Reading, phrase: Phrase, last: int) -> bool:
    """Behind "Dahl, the mayor, said": the clause that she said, not who speaks: "the dam holds", "he still “prays”"."""
    if any(is_verb(r, i) for i in range(phrase.first + 1, phrase.core_last + 1)):
        return True
    ends = phrase.last >= last or r.kind[phrase.last + 1] & (Kind.COMMA | Kind.STOP | Kind.DASH)
    return bool(r.kind[phrase.first] & SUBJECT_PRONOUN) and phrase.first == phrase.core_last and not ends


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
    if r.kind[first] & Kind.INDEFINITE and first < last and r.low[last].endswith("s"):
        return True
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
        return [left, (after + 1, content_end(r, after + 1, last))] if begins and left[1] >= left[0] else []
    goes_on = after + 1 < last and r.kind[after] & Kind.COMMA
    if goes_on and r.kind[left[1]] & (Kind.SUBORDINATOR | Kind.CONJUNCTION | Kind.COMPLEMENTIZER):
        return [(after + 1, content_end(r, after + 1, last))]  # "..., because, Dahl said, the dam is old"
    content = [left]
    if (
        after + 1 < last
        and r.kind[after] & (Kind.COMMA | Kind.DASH)
        and not another_begins(r, after + 1, last)
        and _goes_on(r, after + 1)
    ):
        content.append((after + 1, content_end(r, after + 1, last)))
    return [] if len(content) == 1 and _is_opening(r, *left) else content


def _is_opening(r: Reading, first: int, last: int) -> bool:
    """Whether words before a speaker are no clause: "In an interview", "Even as shares fell", a name alone."""
    if not r.lexicon.has("grammar", "verbs_known") or any(r.kind[i] & Kind.QUOTE for i in range(first, last + 1)):
        return False
    verb = next((i for i in range(first + 1, last + 1) if is_verb(r, i)), None)
    begin = first + bool(is_adverb(r, first) and first < last)
    if r.lexicon.has("adjuncts", r.low[begin]) or (r.kind[begin] & Kind.PREPOSITION and verb is None):
        commas = [i for i in range(begin, last) if r.kind[i] & (Kind.COMMA | Kind.DASH)]
        clause = r.kind[begin] & Kind.SUBORDINATOR or verb is None
        return bool(clause) and not (
            commas and verb is not None and any(is_verb(r, i) for i in range(commas[-1], last + 1))
        )
    return verb is None and all(r.kind[i] & (Kind.CAPITAL | Kind.PARENTHESIS) for i in range(first, last + 1))


def _goes_on(r: Reading, at: int) -> bool:
    """After the attribution clause: whether the reported words go on, rather than the clause itself."""
    if r.lexicon.has("that", r.low[at]) or r.lexicon.has("includes", r.low[at]):
        return True
    if r.low[at] == "as" and r.lexicon.has("report_words", r.low[min(at + 1, len(r.low) - 1)]):
        return False  # ", as quoted by the Wire"
    if r.lexicon.has("grammar", "verbs_known") and r.kind[at] & Kind.PREPOSITION and not r.kind[at] & Kind.SUBORDINATOR:
        return not r.lexicon.has("adjuncts", r.low[at])  # "it makes sense, Dahl said, for crews to stay"
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


def asked(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Asked whether the dam would hold, Dahl ... / Asked by Orlo about the dam, Dahl ... - whoever put the question."""
    for at in r.cues:
        frame = r.frame(at)
        if at in findings.cues or not r.lexicon.has("asked", r.low[at]) or at + 2 >= frame.last:
            continue
        before = r.kind[at - 1] if at > frame.first else Kind.COMMA
        if not before & (Kind.BE | Kind.COMMA | Kind.SUBORDINATOR):
            continue
        asker, behind = _asker(r, at, frame.last)
        opener = _question_at(r, behind, frame.last)
        if opener is None:
            continue
        begin = opener + 1 if r.low[opener] == "about" else opener
        comma = next((i for i in range(begin, frame.last) if r.kind[i] & Kind.COMMA), frame.last)
        last = content_end(r, begin, comma)
        if last > begin:
            rule = "reported: asked by somebody" if asker else "reported: asked, nobody named"
            yield Finding(rule, [(begin, last)], [(at, at)], asker, unnamed=asker is None)


def _asker(r: Reading, at: int, last: int) -> tuple[Phrase | None, int]:
    """Who put a question, after "by", and the item behind."""
    if at + 2 < last and r.lexicon.has("agent", r.low[at + 1]):
        phrase = phrase_starting(r, at + 2, last)
        if phrase is not None:
            return phrase, phrase.core_last + 1
    return None, at + 1


def _question_at(r: Reading, begin: int, last: int) -> int | None:
    """Where a question opens ("whether", "about"), at once or behind time and place without a comma."""
    for at in range(begin, min(begin + QUESTION_ITEMS_MAX, last)):
        if r.lexicon.has("question_openers", r.low[at]):
            return at
        if r.kind[at] & (MARK | AUXILIARY | SUBJECT_PRONOUN):
            return None
    return None


def reportedly(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl has reportedly left. - hearsay of nobody named, unless the sentence has a speaker."""
    spoken = {r.frame_of[f.content[0][0]] for f in findings.found}
    for at in r.places("hearsay_adverbs"):
        frame, number = r.frame(at), r.frame_of[at]
        if number in spoken or at == frame.last:
            continue
        spoken.add(number)
        parts = [(frame.first, at - 1), (at + 1, content_end(r, at + 1, frame.last))]
        content = [(first, last) for first, last in parts if first <= last]
        yield Finding("reported: reportedly", content, [(at, at)], unnamed=True)
