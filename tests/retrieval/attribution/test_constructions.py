"""The ways of printing who said it, one invented sentence each: text, words of the content, the speaker's name."""

import re
from importlib import resources

import pytest

from retrieval.attribution import statements
from retrieval.attribution.lexicon import lexicon_of
from retrieval.model import Certainty, Form, Sense, Statement

ENGLISH = [
    ("“The dam will hold,” said Mira Dahl.", "The dam will hold", "Mira Dahl"),
    ("“The dam will hold,” Mira Dahl said on Monday.", "The dam will hold", "Mira Dahl"),
    ("“Will the dam hold?” Mira Dahl asked.", "Will the dam hold", "Mira Dahl"),
    ("Mira Dahl said: “The dam will hold.”", "The dam will hold", "Mira Dahl"),
    ("Mira Dahl told reporters in Velm on Monday: “The dam will hold.”", "The dam will hold", "Mira Dahl"),
    ("“The dam,” said Mira Dahl, “will hold all winter.”", "will hold all winter", "Mira Dahl"),
    ("“The dam will hold,” said Mira Dahl, the mayor of Velm. “I have seen it.”", "I have seen it", "Mira Dahl"),
    ("“The dam will hold.\n“It is made of oak,” Mira Dahl said.", "The dam will hold", "Mira Dahl"),
    ("Mira Dahl was calm about it and continued:\n“The dam will hold for years.”", "The dam will hold", "Mira Dahl"),
    ("'The dam will hold all winter,' said Mira Dahl.", "The dam will hold", "Mira Dahl"),
    ('"The dam will hold all winter," said Mira Dahl.', "The dam will hold", "Mira Dahl"),
    ("Mira Dahl said that the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("Mira Dahl said the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("The dam would hold, Mira Dahl said.", "The dam would hold", "Mira Dahl"),
    ("The dam, Mira Dahl said, would hold all winter.", "would hold all winter", "Mira Dahl"),
    ("The dam would hold, said Mira Dahl.", "The dam would hold", "Mira Dahl"),
    ("According to Mira Dahl, the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("The dam would hold, according to Mira Dahl.", "The dam would hold", "Mira Dahl"),
    ("Mira Dahl, the mayor of Velm, told the council that the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("Mira Dahl, who built it, insisted that the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("Mira Dahl welcomed the vote and said that the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("Mira Dahl said the dam was old, adding that it would hold.", "it would hold", "Mira Dahl"),
    ("Mira Dahl promised to repair the dam.", "to repair the dam", "Mira Dahl"),
    ("Mira Dahl denied that the dam was leaking.", "the dam was leaking", "Mira Dahl"),
    ("Mira Dahl went on to say that the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("The dam will hold. So said Mira Dahl on Monday.", "The dam will hold", "Mira Dahl"),
    ("The dam will hold. That was announced by Mira Dahl.", "The dam will hold", "Mira Dahl"),
    (
        "The dam will hold. The remark was made by Mira Dahl in an interview with the Velm Wire.",
        "The dam will hold",
        "Mira Dahl",
    ),
    ("The dam will hold. That is what Mira Dahl told the council.", "The dam will hold", "Mira Dahl"),
    ("The dam will hold. That assurance was given by Colonel Mira Dahl.", "The dam will hold", "Mira Dahl"),
    (
        "The dam will hold. That was the estimate given by the engineer, Mira Dahl.",
        "The dam will hold",
        "Mira Dahl",
    ),
    ("“The dam will hold,” said its chairwoman, Mira Dahl.", "The dam will hold", "Mira Dahl"),
    ("The dam will hold. Mira Dahl said so on Monday.", "The dam will hold", "Mira Dahl"),
    ("The Velm harbour office said the dam would hold.", "the dam would hold", "Velm harbour office"),
    ("Police said the dam was shut.", "the dam was shut", None),
    ("A spokesman said the dam was shut.", "the dam was shut", None),
    ("The council said the dam was shut.", "the dam was shut", "The council"),
    ("A senior official who asked not to be named said the dam was shut.", "the dam was shut", None),
    ("Mira Dahl met Ida Brenn. She said the dam was shut.", "the dam was shut", None),
    ("Mira Dahl left. Tomas Dahl stayed. Dahl said the dam was shut.", "the dam was shut", None),
    ("It was reported that the dam was shut.", "the dam was shut", None),
    ("Mira Dahl's campaign left Velm early, saying that the dam was shut.", "the dam was shut", "Mira Dahl's campaign"),
    ("Ms. Dahl left Velm early and said that the dam was shut.", "the dam was shut", "Dahl"),
    ("Its delegate, Mira Dahl, said that the dam was shut.", "the dam was shut", "Mira Dahl"),
    ("Tomas Reik wondered aloud whether the dam was shut.", "the dam was shut", "Tomas Reik"),
    ("According to the Chamber of Trade, the dam was shut.", "the dam was shut", "Chamber of Trade"),
    ("Mira Dahl, 56, who kept the dam for years, told the Velm Wire that it would hold.", "it would hold", "Mira Dahl"),
    ("Tomas Reik, an engineer from Velm, said the thaw brought back the flood.", "brought back", "Tomas Reik"),
    ("The league held back, as Mira Dahl met the crews, saying the dam would hold.", "dam would hold", "Mira Dahl"),
    ("Mira Dahl is planning to repair the dam.", "to repair the dam", "Mira Dahl"),
    ("Mira Dahl said after a walk on Monday that the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("Some of the same engineers said the dam would hold.", "the dam would hold", None),
    ("Mira Dahl called for a vote on the dam.", "a vote on the dam", "Mira Dahl"),
    ("Mira Dahl spoke about the floods of her youth.", "the floods of her youth", "Mira Dahl"),
    ("Mira Dahl's claim that the dam would hold was tested.", "the dam would hold", "Mira Dahl"),
    ("Mira Dahl expressed hope that the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("A warning by Mira Dahl that the dam would break was read out.", "the dam would break", "Mira Dahl"),
    ("Mira Dahl is sure that the dam will hold.", "the dam will hold", "Mira Dahl"),
    ("In Mira Dahl's view, the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("Still, Mira Dahl said, the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("Asked whether the dam would hold, the crews laughed.", "the dam would hold", None),
    ("An official who asked not to be named said the dam was shut.", "the dam was shut", None),
    ("The tolls rise. The decision was made public by Mira Dahl in an interview.", "The tolls rise", "Mira Dahl"),
    ("Mira Dahl also signalled that the dam would hold.", "the dam would hold", "Mira Dahl"),
    ("A report by Mira Dahl found that the dam was shut.", "the dam was shut", "A report by Mira Dahl"),
    ("Dahl: The dam will hold all winter\n“It is strong,” said Mira Dahl.", "The dam will hold", "Mira Dahl"),
    ("When Mira Dahl said the dam was shut, the crews left.", "the dam was shut", "Mira Dahl"),
    ("Mira Dahl is said to have left Velm.", "have left Velm", None),
    ("Mira Dahl has reportedly left Velm.", "left Velm", None),
]

OTHERS = [
    ("de", "„Der Damm wird den Winter über halten“, sagte Mira Dahl.", "Der Damm wird", "Mira Dahl"),
    ("de", "„Der Damm wird den Winter über halten“, so Mira Dahl.", "Der Damm wird", "Mira Dahl"),
    ("de", "Mira Dahl sagte, dass der Damm halte.", "der Damm halte", "Mira Dahl"),
    ("de", "Mira Dahl sagte, der Damm sei sicher.", "der Damm sei sicher", "Mira Dahl"),
    ("de", "Laut Mira Dahl hält der Damm den Winter über.", "hält der Damm", "Mira Dahl"),
    ("de", "Mira Dahl sagte, dass der Damm halte. Er sei gestern geprüft worden.", "gestern geprüft", "Mira Dahl"),
    ("de", "Der Hafenwache zufolge hält der Damm den Winter über.", "hält der Damm", "Hafenwache"),
    ("de", "Nach Aussagen der Tochter des Wärters hält der Damm.", "hält der Damm", "Tochter des Wärters"),
    ("de", "Mira Dahl hat am Montag in Velm erklärt: „Der Damm wird den Winter über halten.“", "Der Damm", "Mira Dahl"),
    ("de", "Mira Dahl kündigte einen Umbau an, der den Damm sichern werde.", "der den Damm", "Mira Dahl"),
    ("de", "Mira Dahl wird mit den Worten zitiert: „Der Damm hält den Winter.“", "Der Damm", "Mira Dahl"),
    ("es", "«La presa aguantará todo el invierno», dijo Mira Dahl.", "La presa", "Mira Dahl"),
    ("es", "Mira Dahl dijo que la presa aguantará. Añadió que es de roble.", "es de roble", "Mira Dahl"),
    ("es", "Según Mira Dahl, la presa aguantará.", "la presa aguantará", "Mira Dahl"),
    ("fr", "« Le barrage tiendra tout l'hiver », a déclaré Mira Dahl.", "Le barrage", "Mira Dahl"),
    ("fr", "Mira Dahl a affirmé que le barrage tiendra.", "le barrage tiendra", "Mira Dahl"),
    ("fr", "Selon Mira Dahl, le barrage tiendra.", "le barrage tiendra", "Mira Dahl"),
    ("ru", "«Плотина выдержит всю зиму», — сказала Мира Даль.", "Плотина", "Мира Даль"),
    ("ru", "Мира Даль сказала, что плотина выдержит.", "плотина выдержит", "Мира Даль"),
    ("ar", "قالت ميرا دال للصحفيين إن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "قالت ميرا دال، رئيسة بلدية فيلم، إن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("es", "«La presa aguantará todo el año», dijo la alcaldesa de Velm, Mira Dahl.", "La presa", "Mira Dahl"),
    ("ar", "قالت ميرا دال إن السد سيصمد طوال الشتاء.", "السد سيصمد", "ميرا دال"),
    ("ar", "قالت ميرا دال إن السد سيصمد. وأضافت أن السد قديم.", "السد قديم", "ميرا دال"),
]

NARRATION = [
    "The dam was built of oak.",
    "The so-called “Dam of Tears” was built of oak.",
    "Mira Dahl read the “Velm Gazette” and left.",
    "When you say that, think of the dam.",
    "She wanted nothing to say.",
    "The guards read the names of four men who are not on the list.",
]


def found_in(text: str, words: str, language: str) -> Statement:
    held = [s for s in statements(text, language) if any(words in span.of(text) for span in s.content)]
    assert held, f"no statement holds {words!r}"
    return held[0]


REPEATED = [
    "The dam will hold for years to come. The union disputes this. It wants a second survey.",
    "The dam will hold for years to come. Mira Dahl confirmed this on Monday. The crews left.",
    "The strike was called off by the leader, Bo Kern. This was confirmed by his deputy on Monday.",
    "A landing was ruled out by the minister, Goran Sell. The denial was repeated by his spokesman in Velm.",
]


@pytest.mark.parametrize("text", REPEATED)
def test_who_repeats_a_sentence_is_not_its_speaker(text: str) -> None:
    assert [found for found in statements(text, "en") if found.hull.start < text.index(". ")] == []


@pytest.mark.parametrize(("text", "words", "name"), ENGLISH)
def test_english(text: str, words: str, name: str | None) -> None:
    check(text, words, name, "en")


@pytest.mark.parametrize(("language", "text", "words", "name"), OTHERS)
def test_other_languages(language: str, text: str, words: str, name: str) -> None:
    check(text, words, name, language)


def check(text: str, words: str, name: str | None, language: str) -> None:
    attribution = found_in(text, words, language).attribution
    assert attribution
    shown = attribution.speaker.name if attribution.speaker else None
    if name is None:
        assert shown is None
    else:
        assert shown == name


NOBODY = [
    ("de", "Nach ersten Angaben wurde niemand verletzt.", "wurde niemand verletzt"),
    ("de", "Später hieß es, dass der Damm sicher sei.", "der Damm sicher"),
    ("en", "It was reported earlier that the dam was shut.", "the dam was shut"),
    ("en", "When asked about the dam, the crews laughed.", "the dam"),
]


@pytest.mark.parametrize(("language", "text", "words"), NOBODY)
def test_what_nobody_is_said_to_have_said_is_unnamed(language: str, text: str, words: str) -> None:
    attribution = found_in(text, words, language).attribution
    assert attribution
    assert attribution.certainty is Certainty.UNNAMED
    assert attribution.speaker is None


@pytest.mark.parametrize("text", NARRATION)
def test_narration_has_no_statement(text: str) -> None:
    assert [s for s in statements(text, "en") if s.attribution and s.attribution.speaker] == []


def test_a_language_without_a_lexicon_names_nobody() -> None:
    found = statements("“Padoma będzie stać całą zimę”, powiedziała Mira Dahl.", "pl")
    assert all(s.attribution is None or s.attribution.speaker is None for s in found)


def test_what_is_given_beside_the_name() -> None:
    text = "Mayor Mira Dahl told the Velm Wire on Monday that she hoped to repair the dam."
    statement = found_in(text, "repair the dam", "en")
    assert statement.form is Form.INDIRECT
    assert statement.attribution
    assert statement.attribution.cue[0].of(text) == "told"
    assert statement.attribution.source
    assert statement.attribution.source.of(text) == "Mayor Mira Dahl"
    assert statement.attribution.addressee
    assert statement.attribution.addressee.of(text) == "the Velm Wire"
    assert statement.attribution.speaker
    assert statement.attribution.speaker.role == "Mayor"


def test_a_thought_and_an_intention_are_told_from_speech() -> None:
    senses = {
        "Mira Dahl said that the dam would hold.": Sense.SPEECH,
        "Mira Dahl believes that the dam would hold.": Sense.THOUGHT,
        "Mira Dahl intends to repair the dam.": Sense.INTENTION,
    }
    for text, sense in senses.items():
        found = statements(text, "en")
        assert found[0].attribution
        assert found[0].attribution.sense is sense


def test_a_promise_told_by_another_stands_within_his_words() -> None:
    text = "Mira Dahl told Ida Brenn that Tomas Reik had promised that the dam would hold."
    outer, inner = statements(text, "en")
    assert inner.within == outer.id
    assert outer.attribution
    assert outer.attribution.speaker
    assert outer.attribution.speaker.name == "Mira Dahl"
    assert outer.attribution.addressee
    assert outer.attribution.addressee.of(text) == "Ida Brenn"
    assert inner.attribution
    assert inner.attribution.speaker
    assert inner.attribution.speaker.name == "Tomas Reik"


def test_an_office_before_the_name_is_its_role() -> None:
    text = "Harbour master Tomas Reik said the dam was shut."
    attribution = found_in(text, "the dam was shut", "en").attribution
    assert attribution
    assert attribution.speaker
    assert (attribution.speaker.name, attribution.speaker.role) == ("Tomas Reik", "Harbour master")


def test_two_candidates_give_a_likely_speaker_and_no_name() -> None:
    text = "Mira Dahl met Ida Brenn in Velm. She said the dam was shut."
    attribution = found_in(text, "the dam was shut", "en").attribution
    assert attribution
    assert attribution.speaker is None
    assert attribution.likely_speaker
    assert attribution.certainty is Certainty.UNCERTAIN
    assert attribution.source
    assert attribution.source.of(text) == "She"


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ru", "ar"])
def test_lexicons_hold_words_of_the_language_and_no_words_of_a_story(language: str) -> None:
    """Resolution rests on print: every word of the story is invented, so none may stand in a lexicon."""
    lexicon = lexicon_of(language)
    story = {"dahl", "mira", "orlo", "brenn", "velm", "ostra", "reik"} - lexicon.words.get("names.she", frozenset())
    held = set(lexicon.kinds) | {word for group in lexicon.words.values() for word in group}
    assert not story & held


def test_every_lexicon_is_a_plain_file_that_loads() -> None:
    folder = resources.files("retrieval.attribution") / "lexicons"
    names = [page.name for page in folder.iterdir() if page.name.endswith(".toml")]
    assert len(names) >= 6
    for name in names:
        assert lexicon_of(re.sub(r"\.toml$", "", name)).language


def test_people_without_known_given_names_are_resolved_all_the_same() -> None:
    text = (
        "The Qorv movement has signalled that it would press for a truce. This was stated by Qorv spokesman "
        "Zhelid Uvarro in an interview reported by the Tamel Agency.\n"
        "Uvarro explained that talks go on. He also indicated that they are slow.\n"
        "The Qorv representative stressed that nobody would leave."
    )
    for words in ("press for a truce", "talks go on", "they are slow", "nobody would leave"):
        attribution = found_in(text, words, "en").attribution
        assert attribution
        assert attribution.speaker
        assert (attribution.speaker.name, attribution.speaker.role) == ("Zhelid Uvarro", "Qorv spokesman")
