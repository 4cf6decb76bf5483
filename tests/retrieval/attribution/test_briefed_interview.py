"""A report on an interview, in an invented story: each statement as a reader gives it, beside the program's."""

import pytest

from retrieval.attribution import statements
from retrieval.model import Certainty, Statement

STORY = """\
The Ostra league has signaled that it would seek leverage by keeping the Velm locks shut, aiming to secure the return \
of barges held in Karst and crews fined in Velm. This was stated by league spokesman Tomas Reik in an interview \
reported by the Kestrel Wire, who outlined the league's strategy amid the lasting strike.
Reik explained that crews in Karst are being fined on claims related to old debts, and that the league intends to \
press for their return as part of broader talks. He also indicated that the league would push to secure the return of \
all barges, framing these efforts as essential parts of a wider campaign.
The league representative stressed that the crews remain prepared for any turn of the strike, including a long winter. \
He claimed that the league has been storing coal since spring, conveying a message of resilience.
Reik linked the decision to what he described as the port office's response to the toll dispute. He portrayed these \
events as a reason to act, arguing that the steps taken by the port have made the crews bitter.
In a note about the effect on towns, it was reported earlier that roughly 4,000 people in Velm went without coal for a \
week.
At the level of the lake council, former council president Arno Venn has repeatedly asserted a commitment to break the \
strike, emphasizing a firm aim. The statements reflect a lasting debate within Ostra about the locks.
"""

REIK = "Tomas Reik"
BY_HAND = [
    ("has signaled that it would seek leverage", REIK, "the Kestrel Wire"),
    ("crews in Karst are being fined", REIK, None),
    ("would push to secure the return of all barges", REIK, None),
    ("these efforts as essential parts", REIK, None),
    ("the crews remain prepared for any turn", REIK, None),
    ("has been storing coal since spring", REIK, None),
    ("a message of resilience", REIK, None),
    ("the decision to what he described", REIK, None),
    ("these events as a reason to act", REIK, None),
    ("the steps taken by the port", REIK, None),
    ("a commitment to break the strike", "Arno Venn", None),
    ("a firm aim", "Arno Venn", None),
]
NARRATION = ["The statements reflect a lasting debate"]


def outermost(words: str) -> Statement:
    return next(s for s in statements(STORY, "en") if any(words in span.of(STORY) for span in s.content))


@pytest.mark.parametrize(("words", "name", "via"), BY_HAND)
def test_each_statement_has_the_speaker_that_a_reader_gives_it(words: str, name: str, via: str | None) -> None:
    attribution = outermost(words).attribution
    assert attribution
    assert attribution.speaker
    assert (attribution.speaker.name, attribution.via) == (name, via)


def test_the_speakers_have_the_roles_printed_once() -> None:
    roles = {s.attribution.speaker.name: s.attribution.speaker.role for s in statements(STORY, "en") if _named(s)}  # type: ignore[union-attr]
    assert roles[REIK] == "league spokesman"
    assert roles["Arno Venn"] == "former council president"


def test_a_report_of_nobody_is_unnamed() -> None:
    attribution = outermost("roughly 4,000 people").attribution
    assert attribution
    assert attribution.certainty is Certainty.UNNAMED


def test_who_outlined_the_strategy_is_not_the_agency() -> None:
    for statement in statements(STORY, "en"):
        if _named(statement):
            assert "Wire" not in statement.attribution.speaker.name  # type: ignore[union-attr]


@pytest.mark.parametrize("words", NARRATION)
def test_the_articles_own_words_are_nobodys(words: str) -> None:
    assert all(words not in span.of(STORY) for s in statements(STORY, "en") for span in s.content)


def _named(statement: Statement) -> bool:
    return bool(statement.attribution and statement.attribution.speaker)
