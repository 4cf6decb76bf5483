"""The sparse index keeps rank-bm25's face, and stays whole while others search."""

import random
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from retrieval.index import bm25
from retrieval.index.bm25 import SEGMENT_PASSAGES_MAX, SparseBM25Plus

WORDS = ["bridge", "harbour", "council", "storm", "vote", "rail", "kestrel"]

passages = st.lists(st.lists(st.sampled_from(WORDS), max_size=9), min_size=1, max_size=30)
questions = st.lists(st.sampled_from([*WORDS, "unheard"]), max_size=6)


def stock(corpus: Sequence[Sequence[str]]) -> BM25Plus:
    return BM25Plus(corpus, delta=0)  # type: ignore[no-untyped-call]


@settings(max_examples=60, deadline=None)
@given(passages.filter(any), questions, st.data())
def test_the_stock_class_and_ours_mean_the_same(
    corpus: list[list[str]], question: list[str], data: st.DataObject
) -> None:
    ours, theirs = SparseBM25Plus(corpus), stock(corpus)
    assert ours.get_scores(question).tolist() == theirs.get_scores(question).tolist()  # type: ignore[no-untyped-call]
    some = data.draw(st.lists(st.integers(0, len(corpus) - 1), max_size=5))
    assert ours.get_batch_scores(question, some) == theirs.get_batch_scores(question, some)  # type: ignore[no-untyped-call]
    documents = list(range(len(corpus)))
    assert ours.get_top_n(question, documents, 3) == theirs.get_top_n(question, documents, 3)  # type: ignore[no-untyped-call]
    assert (ours.corpus_size, ours.avgdl) == (theirs.corpus_size, theirs.avgdl)


def test_a_tokenizer_is_taken_as_the_stock_class_takes_it() -> None:
    assert SparseBM25Plus(["bridge fell", "storm"], str.split).get_scores(["storm"]).tolist()[0] == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=5), min_size=10, max_size=60).filter(any), questions, st.data()
)
def test_many_small_blocks_score_as_one(corpus: list[list[str]], question: list[str], data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25, "SEGMENT_PASSAGES_MAX", 8)
        ours = SparseBM25Plus()
        for at in range(0, len(corpus), 5):
            ours.change({passage: corpus[passage] for passage in range(at, min(at + 5, len(corpus)))}, {})
        gone = data.draw(st.sets(st.integers(0, len(corpus) - 1), max_size=len(corpus) - 1))
        ours.change({}, {passage: data.draw(st.sampled_from([corpus[passage], []])) for passage in gone})
    left = [words for passage, words in enumerate(corpus) if passage not in gone]
    if any(left):
        assert ours.get_scores(question).tolist() == stock(left).get_scores(question).tolist()  # type: ignore[no-untyped-call]


def test_additions_keep_blocks_few_and_removals_shrink_them() -> None:
    ours = SparseBM25Plus()
    for at in range(0, 3 * SEGMENT_PASSAGES_MAX, 64):
        ours.change({passage: [WORDS[passage % 7]] for passage in range(at, at + 64)}, {})
    assert len(ours.segments) <= 16
    ours.change({}, dict.fromkeys(range(2 * SEGMENT_PASSAGES_MAX), ()))
    assert ours.corpus_size == SEGMENT_PASSAGES_MAX
    assert sum(len(segment.ids) for segment in ours.segments) <= 4 / 3 * SEGMENT_PASSAGES_MAX


def test_a_search_beside_changes_sees_one_whole_corpus() -> None:
    """Each change swaps all passages: a search must see the old ones or the new ones, never some of each."""
    ours = SparseBM25Plus()
    ours.change({passage: ["bridge"] for passage in range(50)}, {})
    seen: list[set[int]] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            seen.append({hit.passage_id // 50 for hit in ours.search(["bridge"], 100)})

    reader = threading.Thread(target=search)
    reader.start()
    for turn in range(1, 200):
        gone = {passage: ["bridge"] for passage in range(50 * turn - 50, 50 * turn)}
        ours.change({50 * turn + n: ["bridge"] for n in range(50)}, gone)
    stop.set()
    reader.join()
    assert seen
    assert all(len(turns) == 1 for turns in seen)


def test_a_large_corpus_is_found_in_the_same_order_as_a_plain_sort() -> None:
    chance = random.Random(4)
    corpus = [[chance.choice(WORDS) for _ in range(chance.randint(1, 12))] for _ in range(3_000)]
    ours = SparseBM25Plus(corpus)
    scores = ours.get_scores(["storm", "vote"]).tolist()
    expected = sorted((-score, passage) for passage, score in enumerate(scores) if score)
    for k in (1, 7, 50, 5_000):
        assert [(-hit.score, hit.passage_id) for hit in ours.search(["storm", "vote"], k)] == expected[:k]
