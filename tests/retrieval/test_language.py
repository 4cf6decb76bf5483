"""Languages: whole articles, questions of three words, and honest silence about names."""

import os
from importlib.metadata import version
from pathlib import Path

import pytest
from py3langid.langid import LanguageIdentifier

from retrieval.text import identifier, language
from retrieval.text.language import identify

ARTICLES = {
    "en": "The council of Velm voted on Tuesday to repair the bridge, and the work will begin before the winter.",
    "es": "El consejo de Velm votó el martes la reparación del puente, y las obras empezarán antes del invierno.",
    "de": "Der Stadtrat von Velm hat am Dienstag beschlossen, die Brücke noch vor dem Winter zu reparieren.",
    "fr": "Le conseil de Velm a voté mardi la réparation du pont, et les travaux commenceront avant l'hiver.",
    "pt": "O conselho de Velm votou na terça-feira a reparação da ponte, e as obras começarão antes do inverno.",
    "it": "Il consiglio di Velm ha votato martedì la riparazione del ponte, e i lavori inizieranno prima dell'inverno.",
    "nl": "De gemeenteraad van Velm heeft dinsdag besloten de brug nog voor de winter te herstellen.",
    "tr": "Velm belediye meclisi salı günü köprünün kıştan önce onarılmasına karar verdi.",
    "ru": "Совет города Велм во вторник проголосовал за ремонт моста, работы начнутся до зимы.",
    "uk": "Рада міста Велм у вівторок проголосувала за ремонт мосту, роботи почнуться до зими.",
    "ar": "صوّت مجلس مدينة فيلم يوم الثلاثاء على إصلاح الجسر، وستبدأ الأعمال قبل الشتاء.",
    "fa": "شورای شهر ولم روز سه‌شنبه به تعمیر پل رأی داد و کارها پیش از زمستان آغاز می‌شود.",
    "he": "מועצת העיר הצביעה ביום שלישי בעד תיקון הגשר לפני החורף.",
    "hi": "नगर परिषद ने मंगलवार को पुल की मरम्मत के पक्ष में मतदान किया।",
    "zh": "市议会周二投票决定在冬天之前修复大桥。",
    "ja": "市議会は火曜日、冬までに橋を修理することを決めた。",
    "ko": "시의회는 화요일 겨울 전에 다리를 수리하기로 결정했다.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να επισκευάσει τη γέφυρα.",
    "th": "สภาเมืองลงมติเมื่อวันอังคารให้ซ่อมสะพาน",
}
QUESTIONS = [
    ("Who won?", "en"), ("What is reported about “Rates”?", "en"), ("¿Quién ganó?", "es"), ("Wer ist Ada Byron?", "de"),
    ("Que veut le maire ?", "fr"), ("Quem ganhou?", "pt"), ("Chi ha vinto?", "it"), ("Wat zei Dahl?", "nl"),
    ("Kim kazandı?", "tr"), ("Кто выиграл?", "ru"), ("Хто виграв?", "uk"), ("من فاز؟", "ar"),
    ("چه کسی برنده شد؟", "fa"),    ("谁赢了？", "zh"), ("誰が勝ったか", "ja"), ("Internet2是什么", "zh"),
]  # fmt: skip


@pytest.mark.parametrize("language", ARTICLES)
def test_an_article_tells_its_language(language: str) -> None:
    assert identify(ARTICLES[language]) == language


@pytest.mark.parametrize(("question", "language"), QUESTIONS)
def test_a_question_of_a_few_words_tells_its_language(question: str, language: str) -> None:
    assert identify(question) == language


@pytest.mark.parametrize("text", ["", "12:30", "🙂 …", "Kestrel", "Ostra Wire", "\ud800\x00"])
def test_names_and_numbers_tell_none(text: str) -> None:
    assert identify(text) == "und"


def test_a_hint_wins_and_loses_its_region() -> None:
    assert identify(ARTICLES["es"], "en-GB") == "en"
    assert identify(ARTICLES["es"], "pt_BR") == "pt"
    assert identify(ARTICLES["es"], " ") == "es"


def test_only_plausible_languages_are_chosen_where_a_script_has_several() -> None:
    assert identify("Kestrel Bridge", among={"en"}) == "en"
    assert identify("Was sagte Dahl?", among={"de", "en", "ar"}) == "de"
    assert identify("Ostra Wire", among={"en", "es"}) == "und"
    assert identify("Хто виграв?", among={"en", "es"}) == "uk"


def test_tables_mapped_from_a_folder_tell_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifier._Kept, "folder", None)
    folder, plain = tmp_path / "language", language._identifier()
    identifier.keep_in(folder)
    mapped, again = identifier.load(), identifier.load()
    assert [each.name for each in folder.iterdir()] == [f"py3langid-{version('py3langid')}"]
    for text in ("Wer gewinnt?", "The bridge gave way.", "Хто виграв?", "¿Quién gana?", "", "\ud800", "من فاز؟ " * 90):
        told = [each.rank(text) for each in (plain, mapped, again)]  # type: ignore[no-untyped-call]
        assert told[0] == told[1] == told[2]


def test_a_folder_that_cannot_be_written_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifier._Kept, "folder", None)
    monkeypatch.setattr(LanguageIdentifier, "from_model_file", lambda _file, norm_probs: "of its own")
    identifier.keep_in(Path(os.devnull) / "language")
    assert str(identifier.load()) == "of its own"
