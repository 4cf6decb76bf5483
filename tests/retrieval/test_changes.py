"""Which sentences of a quote a later text still holds, and what stands there instead."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.changes import became
from retrieval.model import Span
from retrieval.text.sentences import sentences

OPENING = "The Kestrel Bridge gave way on Tuesday evening."
HURT = "Nine people were treated for injuries, the fire brigade said."
TEXT = f"{OPENING} {HURT} Trams ran again from noon."
QUOTE = Span(TEXT.index(HURT), TEXT.index(HURT) + len(HURT))


def after(later: str, span: Span = QUOTE) -> list[str | None]:
    return [each.after.of(later) if each.after else None for each in became(TEXT, span, later, "en")]


def test_a_changed_figure_is_the_sentence_most_like_it() -> None:
    changed = HURT.replace("Nine", "Fourteen")
    assert after(f"{OPENING} Rain fell all day on the town. {changed}") == [changed]


def test_white_space_and_new_neighbours_change_nothing() -> None:
    assert after(f"A new line came first.\n\n{HURT.replace(' ', '  ')}\n{OPENING}") == []


def test_a_sentence_that_went_became_nothing() -> None:
    assert after(f"{OPENING} Trams ran again from noon.") == [None]


def test_a_sentence_that_stood_there_before_is_not_what_another_became() -> None:
    twin = HURT.replace("Nine", "Ten")
    text = f"{HURT} {twin}"
    (found,) = became(text, Span(0, len(HURT)), twin, "en")
    assert found.after is None


def test_of_several_quoted_sentences_only_those_that_changed_are_told() -> None:
    both = Span(0, QUOTE.end)
    changed = HURT.replace("Nine", "Fourteen")
    found = became(TEXT, both, f"{OPENING} {changed}", "en")
    assert [each.before.of(TEXT) for each in found] == [HURT]


def test_a_part_of_a_sentence_is_looked_for_as_it_is() -> None:
    part = Span(QUOTE.start, QUOTE.start + len("Nine people were treated"))
    assert after(f"{HURT} More is not known.", part) == []
    assert [each.before for each in became(TEXT, part, OPENING, "en")] == [part]


SENTENCES = st.lists(st.sampled_from([OPENING, HURT, "Ada Byron spoke.", "Nine gulls sat there."]), max_size=6)


@given(SENTENCES, SENTENCES)
def test_what_became_is_always_a_whole_new_sentence_of_the_later_text(one: list[str], other: list[str]) -> None:
    text, later = " ".join([HURT, *one]), " ".join(other)
    for each in became(text, Span(0, len(HURT)), later, "en"):
        assert each.before.of(text) not in later
        assert each.after is None or (each.after in sentences(later, "en") and each.after.of(later) not in text)
