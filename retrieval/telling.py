"""Which sentences of an article tell a story in a briefing: what a named speaker says of the topic, else its opening.

Chooses spans of whole sentences; slices nothing, and shows no name: attribution is read again where they are shown.
"""

import re
from collections.abc import Sequence

from retrieval.attribution import of_quote
from retrieval.model import Certainty, Form, Sense, Span, Statement
from retrieval.reading import points_back
from retrieval.text.sentences import sentences
from retrieval.text.tokens import tokens

CHARACTERS_MAX = 500  # of a quote: a longer one is no glance
WORDS_MIN = 5
OPENING_SENTENCES = 4
SENTENCES_READ_MAX = 200
OWN_WORDS = 0.8  # for words in quotation marks, over reported ones
EARLY = 0.5  # for standing first in the text, going down to none at its end
OPENED_BEFORE_MAX = 2  # sentences before, in which a quotation may have been opened
OPENING, CLOSING = "“«", "”»"
NAMED_ELSEWHERE = 1.0  # off for a pronoun instead of the name
UNEXPLAINED = 0.6  # off for an opening that only the sentence before explains

_WORD = re.compile(r"\w+")


def told(
    text: str, language: str, spoken: Sequence[Statement], wanted: frozenset[str], *, limit: int
) -> tuple[Span, ...]:
    """At most `limit` quotes by certain speakers, best first, no two by one speaker; else one of the article's opening.

    `wanted` are the topic's index tokens; none wants all alike. One picklable call for a worker process.
    """
    found = sentences(text, language)[:SENTENCES_READ_MAX]
    ranked = sorted(
        (
            (_worth(text, language, span, form, wanted) - _unnamed(span.of(text), name), -span.start, span, name)
            for span, form, name in _said(text, found, spoken)
        ),
        reverse=True,
    )
    chosen: dict[str, Span] = {}
    for _, _, span, name in ranked:
        if name not in chosen and not any(span.meets(each) for each in chosen.values()):
            chosen[name] = span
    return tuple(chosen.values())[:limit] or _opening(text, language, found, wanted)


def _said(text: str, found: Sequence[Span], spoken: Sequence[Statement]) -> list[tuple[Span, Form, str]]:
    """Runs of whole sentences that the speech of one certain speaker fills, with the form and the name."""
    quotes = []
    for each in spoken:
        attribution = each.attribution
        if each.within is not None or attribution is None or attribution.certainty is not Certainty.CERTAIN:
            continue
        if attribution.sense is not Sense.SPEECH:
            continue
        span = _whole(text, found, [each.hull, *([attribution.source] if attribution.source else [])])
        if span is None or span.end - span.start > CHARACTERS_MAX or span.of(text).count(" ") < WORDS_MIN - 1:
            continue
        meeting = tuple(one for one in spoken if any(span.meets(content) for content in one.content))
        quoted = of_quote(text, span, meeting)
        if quoted.certainty is Certainty.CERTAIN and quoted.speaker is not None:
            quotes.append((span, quoted.form, quoted.speaker.name))
    return quotes


def _whole(text: str, found: Sequence[Span], parts: Sequence[Span]) -> Span | None:
    """The whole sentences that hold the first part, and the others where they stand in them or next to them.

    A quotation is shown from its opening mark on; None where that is further away.
    """
    held = [n for n, each in enumerate(found) if each.meets(parts[0])]
    if not held:
        return None
    first, last = held[0], held[-1]
    for part in parts[1:]:
        first -= first > 0 and found[first - 1].meets(part)
        last += last + 1 < len(found) and found[last + 1].meets(part)
    for start in range(first, max(first - OPENED_BEFORE_MAX, 0) - 1, -1):
        span = Span(found[start].start, found[last].end)
        if _opens(span.of(text)):
            return span
    return None


def _opens(words: str) -> bool:
    """Whether no quotation mark closes what was opened before these words."""
    depth = 0
    for each in words:
        depth += (each in OPENING) - (each in CLOSING)
        if depth < 0:
            return False
    return words.count('"') % 2 == 0


def _unnamed(words: str, name: str) -> float:
    """What a quote loses that names its speaker elsewhere: a glance does not check whom "she" means."""
    return NAMED_ELSEWHERE if set(_WORD.findall(words)).isdisjoint(_WORD.findall(name)) else 0.0


def _worth(text: str, language: str, span: Span, form: Form, wanted: frozenset[str]) -> float:
    words = span.of(text)
    share = len(wanted & frozenset(tokens(words, language))) / len(wanted) if wanted else 0.0
    early = EARLY * (1 - span.start / max(1, len(text)))
    own = OWN_WORDS if form in {Form.DIRECT, Form.MIXED} else 0.0
    return share + early + own - (UNEXPLAINED if points_back(words, language) else 0.0)


def _opening(text: str, language: str, found: Sequence[Span], wanted: frozenset[str]) -> tuple[Span, ...]:
    """One of the first sentences: the one that holds most of what is wanted, the first of equals."""
    fit = [each for each in found[:OPENING_SENTENCES] if each.end - each.start <= CHARACTERS_MAX]
    if not fit:
        return ()
    return (max(fit, key=lambda each: _worth(text, language, each, Form.NARRATION, wanted)),)
