"""What a verb reports to its right: a clause, a thing or an infinitive."""

from retrieval.attribution.endings import before_main_verb, content_end, first_clause_end, object_end
from retrieval.attribution.findings import Extent
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import (
    AUXILIARY,
    MARK,
    SUBJECT_PRONOUN,
    is_adverb,
    is_noun_like,
    is_subject_that,
    is_verb,
)
from retrieval.attribution.reading import Reading
from retrieval.attribution.verbs import MODIFIER_ITEMS_MAX, Use, addressee_end, after_modifiers

CONTENT_WORDS_MIN = 2


def complement(r: Reading, use: Use, more: frozenset[str] = frozenset()) -> tuple[list[Extent], Extent | None]:
    """What a verb reports to its right: a clause, a noun phrase or an infinitive; nothing where nothing follows.

    `more` is what else it may take here, beside what its word always takes.
    """
    frame = r.frame(use.at)
    takes = use.cue.takes | more
    governed, told = _governed(r, use, frame.last)
    if governed:
        return [governed], told
    if r.low[min(use.at + 1, frame.last)] == "as" and use.at + 2 < frame.last and takes & {"object", "as"}:
        return [(use.at + 2, first_clause_end(r, use.at + 2, content_end(r, use.at + 2, frame.last)))], None
    after = _after_particle(r, use, frame.last)
    if after > use.at + 1:
        takes |= {"object", "that"}
    elif "particle" in takes or r.lexicon.has(f"blocked.{use.cue.lemma}", r.low[min(after, frame.last)]):
        return [], None
    at, told = after_modifiers(r, after, frame.last, tells="tells" in takes, keeps_to="to" in takes)
    begin = told[1] + 1 if told else use.at + 1
    while at <= frame.last and r.kind[at] & (Kind.COMMA | Kind.COLON):
        at += 1
    if at > frame.last or r.kind[at] & Kind.STOP:
        return [], told
    if r.lexicon.has("times.subordinators", r.low[at]) and not _asks(r, use, at):
        after = _after_circumstance(r, at, frame.last)
        opened = _clause_behind(r, at, frame.last) if after == frame.last and "clause" in takes else None
        at = after if opened is None else opened
        if opened is not None:
            return [(at, content_end(r, at, frame.last))], told
    if r.lexicon.has("answers", r.low[at]):
        return [], told
    if told and r.lexicon.has("persons_relatives", r.low[at]):
        at = _after_circumstance(r, at, frame.last)  # "told voters who asked him that ..."
    comma = r.kind[at] & Kind.COMMA or r.kind[at - 1] & Kind.COMMA
    if comma and not r.lexicon.has("that", r.low[at]) and not r.lexicon.has("grammar", "comma_before_clause"):
        that = _that_behind(r, at, frame.last)
        if that is None and not ("clause" in takes and _opens_clause(r, begin, at)):
            return [], told
        at = begin if that is None else that
    elif not _begins_content(r, at, frame.last, takes):
        return [], told
    last = content_end(r, at, frame.last)
    if "as" in takes and not _links(r, at, last, "as"):
        return [], told
    if "object-to" in takes and r.low[at] != "to" and not _links(r, at, last, "to"):
        return [], told
    if r.low[at] == "to":
        last = _before_time_clause(r, at, first_clause_end(r, at, last))
    elif use.cue.takes <= {"object", "doing"} or _is_thing_alone(r, use, at, last):
        last = object_end(r, at, last)
        if use.form == "gerund":
            last = before_main_verb(r, at, last)
        if r.lexicon.has("naming_words", r.low[use.at]) and not _is_judged(r, at, last):
            return [], told
    return ([(at, last)], told) if last - at + 1 >= CONTENT_WORDS_MIN else ([], told)


def _asks(r: Reading, use: Use, at: int) -> bool:
    """Whether "if" tells what was asked or left unsaid ("asked if", "would not say if"), not on what condition."""
    return r.low[at] == "if" and (use.negated or use.cue.name == "ask")


def _before_time_clause(r: Reading, first: int, last: int) -> int:
    """ "Refused to speak | as she left": where an infinitive ends before a clause that tells when."""
    for at in range(first + 2, last):
        pronoun = r.kind[at + 1] & SUBJECT_PRONOUN and not r.kind[at + 1] & Kind.DETERMINER
        if pronoun and r.lexicon.has("clause_openers", r.low[at]):
            return at - 1
    return last


def _that_behind(r: Reading, at: int, last: int) -> int | None:
    """ "Said, among other things, that ...": the "that" right behind a circumstance between commas."""
    for item in range(at, min(at + MODIFIER_ITEMS_MAX, last)):
        if r.kind[item] & Kind.COMMA and r.lexicon.has("that", r.low[item + 1]):
            return item + 1
        if r.kind[item] & (MARK & ~Kind.COMMA):
            return None
    return None


def _after_particle(r: Reading, use: Use, last: int) -> int:
    """Past "out" in "pointed out", "up" in "spoke up"."""
    at = use.at + 1
    return at + 1 if at < last and r.lexicon.has(f"particles.{use.cue.lemma}", r.low[at]) else at


def _links(r: Reading, first: int, last: int, link: str) -> bool:
    """Whether a thing is seen "as" something, or wanted "to" do something, before the next mark."""
    for at in range(first + 1, last):
        if r.low[at] == link:
            return True
        if r.kind[at] & MARK or is_verb(r, at):
            return False
    return False


def _clause_behind(r: Reading, at: int, last: int) -> int | None:
    """ "Said, if elected, she would ...": where a circumstance begins whose comma a clause follows at once."""
    for item in range(at + 1, min(at + MODIFIER_ITEMS_MAX, last - 1)):
        if r.kind[item] & Kind.COMMA:
            return at if _opens_clause(r, at, item + 1) else None
        if r.kind[item] & MARK:
            return None
    return None


def _is_thing_alone(r: Reading, use: Use, first: int, last: int) -> bool:
    """Whether reported words are a mere thing ("announced his engagement"): no verb before their first mark."""
    if not r.lexicon.has("grammar", "verbs_known") or r.kind[first] & Kind.COMPLEMENTIZER & ~Kind.DETERMINER:
        return False
    if use.cue.name in ("say", "tell", "think"):
        return False
    for at in range(first, last + 1):
        if is_verb(r, at) or r.kind[at] & (SUBJECT_PRONOUN | Kind.SPEECH):
            return False
        if r.kind[at] & MARK:
            return True
    return True


def _opens_clause(r: Reading, begin: int, at: int) -> bool:
    """ "Said despite the storm, she would go": the circumstance is of the clause whose subject follows its comma."""
    if at <= begin + 1 or not r.lexicon.has("clause_leads", r.low[begin]):
        return False
    return bool(r.kind[at] & (SUBJECT_PRONOUN | Kind.DETERMINER | Kind.CAPITAL)) and not r.kind[at] & Kind.CUE


def _governed(r: Reading, use: Use, last: int) -> tuple[Extent | None, Extent | None]:
    """What a verb speaks of behind its own preposition: "called for a vote", "asked Dahl about the dam"."""
    at = _after_particle(r, use, last)
    while at < last and (is_adverb(r, at) or r.kind[at] & Kind.TIME):
        at += 1
    told = None
    group = f"governed.{use.cue.lemma}"
    if "tells" in use.cue.takes and at < last and not r.lexicon.has(group, r.low[at]):
        end = addressee_end(r, at, last)
        told = (at, end) if end >= at else None
        at = end + 1
    if at >= last or not r.lexicon.has(group, r.low[at]):
        return None, None
    begin = at + 1
    if r.kind[begin] & (MARK & ~Kind.SPEECH) or r.lexicon.has("that", r.low[begin]):
        return None, None
    end = object_end(r, begin, content_end(r, begin, last))
    return ((begin, end), told) if end > begin or r.kind[begin] & (Kind.QUOTE | Kind.CAPITAL) else (None, None)


def _is_judged(r: Reading, first: int, last: int) -> bool:
    """ "Called the plan a fraud", "called for a vote": what "called" says of something, not its mere name."""
    if r.kind[first] & Kind.PREPOSITION or any(r.kind[i] & Kind.QUOTE for i in range(first, last + 1)):
        return True
    if r.kind[first] & Kind.OBJECT_PRONOUN and last > first and not r.kind[first] & Kind.DETERMINER:
        return True
    after = range(first + 1, last + 1)
    return any(
        r.kind[i] & Kind.INDEFINITE or (r.kind[i] & Kind.DETERMINER and r.kind[i - 1] & Kind.WORD and i > first + 1)
        for i in after
        if not r.kind[i - 1] & Kind.PREPOSITION
    )


def _after_circumstance(r: Reading, at: int, last: int) -> int:
    """ "Said after a lunch on Tuesday that ...": the "that" behind a circumstance, or where the sentence ends."""
    for item in range(at + 1, min(at + MODIFIER_ITEMS_MAX, last) + 1):
        if r.lexicon.has("that", r.low[item]) and not r.kind[item - 1] & Kind.CUE:
            return item
        if r.kind[item] & (MARK & ~Kind.COMMA):
            break
    return last


def _begins_content(r: Reading, at: int, last: int, takes: frozenset[str]) -> bool:
    kind = r.kind[at]
    if r.lexicon.has("grammar", "comma_before_clause"):
        return bool(kind & Kind.COMPLEMENTIZER) or reporting_mood(r, at, last)
    if r.low[at] == "to":
        thing = at < last and r.kind[at + 1] & (Kind.DETERMINER | Kind.NUMBER | Kind.CAPITAL | Kind.OBJECT_PRONOUN)
        return "to" in takes and not thing
    if "doing" in takes and r.low[at].endswith("ing") and not kind & Kind.CAPITAL:
        return True
    if kind & Kind.COMPLEMENTIZER and takes & {"that", "quote", "object"}:
        return bool(r.kind[at - 1] & Kind.CUE) or not is_subject_that(r, at)
    if takes & {"object", "as", "object-to"} and (
        is_noun_like(r, at) or kind & (Kind.DETERMINER | Kind.OBJECT_PRONOUN | Kind.QUOTE)
    ):
        return True
    if "loose" in takes:
        return _clause_soon(r, at, last)
    return "clause" in takes and _clause_ahead(r, at, last)


def reporting_mood(r: Reading, at: int, last: int) -> bool:
    """Whether a clause without "that" shows by its verb that it is reported ("..., die Lage sei ernst")."""
    return bool(r.kind[at - 1] & (Kind.COMMA | Kind.COLON)) and any(
        r.lexicon.has("reporting_mood", r.low[i]) for i in range(at, last + 1)
    )


def _clause_ahead(r: Reading, at: int, last: int) -> bool:
    """Whether a clause of its own begins here: a subject, and soon a verb."""
    if r.kind[at] & AUXILIARY and at < last - 1 and r.lexicon.has("grammar", "verbs_known"):
        return True  # "a dynamic that Dahl said could break the dam"
    if r.kind[at] & (MARK | AUXILIARY | Kind.CONJUNCTION) and not r.kind[at] & (Kind.SUBORDINATOR | SUBJECT_PRONOUN):
        return False
    return last - at >= 2 or (last > at and bool(r.kind[at] & SUBJECT_PRONOUN and r.kind[at + 1] & Kind.SPEECH))


def _clause_soon(r: Reading, at: int, last: int) -> bool:
    """For verbs that mostly take a thing: only where a subject pronoun or a near auxiliary shows a clause."""
    if r.kind[at] & SUBJECT_PRONOUN:
        return True
    if not (is_noun_like(r, at) or r.kind[at] & Kind.DETERMINER):
        return False
    for item in range(at + 1, min(at + 7, last + 1)):
        if r.kind[item] & AUXILIARY:
            return True
        if r.kind[item] & (MARK | Kind.RELATIVE | Kind.CONJUNCTION | Kind.PREPOSITION | Kind.SUBORDINATOR):
            return False
    return False
