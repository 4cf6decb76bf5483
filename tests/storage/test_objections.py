"""Objections are counted by place and rule, on both databases, and go with their text."""

from datetime import timedelta

from retrieval.model import Span
from storage import articles, objections
from storage.database import Store
from tests.build import NOON, an_article
from tests.storage.making import made_ready


async def test_objections_are_counted_and_go_with_their_text(store: Store) -> None:
    draft = an_article()
    async with store.writing() as session:
        stored = await articles.put(session, draft, made_ready(draft), now=NOON)
        assert stored.version_id is not None
        assert stored.article is not None
        for minutes, rule in enumerate(("clause_before", "clause_after", "clause_before")):
            now = NOON + timedelta(minutes=minutes)
            await objections.keep(session, stored.version_id, Span(3, 9), rule, now=now)
    async with store.reading() as session:
        latest, other = await objections.listing(session, limit=5)
        assert await objections.count(session) == 2
    assert (latest.rule, latest.times, latest.span, other.times) == ("clause_before", 2, Span(3, 9), 1)
    assert latest.last_at - latest.first_at == timedelta(minutes=2)
    async with store.writing() as session:
        await articles.remove(session, stored.article.id, reason="withdrawn", now=NOON)
    async with store.reading() as session:
        assert await objections.count(session) == 0
