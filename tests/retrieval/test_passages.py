"""Passages: a few whole sentences each, every sentence in exactly one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.passages import PASSAGE_LENGTH_MAX, SENTENCES_MAX, cut, index_tokens
from retrieval.text.sentences import sentences


def test_a_text_without_words_has_no_passage() -> None:
    assert cut("", "en") == cut(" \n\n ", "en") == []


def test_a_passage_ends_after_a_few_sentences_or_before_it_grows_long() -> None:
    short = "Nine were hurt. " * (SENTENCES_MAX + 1)
    assert [len(sentences(span.of(short), "en")) for span in cut(short, "en")] == [SENTENCES_MAX, 1]
    long = f"It fell. {'One more word ' * 60}fell. It rose."
    assert [span.of(long)[:8] for span in cut(long, "en")] == ["It fell.", "One more", "It rose."]


def test_the_headline_counts_for_retrieval() -> None:
    assert index_tokens("Bridge gives way", "Nine were hurt.", "en") == ["bridg", "give", "way", "nine", "hurt"]
    assert index_tokens(None, "Nine were hurt.", "en") == ["nine", "hurt"]


lines = st.lists(
    st.sampled_from(["Nine were hurt.", "“It fell,” she said.", "\n", "x" * 800 + ".", "No. 5 is", "why?"])
)


@settings(max_examples=150, deadline=None)
@given(lines.map(" ".join))
def test_passages_are_whole_sentences_and_none_is_left_out(text: str) -> None:
    passages = cut(text, "en")
    found = sentences(text, "en")
    runs = [[sentence for sentence in found if passage.holds(sentence)] for passage in passages]
    assert [sentence for run in runs for sentence in run] == found
    assert all(
        run[0].start == passage.start and run[-1].end == passage.end
        for run, passage in zip(runs, passages, strict=True)
    )
    assert all(
        len(run) == 1 or passage.end - passage.start <= PASSAGE_LENGTH_MAX
        for run, passage in zip(runs, passages, strict=True)
    )
    assert all(len(run) <= SENTENCES_MAX for run in runs)
