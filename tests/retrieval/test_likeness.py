"""Edited copies are told from other texts, whatever was cut, headed or changed, in any script."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import likeness

PLACES = ["harbour", "bridge", "tram", "ferry", "market", "station", "river", "island", "tower", "theatre"]
PEOPLE = ["Ada Byron", "Mira Dahl", "Tomas Reyle", "Lena Orlo", "Ines Varga"]
DEEDS = ["closed", "opened", "praised", "questioned", "measured", "painted", "counted", "moved", "inspected", "sold"]


def report(seed: int, sentences: int = 30) -> str:
    """A text of its own for each seed."""
    chance = random.Random(seed)
    lines = [
        f"{chance.choice(PEOPLE)} {chance.choice(DEEDS)} the {chance.choice(PLACES)} near the {chance.choice(PLACES)} "
        f"after {chance.randint(2, 900)} {chance.choice(PLACES)}s were {chance.choice(DEEDS)} in "
        f"{chance.randint(1900, 2026)}."
        for _ in range(sentences)
    ]
    return " ".join(lines)


def edited(text: str, seed: int, *, cut: float = 0.0, changed: float = 0.0, headline: str = "") -> str:
    chance = random.Random(seed)
    words = text.split()
    words = words[: round(len(words) * (1 - cut))]
    words = [chance.choice(PLACES).upper() if chance.random() < changed else word for word in words]
    return f"{headline}\n{' '.join(words)}" if headline else " ".join(words)


@settings(max_examples=30)
@given(
    st.integers(0, 10_000),
    st.floats(0, 0.4),
    st.floats(0, 0.05),
    st.sampled_from(["", "Another headline of six words here"]),
)
def test_an_edited_copy_is_found_among_other_texts(seed: int, cut: float, changed: float, headline: str) -> None:
    others = [(number, report(seed + 1 + number)) for number in range(5)]
    copy = edited(report(seed), seed, cut=cut, changed=changed, headline=headline)
    assert likeness.original_among(copy, [*others, (9, report(seed))]) == 9
    assert likeness.original_among(copy, others) is None
    found = likeness.fingerprints(likeness.shingles(copy))
    assert set(found) & set(likeness.fingerprints(likeness.shingles(report(seed))))


def test_case_space_and_punctuation_do_not_count() -> None:
    text = report(1)
    again = text.upper().replace(".", " —\n")
    assert likeness.fingerprints(likeness.shingles(text)) == likeness.fingerprints(likeness.shingles(again))


def test_a_text_without_spaces_is_told_too() -> None:
    chance = random.Random(1)
    text = "".join(chance.choice("大桥关闭市长说春天开放渡轮港口电车受伤医院记者周一晚上") for _ in range(300))
    other = "".join(chance.choice("大桥关闭市长说春天开放渡轮港口电车受伤医院记者周一晚上") for _ in range(300))
    assert likeness.original_among(text[:200], [(1, other), (2, text)]) == 2


@pytest.mark.parametrize("text", ["", "Short.", "One caption of a few words only."])
def test_a_few_words_are_nobodys_copy(text: str) -> None:
    assert likeness.fingerprints(likeness.shingles(text)) == ()
    assert likeness.original_among(text, [(1, text)]) is None


def test_a_note_inside_a_round_up_is_not_its_copy() -> None:
    note = report(1, sentences=3)
    assert likeness.original_among(note, [(1, f"{report(2, 40)} {note} {report(3, 40)}")]) is None


def test_the_first_of_two_that_are_as_like_is_the_original() -> None:
    text = report(1)
    assert likeness.original_among(edited(text, 1, cut=0.2), [(7, text), (3, text)]) == 3


def test_fingerprints_fit_a_database() -> None:
    assert all(0 <= each < 2**63 for each in likeness.fingerprints(likeness.shingles(report(4))))
