"""What a verb of a verb-second language reports: after its clause, before it, or its own object; where that ends."""

from retrieval.attribution.findings import Extent
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import Phrase
from retrieval.attribution.reading import Frame, Reading
from retrieval.attribution.verb_second.brackets import Verb, verb_at
from retrieval.attribution.verb_second.nominals import CUT, nominal

CONTENT_ITEMS_MIN = 2
SEGMENTS_SKIPPED_MAX = 3
"""Between a verb's clause and what it reports stand no more appositions and relative clauses than this."""


def said_left(r: Reading, verb: Verb, parts: list[Extent], own: int) -> list[Extent]:
    """What stands before ", sagte Orlo": the sentence so far, or the quotation."""
    first = r.frame(verb.at).first
    if verb.finite != parts[own][0] and not r.kind[verb.finite - 1] & Kind.QUOTE:
        return []
    last = verb.finite - 1
    while last > first and r.kind[last] & CUT:
        last -= 1
    if last < first or verb.finite == first:
        return []
    if r.kind[last] & Kind.QUOTE and (last == first or r.kind[last - 1] & (CUT | Kind.CONJUNCTION)):
        return [(last, last)]
    while first < last and r.kind[first] & (Kind.CONJUNCTION | CUT):
        first += 1
    return [(first, last)] if last - first + 1 > CONTENT_ITEMS_MIN else []


def said_right(r: Reading, verb: Verb, parts: list[Extent], own: int, phrase: Phrase) -> list[Extent]:
    """What stands behind the verb's clause: after a colon, after "dass", in the mood of reports, as an infinitive."""
    frame = r.frame(verb.at)
    last = parts[own][1]
    closing = max(last if phrase.last < last else phrase.last, verb.particle or 0)
    own = next((i for i in range(own, len(parts)) if parts[i][1] >= closing), own)
    last = parts[own][1]
    if r.kind[last] & Kind.SPEECH and last > verb.finite and "quote" in verb.cue.takes:
        return [(last, last)]
    if last < frame.last and r.kind[last + 1] & Kind.COLON:
        return _after_colon(r, frame, last + 1) if "quote" in verb.cue.takes else []
    if _verb_between(r, verb, closing + 1, parts[own][1]):
        return []
    for number in range(own + 1, min(own + 1 + SEGMENTS_SKIPPED_MAX, len(parts))):
        begin = parts[number][0]
        if number > own + 1 and _verb_between(r, verb, *parts[number - 1]):
            return []
        opens = _opens_report(r, verb, parts[number])
        if opens:
            end = said_end(r, parts, number, frame)
            return [(begin, end)] if end - begin + 1 > CONTENT_ITEMS_MIN else []
        if r.kind[parts[number][1] + 1 if parts[number][1] < frame.last else parts[number][1]] & Kind.COLON:
            return _after_colon(r, frame, parts[number][1] + 1)
    return []


def _verb_between(r: Reading, verb: Verb, first: int, last: int) -> bool:
    """Whether another verb of saying stands nearer to what is reported."""
    near = [i for i in range(max(first, verb.at + 1), last + 1) if r.kind[i] & Kind.CUE and i != verb.particle]
    return any(verb_at(r, i, (first, last)) for i in near)


def _after_colon(r: Reading, frame: Frame, colon: int) -> list[Extent]:
    begin = colon + 1
    if begin > frame.last:
        return [(begin, begin)] if begin < len(r.kind) and r.kind[begin] & Kind.QUOTE else []
    if r.kind[begin] & Kind.QUOTE:
        return [(begin, begin)]
    end = frame.last
    while end > begin and r.kind[end] & Kind.STOP:
        end -= 1
    if any(r.kind[i] & Kind.COLON for i in range(begin, end + 1)):
        return []  # what follows the colon has a speaker of its own
    return [(begin, end)] if end - begin + 1 > CONTENT_ITEMS_MIN else []


def _opens_report(r: Reading, verb: Verb, part: Extent) -> bool:
    """Whether a segment begins what is reported."""
    first, last = part
    if r.kind[first] & Kind.QUOTE and first == last:
        return "quote" in verb.cue.takes
    if r.kind[first] & Kind.COMPLEMENTIZER and not r.lexicon.has("as", r.low[first]):
        return bool({"that", "clause"} & verb.cue.takes)
    if in_reporting_mood(r, first, last) and not is_relative(r, first, last):
        return bool({"that", "clause"} & verb.cue.takes)
    return is_infinitive(r, first, last) and "to" in verb.cue.takes and not r.lexicon.has("purposes", r.low[first])


def in_reporting_mood(r: Reading, first: int, last: int) -> bool:
    """Whether one of the small words is a verb in the mood of reports ("sei", "halte")."""
    return any(is_mood(r, i) for i in range(first, last + 1))


def is_mood(r: Reading, item: int) -> bool:
    return r.lexicon.has("reporting_mood", r.low[item]) and (
        not r.kind[item] & Kind.CAPITAL or item == r.frame(item).first
    )


def is_relative(r: Reading, first: int, last: int) -> bool:
    """Whether a clause's only verb in that mood stands at its end, behind "der", "die", "in dem"."""
    opener = first + bool(r.kind[first] & Kind.PREPOSITION)
    if not r.lexicon.has("relative_openers", r.low[opener]):
        return False
    if not is_mood(r, last) or in_reporting_mood(r, first, last - 1):
        return False
    phrase = nominal(r, first, last - 1)
    return phrase is None or phrase.last < last - 1  # "der Damm halte" is a clause of its own


def is_infinitive(r: Reading, first: int, last: int) -> bool:
    """Whether a segment ends in "zu halten" or "einzustellen"."""
    low = r.low[last]
    sign = last > first and r.lexicon.has("infinitive_sign", r.low[last - 1])
    return sign or (low.endswith("en") and "zu" in low[1:-3] and not r.kind[last] & Kind.CAPITAL)


def said_end(r: Reading, parts: list[Extent], number: int, frame: Frame) -> int:
    """The last item of what is reported from a segment on: before another report begins, before the full stop."""
    end = parts[number][1]
    for first, last in parts[number + 1 :]:
        before = r.kind[first - 1]
        if (before & Kind.SEMICOLON and not in_reporting_mood(r, first, last)) or _reports_anew(r, first, last):
            break
        end = last
    while end > parts[number][0] and r.kind[end] & (Kind.STOP | CUT):
        end -= 1
    return end


def _reports_anew(r: Reading, first: int, last: int) -> bool:
    """ ", und fügte hinzu", ", so Orlo", ", wie Orlo mitteilte"."""
    begin = first + bool(r.kind[first] & Kind.CONJUNCTION)
    if begin > last:
        return False
    if r.kind[begin] & Kind.CUE and not r.kind[begin] & Kind.CAPITAL:
        return True
    if r.lexicon.has("so", r.low[begin]):
        phrase = nominal(r, begin + 1, last)
        return phrase is not None and phrase.last == last
    return r.lexicon.has("as", r.low[begin]) and any(r.kind[i] & Kind.CUE for i in (last - 1, last))


def thing_said_of(r: Reading, verb: Verb, parts: list[Extent], own: int, phrase: Phrase) -> list[Extent]:
    """What a verb such as "kritisieren" is about: the rest of its clause, without subject and verb."""
    first, last = parts[own]
    inside = phrase.first > verb.finite
    if inside and phrase.last >= last:
        own = next((i for i in range(own, len(parts)) if parts[i][0] > phrase.last), own)
        last = parts[own][1]
    begin = phrase.last + 1 if inside else verb.finite + 1
    while begin < last and r.kind[begin] & CUT:
        begin += 1
    end = min(last, verb.at - 1) if verb.at > verb.finite else last
    end = verb.particle - 1 if verb.particle is not None and begin < verb.particle <= last else end
    content = [(begin, end)] if end - begin + 1 >= CONTENT_ITEMS_MIN else []
    if content and own + 1 < len(parts) and is_relative(r, *parts[own + 1]):
        content.append(parts[own + 1])
    if any(r.lexicon.has("reflexives", r.low[i]) for i in range(verb.finite + 1, min(verb.finite + 3, end + 1))):
        return []
    if inside and verb.finite - first >= CONTENT_ITEMS_MIN and not r.kind[first] & Kind.PREPOSITION:
        content.insert(0, (first, verb.finite - 1))
    return content


def sentence_before(r: Reading, verb: Verb) -> list[Extent]:
    """The words of the sentence before, in the same paragraph."""
    number = r.frame_of[verb.at] - 1
    if number < 0 or r.frames[number].paragraph != r.frame(verb.at).paragraph:
        return []
    first, last = r.frames[number].first, r.frames[number].last
    while last > first and r.kind[last] & Kind.STOP:
        last -= 1
    return [(first, last)] if last - first + 1 > CONTENT_ITEMS_MIN else []


def this_before(r: Reading, verb: Verb, part: Extent) -> bool:
    """ "Dies bestätigte Orlo": whether the object only points to the sentence before."""
    return part[0] == verb.finite - 1 and r.lexicon.has("this", r.low[part[0]])
