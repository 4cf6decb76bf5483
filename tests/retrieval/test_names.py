"""Which printed names a typed one may mean, and which roles may be one office."""

import pytest

from retrieval.names import alike, asked_of, same_role


@pytest.mark.parametrize(
    ("asked", "printed", "kind"),
    [
        ("ada  byron", "Ada Byron", "same"),
        ("Byron", "Ada Byron", "offered"),
        ("Ada Byron", "Ada K. Byron", "offered"),
        ("Ada Byron", "A. Byron", "offered"),
        ("Ada Byron", "Byron", "offered"),
        ("Jose Garcia", "José García", "offered"),
        ("Abd al-Osk", "Abd al Osk", "offered"),
        ("Ada Bryon", "Ada Byron", "near"),
        ("Olena Zelensk", "Olena Zelensky", "near"),
        ("Muhammad Osk", "Mohammed Osk", "near"),
        ("Lena Byron", "Ada Byron", "sharing"),
        ("Byron", "Byrom", "near"),
        ("Ada Byron", "Mira Dahl", None),
        ("Lee", "Lea", None),
        ("", "Ada Byron", None),
        ("李娜", "李娜", "same"),
        ("Byron", "Byron and her allies", "sharing"),
        ("Byron", "Johnny B. Smith", None),
        ("Ada Byron", "A. B. Osk", None),
        ("A. Byron", "Ada Byron", "offered"),
    ],
)
def test_a_name_is_like_another(asked: str, printed: str, kind: str | None) -> None:
    found = alike(asked, [printed])
    assert [name for name in ("same", "offered", "near", "sharing") if getattr(found, name)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mayor", "mayor of Velm", True),
        ("fire brigade spokeswoman", "spokeswoman for the fire brigade", True),
        ("deputy minister", "minister for ports", True),
        ("mayor of Velm", "mayor of Ostra", False),
        ("mayor of Velm", "goalkeeper for Velm", False),
        ("", "mayor", False),
    ],
)
def test_roles_are_one_office_only_where_nothing_is_denied(one: str, other: str, same: bool) -> None:
    assert same_role(one, other) is same


@pytest.mark.parametrize(
    ("words", "name", "asked"),
    [
        ("What did Ada Byron say about the toll?", "Ada Byron", True),
        ("What did Byron say about the toll?", "Ada Byron", True),
        ("According to Byron, will the toll stay?", "Ada Byron", True),
        ("What did Lena Orlo say about Ada Byron?", "Ada Byron", False),
        ("What did Lena Orlo say about Ada Byron?", "Lena Orlo", True),
        ("What did Orlo say to Byron?", "Ada Byron", False),
        ("what does the union want?", "the tram union", False),
        ("Who paid Byron the toll?", "Ada Byron", False),
        ("What did Mira Dahl say?", "Arvid Dahl", False),
        ("What did Mayor Dahl say?", "Arvid Dahl", True),
        ("What did Dahl say?", "Arvid Dahl", True),
    ],
)
def test_a_question_asks_of_who_speaks_and_not_of_who_is_spoken_about(words: str, name: str, asked: bool) -> None:
    assert asked_of(words, name, "en") is asked
