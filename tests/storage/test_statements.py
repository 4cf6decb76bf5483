"""Statements come back as attribution made them, under lasting ids."""

from dataclasses import replace

from retrieval.model import Attribution, Certainty, Form, Sense, Span, Speaker, Statement
from storage import articles, statements
from storage.database import Store
from tests.build import NOON, an_article
from tests.storage.making import made_ready

WHO = Attribution(
    speaker=Speaker("Ada Byron", "mayor", Span(30, 39), Span(45, 50)),
    likely_speaker=Speaker("B. Osk"),
    cue=(Span(21, 25), Span(50, 52)),
    source=Span(26, 29),
    addressee=Span(53, 60),
    via="Ostra Wire",
    sense=Sense.INTENTION,
    certainty=Certainty.CERTAIN,
    rule="after",
)
OUTER = Statement(0, 0, (Span(0, 10), Span(15, 20)), Form.MIXED, WHO)
INNER = Statement(1, 0, (Span(3, 8),), Form.DIRECT, Attribution(certainty=Certainty.UNNAMED), within=0)
BARE = Statement(2, 0, (Span(60, 70),), Form.DIRECT, None)


async def stored_version(store: Store, *those: Statement) -> int:
    draft = an_article()
    async with store.writing() as session:
        stored = await articles.put(session, draft, made_ready(draft, *those), now=NOON)
    assert stored.version_id is not None
    return stored.version_id


async def test_a_statement_comes_back_whole(store: Store) -> None:
    version_id = await stored_version(store, OUTER, INNER, BARE)
    async with store.reading() as session:
        outer, inner, bare = await statements.of_version(session, version_id)
    assert replace(outer, id=0) == replace(OUTER, version_id=version_id)
    assert replace(inner, id=1) == replace(INNER, version_id=version_id, within=outer.id)
    assert replace(bare, id=2) == replace(BARE, version_id=version_id)


async def test_statements_meet_a_quote_only_by_their_words(store: Store) -> None:
    version_id, other = await stored_version(store, OUTER, INNER, BARE), await stored_version(store, BARE)
    places = [(version_id, Span(8, 16)), (version_id, Span(10, 15)), (other, Span(0, 100)), (999, Span(0, 9))]
    async with store.reading() as session:
        met = await statements.meeting(session, places)
    assert [[each.content for each in met[place]] for place in places] == [
        [OUTER.content],
        [],
        [BARE.content],
        [],
    ]
