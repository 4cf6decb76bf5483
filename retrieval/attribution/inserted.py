"""Speakers named inside the quotation marks ("«The dam, — said Orlo, — will hold»"): the quotation is cut around them.

Only where a lexicon says that its language prints so; what is cut out is the article's words.
"""

import re
from collections.abc import Iterator

from retrieval.attribution.lexicon import Kind, Lexicon
from retrieval.attribution.marks import Quotation
from retrieval.model import Span

INSERTED_CHARACTERS_MAX = 90
"""The words that name a speaker inside a quotation are no longer than this."""

_DASHED = re.compile(r"[,.!?…]\s[—–-]\s(?P<named>[^—–\n]{3,90}?)(?P<end>[,.]?\s[—–-]\s|(?=\s?[»“”\"]$))")
_BETWEEN_COMMAS = re.compile(r",\s(?P<named>[^,.\n]{3,90}?)(?P<end>[,.]\s|(?=\s?[»“”\"]$))")
_FIRST_WORDS = re.compile(r"[\w’'-]+")


def without_inserted(text: str, marks: list[Quotation], lexicon: Lexicon) -> list[Quotation]:
    """The quotations, those that hold their speaker in two or more parts."""
    if not lexicon.has("grammar", "inserts_speakers"):
        return marks
    return [part for quotation in marks for part in _parts(text, quotation, lexicon)]


def _parts(text: str, quotation: Quotation, lexicon: Lexicon) -> Iterator[Quotation]:
    start, stop = quotation.span
    for found in sorted(_inserted(text, quotation.span, lexicon), key=lambda m: m.start()):
        if found.start() < start:
            continue
        yield Quotation(Span(start, found.start() + 1), continues=quotation.continues and start == quotation.span.start)
        start = found.end()
    if start == quotation.span.start or any(map(str.isalnum, text[start:stop])):
        yield Quotation(Span(start, stop), quotation.closed, quotation.continues and start == quotation.span.start)


def _inserted(text: str, span: Span, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    pattern = _DASHED if lexicon.has("grammar", "dashes_speakers") else _BETWEEN_COMMAS
    at = span.start
    while found := pattern.search(text, at, span.end):
        names = _names_speaker(found["named"], lexicon)
        if names:
            yield found
        at = found.end() if names else found.start() + 1


def _names_speaker(words: str, lexicon: Lexicon) -> bool:
    """Whether words begin with a verb of saying, after its helper, and go on with a name, an office or a pronoun."""
    small = [word.lower().replace("’", "'") for word in _FIRST_WORDS.findall(words)]
    at = 0
    while at < min(2, len(small) - 1) and lexicon.kinds.get(small[at], 0) & (Kind.HAVE | Kind.OBJECT_PRONOUN):
        at += 1
    if at >= len(small) or small[at] not in lexicon.cues:
        return False
    pronoun = any(lexicon.kinds.get(word, 0) & (Kind.HE | Kind.SHE | Kind.THEY) for word in small[: at + 1])
    rest = _FIRST_WORDS.findall(words)[at + 1 :]
    return bool(pronoun) or any(
        word[0].isupper() or lexicon.kinds.get(word.lower(), 0) & (Kind.ROLE | Kind.HE | Kind.SHE | Kind.THEY)
        for word in rest
    )
