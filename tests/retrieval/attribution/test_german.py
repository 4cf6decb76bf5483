"""German: one invented sentence or two for each construction, with the words said and who is shown for them."""

import pytest

from retrieval.attribution import statements
from retrieval.model import Certainty, Form, Statement

DIRECT = [
    ("„Der Damm wird den Winter über halten“, sagte Mira Dahl.", "Der Damm wird", "Mira Dahl"),
    ('"Der Damm wird den Winter über halten", sagte Mira Dahl.', "Der Damm wird", "Mira Dahl"),
    ("»Der Damm wird den Winter über halten«, sagte Mira Dahl.", "Der Damm wird", "Mira Dahl"),
    ("„Der Damm hält“, teilte Mira Dahl am Montag in Velm mit.", "Der Damm hält", "Mira Dahl"),
    ("„Der Damm hält den Winter über“, fügte Mira Dahl hinzu.", "Der Damm hält", "Mira Dahl"),
    ("„Hält der Damm den ganzen Winter?“, fragte Mira Dahl.", "Hält der Damm", "Mira Dahl"),
    ("„Der Damm hält den Winter über“, so Mira Dahl wörtlich.", "Der Damm hält", "Mira Dahl"),
    ("„Der Damm“, sagte Mira Dahl, „wird den Winter über halten.“", "wird den Winter", "Mira Dahl"),
    ("Mira Dahl sagte: „Der Damm wird den Winter über halten.“", "Der Damm wird", "Mira Dahl"),
    ("Mira Dahl sagte am Montag in Velm: „Der Damm wird halten.“", "Der Damm wird", "Mira Dahl"),
    ("Am Montag sagte Mira Dahl vor der Presse: „Der Damm wird halten.“", "Der Damm wird", "Mira Dahl"),
    ("Zuletzt erklärte Mira Dahl: „Der Damm wird halten.“", "Der Damm wird", "Mira Dahl"),
    ("Mira Dahl hat am Montag in Velm erklärt: „Der Damm wird halten.“", "Der Damm wird", "Mira Dahl"),
    ("Mira Dahl, die Leiterin des Hafens, sagte: „Der Damm wird halten.“", "Der Damm wird", "Mira Dahl"),
    ("Mira Dahl, die den Damm gebaut hat, sagte: „Er wird halten.“", "Er wird halten", "Mira Dahl"),
    ("Die Leiterin des Hafens, Mira Dahl, sagte: „Der Damm wird halten.“", "Der Damm wird", "Mira Dahl"),
    ("Mira Dahl äußerte sich zufrieden: „Der Damm wird den Winter über halten.“", "Der Damm wird", "Mira Dahl"),
    ("Mira Dahl lobte die Arbeit und sagte: „Der Damm wird halten.“", "Der Damm wird", "Mira Dahl"),
    ("Mira Dahl nannte den Umbau „reine Verschwendung von Geld“.", "reine Verschwendung", "Mira Dahl"),
    ("Mira Dahl bezeichnete den Umbau als „Verschwendung“.", "Verschwendung", "Mira Dahl"),
    ("Mira Dahl sagte, der Damm sei „in sehr gutem Zustand“.", "in sehr gutem Zustand", "Mira Dahl"),
    ("Mira Dahl wird mit den Worten zitiert: „Der Damm hält den Winter.“", "Der Damm", "Mira Dahl"),
    ("„Der Damm hält den Winter über“, heißt es in dem Bericht.", "Der Damm hält", None),
]

INDIRECT = [
    ("Der Innenminister Karsts, Mira Dahl, sagte, der Damm sei sicher.", "der Damm sei sicher", "Mira Dahl"),
    ("Der Innenminister Karsts sagte, der Damm sei sicher.", "der Damm sei sicher", "Innenminister Karsts"),
    ("Mira Dahl von der Hafenwache sagte, der Damm sei sicher.", "der Damm sei sicher", "Mira Dahl"),
    ("Ida von der Aa sagte, der Damm sei sicher.", "der Damm sei sicher", "Ida von der Aa"),
    ("Mira Dahl sagte, dass der Damm halte.", "der Damm halte", "Mira Dahl"),
    ("Mira Dahl sagte, der Damm sei sicher.", "der Damm sei sicher", "Mira Dahl"),
    ("Mira Dahl erklärte am Montag in Velm, der Damm halte.", "der Damm halte", "Mira Dahl"),
    ("Am Montag teilte Mira Dahl in Velm mit, dass der Damm halte.", "der Damm halte", "Mira Dahl"),
    ("Mira Dahl gab an, den Damm geprüft zu haben.", "den Damm geprüft", "Mira Dahl"),
    ("Mira Dahl gab bekannt, dass der Damm halte.", "der Damm halte", "Mira Dahl"),
    ("Mira Dahl wies darauf hin, dass der Damm alt sei.", "der Damm alt", "Mira Dahl"),
    ("Mira Dahl räumte ein, der Damm sei alt.", "der Damm sei alt", "Mira Dahl"),
    ("Mira Dahl geht davon aus, dass der Damm hält.", "der Damm hält", "Mira Dahl"),
    ("Mira Dahl forderte die Stadt auf, den Damm zu prüfen.", "den Damm zu prüfen", "Mira Dahl"),
    ("Mira Dahl versprach, den Damm zu prüfen.", "den Damm zu prüfen", "Mira Dahl"),
    ("Mira Dahl hatte angekündigt, den Damm zu prüfen.", "den Damm zu prüfen", "Mira Dahl"),
    ("Mira Dahl warf der Stadt vor, den Damm nicht geprüft zu haben.", "den Damm nicht geprüft", "Mira Dahl"),
    ("Der Damm sei sicher, sagte Mira Dahl.", "Der Damm sei sicher", "Mira Dahl"),
    ("Der Damm wird geprüft, teilte Mira Dahl am Montag mit.", "Der Damm wird geprüft", "Mira Dahl"),
    ("Der Damm halte, so Mira Dahl.", "Der Damm halte", "Mira Dahl"),
    ("Laut Mira Dahl hält der Damm den Winter über.", "hält der Damm", "Mira Dahl"),
    ("Nach Angaben von Mira Dahl hält der Damm den Winter über.", "hält der Damm", "Mira Dahl"),
    ("Wie Mira Dahl am Montag mitteilte, hält der Damm.", "hält der Damm", "Mira Dahl"),
    ("Der Damm wird geprüft, wie Mira Dahl am Montag mitteilte.", "Der Damm wird geprüft", "Mira Dahl"),
    ("Wie die Leiterin des Hafens, Mira Dahl, mitteilte, hält der Damm.", "hält der Damm", "Mira Dahl"),
    ("Mira Dahl sagte, dass der Damm halte. Er sei gestern geprüft worden.", "gestern geprüft", "Mira Dahl"),
    ("Mira Dahl ist der Ansicht, dass der Damm hält.", "der Damm hält", "Mira Dahl"),
    ("Die Warnung von Mira Dahl, der Damm werde brechen, blieb ungehört.", "der Damm werde brechen", "Mira Dahl"),
    ("Mira Dahl lobte die Arbeit und sagte, der Damm halte.", "der Damm halte", "Mira Dahl"),
    ("Mira Dahl sagte, der Damm halte, und fügte hinzu, er sei neu.", "er sei neu", "Mira Dahl"),
    ("Nachdem Mira Dahl erklärt hatte, dass der Damm halte, gingen alle heim.", "der Damm halte", "Mira Dahl"),
    ("Der Damm hält den Winter über. Dies teilte Mira Dahl am Montag mit.", "Der Damm hält den", "Mira Dahl"),
    ("Mira Dahl kritisierte den Umbau des alten Damms scharf.", "den Umbau des alten", "Mira Dahl"),
    ("Mira Dahl warnte vor einem Bruch des alten Damms.", "vor einem Bruch", "Mira Dahl"),
    ("Den Umbau des Damms kritisierte Mira Dahl scharf.", "Den Umbau", "Mira Dahl"),
    ("Die Hafenwache teilte mit, dass der Damm gesperrt sei.", "der Damm gesperrt", "Hafenwache"),
    ("Das Umweltministerium teilte mit, der Damm sei gesperrt.", "der Damm sei gesperrt", "Umweltministerium"),
    ("In dem Bericht der Hafenwache heißt es, der Damm sei alt.", "der Damm sei alt", "Bericht der Hafenwache"),
    ("Von der Aa sagte, der Damm sei sicher.", "der Damm sei sicher", "Von der Aa"),
]

UNCERTAIN = [
    ("Mira Dahl traf Ida Brenn in Velm. Sie sagte, der Damm sei sicher.", "der Damm sei sicher"),
    ("Mira Dahl sagte, der Damm sei alt. „Wir haben ihn zweimal geprüft.“", "zweimal geprüft"),
]

DESCRIBED = [
    ("Ein Sprecher sagte, der Damm sei sicher.", "der Damm sei sicher"),
    ("Anwohner berichteten, der Damm sei sicher.", "der Damm sei sicher"),
    ("Die Fahrerin sagte, der Damm sei sicher.", "der Damm sei sicher"),
    ("In einem Bericht heißt es, der Damm sei sicher.", "der Damm sei sicher"),
]

UNNAMED = [
    ("Später hieß es, dass der Damm sicher sei.", "der Damm sicher"),
    ("Nach ersten Angaben wurde niemand verletzt.", "wurde niemand verletzt"),
    ("Es wurde berichtet, dass der Damm sicher sei.", "der Damm sicher"),
    ("Es wird vermutet, dass der Damm brechen wird.", "der Damm brechen"),
]

PRONOUNS = [
    ("Der Hafenmeister Tomas Reik prüfte den Damm. Er sagte, der Damm sei sicher.", "Tomas Reik"),
    ("Hafenmeisterin Mira Dahl prüfte den Damm. Später sagte sie, der Damm sei sicher.", "Mira Dahl"),
    ("Der Meister Karsts, Thomas Reik, lobte den Umbau. Er sagte, der Damm sei sicher.", "Thomas Reik"),
    ("Den Einsatz der Bundeswehr hat die Hafenwache abgelehnt. Sie sagte, der Damm sei sicher.", None),
    ("Zwei Millionen Kronen kostete der Umbau. Er sagte, der Damm sei sicher.", None),
    ("Präsident Tomas Reik ging. Der Fahrer wartete. Er sagte, der Damm sei sicher.", None),
    ("Minister Tomas Reik traf Minister Ivo Brenn. Er sagte, der Damm sei sicher.", None),
]

TOLD_APART = "Mira Dahl sagte, der Damm sei „in sehr gutem Zustand“ und werde halten."

NARRATION = [
    "Der Damm wurde aus Eiche gebaut.",
    "Mira Dahl las den „Velmer Boten“ und ging.",
    "Die Brücke fand am Montag keine Käufer.",
    "Der Damm heißt „Alte Wehr“.",
    "Die Stadt gab dem Hafen einen neuen Kran.",
    "Mira Dahl stellte den Kran auf, der aus Ostra kam.",
    "Der Verdacht bestätigte sich nicht.",
    "Der Damm hält den Winter über. Dies bestätigte Mira Dahl am Montag.",
    "Der Damm hält den Winter über. Das bestreitet die Hafenwache.",
]


def found_in(text: str, words: str) -> Statement:
    held = [s for s in statements(text, "de") if any(words in span.of(text) for span in s.content)]
    assert held, f"no statement holds {words!r}"
    return min(held, key=lambda s: s.hull.end - s.hull.start)


@pytest.mark.parametrize(("text", "words", "name"), DIRECT)
def test_direct_speech(text: str, words: str, name: str | None) -> None:
    found = found_in(text, words)
    assert found.form is Form.DIRECT
    assert found.attribution
    assert (found.attribution.speaker.name if found.attribution.speaker else None) == name


@pytest.mark.parametrize(("text", "words", "name"), INDIRECT)
def test_reported_speech(text: str, words: str, name: str | None) -> None:
    found = found_in(text, words)
    assert found.form is Form.INDIRECT
    assert found.attribution
    assert (found.attribution.speaker.name if found.attribution.speaker else None) == name


@pytest.mark.parametrize(("text", "words"), UNCERTAIN)
def test_an_uncertain_speaker_is_not_named(text: str, words: str) -> None:
    attribution = found_in(text, words).attribution
    assert attribution
    assert attribution.certainty is Certainty.UNCERTAIN
    assert attribution.speaker is None
    assert attribution.source


@pytest.mark.parametrize(("text", "words"), DESCRIBED)
def test_who_is_only_described_has_no_name(text: str, words: str) -> None:
    attribution = found_in(text, words).attribution
    assert attribution
    assert attribution.certainty is Certainty.DESCRIBED
    assert attribution.source


@pytest.mark.parametrize(("text", "words"), UNNAMED)
def test_what_nobody_is_said_to_have_said_is_unnamed(text: str, words: str) -> None:
    attribution = found_in(text, words).attribution
    assert attribution
    assert attribution.certainty is Certainty.UNNAMED


@pytest.mark.parametrize("text", NARRATION)
def test_narration_has_no_statement(text: str) -> None:
    assert statements(text, "de") == []


def test_quoted_words_in_a_report_are_a_statement_within_it() -> None:
    outer, inner = statements(TOLD_APART, "de")
    assert (outer.form, inner.form) == (Form.MIXED, Form.DIRECT)
    assert inner.within == outer.id
    assert inner.hull.of(TOLD_APART) == "„in sehr gutem Zustand“"


@pytest.mark.parametrize(("text", "name"), PRONOUNS)
def test_a_pronoun_is_a_person_and_never_a_thing_or_one_of_two(text: str, name: str | None) -> None:
    attribution = found_in(text, "der Damm sei sicher").attribution
    assert attribution
    assert (attribution.speaker.name if attribution.speaker else None) == name
    if attribution.likely_speaker:
        assert attribution.likely_speaker.name not in ("Bundeswehr", "Millionen Kronen", "Fahrer")
