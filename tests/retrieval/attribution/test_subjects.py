"""Whose verb it is where an English subject is hard to tell, and where what is reported ends."""

import pytest

from retrieval.attribution import statements
from retrieval.attribution.lexicon import lexicon_of
from tests.retrieval.attribution.searching import holding

SUBJECTS = [
    ("The site, run by Mira Dahl, a reader in law, said the count was open.", "the count was open", "The site"),
    (
        "Gov. Mira Dahl of Ostra, a Reformer who has refused to leave, said the Brenn family deserved better.",
        "the Brenn family deserved better",
        "Gov. Mira Dahl of Ostra",
    ),
    ("Tomas Reik, in a statement on Thursday, said he was calm.", "he was calm", "Tomas Reik"),
    ("Tomas Reik, who lives in Velm, said he still “prays that it ends,” though.", "prays that it", "Tomas Reik"),
    ("Tomas Reik said he “values the kind words.”", "values the kind words", "Tomas Reik"),
    ("The contrast, said Mira Dahl and others, would be clear.", "would be clear", "Mira Dahl and others"),
    ("Mira Dahl and others said the dam was old.", "the dam was old", "Mira Dahl and others"),
    ("Sen. Mira Dahl (I-Os.) defended her call to raise the toll.", "her call to raise", "Sen. Mira Dahl (I-Os.)"),
    ("VELM — Mayor Mira Dahl closed the lock, saying the dam was old.", "the dam was old", "Mayor Mira Dahl"),
    ("In Ames, Ostra, Mrs. Dahl closed the lock, saying the dam was old.", "the dam was old", "Mrs. Dahl"),
    ("Rep. Mira Dahl, R-N.Y., noted that the dam was old.", "the dam was old", "Rep. Mira Dahl, R-N.Y."),
    ("A third of those who saw the wall said they feared it.", "they feared it", "A third of those who saw the wall"),
]


@pytest.mark.parametrize(("text", "words", "source"), SUBJECTS)
def test_whose_verb_it_is(text: str, words: str, source: str) -> None:
    attribution = holding(text, words).attribution
    assert attribution
    assert attribution.source
    assert attribution.source.of(text).startswith(source)


def test_naming_words_leave_out_a_long_clause_about_the_speaker() -> None:
    text = (
        "The talks failed, said Mira Dahl, the mayor of Velm, who noted that during the long years of the flood "
        "the price of boats had fallen by half in Ostra."
    )
    attribution = holding(text, "The talks failed").attribution
    assert attribution
    assert attribution.source
    assert attribution.source.of(text) == "Mira Dahl, the mayor of Velm"


ENDINGS = [
    ("Mira Dahl said the dam was old, but left the hall at once.", "the dam was old"),
    ("Mira Dahl said the dam was old, but did not say why.", "the dam was old"),
    ("Half of the crews said the dam was old, however few had seen it.", "the dam was old"),
    ("Mira Dahl praised the crews and has met them twice.", "the crews"),
    ("Mira Dahl refused to speak as she left the hall.", "to speak"),
]


@pytest.mark.parametrize(("text", "words"), ENDINGS)
def test_what_is_reported_ends_with_what_the_speaker_did(text: str, words: str) -> None:
    assert any([span.of(text) for span in s.content] == [words] for s in statements(text, "en"))


def test_verbs_double_their_last_consonant() -> None:
    cues = lexicon_of("en").cues
    assert {"admitted", "referring", "slammed", "bragging", "dubbed", "signalled", "signaled"} <= set(cues)
    assert holding("Mira Dahl admitted that the dam was old.", "the dam was old").attribution
