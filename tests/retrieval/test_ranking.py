"""The order of the passages that search found."""

from retrieval.model import Candidate
from retrieval.ranking import article_evidence, is_named, order
from tests.quality.corpus import Shelf

BRIDGE = "The Kestrel Bridge fell on Tuesday. Nine people were hurt. Ferries ran until midnight."
WEATHER = "Rain fell on Tuesday. The bridge club met in the old hall. A kestrel nested on its roof."


def ordered(shelf: Shelf, words: str) -> list[Candidate]:
    question, candidates, statistics = shelf.asked(words, "en")
    return order(question, candidates, statistics)


def test_the_passage_that_holds_the_most_of_the_question_is_first() -> None:
    shelf = Shelf()
    shelf.add({"text": WEATHER, "language": "en"})
    shelf.add({"text": BRIDGE, "language": "en"})
    first, second = ordered(shelf, "How many people were hurt when the Kestrel Bridge fell?")
    assert first.text == BRIDGE
    assert first.score > second.score


def test_of_two_outlets_the_one_named_in_the_question_is_first() -> None:
    shelf = Shelf()
    for outlet in ("Ostra Wire", "Velm Harbour Post | Local", "Harbour Radio"):
        shelf.add({"text": BRIDGE, "outlet": outlet, "language": "en"})
    assert (
        ordered(shelf, "What did the Velm Harbour Post write about the bridge?")[0].outlet
        == "Velm Harbour Post | Local"
    )
    assert ordered(shelf, "What did Harbour Radio write about the bridge?")[0].outlet == "Harbour Radio"


def test_an_outlet_is_named_by_its_whole_name_alone() -> None:
    assert is_named("Ostra Wire", "What did Ostra Wire's reporter see?")
    assert not is_named("Ostra", "What do Ostravians eat?")
    assert not is_named("", "What?")


def test_a_second_article_comes_before_the_long_tail_of_the_first() -> None:
    shelf = Shelf()
    shelf.add({"text": "\n".join(f"The harbour wall leaks at gate {each}." for each in range(12)), "language": "en"})
    shelf.add({"text": "Divers say that the harbour wall leaks. They left at noon.", "language": "en"})
    scores = {
        (each.article_id, each.passage.ordinal): each.score for each in ordered(shelf, "Does the harbour wall leak?")
    }
    assert scores[1, 0] > min(score for (article, _), score in scores.items() if article == 0)


def test_an_article_that_matches_in_more_passages_has_more_evidence() -> None:
    shelf = Shelf()
    shelf.add({"text": BRIDGE, "language": "en"})
    shelf.add({"text": f"{BRIDGE}\n{BRIDGE}", "language": "en"})
    _, candidates, _ = shelf.asked("Kestrel Bridge", "en")
    evidence = article_evidence(candidates)
    assert evidence[1] == 1.0 > evidence[0] > 0.0


def test_no_candidate_is_no_order() -> None:
    assert ordered(Shelf(), "bridge") == []
