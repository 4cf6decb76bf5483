"""Taking articles in: one transaction each, in order, safe to repeat; one bad article never stops the others."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from bot.newsroom import intake, preparation
from bot.newsroom.drafts import Given
from bot.newsroom.files import Arrival, Found, Ignored, PageArrival, Refusal
from bot.newsroom.intake import Fate, Report
from bot.workers import Workers
from retrieval.model import Draft
from storage import articles
from storage.database import Store
from tests.build import NOON, an_article
from tests.retrieval.test_likeness import edited, report


def arrivals(*drafts: Draft) -> list[Found]:
    return [Arrival(f"a.jsonl:{number}", draft, 100) for number, draft in enumerate(drafts, start=1)]


async def taken(store: Store, found: Iterable[Found], *, samples: bool = False, processes: int = 0) -> list[Report]:
    async with Workers(processes) as workers:
        reports = intake.take_in(found, store=store, workers=workers, clock=lambda: NOON, samples=samples)
        return [report async for report in reports]


def fates(reports: Sequence[Report]) -> list[Fate]:
    return [report.fate for report in reports]


async def test_each_article_says_what_became_of_it(sqlite_store: Store) -> None:
    draft = an_article(external_id="bridge")
    changed = an_article("The bridge is open again, said Ada Byron.", external_id="bridge", url=draft.url)
    assert fates(await taken(sqlite_store, arrivals(draft))) == [Fate.ADDED]
    assert fates(await taken(sqlite_store, arrivals(draft, changed))) == [Fate.UNCHANGED, Fate.UPDATED]
    async with sqlite_store.reading() as session:
        article = await articles.find(session, "bridge")
        assert article is not None
        first = await articles.version(session, article.id, 1)
        newest = await articles.version(session, article.id)
    assert first is not None
    assert first.text == draft.text
    assert newest is not None
    assert (newest.number, newest.text, newest.fetched_at) == (2, changed.text, NOON)


async def test_an_agency_text_under_another_address_is_a_copy(sqlite_store: Store) -> None:
    draft = an_article()
    reports = await taken(sqlite_store, arrivals(draft, an_article(draft.text, outlet="Ostra Wire")))
    assert fates(reports) == [Fate.ADDED, Fate.COPY]
    assert reports[0].article is not None
    assert reports[1].article is not None
    assert reports[1].article.copy_of == reports[0].article.id


async def test_an_agency_text_that_was_edited_a_little_is_a_copy_too(sqlite_store: Store) -> None:
    text = report(1)
    found = arrivals(
        an_article(text, outlet="Ostra Wire", external_id=None),
        an_article(edited(text, 1, cut=0.3, changed=0.03, headline="Another headline"), external_id=None),
        an_article(report(2), external_id=None),
        an_article("Words.", url="https://velm-post.example/a?utm_source=x", external_id=None),
        an_article("Words.", url="http://www.velm-post.example/a", external_id=None),
    )
    assert fates(await taken(sqlite_store, found)) == [Fate.ADDED, Fate.COPY, Fate.ADDED, Fate.ADDED, Fate.UNCHANGED]


async def test_what_cannot_be_read_is_told_in_its_place_and_order(sqlite_store: Store) -> None:
    found = [
        Refusal("a.jsonl:1", "no JSON"),
        *arrivals(an_article()),
        Ignored("b.png", "unknown type"),
        PageArrival("c.html", b"<html></html>", Given(), 13),
    ]
    reports = await taken(sqlite_store, found)
    assert fates(reports) == [Fate.REFUSED, Fate.ADDED, Fate.IGNORED, Fate.REFUSED]
    assert [report.place for report in reports] == ["a.jsonl:1", "a.jsonl:1", "b.png", "c.html"]


async def test_samples_come_in_only_where_they_are_wanted(sqlite_store: Store) -> None:
    sample = an_article(outlet="Velm Post (sample)")
    (refused,) = await taken(sqlite_store, arrivals(sample))
    assert refused.fate is Fate.REFUSED
    assert "demo" in (refused.reason or "")
    assert fates(await taken(sqlite_store, arrivals(sample), samples=True)) == [Fate.ADDED]


async def test_a_defect_in_one_article_refuses_that_one(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def defective(draft: Draft) -> object:
        if draft.external_id == "bad":
            raise KeyError("words of the article")
        return prepared(draft)

    prepared = preparation.prepared
    monkeypatch.setattr(preparation, "prepared", defective)
    reports = await taken(
        sqlite_store, arrivals(an_article(), an_article(external_id="bad"), an_article("More words."))
    )
    assert fates(reports) == [Fate.ADDED, Fate.REFUSED, Fate.ADDED]
    assert reports[1].reason == "a defect in reading it (KeyError)"


async def test_many_articles_keep_their_order_through_the_workers(sqlite_store: Store) -> None:
    drafts = [an_article(f"Bridge number {number} was closed.", external_id=f"b-{number}") for number in range(40)]
    reports = await taken(sqlite_store, arrivals(*drafts), processes=1)
    assert [report.article and report.article.name for report in reports] == [draft.external_id for draft in drafts]
    async with sqlite_store.reading() as session:
        assert [draft async for draft in articles.export(session)] == [
            replace(draft, language="en") for draft in drafts
        ]


def test_what_is_read_ahead_is_bounded_by_count_and_by_bytes() -> None:
    read = 0

    def endless() -> Iterable[Found]:
        nonlocal read
        while True:
            read += 1
            yield Arrival("a", an_article(), intake.BATCH_BYTES_MAX if read > 20 else 1)

    batches = intake._batches(endless())
    assert len(next(batches)) == intake.BATCH_ARTICLES_MAX
    assert len(next(batches)) == 20 - intake.BATCH_ARTICLES_MAX
    assert len(next(batches)) == 1
    assert read < 25


def test_prepared_is_cut_tokenised_attributed_and_hashed() -> None:
    draft = an_article()
    made = preparation.prepared(draft)
    assert made.language == "en"
    assert "".join(passage.span.of(draft.text) for passage in made.passages) == draft.text
    assert [statement.attribution and statement.attribution.speaker for statement in made.statements]
    assert len(made.text_sha256) == 64
    assert made.tokenizer
