"""Which words of a message ask."""

import pytest

from bot.commands.words import Asked


@pytest.mark.parametrize(
    "words",
    [
        "https://velm.example/a?b=c",
        "http://velm.example",
        "WWW.velm.example/x",
        "https://velm.example/a https://velm.example/b",
        "<https://velm.example/a>.",
    ],
)
def test_an_address_alone_is_no_question(words: str) -> None:
    assert Asked(words).is_address


@pytest.mark.parametrize("words", ["What does https://velm.example say?", "velm", "https://", ""])
def test_words_beside_an_address_ask(words: str) -> None:
    assert not Asked(words).is_address
