"""Both kernels find what adding up every score and sorting finds, wherever they leave off looking."""

import random
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.engine import embedded
from retrieval.engine.embedded import Embedded
from retrieval.index import bm25, kernels, marks, pruning
from retrieval.index.bm25 import SparseBM25Plus
from retrieval.index.compiled import compiled
from retrieval.index.pruning import pruned
from retrieval.index.searching import Kernel
from retrieval.index.within import Within
from retrieval.model import Hit, IndexChange, Kind

PASSAGES = 1 << 15
KERNELS: Sequence[Kernel] = (pruned, compiled)


@pytest.fixture(params=[1, 4, 40, 4_096], ids=lambda size: f"one by one up to {size}")
def _sizes(request: pytest.FixtureRequest) -> Iterator[None]:
    """So that a small corpus takes every way through the array kernel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pruning, "ONE_BY_ONE_MAX", request.param)
        patch.setattr(pruning, "SMALL_PASSAGES_MAX", request.param // 8)
        patch.setattr(pruning, "POSTINGS_AT_ONCE", request.param // 4)
        patch.setattr(marks, "SEGMENT_PASSAGES_MIN", request.param)
        patch.setattr(marks, "MARKED_WORDS_MAX", request.param)
        yield


def a_corpus(chance: random.Random, passages: int, words: int) -> list[list[str]]:
    """A few words common and most rare, now and then a short passage, and words said again."""
    known = [f"w{number}" for number in range(words)]
    weights = [1 / (rank + 1) for rank in range(words)]
    return [chance.choices(known, weights, k=chance.choice([2, 9, 12, 14])) for _ in range(passages)]


def sorted_out(index: SparseBM25Plus, ids: Sequence[int], words: Sequence[str], within: set[int] | None) -> list[Hit]:
    """Every passage with a score, by a plain sort."""
    scores = index.get_scores(words).tolist()
    hits = [Hit(passage, score) for passage, score in zip(ids, scores, strict=True) if score > 0]
    wanted = [hit for hit in hits if within is None or hit.passage_id in within]
    return sorted(wanted, key=lambda hit: (-hit.score, hit.passage_id))


@pytest.mark.usefixtures("_sizes")
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1, 3, 10, 200]), st.integers(1, 300), st.sampled_from([3, 20, 200]))
def test_every_kernel_finds_what_a_sort_finds(seed: int, k: int, passages: int, words: int) -> None:
    chance = random.Random(seed)
    corpus = dict(enumerate(a_corpus(chance, passages, words)))
    index = SparseBM25Plus()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25, "SEGMENT_PASSAGES_MAX", chance.choice([16, 64, 512]))
        index.change(corpus, {})
    gone = chance.sample(sorted(corpus), chance.choice([0, 0, passages // 8]))
    index.change({}, {passage: corpus[passage] for passage in gone})
    ids = sorted(corpus.keys() - set(gone))
    for _ in range(4):
        asked = [word for passage in chance.choices(list(corpus.values()), k=2) for word in passage[:3]]
        within = set(chance.sample(ids, chance.randint(0, len(ids)))) if chance.random() < 0.4 else None
        expected = sorted_out(index, ids, asked, within)[:k]
        for kernel in KERNELS:
            index.kernel = kernel
            assert index.search(asked, k, within) == expected


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_limit_that_is_kept_follows_what_is_added_and_removed(kernel: Kernel) -> None:
    chance = random.Random(11)
    corpus = dict(enumerate(a_corpus(chance, 1_500, 60)))
    index = SparseBM25Plus()
    index.kernel = kernel
    kept = Within(chance.sample(sorted(corpus), 700) * 2)
    assert (len(kept), list(kept)) == (700, sorted(set(kept)))
    held: set[int] = set()
    for begin in range(0, 1_500, 300):
        index.change({passage: corpus[passage] for passage in range(begin, begin + 300)}, {})
        gone = chance.sample(range(begin, begin + 300), 20)
        index.change({}, {passage: corpus[passage] for passage in gone})
        held = (held | set(range(begin, begin + 300))) - set(gone)
        for asked in (["w0"], ["w1", "w7", "w0"], ["w59", "w3"]):
            assert index.search(asked, 10, kept) == sorted_out(index, sorted(held), asked, set(kept))[:10]


def test_a_large_corpus_is_searched_to_its_end() -> None:
    chance = random.Random(3)
    corpus = a_corpus(chance, 2 * PASSAGES + 500, 400)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25, "SEGMENT_PASSAGES_MAX", 4 * PASSAGES)
        index = SparseBM25Plus(corpus)
    assert [len(segment.ids) for segment in index.segments] == [len(corpus)]
    for asked in (["w0"], ["w1", "w2"], ["w9", "w0", "w300", "w9"], ["w399"], ["w5", "w80", "w2", "w1"]):
        expected = sorted_out(index, range(len(corpus)), asked, None)
        for kernel in KERNELS:
            index.kernel = kernel
            for k in (1, 10, 700):
                assert index.search(asked, k) == expected[:k]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("length", [300, 70_000], ids=["two bytes", "four bytes"])
def test_long_passages_and_large_ids_are_found_too(kernel: Kernel, length: int) -> None:
    index = SparseBM25Plus()
    index.change({2**40: ["storm"] * length + ["vote"], 2**40 + 1: ["vote"], 5: ["rail", "rail", "storm"]}, {})
    index.kernel = kernel
    assert index.search(["storm", "vote"], 3) == sorted_out(index, [5, 2**40, 2**40 + 1], ["storm", "vote"], None)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_damaged_posting_is_told_and_reads_no_foreign_memory(kernel: Kernel) -> None:
    index = SparseBM25Plus([["storm", "vote"]] * 5)
    (segment,) = index.segments
    for bad in (np.uint32(2**32 - 1), np.uint32(5)):
        broken = segment.slots.copy()
        broken[:] = bad
        object.__setattr__(segment, "slots", broken)
        index.kernel = kernel
        with pytest.raises(IndexError):
            index.search(["storm"], 3)


def test_the_compiled_kernel_is_loaded_after_the_first_questions() -> None:
    engine = Embedded()
    engine.catch_up([IndexChange(1, 1, Kind.ADD, "en", ["storm"])])
    engine.tend()
    assert engine._indexes["en"].kernel is pruned
    for _ in range(embedded.SEARCHES_BEFORE_FAST):
        engine.search(["storm"], 1, language="en")
    engine.tend()
    engine.catch_up([IndexChange(2, 2, Kind.ADD, "es", ["storm"])])
    assert [index.kernel for index in engine._indexes.values()] == [compiled, compiled]


def test_without_the_extra_array_code_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "find_spec", lambda name: None)
    assert kernels.fastest() is pruned
