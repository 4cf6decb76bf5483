"""What was printed lately: each article read once from storage, put to its story, and matched to the topics asked for.

Held in memory for as long as anybody may be told of it. Composes nothing and writes nothing.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from retrieval.model import Precision
from retrieval.stories import Stories, Story
from retrieval.topics import Matchable, Topic, Topics
from storage import recent
from storage.database import Store
from storage.values import RecentArticle

KEPT = timedelta(days=9)  # a weekly briefing looks back a week and a day
LATE_ARRIVAL = timedelta(hours=3)  # printed before the last edition, and not yet here when that was composed
DAY = timedelta(days=1)
USUAL = timedelta(days=3)  # what most editions look back upon
ARTICLES_A_TURN = 5  # between two looks at the rest of the event loop


@dataclass(frozen=True, slots=True)
class Reported:
    """An article with its story and the topics it matches, by the topics' words, each with how well."""

    recent: RecentArticle
    story: Story[int]
    matches: dict[str, float] = field(default_factory=dict)

    @property
    def outlet(self) -> str | None:
        return self.recent.article.outlet.name if self.recent.article.outlet else None

    def is_new(self, since: datetime, until: datetime) -> bool:
        """Whether it was printed after `since`, or shortly before and came only then; a bare day counts to its end.

        What arrived when is not asked of an article printed within the window.
        """
        published, arrived = self.recent.published, self.recent.added_at > since
        if published.moment > until:
            return False
        if published.precision is Precision.DAY:
            return published.moment > since or (arrived and published.moment + DAY > since)
        return published.moment > since or (arrived and published.moment > since - LATE_ARRIVAL)


class Newsdesk:
    """The articles of the last days. `read` brings it up to date; all else only looks."""

    def __init__(self, store: Store, kept: timedelta = KEPT) -> None:
        self._store = store
        self._kept = kept
        self.readings = 0  # how often what is held has changed
        self._reading = asyncio.Lock()
        self._begin(None)

    def _begin(self, since: datetime | None) -> None:
        self._from = since
        self._articles: dict[int, Reported] = {}  # by version
        self._by_article: dict[int, Reported] = {}
        self._stories = Stories[int]()  # of articles, by their id
        self._asked: dict[str, Topic] = {}
        self.readings += 1

    async def read(self, since: datetime, until: datetime, topics: Mapping[str, Topic]) -> None:
        """Take in what was printed between `since` and `until`, and match all of it to these topics too."""
        async with self._reading:
            since = max(since, until - self._kept)
            if self._from is None or since < self._from or self._from < until - 2 * self._kept:
                self._begin(min(since, until - USUAL))
            await self._ask({words: topic for words, topic in topics.items() if words not in self._asked})
            await self._take_in(until)

    def new(self, since: datetime, until: datetime) -> list[Reported]:
        """The articles new to an edition, oldest first."""
        return [each for each in self._articles.values() if each.is_new(since, until)]

    def of(self, version_ids: Iterable[int]) -> list[Reported]:
        """Those of these versions that are held."""
        return [self._articles[each] for each in version_ids if each in self._articles]

    def by_article(self, article_ids: Collection[int]) -> list[Reported]:
        """Those of these articles that are held, in this order."""
        return [self._by_article[each] for each in article_ids if each in self._by_article]

    async def _ask(self, topics: Mapping[str, Topic]) -> None:
        """Match what is held to topics not asked for before."""
        self._asked |= topics
        asked = Topics(topics)
        for n, each in enumerate(self._articles.values() if topics else (), 1):
            each.matches.update(asked.match(matchable(each.recent)))
            await _turn(n)

    async def _take_in(self, until: datetime) -> None:
        """Read the versions not held yet, and drop those that are no longer the newest of their article."""
        assert self._from is not None
        async with self._store.reading() as session:
            listed = await recent.between(session, self._from - LATE_ARRIVAL, until)
            unread = await recent.read(session, [each for each in listed if each not in self._articles])
        held, asked = {each.version_id: each for each in unread}, Topics(self._asked)
        articles: dict[int, Reported] = {}
        for n, version_id in enumerate(listed, 1):
            if version_id in self._articles:
                articles[version_id] = self._articles[version_id]
            elif version_id in held:
                articles[version_id] = self._reported(held[version_id], asked)
                await _turn(n)
        self.readings += articles.keys() != self._articles.keys()
        self._articles = articles
        self._by_article = {each.recent.article.id: each for each in articles.values()}

    def _reported(self, read: RecentArticle, asked: Topics[str]) -> Reported:
        article, id_ = matchable(read), read.article.id
        known = id_ in self._stories
        story = self._stories.of(id_) if known else self._stories.add(id_, read.published.moment, article)
        return Reported(read, story, asked.match(article))


async def _turn(n: int) -> None:
    """Let the rest of the event loop have a look, every few articles."""
    if n % ARTICLES_A_TURN == 0:
        await asyncio.sleep(0)


def matchable(article: RecentArticle) -> Matchable:
    """An article as topics and stories see it."""
    outlet = article.article.outlet.name if article.article.outlet else None
    return Matchable(article.language, article.headline, article.passages, outlet, article.speakers)


def by_language(articles: Iterable[Reported]) -> dict[str, int]:
    """How many articles there are in each language, most first."""
    counted: dict[str, int] = {}
    for each in articles:
        counted[each.recent.language] = counted.get(each.recent.language, 0) + 1
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
