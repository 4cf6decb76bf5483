"""The names and statements of speakers, as both databases keep them."""

from dataclasses import replace

from retrieval.model import Attribution, Certainty, Draft, Form, Span, Speaker, Statement
from storage import articles, speakers
from storage.database import Store
from storage.values import Stored
from tests.build import NOON, a_day, an_article
from tests.storage.making import made_ready


def by(name: str, *at: Span, role: str | None = None, certainty: Certainty = Certainty.CERTAIN) -> Statement:
    return Statement(at[0].start, 0, at, Form.INDIRECT, Attribution(Speaker(name, role), certainty=certainty))


async def stored(store: Store, draft: Draft, *those: Statement) -> Stored:
    async with store.writing() as session:
        return await articles.put(session, draft, made_ready(draft, *those), now=NOON)


async def test_statements_of_a_name_come_oldest_first_and_undated_last(store: Store) -> None:
    undated = await stored(
        store, an_article("Gulls sang over the quay of Velm all night long."), by("Ada Byron", Span(0, 5))
    )
    late = await stored(
        store,
        an_article("The ferry Marigold came in late because of the fog.", published=a_day(day=9)),
        by("ADA BYRON", Span(30, 40), role="mayor"),
        by("A. Byron", Span(0, 9)),
    )
    early = await stored(
        store,
        an_article(published=a_day(day=2)),
        by("Ada Byron", Span(20, 30)),
        by("Ada Byron", Span(0, 9)),
        by("Ada Byron", Span(40, 50), certainty=Certainty.UNCERTAIN),
    )
    async with store.reading() as session:
        assert sorted(await speakers.keys(session)) == ["a. byron", "ada byron"]
        found = await speakers.of_names(session, ["ada byron"], limit=10)
        names = await speakers.printed(session, ["ada byron", "a. byron", "nobody"])
        first = await speakers.of_names(session, ["ada byron"], limit=1)
    places = [(early, Span(0, 9)), (early, Span(20, 30)), (late, Span(30, 40)), (undated, Span(0, 5))]
    assert [(each.version_id, each.hull) for each in found] == [(one.version_id, span) for one, span in places]
    assert (found[2].name, found[2].role, found[2].outlet) == ("ADA BYRON", "mayor", "Velm Post")
    assert [(each.name, each.statements) for each in names] == [("Ada Byron", 4), ("A. Byron", 1)]
    assert first == found[:1]


async def test_older_versions_and_second_copies_are_left_out(store: Store) -> None:
    draft = an_article(external_id="bridge")
    await stored(store, draft, by("Ada Byron", Span(0, 5)))
    await stored(store, an_article(draft.text), by("Ada Byron", Span(0, 5)))
    async with store.reading() as session:
        assert len(await speakers.of_names(session, ["ada byron"], limit=10)) == 1
        assert (await speakers.printed(session, ["ada byron"]))[0].statements == 1
    await stored(store, an_article("Shut.", external_id="bridge"))
    async with store.reading() as session:
        (left,) = await speakers.of_names(session, ["ada byron"], limit=10)
    assert left.hull == Span(0, 5)


async def test_statements_are_found_by_passages_and_tell_their_tokens(store: Store) -> None:
    put = await stored(store, an_article("Fog came. Gulls sang."), by("Ada", Span(0, 4)), by("Lena", Span(0, 20)))
    assert put.version_id is not None
    async with store.reading() as session:
        found = await speakers.in_passages(session, [1, 2])
        tokens = await speakers.tokens(session, [each for _, each in found])
    assert sorted((id_, each.name) for id_, each in found) == [(1, "Ada"), (1, "Lena"), (2, "Lena")]
    assert [len(tokens[each.statement_id]) for _, each in found if each.name == "Lena"] == [2, 2]


async def test_a_passage_tells_whose_words_stand_in_it(store: Store) -> None:
    unsure = by("Tomas", Span(0, 4), certainty=Certainty.UNCERTAIN)
    await stored(
        store, an_article("Fog came. Gulls sang."), by("Ada", Span(0, 4)), by("Lena", Span(5, 9), Span(10, 20)), unsure
    )
    async with store.reading() as session:
        found = await speakers.said_in(session, [1, 2])
    assert found == [(1, "Ada", Span(0, 4)), (1, "Lena", Span(5, 9)), (2, "Lena", Span(10, 20))]


async def test_words_told_apart_within_a_statement_of_the_same_speaker_are_no_further_statement(store: Store) -> None:
    whole, apart, anothers = Span(0, 30), Span(10, 20), Span(22, 28)
    inner = [replace(by(name, at), within=0) for name, at in (("Ada Byron", apart), ("Tomas Reik", anothers))]
    await stored(store, an_article(), by("Ada Byron", whole), *inner)
    async with store.reading() as session:
        assert [each.hull for each in await speakers.of_names(session, ["ada byron"], limit=9)] == [whole]
        assert [each.hull for each in await speakers.of_names(session, ["tomas reik"], limit=9)] == [anothers]
        assert await speakers.count(session, "Ada Byron", at_most=9) == 1
        printed = await speakers.printed(session, ["ada byron", "tomas reik"])
        assert sorted((each.name, each.statements) for each in printed) == [("Ada Byron", 1), ("Tomas Reik", 1)]
