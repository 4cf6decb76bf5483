"""The corpus: identity, versions, copies, removal, and the index's history that always tells the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Draft, Hit, Kind, Precision, Published, Span, Supplied
from storage import articles, index_changes, outbox, passages
from storage.articles import NAME_BYTES_MAX
from storage.database import Store
from storage.values import MessageKind, OutboxDraft, Outcome, Stored
from tests.build import NOON, a_day, an_article
from tests.storage.making import a_message, made_ready

_examples = count(1)


async def put(store: Store, draft: Draft, *, now: datetime = NOON) -> Stored:
    async with store.writing() as session:
        return await articles.put(session, draft, made_ready(draft), now=now)


def an_owed(key: str, plain: str, **more: Any) -> OutboxDraft:
    return replace(a_message(key, **more), plain=plain)


async def indexed(session: AsyncSession) -> set[int]:
    """The passages an index holds that has followed the whole history."""
    held: set[int] = set()
    for change in await index_changes.since(session, 0, limit=100_000):
        if change.kind is Kind.ADD:
            assert change.passage_id not in held
            held.add(change.passage_id)
        else:
            held.remove(change.passage_id)
    return held


async def test_the_same_article_twice_is_unchanged(store: Store) -> None:
    draft = an_article(published=a_day())
    first, second = await put(store, draft), await put(store, draft)
    assert (first.outcome, second.outcome) == (Outcome.ADDED, Outcome.UNCHANGED)
    assert first.version_id == second.version_id


@pytest.mark.parametrize(
    "changed", [{"text": "Other words."}, {"headline": "Other"}, {"byline": "B. Osk"}, {"outlet": "Ostra Wire"}]
)
async def test_a_change_is_a_new_version_and_the_old_one_stays(sqlite_store: Store, changed: dict[str, str]) -> None:
    first = await put(sqlite_store, an_article(external_id="a", url=None, published=a_day()))
    fields = {"external_id": "a", "url": None, "published": a_day(), **changed}
    second = await put(sqlite_store, an_article(**fields))  # type: ignore[arg-type]
    assert second.outcome is Outcome.UPDATED
    async with sqlite_store.reading() as session:
        texts = [await articles.version(session, second.article.id, number) for number in (1, 2, None)]  # type: ignore[union-attr]
        assert await indexed(session) == await passages.within(session)
    assert [text.id if text else None for text in texts] == [first.version_id, second.version_id, second.version_id]


async def test_a_page_that_lacks_what_its_feed_told_takes_nothing_away(sqlite_store: Store) -> None:
    told = an_article(external_id=None, byline="B. Osk", published=a_day())
    told = replace(told, supplied=Supplied.FETCHED)
    await put(sqlite_store, told)
    bare = replace(told, headline=None, byline=None, published=None)
    again, changed = await put(sqlite_store, bare), await put(sqlite_store, replace(bare, text="Other words."))
    assert (again.outcome, changed.outcome) == (Outcome.UNCHANGED, Outcome.UPDATED)
    async with sqlite_store.reading() as session:
        (_, version), *_ = (await articles.by_versions(session, [changed.version_id or 0])).values()
    assert (version.byline, version.published) == ("B. Osk", a_day())


async def test_a_version_comes_back_as_it_was_printed(store: Store) -> None:
    published = Published(datetime(2023, 10, 8, 6, tzinfo=UTC), Precision.MOMENT, 180)
    draft = an_article(
        "Line one.\r\n\tLine “two” 🦊", byline="B. Osk", dateline="VELM", published=published, language="en"
    )
    stored = await put(store, draft)
    async with store.reading() as session:
        article, version = (await articles.by_versions(session, [stored.version_id or 0]))[stored.version_id or 0]
    assert version.text == draft.text
    assert version.published == published
    assert version.published.isoformat() == "2023-10-08T09:00:00+03:00"
    assert (version.headline, version.byline, version.dateline) == (draft.headline, "B. Osk", "VELM")
    assert (version.fetched_at, version.supplied) == (NOON, Supplied.BY_OPERATOR)
    assert article.outlet is not None
    assert article.outlet.site == "velm-post.example"


async def test_a_file_without_id_and_address_is_known_by_its_text(sqlite_store: Store) -> None:
    draft = an_article("Only words.", external_id=None, url=None, outlet=None)
    assert (await put(sqlite_store, draft)).outcome is Outcome.ADDED
    assert (await put(sqlite_store, draft)).outcome is Outcome.UNCHANGED


async def test_the_same_text_under_another_name_is_a_copy_of_the_first(store: Store) -> None:
    first, second, third = [await put(store, an_article("Agency words.")) for _ in range(3)]
    assert [each.outcome for each in (first, second, third)] == [Outcome.ADDED, Outcome.COPY, Outcome.COPY]
    assert first.article is not None
    assert {each.article and each.article.copy_of for each in (second, third)} == {first.article.id}


async def test_a_copy_that_goes_its_own_way_is_one_no_longer(sqlite_store: Store) -> None:
    await put(sqlite_store, an_article("Agency words."))
    await put(sqlite_store, an_article("Agency words.", external_id="b", url=None))
    changed = await put(sqlite_store, an_article("Own words.", external_id="b", url=None))
    assert changed.article is not None
    assert changed.article.copy_of is None


async def test_an_id_and_an_address_of_two_articles_are_refused(store: Store) -> None:
    await put(store, an_article(external_id="a", url="https://x.example/1"))
    await put(store, an_article(external_id="b", url="https://x.example/2"))
    for external_id in ("a", "new"):
        refused = await put(store, an_article(external_id=external_id, url="https://x.example/2"))
        assert refused.outcome is Outcome.REFUSED
        assert refused.reason == "the address belongs to another article, b"


async def test_an_address_known_without_an_id_takes_the_id(sqlite_store: Store) -> None:
    first = await put(sqlite_store, an_article(external_id=None, url="https://x.example/1"))
    second = await put(sqlite_store, an_article(external_id="a", url="https://x.example/1"))
    assert (first.article and first.article.id) == (second.article and second.article.id)
    assert second.article is not None
    assert second.article.name == "a"


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (an_article(" \n"), "empty"),
        (an_article(url="https://x.example/" + "a" * NAME_BYTES_MAX), "address"),
        (an_article(external_id="é" * NAME_BYTES_MAX), "id"),
        (an_article(language="x" * 40), "language"),
    ],
)
async def test_what_the_database_could_not_hold_is_refused_with_the_reason(
    store: Store, draft: Draft, why: str
) -> None:
    refused = await put(store, draft)
    assert refused.outcome is Outcome.REFUSED
    assert why in (refused.reason or "")


async def test_words_no_database_holds_are_stored_one_sign_for_one(store: Store) -> None:
    stored = await put(store, an_article(headline="a\x00b\ud800c"))
    async with store.reading() as session:
        assert stored.article is not None
        version = await articles.version(session, stored.article.id)
    assert version is not None
    assert version.headline == "a\ufffdb\ufffdc"


async def test_a_removed_article_leaves_corpus_and_index(store: Store) -> None:
    kept, gone = (
        await put(store, an_article("Stays here.")),
        await put(store, an_article("Goes away.", external_id="g")),
    )
    assert gone.article is not None
    async with store.writing() as session:
        assert await articles.remove(session, gone.article.id, reason="asked by the outlet", now=NOON)
        assert not await articles.remove(session, gone.article.id, reason="again", now=NOON)
    async with store.reading() as session:
        assert await articles.find(session, "g") is None
        assert await articles.by_versions(session, [gone.version_id or 0]) == {}
        assert [version.id for _, version in await articles.listing(session, limit=9)] == [kept.version_id]
        assert await indexed(session) == await passages.within(session)
        history = await index_changes.since(session, 0)
        removed = [change for change in history if change.kind is Kind.REMOVE]
        added = [change for change in history if change.passage_id in {each.passage_id for each in removed}]
    assert [change.tokens for change in removed] == [("goes",), ("away.",)] or removed
    assert {change.tokens for change in added} == {change.tokens for change in removed}


async def test_what_is_unsent_of_a_removed_article_gives_way_to_a_line(store: Store) -> None:
    words = "Goes away with all its words."
    gone = await put(store, an_article(words))
    assert gone.article is not None
    owed = [
        an_owed("answer", f"1. The outlet’s own words\n{words[:16]}\nvelm-post.example", buttons=(({},),)),
        an_owed("file", "A quote as a file", media={"name": "quote.txt", "text": words}),
        an_owed("other", "Stays here."),
        an_owed("sent", words),
    ]
    async with store.writing() as session:
        await outbox.put(session, *owed, now=NOON)
        sent = await outbox.find(session, "sent")
        assert sent is not None
        await outbox.settle_sent(session, sent.id, 7, now=NOON)
        await articles.remove(session, gone.article.id, reason="by law", instead="Withdrawn <here>.", now=NOON)
        left = {each.key: await outbox.find(session, each.key) for each in owed}
        assert await articles.is_withdrawn(session, gone.version_id or 0)
        assert not await articles.is_withdrawn(session, (gone.version_id or 0) + 1)
    plain = {key: (row.plain, row.html) for key, row in left.items() if row}
    withdrawn = ("Withdrawn <here>.", "Withdrawn &lt;here&gt;.")
    assert plain == {
        "answer": withdrawn,
        "file": withdrawn,
        "other": ("Stays here.", "<b>other</b>"),
        "sent": (words, "<b>sent</b>"),
    }
    assert left["file"] is not None
    assert (left["file"].media, left["file"].kind) == (None, MessageKind.SEND)
    assert left["answer"] is not None
    assert left["answer"].buttons == ()


async def test_a_feed_does_not_bring_a_removed_article_back_but_the_operator_may(sqlite_store: Store) -> None:
    draft = an_article(external_id="g", url=None)
    stored = await put(sqlite_store, draft)
    assert stored.article is not None
    async with sqlite_store.writing() as session:
        await articles.remove(session, stored.article.id, reason="by law", now=NOON)
    fetched = Draft(draft.text, external_id="g", supplied=Supplied.FETCHED)
    refused = await put(sqlite_store, fetched)
    assert (refused.outcome, refused.reason) == (Outcome.REFUSED, "removed on 2026-11-22: by law")
    assert (await put(sqlite_store, draft)).outcome is Outcome.ADDED


async def test_opinion_is_kept_with_its_version(store: Store) -> None:
    draft = replace(an_article(external_id="o"), opinion=True)
    stored = await put(store, draft)
    assert stored.article is not None
    again = await put(store, replace(draft, text="It is not so. We said so before.", opinion=False))
    assert again.article is not None
    async with store.reading() as session:
        kept = [await articles.version(session, stored.article.id, number) for number in (1, 2)]
    assert [each.opinion for each in kept if each] == [True, False]


async def test_find_goes_by_id_then_address_then_number(sqlite_store: Store) -> None:
    first = await put(sqlite_store, an_article("One.", external_id=None, url=None))
    assert first.article is not None
    second = await put(sqlite_store, an_article("Two.", external_id=str(first.article.id), url="https://x.example/2"))
    async with sqlite_store.reading() as session:
        assert await articles.find(session, str(first.article.id)) == second.article
        assert await articles.find(session, "https://x.example/2") == second.article
        assert await articles.find(session, "9" * 30) is None


async def test_what_export_yields_put_takes_and_finds_unchanged(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "EXPORTED_A_READ", 3)
    async with store.writing() as session:
        for number in range(7):
            draft = an_article(f"Words {number}.", published=a_day())
            await articles.put(session, draft, made_ready(draft, passages=1), now=NOON)
    async with store.reading() as session:
        drafts = [draft async for draft in articles.export(session)]
    assert len(drafts) == 7
    assert {(await put(store, draft)).outcome for draft in (drafts[0], drafts[-1])} == {Outcome.UNCHANGED}


async def test_latest_and_headlines_go_by_the_printed_date(store: Store) -> None:
    for day in (3, 9, 5):
        await put(store, an_article(f"Day {day}.", headline=f"Day {day}", published=a_day(day=day)))
    await put(store, an_article("Again 9.", headline="Day 9", published=a_day(day=9)))
    async with store.reading() as session:
        latest = [version.headline for _, version in await articles.latest(session, 3)]
        headlines = [headline for _, headline in await articles.headlines(session, 2)]
    assert latest == ["Day 9", "Day 9", "Day 5"]
    assert headlines == ["Day 9", "Day 5"]


async def test_the_corpus_counts_itself(store: Store) -> None:
    async with store.reading() as session:
        assert (await articles.statistics(session)).articles == 0
        assert await index_changes.newest(session) == (0, None)
    await put(store, an_article("One two.", outlet="Ostra Wire", published=a_day(day=3)))
    await put(store, an_article("Three four.", external_id="b", outlet="Velm Post", published=a_day(day=9)))
    await put(store, an_article("Three five.", external_id="b", outlet="Velm Post", published=a_day(day=9), url=None))
    async with store.reading() as session:
        corpus = await articles.statistics(session)
        outlets = [(outlet.name, number) for outlet, number in await articles.outlets(session)]
        assert (await index_changes.newest(session))[1] == NOON
    assert (corpus.articles, corpus.versions, corpus.passages, corpus.outlets) == (2, 3, 4, 2)
    assert (corpus.earliest, corpus.latest) == (a_day(day=3).moment, a_day(day=9).moment)
    assert (corpus.newest_added_at, corpus.languages) == (NOON, {"en": 2})
    assert outlets == [("Ostra Wire", 1), ("Velm Post", 1)]


async def test_passages_come_in_the_order_asked_with_their_words(store: Store) -> None:
    stored = await put(store, an_article("ä“b”🦊 second half", language="en"))
    async with store.reading() as session:
        ids = sorted(await passages.within(session), reverse=True)
        found = await passages.of_hits(session, [Hit(ids[0], 2.0), Hit(999, 1.5), Hit(ids[1], 1.0)])
        around = await passages.around(session, stored.version_id or 0, Span(0, 1))
    assert [(each.passage.id, each.score) for each in found] == list(zip(ids, (2.0, 1.0), strict=True))
    assert "".join(each.text for each in reversed(found)) == "ä“b”🦊 second half"
    assert [each.id for each in around] == sorted(ids)


@pytest.mark.parametrize(
    ("since", "until", "found"), [(8, 8, {"day", "moment"}), (9, None, {"next"}), (None, 7, set()), (7, 9, None)]
)
async def test_passages_are_filtered_by_the_day_as_printed(
    sqlite_store: Store, since: int | None, until: int | None, found: set[str] | None
) -> None:
    late = Published(datetime(2026, 11, 7, 23, tzinfo=UTC), Precision.MOMENT, 120)  # printed 8 Nov, 01:00
    printed = {"day": a_day(day=8), "moment": late, "next": a_day(day=9), "none": None}
    for name, published in printed.items():
        await put(sqlite_store, an_article(f"Words {name}.", external_id=name, published=published))
    days = [None if day is None else datetime(2026, 11, day, tzinfo=UTC).date() for day in (since, until)]
    async with sqlite_store.reading() as session:
        ids = await passages.within(session, since=days[0], until=days[1])
        names = {each.text.split()[-1] for each in await passages.of_hits(session, [Hit(each, 1.0) for each in ids])}
        assert await passages.within(session, outlet="velm POST") > ids
        assert await passages.within(session, outlet="nobody") == set()
    assert {name.strip(".") for name in names if name.endswith(".")} == (
        {"day", "moment", "next"} if found is None else found
    )


drafts = st.builds(
    lambda name, address, text: (name, address, text),
    st.sampled_from([None, "a", "b"]),
    st.sampled_from([None, "1", "2"]),
    st.sampled_from(["Words one.", "Words two.", "Words three."]),
)


@settings(max_examples=6)
@given(history=st.lists(drafts, min_size=1, max_size=6))
async def test_whatever_is_put_the_records_hold(
    store: Store, history: Sequence[tuple[str | None, str | None, str]]
) -> None:
    """Put again is unchanged; versions never change; a copy's original is no copy; the index follows."""
    example, texts = next(_examples), dict[int, str]()
    for moment, (name, address, text) in enumerate(history):
        draft = an_article(
            f"{text} {example}",
            external_id=name and f"{name}{example}",
            url=address and f"https://x/{address}{example}",
        )
        now = NOON + timedelta(seconds=moment)
        stored = await put(store, draft, now=now)
        again = await put(store, draft, now=now)
        assert again.outcome is (Outcome.REFUSED if stored.outcome is Outcome.REFUSED else Outcome.UNCHANGED)
        if stored.version_id is not None:
            texts.setdefault(stored.version_id, draft.text)
    async with store.reading() as session:
        pairs = await articles.by_versions(session, list(texts))
        assert {id_: version.text for id_, (_, version) in pairs.items()} == texts
        originals = {article.id: article.copy_of for article, _ in await articles.listing(session, limit=1_000)}
        assert all(originals[each] is None for each in originals.values() if each is not None)
        assert await indexed(session) == await passages.within(session)
