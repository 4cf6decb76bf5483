"""Which stories an edition tells, in which order, by which quotes, and what it leaves out."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.composing import Composer, Digest, Order, followed, window
from bot.messages import digest as digests
from bot.messages.digest import Issue, Rendered
from bot.messages.phrases import spoken
from bot.messages.view import View
from bot.newsdesk import Newsdesk
from bot.workers import Workers
from retrieval.model import Draft
from storage import articles
from storage.database import Store
from tests.build import NOON, a_day, a_moment, an_article, prepared
from tests.ordering import printed as printed_on
from tests.ordering import words

HOUR = timedelta(hours=1)
SINCE = NOON - 24 * HOUR
FELL = (
    "The Kestrel Bridge in Velm gave way on Tuesday evening. “Nine people were treated for injuries,” said Mira Dahl, "
    "the fire brigade spokeswoman. The bridge was closed in spring after an inspection found cracks."
)
HURT = (
    "Fourteen people were hurt when the Kestrel Bridge in Velm gave way. “We took fourteen people to hospital,” said "
    "Jonas Pell, the hospital director. Inspectors had found cracks in the bridge in spring."
)
FERRY = (
    "The ferry Marigold sails again between Ostra and the islands. “Tickets are sold at the pier,” said Tomas Reyle, "
    "the captain. The harbour office welcomed the first passengers."
)


def printed(text: str, headline: str, hours_ago: float = 2, outlet: str | None = "Velm Post") -> Draft:
    return an_article(text, headline=headline, outlet=outlet, published=a_moment(NOON - hours_ago * HOUR))


async def publish(store: Store, *drafts: Draft, at: datetime = NOON - HOUR) -> list[int]:
    ids = []
    async with store.writing() as session:
        for draft in drafts:
            stored = await articles.put(session, draft, prepared(draft), now=at)
            assert stored.article is not None
            ids.append(stored.article.id)
    return ids


async def composed(store: Store, *orders: Order) -> list[Digest]:
    async with Workers(0) as workers:
        return await Composer(store, workers, Newsdesk(store)).compose(orders)


def an_order(*topics: str, told: Sequence[int] = (), since: datetime = SINCE, **more: object) -> Order:
    return Order(followed((each, each) for each in topics), since, NOON, frozenset(told), **more)  # type: ignore[arg-type]


def headlines(digest: Digest) -> list[str | None]:
    return [story.lead[1].headline for story in digest.stories]


async def test_a_story_is_told_once_with_the_words_of_two_speakers(sqlite_store: Store) -> None:
    await publish(
        sqlite_store,
        printed(FELL, "Bridge gives way in Velm"),
        printed(HURT, "Fourteen hurt in Velm", outlet="Ostra Wire"),
        printed(FERRY, "Ferry sails again"),
    )
    [digest] = await composed(sqlite_store, an_order("bridge"))
    [story] = digest.stories
    assert (story.topic, story.outlets, story.update) == ("bridge", 2, False)
    assert {"Nine people" in quote.text or "fourteen people to" in quote.text for quote in story.quotes} == {True}
    assert len({quote.article.id for quote in story.quotes}) == 2
    assert digest.read.articles == 3


async def test_without_a_topic_the_most_covered_comes_first(sqlite_store: Store) -> None:
    ferry, first, second = (
        printed(FERRY, "Ferry", 1),
        printed(FELL, "Bridge"),
        printed(HURT, "Hurt", outlet="Ostra Wire"),
    )
    await publish(sqlite_store, ferry, first, second)
    [digest] = await composed(sqlite_store, an_order())
    assert len(digest.stories) == 2
    assert headlines(digest)[1] == "Ferry"
    assert digest.stories[0].topic is None


async def test_agency_copy_counts_once(sqlite_store: Store) -> None:
    copies = [
        printed(FERRY + f" {outlet}.", "Ferry", outlet=outlet) for outlet in ("Velm Post", "Ostra Wire", "Harbour")
    ]
    await publish(sqlite_store, *copies, printed(FELL, "Bridge"), printed(HURT, "Hurt", outlet="Ostra Wire"))
    [digest] = await composed(sqlite_store, an_order())
    assert headlines(digest) == ["Bridge", "Ferry"]
    assert (digest.stories[1].outlets, digest.stories[1].carriers) == (3, 3)


async def test_a_story_told_comes_back_only_with_something_new_and_only_with_that(sqlite_store: Store) -> None:
    told = await publish(sqlite_store, printed(FELL, "Bridge gives way", 30))
    again = printed(FELL + " Trains run.", "Bridge gives way again", outlet="Harbour Radio")
    await publish(sqlite_store, again)
    [repeated] = await composed(sqlite_store, an_order("bridge", told=told))
    assert (repeated.stories, repeated.left_out.repeats) == ((), 1)
    new = await publish(sqlite_store, printed(HURT, "Fourteen hurt", outlet="Ostra Wire"))
    [updated] = await composed(sqlite_store, an_order("bridge", told=told))
    [story] = updated.stories
    assert (story.update, story.articles, headlines(updated)) == (True, tuple(new), ["Fourteen hurt"])


async def test_an_update_does_not_repeat_words_that_were_told(sqlite_store: Store) -> None:
    told = await publish(sqlite_store, printed(FELL, "Bridge gives way", 30))
    words = "“Nine people were treated for injuries,” said Mira Dahl, the fire brigade spokeswoman."
    await publish(sqlite_store, printed(f"{HURT} On Tuesday evening the brigade came. {words}", "Fourteen hurt"))
    [digest] = await composed(sqlite_store, an_order("bridge", told=told))
    assert digest.stories
    assert not any("Nine people" in quote.text for story in digest.stories for quote in story.quotes)


async def test_only_what_is_printed_within_the_window_is_new(sqlite_store: Store) -> None:
    await publish(
        sqlite_store,
        an_article(FELL, headline="Undated"),
        printed(FELL + " Old.", "Old", 30),
        an_article(FERRY, headline="The day before", published=a_day(2026, 11, 20)),
        printed(HURT, "Tomorrow", -5),
    )
    [digest] = await composed(sqlite_store, an_order())
    assert digest.stories == ()
    assert digest.read.articles == 0


async def test_what_was_printed_before_the_last_edition_and_came_after_it_is_not_lost(sqlite_store: Store) -> None:
    await publish(sqlite_store, printed(FELL, "Late", 25), at=NOON - HOUR)
    await publish(sqlite_store, printed(FERRY, "In time", 25), at=SINCE - HOUR)
    await publish(sqlite_store, an_article(HURT, headline="A bare day", published=a_day(2026, 11, 21)), at=NOON - HOUR)
    [digest] = await composed(sqlite_store, an_order())
    assert set(headlines(digest)) <= {"Late", "A bare day"}
    assert digest.read.articles == 2


async def test_stories_are_spread_over_topics_and_bounded(sqlite_store: Store) -> None:
    matters = (
        "Painters finish the bridge rail in green after weeks of rain",
        "A judge fines drivers who raced over the bridge at night",
        "Engineers weigh a second bridge beside the railway yard",
        "Swans nest under the bridge, and school classes count them",
        "Voters reject a loan for the bridge by nine ballots",
        "Musicians play on the bridge for midsummer",
    )
    bridges = [printed(f"{matter}.", " ".join(matter.split()[:3]), 2 + n) for n, matter in enumerate(matters)]
    await publish(sqlite_store, *bridges, printed(FERRY, "Ferry sails", 20))
    [digest] = await composed(sqlite_store, an_order("bridge", "ferry", stories_max=3))
    assert [story.topic for story in digest.stories] == ["bridge", "bridge", "ferry"]
    assert digest.left_out.further == len(matters) - 2


async def test_muted_outlets_are_left_out_and_said_so(sqlite_store: Store) -> None:
    await publish(sqlite_store, printed(FELL, "Bridge"), printed(HURT, "Hurt", outlet="Ostra Wire"))
    [digest] = await composed(sqlite_store, an_order("bridge", muted=frozenset({"Velm Post"})))
    assert headlines(digest) == ["Hurt"]
    assert digest.left_out.muted == ("Velm Post",)


async def test_a_passing_mention_is_no_story(sqlite_store: Store) -> None:
    filler = "Gulls circled over the harbour while people walked along the quay in the sun. " * 40
    await publish(sqlite_store, printed(f"{filler} The bridge stands. {filler}", "Gulls"))
    [digest] = await composed(sqlite_store, an_order("bridge"))
    assert (digest.stories, digest.left_out.passing) == ((), 1)


async def test_one_desk_serves_orders_that_come_later_and_reach_further_back(sqlite_store: Store) -> None:
    await publish(sqlite_store, printed(FERRY, "Ferry", 100))
    async with Workers(0) as workers:
        composer = Composer(sqlite_store, workers, Newsdesk(sqlite_store))
        [first] = await composer.compose([an_order("ferry")])
        assert first.stories == ()
        [second] = await composer.compose([an_order("ferry", "captain", since=NOON - 120 * HOUR)])
        assert headlines(second) == ["Ferry"]
        [removed] = await publish(sqlite_store, printed(FELL, "Bridge"))
        [third] = await composer.compose([an_order("bridge")])
        assert headlines(third) == ["Bridge"]
        async with sqlite_store.writing() as session:
            await articles.remove(session, removed, reason="withdrawn", now=NOON)
        assert headlines((await composer.compose([an_order("bridge")]))[0]) == []


def test_a_window_begins_at_the_last_edition_and_not_too_long_ago() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert window(None, now) == now - timedelta(hours=48)
    assert window(now - HOUR, now) == now - HOUR
    assert window(now - timedelta(days=90), now) == now - timedelta(days=8)


async def test_what_orders_share_is_what_each_would_get_alone(sqlite_store: Store) -> None:
    """Many orders of one moment, composed together and in turn, by one composer and each by one of its own."""
    asked = words(random.Random(3), 6)
    ids = await printed_on(sqlite_store, asked, 24, now=NOON)
    draw, outlets = random.Random(11), [f"Outlet {n}" for n in range(24)]
    orders = [
        an_order(
            *draw.sample(asked, draw.randint(0, 3)),
            told=draw.sample(ids, draw.choice((0, 0, 8))),
            since=NOON - draw.choice((6, 24)) * HOUR,
            muted=frozenset(draw.sample(outlets, draw.choice((0, 0, 6)))),
            stories_max=draw.choice((2, 7)),
        )
        for _ in range(20)
    ]
    shared, view, issue = Rendered(), View(spoken("en"), NOON, "bot", UTC), Issue(ZoneInfo("UTC"))
    async with Workers(0) as workers:
        composer = Composer(sqlite_store, workers, Newsdesk(sqlite_store))
        together = [*await composer.compose(orders[:10]), *await composer.compose(orders[10:])]
        for order, digest in zip(orders, together, strict=True):
            [alone] = await Composer(sqlite_store, workers, Newsdesk(sqlite_store)).compose([order])
            assert digest == alone
            assert digests.render(digest, issue, view, shared) == digests.render(alone, issue, view)
    assert len({digest.articles for digest in together}) > 10
