"""Which sentences tell a story in a briefing: whole ones, of a certain and named speaker, on the topic."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.attribution import statements
from retrieval.telling import CHARACTERS_MAX, told
from retrieval.text.sentences import sentences
from retrieval.text.tokens import tokens

TEXT = (
    "The Kestrel Bridge in Velm was closed on Monday. “Nobody was hurt at all,” said Mira Dahl, the spokeswoman. "
    "Ada Byron, the mayor, said that the bridge toll would stay at two crowns. "
    "“The toll pays for the bridge and nothing else,” said Jonas Pell, the treasurer. She was pleased."
)


def quotes(text: str, wanted: str = "", limit: int = 2) -> list[str]:
    spans = told(text, "en", statements(text, "en"), frozenset(tokens(wanted, "en")), limit=limit)
    return [span.of(text) for span in spans]


def test_words_on_the_topic_come_first_and_each_speaker_once() -> None:
    assert quotes(TEXT, "toll")[0] == "“The toll pays for the bridge and nothing else,” said Jonas Pell, the treasurer."
    assert quotes(TEXT)[0] == "“Nobody was hurt at all,” said Mira Dahl, the spokeswoman."
    assert len(quotes(TEXT, "bridge", limit=9)) == 3


def test_a_speaker_named_in_the_quote_comes_before_one_that_is_only_she() -> None:
    text = f"Lena Orlo opened the hall. “We open the toll road today,” she said. {TEXT}"
    assert "Jonas Pell" in quotes(text, "toll", limit=1)[0]


def test_without_a_certain_speaker_the_opening_tells_it() -> None:
    assert quotes("The bridge was closed on Monday. The toll stays. Gulls circle.", "toll") == ["The toll stays."]
    assert quotes("") == []


def test_a_quotation_is_shown_from_its_opening_mark_on() -> None:
    text = "“The toll stays where it is. It pays for the bridge and for nothing else,” said Jonas Pell, the treasurer."
    assert all(each.count("“") == each.count("”") for each in quotes(text, "bridge"))


@given(st.lists(st.sampled_from(TEXT.split(". ")), max_size=12).map(". ".join), st.integers(1, 4))
def test_quotes_are_few_whole_and_apart(text: str, limit: int) -> None:
    spans = told(text, "en", statements(text, "en"), frozenset(), limit=limit)
    starts, ends = {each.start for each in sentences(text, "en")}, {each.end for each in sentences(text, "en")}
    assert len(spans) <= limit
    assert all(span.start in starts and span.end in ends for span in spans)
    assert all(span.end - span.start <= CHARACTERS_MAX for span in spans)
    assert not any(one.meets(other) for one in spans for other in spans if one is not other)
