"""From a subscription to its digest: which stories, in which order, by which quotes, and what was left out.

Used by the timetable, by /briefing and in the terminal alike. Writes nothing, renders nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bot.newsdesk import Newsdesk, Reported
from bot.workers import Workers
from retrieval import telling
from retrieval.model import Article, ArticleVersion, Quote, Span, Statement
from retrieval.topics import PASSING, NotATopic, Topic, parse, terms
from storage import articles, recent, statements
from storage.database import Store

STORIES_MAX = 7
FIRST_WINDOW = timedelta(hours=48)  # before a first edition
WINDOW_MAX = timedelta(days=8)  # a weekly edition looks back a week; a longer absence is not told in full
QUOTES_A_STORY = 2
QUOTES_AN_ARTICLE = 4  # chosen from: some may have been told before
SILENT_AFTER = timedelta(days=2)
REMEMBERED_MAX = 5_000  # versions with their texts, and their quotes by topic

Versioned = tuple[Article, ArticleVersion]


@dataclass(frozen=True, slots=True)
class Followed:
    """A topic by the name a chat gave it; without a topic everything is followed."""

    name: str | None
    topic: Topic | None = None

    @property
    def words(self) -> str:
        return self.topic.words if self.topic else ""


@dataclass(frozen=True, slots=True)
class Order:
    """What a digest is wanted of. `told` are the articles told before; `muted` are outlets."""

    followed: tuple[Followed, ...]
    since: datetime
    until: datetime
    told: frozenset[int] = frozenset()
    muted: frozenset[str] = frozenset()
    stories_max: int = STORIES_MAX

    def after(self, alerted: frozenset[int]) -> "Order":
        """The same, where the chat was alerted to these articles already."""
        return replace(self, told=self.told | alerted)

    def on(self, wanted: tuple[Followed, ...]) -> "Order":
        """The same on other topics."""
        return replace(self, followed=wanted)


@dataclass(frozen=True, slots=True)
class ToldStory:
    """One story of a digest: its headline in one outlet, its quotes, and who else has it.

    `carriers` counts the outlets that print the text most of them share, `articles` are the ids told by it.
    """

    topic: str | None
    lead: Versioned
    quotes: tuple[Quote, ...]
    outlets: int
    carriers: int
    update: bool
    articles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a digest does not tell: stories told before with nothing new, muted outlets, stories beyond its length.

    `passing` counts the articles that only mention a topic in passing.
    """

    repeats: int = 0
    passing: int = 0
    muted: tuple[str, ...] = ()
    further: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """What a digest was made from: new articles and their outlets, and feeds with those silent since when.

    `arrived_at` is when the newest text of the corpus was stored.
    """

    articles: int
    outlets: int
    feeds: int = 0
    silent: tuple[tuple[str, datetime | None], ...] = ()
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The content of an edition, best covered first within each topic."""

    order: Order
    stories: tuple[ToldStory, ...]
    left_out: LeftOut
    read: Read

    @property
    def articles(self) -> tuple[int, ...]:
        """The ids of all articles told in it."""
        return tuple(dict.fromkeys(id_ for story in self.stories for id_ in story.articles))

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes told in it."""
        return tuple(quote for story in self.stories for quote in story.quotes)


@dataclass
class _Candidate:
    """A story that may be told under a topic: its new articles, and how well they match."""

    followed: Followed
    new: list[Reported]
    strength: float
    before: tuple[int, ...] = ()  # the articles it was told by

    @property
    def update(self) -> bool:
        return bool(self.before)

    @property
    def number(self) -> int:
        return self.new[0].story.number

    @property
    def outlets(self) -> int:
        return len({each.outlet for each in self.new if each.outlet}) or 1

    @property
    def texts(self) -> int:
        """How many texts of its own it has: agency copy counts once."""
        return len({_text_of(each) for each in self.new})

    @property
    def rank(self) -> tuple[float, float, datetime]:
        newest = max(each.recent.published.moment for each in self.new)
        return (self.texts + 0.1 * self.outlets, self.strength, newest)


def followed(typed: Iterable[tuple[str, str]]) -> tuple[Followed, ...]:
    """Topics of a chat from (name, words); words that are no topic are left out. None follows everything."""
    found = []
    for name, words in typed:
        try:
            found.append(Followed(name, parse(words)))
        except NotATopic:
            continue
    return tuple(found) or (Followed(None),)


def window(last_until: datetime | None, now: datetime) -> datetime:
    """From when on articles are new: since the last edition, or `FIRST_WINDOW` before a first one."""
    return max(last_until, now - WINDOW_MAX) if last_until else now - FIRST_WINDOW


@dataclass
class Composer:
    """Composes digests from one newsdesk; what several of them show of an article is read once."""

    store: Store
    workers: Workers
    desk: Newsdesk
    _versions: dict[int, Versioned] = field(default_factory=dict)
    _quotes: dict[tuple[int, frozenset[str]], tuple[Quote, ...]] = field(default_factory=dict)
    _windows: dict[tuple[datetime, datetime], "_Window"] = field(default_factory=dict)
    _told: dict[int, tuple[_Candidate, ToldStory | None]] = field(default_factory=dict)  # by the candidate's identity
    _current: tuple[datetime, int] | None = None

    async def compose(self, orders: Sequence[Order]) -> list[Digest]:
        """The digests of these orders, in their order; all of them from one reading of the news."""
        if not orders:
            return []
        topics = {each.words: each.topic for order in orders for each in order.followed if each.topic}
        since, until = min(order.since for order in orders), max(order.until for order in orders)
        await self.desk.read(since, until, topics)
        self._forget_windows(until)
        chosen = [_chosen(order, self._window(order.since, order.until)) for order in orders]
        untold = {id(each): each for candidates, _, _ in chosen for each in candidates if id(each) not in self._told}
        await self._tell(list(untold.values()))
        feeds = await self._feeds(until)
        return [
            Digest(
                order,
                tuple(told for each in candidates if (told := self._told[id(each)][1]) is not None),
                left_out,
                replace(feeds, articles=read.articles, outlets=read.outlets),
            )
            for order, (candidates, left_out, read) in zip(orders, chosen, strict=True)
        ]

    def _forget_windows(self, until: datetime) -> None:
        """Drop what was chosen from other news than are held at this moment."""
        current = (until, self.desk.readings)
        if current != self._current:
            self._current = current
            self._windows.clear()
            self._told.clear()

    def _window(self, since: datetime, until: datetime) -> "_Window":
        if (since, until) not in self._windows:
            self._windows[since, until] = _Window(self.desk.new(since, until))
        return self._windows[since, until]

    async def _tell(self, candidates: Sequence[_Candidate]) -> None:
        """Put these candidates into stories as they are told; each once for all digests that tell it."""
        wanted = {(each.recent.version_id, one.followed) for one in candidates for each in _leads(one)}
        before = {id_ for each in candidates for id_ in each.before}
        stored = await self.stored({version for version, _ in wanted})
        known = {article.id: version.text for article, version in (await self._stored_of(before)).values()}
        quoted = await self._quoted(wanted, stored)
        for each in candidates:
            self._told[id(each)] = (each, _told(each, stored, quoted, known))

    async def stored(self, version_ids: Collection[int]) -> dict[int, Versioned]:
        """These versions, read once: they never change, and the desk drops those that are gone."""
        unread = [each for each in version_ids if each not in self._versions]
        if unread:
            _make_room(self._versions)
            async with self.store.reading() as session:
                self._versions |= await articles.by_versions(session, unread)
        return {each: self._versions[each] for each in version_ids if each in self._versions}

    async def tell(self, version_id: int, under: Followed) -> tuple[Versioned, tuple[Quote, ...]] | None:
        """A version with the quotes that tell it under a topic; None where it is no longer stored."""
        stored = (await self.stored([version_id])).get(version_id)
        return (stored, await self._quotes_of(stored, under)) if stored else None

    async def _stored_of(self, article_ids: Collection[int]) -> dict[int, Versioned]:
        async with self.store.reading() as session:
            return await articles.by_versions(session, await recent.of_articles(session, article_ids))

    async def _feeds(self, now: datetime) -> Read:
        async with self.store.reading() as session:
            feeds, silent = await recent.silent_feeds(session, now - SILENT_AFTER)
            arrived_at = await articles.newest_arrival(session)
        return Read(0, 0, feeds, tuple(silent), arrived_at)

    async def _quoted(
        self, wanted: Collection[tuple[int, Followed]], stored: Mapping[int, Versioned]
    ) -> dict[tuple[int, Followed], tuple[Quote, ...]]:
        """The quotes that tell each article under a topic."""
        return {
            (version_id, under): await self._quotes_of(stored[version_id], under)
            for version_id, under in wanted
            if version_id in stored
        }

    async def _quotes_of(self, stored: Versioned, under: Followed) -> tuple[Quote, ...]:
        version = stored[1]
        wanted = terms(under.topic, version.language) if under.topic else frozenset[str]()
        if (version.id, wanted) not in self._quotes:
            async with self.store.reading() as session:
                spoken = await statements.of_version(session, version.id)
            spans = await self.workers.run(
                telling.told, version.text, version.language, spoken, wanted, limit=QUOTES_AN_ARTICLE
            )
            _make_room(self._quotes)
            self._quotes[version.id, wanted] = tuple(Quote(*stored, span, _meeting(spoken, span)) for span in spans)
        return self._quotes[version.id, wanted]


def _meeting(spoken: Sequence[Statement], span: Span) -> tuple[Statement, ...]:
    return tuple(each for each in spoken if any(span.meets(content) for content in each.content))


def _make_room(remembered: dict[Any, Any]) -> None:
    """Forget all of it where it is too much: what is asked for again is read again."""
    if len(remembered) >= REMEMBERED_MAX:
        remembered.clear()


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Window:
    """What is new between two moments, by the topics it matches: found once for all orders of the same moments."""

    reports: Sequence[Reported]
    _naming: dict[str, "_Naming"] = field(default_factory=dict)
    _stories: dict[tuple[Followed, frozenset[int], frozenset[str]], "_Stories"] = field(default_factory=dict)
    _unwanted: dict[tuple[frozenset[str], frozenset[str]], tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    @cached_property
    def read(self) -> Read:
        return Read(len(self.reports), len({each.outlet for each in self.reports if each.outlet}))

    def naming(self, under: Followed) -> "_Naming":
        """The articles that name a topic, also in passing; without a topic all of them."""
        if under.words not in self._naming:
            every = under.topic is None
            self._naming[under.words] = _Naming([each for each in self.reports if every or under.words in each.matches])
        return self._naming[under.words]

    def stories(self, order: Order, under: Followed) -> "_Stories":
        """The stories of a topic for an order: the same for all who were told the same of them and mute the same."""
        naming = self.naming(under)
        told, muted = order.told & naming.articles, order.muted & naming.outlets
        key = (under, told, muted)
        if key not in self._stories:
            unmuted = [each for each in naming.reports if each.outlet not in muted]
            self._stories[key] = _stories(told, under, unmuted)
        return self._stories[key]

    def unwanted(self, order: Order) -> tuple[int, tuple[str, ...]]:
        """How many articles only mention the topics in passing, and the muted outlets that had something on them."""
        key = (frozenset(each.words for each in order.followed), order.muted)
        if key not in self._unwanted:
            named = {id(each): each for under in order.followed for each in self.naming(under).reports}
            on_topic = {id_ for id_, each in named.items() if any(_matches(under, each) for under in order.followed)}
            muted = {each.outlet for id_, each in named.items() if id_ in on_topic and each.outlet in order.muted}
            passing = sum(id_ not in on_topic and each.outlet not in order.muted for id_, each in named.items())
            self._unwanted[key] = passing, tuple(sorted(name for name in muted if name))
        return self._unwanted[key]


@dataclass(frozen=True)
class _Naming:
    """The articles that name a topic, with their outlets and all articles of their stories."""

    reports: Sequence[Reported]

    @cached_property
    def outlets(self) -> frozenset[str]:
        return frozenset(each.outlet for each in self.reports if each.outlet)

    @cached_property
    def articles(self) -> frozenset[int]:
        return frozenset(key for each in self.reports for key in each.story.keys)


@dataclass(frozen=True, slots=True)
class _Stories:
    """The stories of a topic that have something new, best first, and the numbers of those that have not."""

    fresh: Sequence[_Candidate]
    repeats: frozenset[int]


def _chosen(order: Order, window_: _Window) -> tuple[list[_Candidate], LeftOut, Read]:
    """The stories to tell, grouped by topic in the chat's own order, and what is left out."""
    found = [window_.stories(order, under) for under in order.followed]
    told = _spread([each.fresh for each in found], order.stories_max)
    numbers = {each.number for each in told}
    further = {each.number for several in found for each in several.fresh} - numbers
    repeats = frozenset[int]().union(*(each.repeats for each in found))
    passing, muted = window_.unwanted(order)
    return told, LeftOut(len(repeats), passing, muted, len(further)), window_.read


def _matches(under: Followed, each: Reported) -> bool:
    return under.topic is None or each.matches.get(under.words, 0.0) > PASSING


def _stories(told: frozenset[int], under: Followed, new: Iterable[Reported]) -> _Stories:
    """The stories of a topic that have something new, best first; and those that have been told and have not."""
    by_story: dict[int, list[Reported]] = defaultdict(list)
    for each in new:
        if _matches(under, each):
            by_story[each.story.number].append(each)
    candidates, repeats = list[_Candidate](), set[int]()
    for number, reports in by_story.items():
        fresh, before = _not_told(told, reports)
        if fresh:
            strength = max(each.matches.get(under.words, 1.0) for each in fresh)
            candidates.append(_Candidate(under, fresh, strength, before))
        else:
            repeats.add(number)
    return _Stories(sorted(candidates, key=lambda each: each.rank, reverse=True), frozenset(repeats))


def _not_told(told: frozenset[int], reports: Sequence[Reported]) -> tuple[list[Reported], tuple[int, ...]]:
    """The articles of a story that print no text told before, and the articles that it was told by."""
    story = reports[0].story
    told_texts = {n for n, text in enumerate(story.texts) if not told.isdisjoint(text)}
    before = tuple(sorted(told.intersection(story.keys)))
    return [each for each in reports if _text_of(each) not in told_texts], before


def _text_of(each: Reported) -> int:
    """Which text of its story an article prints."""
    return next(n for n, text in enumerate(each.story.texts) if each.recent.article.id in text)


def _spread(by_topic: Sequence[Sequence[_Candidate]], most: int) -> list[_Candidate]:
    """The best stories of each topic in turn, no story twice; then in the order of the topics."""
    left, chosen = [list(candidates) for candidates in by_topic], dict[int, _Candidate]()
    while any(left) and len(chosen) < most:
        for candidates in left:
            while candidates and candidates[0].number in chosen:
                candidates.pop(0)
            if candidates and len(chosen) < most:
                best = candidates.pop(0)
                chosen[best.number] = best
    return [each for candidates in by_topic for each in candidates if chosen.get(each.number) is each]


# ── telling ──────────────────────────────────────────────────────────────────────────────────────


def _leads(candidate: _Candidate) -> list[Reported]:
    """The article whose headline tells a story, and the one beside it: another text, from another outlet."""
    under = candidate.followed.words

    def fitness(each: Reported) -> tuple[bool, float, float]:
        return (bool(each.recent.headline), each.matches.get(under, 1.0), -each.recent.published.moment.timestamp())

    ranked = sorted(candidate.new, key=fitness, reverse=True)
    lead = ranked[0]
    beside = (one for one in ranked[1:] if _text_of(one) != _text_of(lead) and one.outlet != lead.outlet)
    return [lead, *list(beside)[: QUOTES_A_STORY - 1]]


def _told(
    candidate: _Candidate,
    stored: Mapping[int, Versioned],
    quoted: Mapping[tuple[int, Followed], tuple[Quote, ...]],
    known: Mapping[int, str],
) -> ToldStory | None:
    """A story as it is told; None where its article was removed meanwhile.

    `known` are the texts of articles told before: words that stand in one of the story's are not told again.
    """
    leads = [each for each in _leads(candidate) if each.recent.version_id in stored]
    if not leads:
        return None
    texts_before = [known[id_] for id_ in candidate.before if id_ in known]
    texts = Counter(_text_of(each) for each in candidate.new)
    most = max(texts, key=lambda text: (texts[text], -text))
    return ToldStory(
        topic=candidate.followed.name,
        lead=stored[leads[0].recent.version_id],
        quotes=_beside([_unread(quoted[each.recent.version_id, candidate.followed], texts_before) for each in leads]),
        outlets=candidate.outlets,
        carriers=len({each.outlet for each in candidate.new if _text_of(each) == most}),
        update=candidate.update,
        articles=tuple(sorted(each.recent.article.id for each in candidate.new)),
    )


def _unread(quotes: Iterable[Quote], texts_before: Sequence[str]) -> list[Quote]:
    return [quote for quote in quotes if not any(quote.text in text for text in texts_before)]


def _beside(by_article: Sequence[Sequence[Quote]]) -> tuple[Quote, ...]:
    """The first quote of the lead, then one that somebody else says: in another article if there is one."""
    first = by_article[0][:1]
    others = [quote for quotes in by_article[1:] for quote in quotes] + list(by_article[0][1:])
    return tuple([*first, *(quote for quote in others if quote.statements)][:QUOTES_A_STORY])
