"""What a worker makes of an article before it is stored: language, passages with index tokens, statements.

Takes values and returns values; opens neither database nor network.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bot import samples as shipped
from bot.newsroom import identity
from bot.newsroom.drafts import Unusable, is_sample
from bot.newsroom.files import Arrival, PageArrival, Refusal, Seen
from bot.workers import TooSlow
from retrieval import attribution, likeness
from retrieval.model import Draft, Prepared, PreparedPassage, Statement
from retrieval.passages import cut, index_tokens
from retrieval.text.language import identify
from retrieval.text.tokens import VERSION, index_of


@dataclass(frozen=True, slots=True)
class Ready:
    """An article with all that is computed from its text."""

    place: str
    draft: Draft
    prepared: Prepared
    length: int
    note: str | None = None
    seen: Seen | None = None  # of a text that is a page's own


def prepare(batch: Sequence[Arrival | PageArrival], samples: bool) -> list[Ready | Refusal]:
    """What the articles of a batch come to; sample articles are refused unless `samples`."""
    return [_ready(arrival, samples) for arrival in batch]


def prepared(draft: Draft) -> Prepared:
    """All that is computed from a draft's text."""
    language = identify(draft.text, draft.language)
    address_key, fingerprints = identity_of(draft.text, draft.url)
    return Prepared(
        language=language,
        text_sha256=_sha256(draft.text),
        passages=passages(draft.text, draft.headline, language),
        statements=statements(draft.text, draft.headline, language),
        tokenizer=VERSION,
        rules=attribution.VERSION,
        address_key=address_key,
        fingerprints=fingerprints,
    )


def identity_of(text: str, url: str | None) -> tuple[str | None, tuple[int, ...]]:
    """What an article is told apart by, where it has an address, and what texts like its own are found by."""
    return identity.key(url) if url else None, likeness.fingerprints(likeness.shingles(text))


def passages(text: str, headline: str | None, language: str) -> tuple[PreparedPassage, ...]:
    """The passages of a text, with the index tokens each is found by."""
    index = index_of(language)
    return tuple(
        PreparedPassage(span, index, tuple(index_tokens(headline, span.of(text), language)))
        for span in cut(text, language)
    )


def statements(text: str, headline: str | None, language: str) -> tuple[Statement, ...]:
    """Who says what in a text."""
    return tuple(attribution.statements(text, language, headline))


def draft_in(arrival: Arrival | PageArrival) -> Draft:
    """The article that arrived, told from its page where it is one; raises `drafts.Unusable`."""
    if isinstance(arrival, Arrival):
        return arrival.draft
    from bot.newsroom import pages  # half a second of imports that only pages need

    draft = pages.article(arrival.content, address=arrival.address, charset=arrival.charset)
    return arrival.given.under(draft) if arrival.fills else arrival.given.over(draft)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_sample_text(text: str) -> bool:
    """Whether these are the words of a shipped sample, whatever the white space."""
    return _words_of(text) in _sample_texts()


@cache
def _sample_texts() -> frozenset[str]:
    """The shipped texts, by a hash of their words: one of them names no outlet to know it by."""
    return frozenset(_words_of(each.draft.text) for each in shipped.articles() if isinstance(each, Arrival))


def _words_of(text: str) -> str:
    return _sha256(" ".join(text.split()))


def _ready(arrival: Arrival | PageArrival, samples: bool) -> Ready | Refusal:
    try:
        draft = draft_in(arrival)
        if not samples and (is_sample(draft.outlet) or is_sample_text(draft.text)):
            return Refusal(arrival.place, "a sample article; only the demo shows those", arrival.length)
        note, seen = (arrival.note, None) if isinstance(arrival, Arrival) else (None, arrival.seen)
        return Ready(arrival.place, draft, prepared(draft), arrival.length, note, seen)
    except Unusable as error:
        return Refusal(arrival.place, str(error), arrival.length)
    except TooSlow:
        raise
    except Exception as error:  # noqa: BLE001 -- one article's defect never stops a load of ten thousand
        return Refusal(arrival.place, f"a defect in reading it ({type(error).__name__})", arrival.length)
