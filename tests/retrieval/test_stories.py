"""Which articles tell one story, and which print one text."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrieval.stories import Stories
from retrieval.topics import Matchable
from tests.build import NOON
from tests.retrieval.test_topics import an_article

GIVES_WAY = (
    "Kestrel Bridge gives way in Velm",
    "The Kestrel Bridge in Velm gave way on Tuesday evening. Nine people were treated for injuries, the fire brigade "
    "said. The bridge was closed in spring after an inspection found cracks. Ada Byron, the mayor, called for calm.",
)
FOURTEEN_HURT = (
    "Fourteen hurt as Velm bridge falls",
    "Fourteen people were hurt when the Kestrel Bridge in Velm fell on Tuesday. Fire brigade spokeswoman Mira Dahl "
    "told reporters that all of them are in hospital. Inspectors had found cracks in the bridge.",
)
FERRY = (
    "Ferry Marigold returns to Ostra",
    "The ferry Marigold sails again between Ostra and the islands from Monday. The harbour office said tickets are "
    "sold at the pier. Captain Tomas Reyle welcomed the first passengers.",
)


def telling(headline: str, text: str, language: str = "en") -> Matchable:
    return an_article(text, headline, language=language)


def grouped(*articles: tuple[str, str], days: float = 0) -> list[list[list[int]]]:
    stories = Stories[int]()
    for n, article in enumerate(articles):
        stories.add(n, NOON + n * timedelta(days=days), telling(*article))
    return list({id(stories.of(n)): stories.of(n).texts for n in range(len(articles))}.values())


def test_articles_on_one_event_tell_one_story() -> None:
    assert grouped(GIVES_WAY, FERRY, FOURTEEN_HURT) == [[[0], [2]], [[1]]]


def test_agency_copy_is_one_text_of_its_story() -> None:
    text = GIVES_WAY[1]
    edited = ("Bridge down", f"Velm (Ostra Wire). {text} Trains were not affected.")
    assert grouped(GIVES_WAY, edited, FOURTEEN_HURT) == [[[0, 1], [2]]]


def test_a_story_ends_when_nothing_is_told_for_days() -> None:
    assert grouped(GIVES_WAY, FOURTEEN_HURT, days=4) == [[[0]], [[1]]]


def test_two_languages_are_never_one_story() -> None:
    stories = Stories[int]()
    english = stories.add(1, NOON, telling(*GIVES_WAY))
    german = stories.add(2, NOON, telling(*GIVES_WAY, language="de"))
    assert english is not german
    assert 1 in stories
    assert 3 not in stories


@given(st.lists(st.sampled_from([GIVES_WAY, FOURTEEN_HURT, FERRY]), max_size=12))
def test_every_article_is_in_exactly_one_text_of_one_story(articles: list[tuple[str, str]]) -> None:
    texts = [text for story in grouped(*articles) for text in story]
    assert sorted(n for text in texts for n in text) == list(range(len(articles)))
    assert all(len({articles[n] for n in text}) == 1 for text in texts)
