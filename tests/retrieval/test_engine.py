"""Every engine keeps the same contract: rank-bm25's scores to the last bit, through any history."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.engine import SearchEngine
from retrieval.engine.embedded import Embedded
from retrieval.engine.reference import Reference
from retrieval.model import IndexChange, Kind, Statistics


def fast() -> Embedded:
    """The embedded engine with the kernel of the extra `fast`."""
    engine = Embedded()
    engine.quicken()
    return engine


ENGINES = [Embedded, fast, Reference]
WORDS = ["bridge", "harbour", "council", "storm", "vote", "rail", "kestrel"]

Make = Callable[[], SearchEngine]


def an_addition(seq: int, passage: int, words: str, language: str = "en") -> IndexChange:
    return IndexChange(seq, passage, Kind.ADD, language, words.split())


def a_removal(seq: int, passage: int, words: str, language: str = "en") -> IndexChange:
    return IndexChange(seq, passage, Kind.REMOVE, language, words.split())


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.__name__)
def make(request: pytest.FixtureRequest) -> Make:
    chosen: Make = request.param
    return chosen


def ids(
    engine: SearchEngine, words: str, k: int = 10, language: str = "en", within: set[int] | None = None
) -> list[int]:
    return [hit.passage_id for hit in engine.search(words.split(), k, within, language=language)]


def test_an_empty_engine_finds_nothing(make: Make) -> None:
    engine = make()
    assert engine.search(["bridge"], 5, language="en") == []
    assert engine.statistics(["bridge"], language="en") == Statistics(0, 0.0, {"bridge": 0})
    assert engine.languages() == {}
    assert engine.seq == 0


def test_empty_passages_are_counted_and_never_found(make: Make) -> None:
    engine = make()
    engine.catch_up([an_addition(1, 1, "")])
    assert ids(engine, "bridge") == []
    assert engine.statistics([], language="en") == Statistics(1, 0.0, {})
    engine.catch_up([an_addition(2, 2, "bridge storm")])
    assert set(engine.vocabulary("en")) == {"bridge", "storm"}
    assert not engine.vocabulary("es")
    assert ids(engine, "bridge") == [2]
    assert engine.statistics(["bridge"], language="en") == Statistics(2, 1.0, {"bridge": 1})


def test_equal_scores_are_ordered_by_passage(make: Make) -> None:
    engine = make()
    engine.catch_up(an_addition(seq, passage, "bridge vote") for seq, passage in enumerate([9, 4, 7, 2], start=1))
    assert ids(engine, "bridge") == [2, 4, 7, 9]
    assert ids(engine, "bridge", k=2) == [2, 4]
    assert ids(engine, "bridge", k=0) == []


def test_passages_without_a_word_are_left_out(make: Make) -> None:
    engine = make()
    engine.catch_up([an_addition(1, 1, "bridge"), an_addition(2, 2, "storm")])
    assert ids(engine, "bridge unheard") == [1]
    assert ids(engine, "unheard") == []
    assert ids(engine, "") == []


def test_a_change_already_taken_in_is_passed_over(make: Make) -> None:
    engine = make()
    engine.catch_up([an_addition(5, 1, "bridge")])
    engine.catch_up([a_removal(3, 1, "bridge"), a_removal(5, 1, "bridge"), an_addition(9, 2, "bridge")])
    assert ids(engine, "bridge") == [1, 2]
    assert engine.seq == 9


def test_a_removed_passage_leaves_hits_and_statistics(make: Make) -> None:
    engine = make()
    engine.catch_up([an_addition(1, 1, "bridge storm"), an_addition(2, 2, "bridge vote rail")])
    engine.catch_up([a_removal(3, 1, "bridge storm")])
    assert ids(engine, "bridge storm") == [2]
    assert engine.statistics(["bridge", "storm"], language="en") == Statistics(1, 3.0, {"bridge": 1, "storm": 0})
    engine.catch_up([a_removal(4, 2, "bridge vote rail")])
    assert engine.languages() == {}


def test_only_passages_within_are_found(make: Make) -> None:
    engine = make()
    engine.catch_up(an_addition(n, n, "bridge") for n in range(1, 8))
    assert ids(engine, "bridge", k=2, within={6, 3, 5, 400}) == [3, 5]
    assert ids(engine, "bridge", within=set()) == []


def test_each_language_has_its_own_index(make: Make) -> None:
    engine = make()
    engine.catch_up([an_addition(1, 1, "pan"), an_addition(2, 2, "pan rico", "es-MX"), an_addition(3, 3, "pan", "xx")])
    assert ids(engine, "pan", language="es") == [2]
    assert ids(engine, "pan", language="und") == [3]
    assert engine.languages() == {"en": 1, "es": 1, "und": 1}
    assert engine.statistics(["pan"], language="es").passages == 1


passages = st.lists(st.sampled_from(WORDS), max_size=12)
steps = st.lists(st.tuples(st.integers(1, 25), st.none() | passages), max_size=40)
questions = st.lists(st.sampled_from([*WORDS, "unheard"]), max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    history=steps,
    slices=st.integers(1, 12),
    asked=st.lists(questions, min_size=1, max_size=3),
    k=st.integers(1, 12),
    within=st.none() | st.sets(st.integers(1, 25)),
)
def test_any_history_gives_the_reference_hits_to_the_last_bit(
    history: list[tuple[int, list[str] | None]],
    slices: int,
    asked: list[list[str]],
    k: int,
    within: set[int] | None,
) -> None:
    embedded, quick, reference = Embedded(), fast(), Reference()
    changes = [
        IndexChange(seq, passage, Kind.REMOVE if words is None else Kind.ADD, "en", words or [])
        for seq, (passage, words) in enumerate(history, start=1)
    ]
    for at in range(0, len(changes), slices):
        embedded.catch_up(changes[at : at + slices])
        quick.catch_up(changes[at : at + slices])
        reference.catch_up(changes[at : at + slices])
        for words in asked:
            hits = reference.search(words, k, within, language="en")
            assert embedded.search(words, k, within, language="en") == hits
            assert quick.search(words, k, within, language="en") == hits
            assert embedded.statistics(words, language="en") == reference.statistics(words, language="en")
    assert embedded.languages() == reference.languages()
    assert embedded.seq == reference.seq
