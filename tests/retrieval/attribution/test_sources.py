"""What may be printed as a speaker's name, and what only stands where one would."""

import pytest

from retrieval.attribution import statements

NAMED = [
    ("Secretary of State Antony Brell said, “The gate is shut for good.”", "Antony Brell"),
    ("Then-Minister of Harbours Mira Dahl said, “The gate is shut for good.”", "Mira Dahl"),
    ("Wardens were asked by the Velm Post in a radio interview whether there was a second gate.", "Velm Post"),
    ("Olin Pell praised the crews. He tells “Globe,” “You may not believe it but it was my dream.”", "Olin Pell"),
    ("The spokesman Jan Dahl waited. Orla Pell would win the vote by ten seats, he said.", "Jan Dahl"),
    ("Mira Dahl led the Virginia Water Legacy Fund. It grew. She asked whether the fund was old.", "Mira Dahl"),
    ("“Velm has waited for this match,” added Velm Rovers Co-Owner, David Beck.", "David Beck"),
    ("Billie Jean King founded the international Billie Jean King Cup. “We will play,” King said.", "Billie Jean King"),
    ("Brennan Lee Orlo laughed. “It is very special to all of us here,” Orlo said.", "Brennan Lee Orlo"),
    ("Coach Dean Vickers was calm. “He will see two of them down there,” Vickers said.", "Dean Vickers"),
    ("“The rate will stay,” the Bank of Karst said.", "Bank of Karst"),
    ("Such reports could hurt the Harbour Board, which has insisted it will wait for the figures.", "Harbour Board"),
]
NAMELESS = [
    "The app hails itself as a safer place for Black Velmers and has many users, he said.",
    "Critics held up Deep Water. On the other side of it, she writes, freedom looks like being able to rest.",
    "The app Harbourly grew. “The choice is unfair to all of us,” he said.",
    "Turmoil at Velmport suggests that the crews are tired.",
    "Owned by the Velm ferry line Socar’s branch, the yard announced that it would let crews go.",
]


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_a_name_is_printed_without_what_stands_by_it(text: str, name: str) -> None:
    said = [each.attribution for each in statements(text, "en") if each.attribution]
    assert [one.speaker.name for one in said if one.speaker] == [name]


@pytest.mark.parametrize("text", NAMELESS)
def test_what_is_no_speaker_gives_no_name(text: str) -> None:
    named = [each.attribution.speaker for each in statements(text, "en") if each.attribution]
    assert not any(named)


def test_who_says_something_behind_a_clause_of_time_is_no_office_of_who_is_named_in_it() -> None:
    text = "When I moved to Karst, the taxi driver told me that the strike was over. Karst said that it would wait."
    roles = [said.speaker.role for each in statements(text, "en") if (said := each.attribution) and said.speaker]
    assert roles == [None]


def test_who_goes_on_doing_something_says_nothing() -> None:
    text = "The pump runs by itself, and if it is moved to Karst, it will continue to work there, too."
    assert list(statements(text, "en")) == []


def test_a_role_is_an_office_and_no_clause() -> None:
    text = (
        "Will he coach Levin again? Michael Levin, whose brother left, and Andy Orlo, paying the clerk, waited. "
        "Levin said he was tired."
    )
    roles = [said.speaker.role for each in statements(text, "en") if (said := each.attribution) and said.speaker]
    assert roles == [None]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The dam was closed, according to The Verdict.", "The Verdict"),
        ("The Verdict reported that the dam was closed. Few read The Verdict.", "The Verdict"),
        ("The Ostra Herald reported that the dam was closed.", "Ostra Herald"),
        ("The dam was closed, according to the Bank of Velm.", "Bank of Velm"),
        ("Read on: The Bank of Velm knows. The Bank of Velm said that rates would rise.", "Bank of Velm"),
    ],
)
def test_an_article_that_is_printed_as_a_part_of_a_name_stays(text: str, name: str) -> None:
    speakers = [each.attribution.speaker for each in statements(text, "en") if each.attribution]
    assert [each.name for each in speakers if each] == [name]
