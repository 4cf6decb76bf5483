"""A sentence that says who stated the one before it, and through whom it was reported: five samples, other words each.

The construction is general: no name, verb or order of any one article is known beforehand.
"""

import re
from dataclasses import replace

import pytest

from bot import samples
from bot.newsroom.files import Arrival
from retrieval.attribution import reading, statements
from retrieval.attribution.lexicon import Lexicon, lexicon_of
from tests.retrieval.attribution.searching import holding

# What was said, who said it, and through whom it reached the outlet.
RELAYED = [
    ("fishing rights in the upper lake", "Selim Okar", "the Meridian Press Agency"),
    ("return to the cranes on Monday", "Pavel Rusk", "Radio Sandrin"),
    ("searched once and not twice", "Idris Vane", None),
    ("will end three weeks early", "Dorte Hallam", "the Karst Ledger"),
    ("Trams will not cross the Velm inlet", "Arvid Dahl", "Ostra Wire"),
]
OF_A_STORY = ("names.", "places.", "words_things.", "nouns.", "carriers.")  # groups that could hold a story's own words


def sample_with(words: str) -> str:
    return next(
        each.draft.text for each in samples.articles() if isinstance(each, Arrival) and words in each.draft.text
    )


@pytest.mark.parametrize(("words", "speaker", "via"), RELAYED)
def test_the_sentence_after_names_the_speaker_and_the_way(words: str, speaker: str, via: str | None) -> None:
    attribution = holding(sample_with(words), words).attribution
    assert attribution
    assert attribution.speaker
    assert (attribution.speaker.name, attribution.via) == (speaker, via)


@pytest.mark.parametrize("words", [words for words, _, _ in RELAYED])
def test_a_storys_own_words_taken_out_of_the_lexicon_change_nothing(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = sample_with(words)
    before = list(statements(text, "en"))
    monkeypatch.setattr(reading, "lexicon_of", lambda language: _without(text, lexicon_of(language)))
    assert list(statements(text, "en")) == before


def _without(text: str, lexicon: Lexicon) -> Lexicon:
    own = frozenset(word.lower() for word in re.findall(r"\w+", text))
    groups = lexicon.words.items()
    return replace(lexicon, words={name: held - own if name.startswith(OF_A_STORY) else held for name, held in groups})
