"""The value types that every package speaks: articles, passages, quotes, statements, questions.

Frozen and slotted; moments are aware and in UTC; offsets are code points into a version's text, half open.
Imports nothing of ours, and holds no behaviour beyond slicing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points in a version's text: ``text[start:end]``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


class Supplied(StrEnum):
    """How a version came to us."""

    FETCHED = "fetched"
    BY_OPERATOR = "by_operator"


class Precision(StrEnum):
    DAY = "day"
    MOMENT = "moment"


class Form(StrEnum):
    """How a quote's words stand in the article; NARRATION is the outlet's own words."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    NARRATION = "narration"


class Sense(StrEnum):
    """What the cue reports: words said, a thought held, or an intention."""

    SPEECH = "speech"
    THOUGHT = "thought"
    INTENTION = "intention"


class Certainty(StrEnum):
    """CERTAIN: a name may be shown. DESCRIBED: words that are no name ("residents") stand for the speaker.
    UNCERTAIN: no name anywhere. UNNAMED: the article says nothing of whose words they are.
    """

    CERTAIN = "certain"
    DESCRIBED = "described"
    UNCERTAIN = "uncertain"
    UNNAMED = "unnamed"


class Reason(StrEnum):
    """Why there is no answer; the words of `ask --json`."""

    EMPTY_CORPUS = "empty_corpus"
    NO_MATCH = "no_match"
    WEAK_MATCH = "weak_match"
    FILTERED_OUT = "filtered_out"


@dataclass(frozen=True, slots=True)
class Outlet:
    """The publisher. `name` as printed; `site` its host, where known."""

    name: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date as printed: a bare day is never shifted and never given an hour.

    `moment` is UTC (midnight UTC of the printed day for a bare day); `offset` is the printed
    offset from UTC in minutes, None for a bare day or where none was printed.
    """

    moment: datetime
    precision: Precision
    offset: int | None = None

    @property
    def day(self) -> date:
        """The calendar day as printed."""
        return (self.moment + timedelta(minutes=self.offset or 0)).date()

    def isoformat(self) -> str:
        """ISO 8601 as printed: ``2023-10-08`` or ``2023-10-08T09:00:00+03:00``."""
        if self.precision is Precision.DAY:
            return self.day.isoformat()
        zone = UTC if not self.offset else timezone(timedelta(minutes=self.offset))
        return self.moment.astimezone(zone).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as it arrives, before the corpus knows it. `opinion` where its page calls it so."""

    text: str
    external_id: str | None = None
    url: str | None = None
    outlet: str | None = None
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    published: Published | None = None
    language: str | None = None
    supplied: Supplied = Supplied.BY_OPERATOR
    opinion: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """Our record of a story in one outlet. `id` is the database's own.

    `page_gone_at` is since when its page is known to be removed; `text_changed_at` when its text last became another.
    """

    id: int
    external_id: str | None
    url: str | None
    outlet: Outlet | None
    copy_of: int | None = None
    page_gone_at: datetime | None = None
    text_changed_at: datetime | None = None

    @property
    def name(self) -> str:
        """What programs call it: the id given at import, else the address, else the database's own."""
        return self.external_id or self.url or str(self.id)


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """One text of an article, immutable. `number` counts from 1; `text_sha256` is hexadecimal.

    `opinion` where its page called it so.
    """

    id: int
    article_id: int
    number: int
    headline: str | None
    byline: str | None
    dateline: str | None
    language: str
    published: Published | None
    fetched_at: datetime
    supplied: Supplied
    text: str
    text_sha256: str
    opinion: bool = False


class Passage(NamedTuple):
    """A run of whole sentences, the unit that is indexed. `ordinal` counts from 0 within its version."""

    id: int
    version_id: int
    ordinal: int
    span: Span


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person or body as printed in this article; never looked up, never corrected."""

    name: str
    role: str | None = None
    name_at: Span | None = None
    role_at: Span | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said it. `source` is the naming words as they stand at that place ("he", "the spokesman").

    `speaker` is whom they resolve to, only where that is certain; `likely_speaker` is for programs
    and is never shown to a reader. `rule` names the rule that found it.
    """

    speaker: Speaker | None = None
    likely_speaker: Speaker | None = None
    cue: tuple[Span, ...] = ()
    source: Span | None = None
    addressee: Span | None = None
    via: str | None = None
    sense: Sense = Sense.SPEECH
    certainty: Certainty = Certainty.UNCERTAIN
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said, in one version. `content` holds one or more spans, in order.

    Fresh from attribution `id` and `within` are ordinals (0, 1, ...) and `version_id` is 0;
    storage gives all three their lasting values. `within` names the outer statement of a chain.
    """

    id: int
    version_id: int
    content: tuple[Span, ...]
    form: Form
    attribution: Attribution | None
    within: int | None = None

    @property
    def hull(self) -> Span:
        return Span(self.content[0].start, self.content[-1].end)


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of one version, with the statements that meet it. The words are sliced, never typed.

    `carried_by` names the other outlets that printed the same words in a copy of the text.
    """

    article: Article
    version: ArticleVersion
    span: Span
    statements: tuple[Statement, ...] = ()
    score: float = 0.0
    carried_by: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.span.of(self.version.text)


class Near(NamedTuple):
    """A term that no passage holds, as the reader wrote it, and the words of the corpus written most like it."""

    term: str
    printed: str
    words: tuple[str, ...]


class Named(StrEnum):
    """Whom a question may name so that they count for more: where it was printed, who said it."""

    OUTLET = "outlet"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks. `terms` are index tokens of `words`; `about` are the printed words behind them.

    `near` are the terms that may be misspelt. `dated` are the words that `since` and `until` were read from; they stand
    alone where nothing of those days answers and all days were searched. `outlets`, `speaker` are named in it and come
    first, but for what the reader wants `disregarded`; `outlet` alone shuts out the others.
    """

    words: str
    language: str
    terms: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    speaker: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None
    near: tuple[Near, ...] = ()
    dated: str | None = None
    outlets: tuple[str, ...] = ()
    disregarded: frozenset[Named] = frozenset()

    @property
    def searched(self) -> tuple[str, ...]:
        """The index tokens to search for: the terms, and what may be meant by those that may be misspelt."""
        return (*self.terms, *(word for each in self.near for word in each.words))


class Hit(NamedTuple):
    """A passage id and its BM25 score."""

    passage_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """What scoring is handed: the corpus statistics of one language's index, for the words asked.

    `passages` counts the indexed passages, `average_length` is in index tokens, `holding` maps
    each word to the number of passages that hold it.
    """

    passages: int
    average_length: float
    holding: dict[str, int]


class Candidate(NamedTuple):
    """A passage that search found, with what ranking may know of its article.

    `text` is the passage's own text; its span tells where it stands in the version. `spoken` are the stretches of
    the version that somebody says whose words the question asks for; `given` is what each ingredient of its order
    gave. A tuple, since two hundred
    a question are made on the event loop and sent to a worker: a dataclass costs five times as much.
    """

    passage: Passage
    score: float
    text: str
    article_id: int
    headline: str | None
    outlet: str | None
    language: str
    published: Published | None
    copy_of: int | None = None
    version_number: int = 1
    spoken: tuple[Span, ...] = ()
    given: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """A quote chosen but not yet sliced: a span of whole sentences in one version.

    `carriers` are the other outlets that were seen to print the same words.
    """

    version_id: int
    span: Span
    score: float
    carriers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Nearest:
    """A headline near a question that has no answer; it does not answer it."""

    article: str
    headline: str | None
    published: Published | None
    url: str | None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class NothingFound:
    """The honest reason for no answer, with what was looked for."""

    reason: Reason
    looked_for: tuple[str, ...] = ()
    nearest: tuple[Nearest, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes, best first, or the reason for none. `as_of` is the moment of the newest indexed change.

    `arrived_at` is when the newest text of the corpus was stored.
    """

    question: Question
    quotes: tuple[Quote, ...]
    as_of: datetime | None
    nothing: NothingFound | None = None
    passages: tuple[tuple[Candidate, str], ...] = ()
    arrived_at: datetime | None = None


class Kind(StrEnum):
    """What an index change does."""

    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class IndexChange:
    """One line of the index's history. `tokens` are the passage's index tokens, also for a removal."""

    seq: int
    passage_id: int
    kind: Kind
    language: str
    tokens: Sequence[str]


@dataclass(frozen=True, slots=True)
class PreparedPassage:
    """A passage cut and tokenised, before storage gives it an id. `language` names its index."""

    span: Span
    language: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is computed from a draft's text, in a worker, before the transaction that stores it.

    `tokenizer` and `rules` name the versions of the code that cut the passages and made their tokens, and that found
    the statements. `address_key` is what the
    article's addresses have in common, `fingerprints` are what texts like this one are found by.
    """

    language: str
    text_sha256: str
    passages: tuple[PreparedPassage, ...]
    statements: tuple[Statement, ...]
    tokenizer: str = ""
    rules: str = ""
    address_key: str | None = None
    fingerprints: tuple[int, ...] = ()
