"""Copies of one text: found by fingerprints, kept under the first outlet, told only where the words are the same."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from retrieval import likeness
from retrieval.model import Draft
from storage import articles, copies
from storage.database import Store
from storage.tables import FingerprintRow
from storage.values import Outcome, Stored
from tests.build import NOON, an_article
from tests.retrieval.test_likeness import edited, report
from tests.storage.making import made_ready


async def put(store: Store, draft: Draft, *, key: str | None = None) -> Stored:
    """Store a draft as intake does: look for the text it edits, then put it."""
    found = likeness.fingerprints(likeness.shingles(draft.text))
    ready = replace(made_ready(draft), fingerprints=found, address_key=key)
    async with store.writing() as session:
        others = await copies.candidates(session, found, outlet=draft.outlet, url=draft.url)
        alike = likeness.original_among(draft.text, [other for other in others if other[1] != draft.text])
        return await articles.put(session, draft, ready, now=NOON, alike=alike)


def printed(text: str, outlet: str | None) -> Draft:
    return an_article(text, outlet=outlet, external_id=None)


async def carriers(store: Store, stored: Stored, words: str) -> set[str]:
    assert stored.article is not None
    async with store.reading() as session:
        (found,) = await copies.carriers(session, [(stored.article, words)])
    return set(found)


async def test_other_outlets_are_named_only_for_words_they_print(store: Store) -> None:
    text = report(1)
    first = await put(store, printed(text, "Ostra Wire"))
    same = await put(store, printed(text, "Velm Post"))
    cut = await put(store, printed(edited(text, 1, cut=0.3), "Harbour Radio"))
    other = await put(store, printed(report(2), "Velm Post"))
    assert [each.outcome for each in (first, same, cut, other)] == [
        Outcome.ADDED,
        Outcome.COPY,
        Outcome.COPY,
        Outcome.ADDED,
    ]
    beginning, end = text[:60], text[-60:]
    assert await carriers(store, first, beginning) == {"Velm Post", "Harbour Radio"}
    assert await carriers(store, first, end) == {"Velm Post"}
    assert await carriers(store, cut, beginning) == {"Ostra Wire", "Velm Post"}
    assert await carriers(store, same, beginning) == {"Ostra Wire", "Harbour Radio"}
    assert await carriers(store, other, report(2)[:60]) == set()


async def test_an_outlet_is_no_copy_of_itself(store: Store) -> None:
    await put(store, printed(report(1), "Velm Post"))
    again = await put(store, printed(edited(report(1), 1, changed=0.02), "Velm Post"))
    assert again.outcome is Outcome.ADDED


async def test_a_removed_article_is_nobodys_original(store: Store) -> None:
    first = await put(store, printed(report(1), "Ostra Wire"))
    assert first.article is not None
    async with store.writing() as session:
        await articles.remove(session, first.article.id, reason="withdrawn", now=NOON)
    assert (await put(store, printed(edited(report(1), 1, cut=0.2), "Velm Post"))).outcome is Outcome.ADDED


async def test_a_new_version_with_other_words_is_a_copy_no_longer(store: Store) -> None:
    first = await put(store, printed(report(1), "Ostra Wire"))
    copy = printed(edited(report(1), 1, cut=0.2), "Velm Post")
    await put(store, copy)
    await put(store, replace(copy, text=report(5)))
    assert await carriers(store, first, report(1)[:60]) == set()


async def test_the_boilerplate_of_a_site_leads_to_no_candidates(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "HOLDERS_MAX", 1)
    shared = report(9, sentences=60)
    for number in range(3):
        await put(store, printed(f"{shared} {report(number, sentences=200)}", "Velm Post"))
    async with store.reading() as session:
        found = likeness.fingerprints(likeness.shingles(shared))
        assert len(await copies.candidates(session, found, outlet="Ostra Wire", url=None)) <= 1
        kept = (
            sa.select(sa.func.count()).where(FingerprintRow.fingerprint.in_(found)).group_by(FingerprintRow.fingerprint)
        )
        assert max(await session.scalars(kept)) == 2  # one more than lead to anybody: a look-up never grows further


async def test_one_page_under_two_addresses_is_one_article(store: Store) -> None:
    draft = an_article(report(1), url="https://velm-post.example/1", external_id=None)
    other = replace(draft, url="http://m.velm-post.example/1?utm_source=x")
    assert (await put(store, draft, key="velm-post.example/1")).outcome is Outcome.ADDED
    assert (await put(store, other, key="velm-post.example/1")).outcome is Outcome.UNCHANGED
    changed = await put(store, replace(other, text=report(2)), key="velm-post.example/1")
    assert changed.outcome is Outcome.UPDATED
    assert changed.article is not None
    assert changed.article.url == draft.url
    named = replace(other, external_id="x-1", text=report(3))
    assert (await put(store, named, key="velm-post.example/1")).outcome is Outcome.ADDED
