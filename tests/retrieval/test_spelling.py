"""A name that no article prints so is looked for under the names written most like it; a common word is not."""

import pytest

from retrieval.model import Near, Statistics
from retrieval.question import parse
from retrieval.spelling import nearest, spelled
from tests.quality.corpus import Shelf

VOCABULARY = {"kestrel", "dahl", "barake", "orlo", "harbour", "ostrander", "varga", "vargo"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("barakeh", ("barake",)),
        ("baarke", ("barake",)),
        ("kestrell", ("kestrel",)),
        ("vargi", ("varga", "vargo")),
        ("dahle", ("dahl",)),
        ("orla", ()),  # too short to tell
        ("marbour", ()),  # another first letter is another word
        ("ostrava", ()),
    ],
)
def test_the_nearest_names_are_a_few_mistakes_away(name: str, meant: tuple[str, ...]) -> None:
    assert nearest(name, VOCABULARY) == meant


def test_only_a_name_that_nobody_prints_is_spelled_anew() -> None:
    asked = parse("What did Barakeh say of the harbours at Kestrel?", language="en")
    held = Statistics(9, 40.0, {term: int(term not in {"barakeh", "harbour"}) for term in asked.terms})
    assert spelled(asked, held, VOCABULARY).near == (Near("barakeh", "Barakeh", ("barake",)),)


def test_a_word_that_begins_a_later_sentence_is_no_name() -> None:
    asked = parse("Is the bridge closed? “Kestrell” it is, they say. Harbourr too?", language="en")
    held = Statistics(9, 40.0, dict.fromkeys(asked.terms, 0))
    assert spelled(asked, held, VOCABULARY).near == ()


def test_a_misspelt_name_finds_its_article() -> None:
    shelf = Shelf()
    shelf.add({"id": "1", "text": "Mayor Ali Barake opened the harbour wall on Monday.", "language": "en"})
    shelf.add({"id": "2", "text": "The council of Ostra met about the tram on Tuesday.", "language": "en"})
    chosen = shelf.ask("When did Mayor Barakeh open the harbour wall?", language="en")
    assert "Ali Barake" in shelf.words_of(chosen.picks[0])
