"""English constructions, several invented sentences of each: whose words they are, and where they end."""

import pytest

from retrieval.attribution import statements
from retrieval.model import Form, Sense
from tests.retrieval.attribution.searching import holding


def told(text: str) -> list[tuple[str, str]]:
    """Each statement of a text: its words and the naming words that go with them."""
    found = []
    for statement in statements(text, "en"):
        assert statement.attribution
        source = statement.attribution.source
        words = " … ".join(span.of(text) for span in statement.content)
        found.append((words, source.of(text) if source else ""))
    return found


COUNTED = [
    ("Six in 10 say the dam is old.", "the dam is old", "Six in 10"),
    ("Nine in 10 harbour workers say the dam is old.", "the dam is old", "Nine in 10 harbour workers"),
    ("One in three said the dam was old.", "the dam was old", "One in three"),
    ("About four out of 10 crews said the dam was old.", "the dam was old", "About four out of 10 crews"),
    ("In Velm, 52 percent say they fear the thaw.", "they fear the thaw", "52 percent"),
    ("Some say the dam is old.", "the dam is old", "Some"),
    ("Many believe that the dam is old.", "that the dam is old", "Many"),
    ("Half of the crews said the dam was old.", "the dam was old", "Half of the crews"),
]


@pytest.mark.parametrize(("text", "words", "source"), COUNTED)
def test_a_count_of_people_speaks_and_names_nobody(text: str, words: str, source: str) -> None:
    assert (words, source) in told(text)
    attribution = holding(text, words).attribution
    assert attribution
    assert attribution.speaker is None or attribution.speaker.name != "10"


ENDINGS = [
    ("Mira Dahl said the dam was old, but the crews kept silent.", "the dam was old"),
    ("Mira Dahl said the dam was old, and they left at once.", "the dam was old"),
    ("Mira Dahl said the dam was old, while the league called for calm.", "the dam was old"),
    ("Mira Dahl said the dam was old - she has lived there for years.", "the dam was old"),
    ("Mira Dahl said the dam was old, compared with the new weir in Ostra.", "the dam was old"),
    ("Mira Dahl promised to repair the dam, which was built in 1911.", "to repair the dam"),
    ("Mira Dahl promised to repair the dam, a wall of oak.", "to repair the dam"),
    ("Mira Dahl praised the crews and left the hall.", "the crews"),
    ("Mira Dahl praised the crews on Monday.", "the crews"),
    ("Mira Dahl announced her engagement to Tomas Reik, who keeps the weir.", "her engagement to Tomas Reik"),
    ("While Mira Dahl said that the dam was old, the crews kept silent.", "that the dam was old"),
    ("Although Mira Dahl said the dam was old, nobody left.", "the dam was old"),
    ("Mira Dahl, who says the dam is old, left the hall.", "the dam is old"),
]


@pytest.mark.parametrize(("text", "words"), ENDINGS)
def test_reported_words_end_where_the_article_goes_on_by_itself(text: str, words: str) -> None:
    assert words in [content for content, _ in told(text)]


PARTICIPLES = [
    ("The mayor left Velm early, saying that the dam was old.", "that the dam was old", "The mayor"),
    ("One engineer at the lock declined to speak on record, saying it would cost her job.", "it would", "One engineer"),
    ("Late last month, the league wrote a letter, saying that the dam was old.", "that the dam was old", "the league"),
    ("Minutes later, the league issued a statement saying that the dam was old.", "that the dam was old", "the league"),
    ("The price fell, with three in 10 saying the dam was old.", "the dam was old", "three in 10"),
    ("The mood turned, with many crews saying the dam was old.", "the dam was old", "many crews"),
    ("Reik is the keeper who startled Velm by saying that the dam was old.", "that the dam was old", "who"),
    ("The league met the crews, and Mira Dahl left the hall, saying the dam was old.", "the dam was old", "Mira Dahl"),
    (
        "The league met, while her rival, Ida Brenn, won the vote by saying that the dam was old.",
        "the dam",
        "her rival",
    ),
    ("Mira Dahl has started saying that the dam was old.", "that the dam was old", "Mira Dahl"),
    ("VELM, Ostra (Wire) - Mayor Mira Dahl met the crews and said the dam was old.", "the dam was", "Mayor Mira Dahl"),
    ("Once she was mayor, Ida Brenn opened the lock, saying the dam was old.", "the dam was old", "Ida Brenn"),
]


@pytest.mark.parametrize(("text", "words", "source"), PARTICIPLES)
def test_a_participle_is_its_own_clauses(text: str, words: str, source: str) -> None:
    found = [naming for content, naming in told(text) if words in content]
    assert found
    assert source in found[0]


NOT_SAID = [
    "A group backing Mira Dahl paid for the lock.",
    "The dozen states that kept the lock were small.",
    "A boat called Anna Prom lay at the quay.",
    "Jobs report cheered the league.",
    "The league had depended on to counter the flood.",
    "In an interview with the Velm Wire, Mira Dahl smiled.",
    "Mira Dahl agreed to a truce.",
]


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_only_looks_like_a_report_is_none(text: str) -> None:
    assert told(text) == []


COMPLEMENTS = [
    ("The poll shows Ida Brenn leading in Velm.", "Ida Brenn leading in Velm", "The poll"),
    ("A survey released this week found most crews in favour of the lock.", "most crews in favour", "A survey"),
    ("Mira Dahl reported having nine boats.", "having nine boats", "Mira Dahl"),
    ("Mira Dahl asked the league to open the lock.", "to open the lock", "Mira Dahl"),
    ("Mira Dahl asked Tomas Reik about the lock and its keeper.", "the lock and its keeper", "Mira Dahl"),
    ("Mira Dahl told the crews to leave the quay.", "to leave the quay", "Mira Dahl"),
    ("Mira Dahl pointed out the crack in the wall.", "the crack in the wall", "Mira Dahl"),
    ("Mira Dahl pointed out that the wall had a crack.", "the wall had a crack", "Mira Dahl"),
    ("Mira Dahl ruled out a new lock.", "a new lock", "Mira Dahl"),
    ("Mira Dahl joked about the old lock.", "the old lock", "Mira Dahl"),
    ("Mira Dahl denied opening the lock.", "opening the lock", "Mira Dahl"),
    ("Mira Dahl highlighted the age of the lock.", "the age of the lock", "Mira Dahl"),
    ("Mira Dahl says she's open to a new lock.", "she's open to a new lock", "Mira Dahl"),
    ("Mira Dahl says despite being tired, she will stay.", "despite being tired, she will stay", "Mira Dahl"),
    ("Mira Dahl said, if elected, she would open the lock.", "if elected, she would open the lock", "Mira Dahl"),
]


@pytest.mark.parametrize(("text", "words", "source"), COMPLEMENTS)
def test_a_verb_reports_things_infinitives_and_participles(text: str, words: str, source: str) -> None:
    found = [naming for content, naming in told(text) if words in content]
    assert found
    assert source in found[0]


AROUND = [
    ("Overall, Mira Dahl said, the dam is old.", "Overall … the dam is old"),
    ("The dam, they said, was shut.", "The dam … was shut"),
    ("There is a risk, some crews said, that the dam will break.", "There is a risk … that the dam will break"),
    ("The dam has flaws, Mira Dahl said, including a crack.", "The dam has flaws … including a crack"),
    ("The crews left because, Mira Dahl said, the dam was old.", "the dam was old"),
    ("The dam may be safe after all, say some crews, who laughed.", "The dam may be safe after all"),
]


@pytest.mark.parametrize(("text", "words"), AROUND)
def test_words_stand_on_both_sides_of_their_clause(text: str, words: str) -> None:
    assert words in [content for content, _ in told(text)]


SENSES = [
    ("Mira Dahl supports a new lock.", Sense.THOUGHT),
    ("Mira Dahl backed the crews.", Sense.THOUGHT),
    ("Mira Dahl opposes opening the lock.", Sense.THOUGHT),
    ("Mira Dahl sees the lock as a danger.", Sense.THOUGHT),
    ("Mira Dahl remembers that the dam was old.", Sense.THOUGHT),
    ("Mira Dahl wants the crews to stay.", Sense.INTENTION),
    ("Mira Dahl painted the lock as a danger.", Sense.SPEECH),
]


@pytest.mark.parametrize(("text", "sense"), SENSES)
def test_what_is_held_or_wanted_is_told_from_what_is_said(text: str, sense: Sense) -> None:
    attribution = statements(text, "en")[0].attribution
    assert attribution
    assert attribution.sense is sense


def test_a_courtesy_title_never_ends_a_sentence() -> None:
    text = "''We will stay,'' said Ms. Dahl, whose boat lies at the quay. ''The dam will hold.''"
    for statement in statements(text, "en"):
        assert statement.attribution
        assert statement.attribution.speaker
        assert statement.attribution.speaker.name == "Dahl"


def test_backing_away_is_no_support() -> None:
    assert told("Mira Dahl backed away from the plan.") == []


ASKED = [
    ("Asked by Tomas Reik whether the dam would hold, Mira Dahl smiled.", "whether the dam would hold", "Tomas Reik"),
    ("Asked at a briefing in Velm about the old dam, Mira Dahl smiled.", "the old dam", ""),
    ("Tomas Reik asked Mira Dahl on Monday if the dam would hold.", "if the dam would hold", "Tomas Reik"),
]


@pytest.mark.parametrize(("text", "words", "source"), ASKED)
def test_a_question_is_of_who_puts_it_or_of_nobody_named(text: str, words: str, source: str) -> None:
    assert (words, source) in told(text)


BESIDE = [
    ("As Mira Dahl noted, the dam is old.", "the dam is old", "Mira Dahl"),
    ("The dam is old, as Mira Dahl noted.", "The dam is old", "Mira Dahl"),
    ("While saying that the dam was old, Mira Dahl smiled.", "that the dam was old", "Mira Dahl"),
    ("Citing the age of the dam, Mira Dahl closed the lock.", "the age of the dam", "Mira Dahl"),
    ("The league turned to what Mira Dahl described as a farce.", "a farce", "Mira Dahl"),
    ("Mira Dahl, who called it “a farce,” said the dam was old.", "the dam was old", "Mira Dahl"),
    (
        "Mira Dahl said that “the dam is old” and that “it leaks.”",
        "that “the dam is old” and that “it leaks.”",
        "Mira Dahl",
    ),
    ("Mira Dahl said, among other things, that the dam was old.", "that the dam was old", "Mira Dahl"),
    ("Mira Dahl went out of her way to say that the dam was old.", "that the dam was old", "Mira Dahl"),
    (
        "Mira Dahl - a keeper of the lock - told the league that the dam was old.",
        "that the dam was old",
        "Mira Dahl - a keeper of the lock",
    ),
]


@pytest.mark.parametrize(("text", "words", "source"), BESIDE)
def test_words_beside_a_clause_of_their_own_have_its_speaker(text: str, words: str, source: str) -> None:
    assert (words, source) in told(text)


TRANSCRIPT = (
    "John Reik met her in Velm.\nREIK: Will the dam hold?\nMIRA DAHL: It is old. He said it would not.\n"
    "REIK: And the lock?\nDAHL: The lock is new."
)


def test_a_transcript_prints_its_speakers_before_colons() -> None:
    assert ("It is old. He said it would not", "MIRA DAHL") in told(TRANSCRIPT)
    assert ("The lock is new", "DAHL") in told(TRANSCRIPT)
    assert all(statement.form is Form.DIRECT for statement in statements(TRANSCRIPT, "en"))


@pytest.mark.parametrize(
    "text",
    [
        "Photo: Velm\nThe dam broke.",
        "Note: The dam broke at dawn.\nNote: Nobody was hurt.",
        "John Reik and Mira Dahl play on Sunday.\nREIK: Has been slow.\nDAHL: Is quick.\nREIK: Still tires early.",
        "FILM: The keeper was slow.\nRB: Mira Dahl, Velm.\nRB: Ida Brenn, Ostra.\nDate: 4 May\nDate: 5 May",
    ],
)
def test_a_label_before_a_colon_is_no_speaker(text: str) -> None:
    assert told(text) == []


def test_who_disputes_a_sentence_has_not_said_it() -> None:
    text = "According to the Chamber of Trade, the dam is old. The league disputes this."
    assert [source for _, source in told(text)] == ["the Chamber of Trade"]


def test_two_offices_of_one_name_are_one_speaker() -> None:
    text = "The dam is old, said engineer and harbour planner Mira Dahl."
    attribution = holding(text, "The dam is old").attribution
    assert attribution
    assert attribution.speaker
    assert attribution.speaker.name == "Mira Dahl"


def test_a_place_named_in_passing_is_nobody() -> None:
    text = "In states like Ostra and New Velm, he said the dam was old."
    attribution = holding(text, "the dam was old").attribution
    assert attribution
    assert attribution.speaker is None


@pytest.mark.parametrize(
    "text",
    [
        "During fierce attacks on the quay last week that killed nine people, the ferry sank.",
        "After several reports of smoke that filled the hall, the mill closed.",
        "Ida Brenn's claim that was thrown out on Monday cost the town dear.",
        "A warning by Olin Pell that reached the harbour in the night was never read.",
    ],
)
def test_a_that_which_does_something_itself_tells_nothing_said(text: str) -> None:
    assert not [each for each in statements(text, "en") if each.attribution]


def test_a_that_before_an_adjective_in_ed_still_tells_what_is_said() -> None:
    (said,) = statements("A warning by Olin Pell that armed men were on the quay came in the night.", "en")
    assert said.attribution
    assert said.attribution.speaker
    assert said.attribution.speaker.name == "Olin Pell"


@pytest.mark.parametrize(
    "text",
    [
        "The only goal Matt Turner conceded in the first half came late.",
        "The one thing Mira Dahl said was wrong stayed on the wall.",
        "The song Ida Brenn announced on Monday is new.",
    ],
)
def test_what_leads_a_name_whose_verb_lacks_it_makes_no_statement(text: str) -> None:
    assert told(text) == []


def test_an_office_that_no_list_knows_still_leads_its_name() -> None:
    (said,) = told("The centre-back Matt Turner said the gate was old.")
    assert said == ("the gate was old", "The centre-back Matt Turner")
