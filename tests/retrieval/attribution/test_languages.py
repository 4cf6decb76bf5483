"""Spanish, French, Russian and Arabic: one invented sentence or two for each construction, and who is shown."""

import pytest

from retrieval.attribution import statements
from retrieval.model import Certainty, Form, Statement

DIRECT = [
    ("es", "«La presa aguantará todo el invierno», dijo Inés Valdor.", "La presa", "Inés Valdor"),
    ("es", "“La presa aguantará todo el invierno”, dijo Inés Valdor.", "La presa", "Inés Valdor"),
    ("es", '"La presa aguantará todo el invierno", dijo Inés Valdor.', "La presa", "Inés Valdor"),
    (
        "es",
        "«La presa aguantará todo el invierno», afirmó este lunes la alcaldesa de Velm, Inés Valdor.",
        "La presa",
        "Inés Valdor",
    ),
    ("es", "«La presa aguantará todo el invierno», ha dicho Inés Valdor.", "La presa", "Inés Valdor"),
    ("es", "«La presa», dijo Inés Valdor, «aguantará todo el invierno».", "aguantará todo", "Inés Valdor"),
    ("es", "—La presa aguantará todo el invierno —dijo Inés Valdor.", "La presa", "Inés Valdor"),
    ("es", "Inés Valdor dijo: «La presa aguantará todo el invierno».", "La presa", "Inés Valdor"),
    (
        "es",
        "Inés Valdor, alcaldesa de Velm, dijo a la prensa: «La presa aguantará todo el invierno».",
        "La presa",
        "Inés Valdor",
    ),
    (
        "es",
        "La alcaldesa Inés Valdor aseguró el lunes: “La presa aguantará todo el invierno”.",
        "La presa",
        "Inés Valdor",
    ),
    ("es", "Según Inés Valdor, «la presa aguantará todo el invierno».", "la presa", "Inés Valdor"),
    ("es", "«¿Aguantará la presa todo el invierno?», preguntó Inés Valdor.", "Aguantará la presa", "Inés Valdor"),
    (
        "es",
        "«La presa aguantará todo el invierno», señaló Valdor a Radio Ostra. Inés Valdor es ingeniera.",
        "La presa",
        "Inés Valdor",
    ),
    (
        "es",
        "«La presa aguantará todo el invierno. Es de roble», explicó Inés Valdor. «La hemos revisado dos veces».",
        "revisado dos veces",
        "Inés Valdor",
    ),
    ("es", "Inés Valdor calificó la obra de «un despilfarro sin sentido».", "un despilfarro", "Inés Valdor"),
    ("fr", "« Le barrage tiendra tout l'hiver », a déclaré Inès Valdor.", "Le barrage", "Inès Valdor"),
    ("fr", "«Le barrage tiendra tout l’hiver», affirme Inès Valdor.", "Le barrage", "Inès Valdor"),
    ("fr", "“Le barrage tiendra tout l’hiver”, dit Inès Valdor.", "Le barrage", "Inès Valdor"),
    (
        "fr",
        '"Le barrage tiendra tout l\'hiver", a expliqué lundi la maire de Velm, Inès Valdor.',
        "Le barrage",
        "Inès Valdor",
    ),
    ("fr", "« Le barrage », a dit Inès Valdor, « tiendra tout l'hiver ».", "tiendra tout", "Inès Valdor"),
    (
        "fr",
        "Inès Valdor a visité le barrage. « Il tiendra tout l'hiver », a-t-elle déclaré.",
        "Il tiendra",
        "Inès Valdor",
    ),
    ("fr", "Inès Valdor a déclaré : « Le barrage tiendra tout l'hiver ».", "Le barrage", "Inès Valdor"),
    (
        "fr",
        "Inès Valdor, maire de Velm, a déclaré à la presse : « Le barrage tiendra tout l'hiver. »",
        "Le barrage",
        "Inès Valdor",
    ),
    ("fr", "Selon Inès Valdor, « le barrage tiendra tout l'hiver ».", "le barrage", "Inès Valdor"),
    ("fr", "– Le barrage tiendra tout l'hiver, dit Inès Valdor.", "Le barrage", "Inès Valdor"),
    ("fr", "Inès Valdor a qualifié le projet de « gaspillage sans nom ».", "gaspillage sans", "Inès Valdor"),
    ("ru", "«Плотина выдержит всю зиму», — сказала Инна Вальдор.", "Плотина", "Инна Вальдор"),
    ("ru", "„Плотина выдержит всю зиму“, — сказала Инна Вальдор.", "Плотина", "Инна Вальдор"),
    ("ru", '"Плотина выдержит всю зиму", - заявила Инна Вальдор.', "Плотина", "Инна Вальдор"),
    ("ru", "«Плотина выдержит всю зиму», — заявила журналистам мэр Вельма Инна Вальдор.", "Плотина", "Инна Вальдор"),
    ("ru", "«Плотина, — сказала Инна Вальдор, — выдержит всю зиму».", "Плотина", "Инна Вальдор"),
    ("ru", "Инна Вальдор сказала: «Плотина выдержит всю зиму».", "Плотина", "Инна Вальдор"),
    ("ru", "Мэр Вельма Инна Вальдор заявила в понедельник: «Плотина выдержит всю зиму».", "Плотина", "Инна Вальдор"),
    ("ru", "— Плотина выдержит всю зиму, — сказала Инна Вальдор.", "Плотина", "Инна Вальдор"),
    ("ru", "Инна Вальдор осмотрела плотину. «Она выдержит всю зиму», — сказала она.", "Она выдержит", "Инна Вальдор"),
    ("ru", "Инна Вальдор назвала проект «пустой тратой денег».", "пустой тратой", "Инна Вальдор"),
    ("ar", 'قالت ميرا دال: "السد سيصمد طوال الشتاء".', "السد سيصمد", "ميرا دال"),
    ("ar", "قالت ميرا دال: «السد سيصمد طوال الشتاء».", "السد سيصمد", "ميرا دال"),
    ("ar", "قالت ميرا دال: “السد سيصمد طوال الشتاء”.", "السد سيصمد", "ميرا دال"),
    ("ar", '"السد سيصمد طوال الشتاء"، قالت ميرا دال.', "السد سيصمد", "ميرا دال"),
    ("ar", 'وقالت ميرا دال للصحفيين: "السد سيصمد طوال الشتاء".', "السد سيصمد", "ميرا دال"),
    ("ar", 'قالت ميرا دال إن السد سيصمد. وأضافت: "لقد فحصناه مرتين".', "لقد فحصناه", "ميرا دال"),
]

REPORTED = [
    ("ru", "Плотина выдержит зиму. Об этом заявил министр Томас Квирель.", "Плотина выдержит", "Томас Квирель"),
    (
        "ru",
        "Во вторник министр Томас Квирель заявил журналистам, что плотина выдержит.",
        "плотина выдержит",
        "Томас Квирель",
    ),
    (
        "es",
        "La alcaldesa de Velm, Inés Valdor, aseguró el lunes que la presa aguantará.",
        "la presa aguantará",
        "Inés Valdor",
    ),
    (
        "fr",
        "La maire de Velm, Inès Valdor, a assuré lundi matin que le barrage tiendra.",
        "le barrage tiendra",
        "Inès Valdor",
    ),
    ("ru", "Мэр Вельма Инна Вальдор заявила в понедельник, что плотина выдержит.", "плотина выдержит", "Инна Вальдор"),
    ("es", "Inés Valdor dijo que la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    ("es", "Inés Valdor ha dicho que la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    ("es", "La alcaldesa de Velm, Inés Valdor, aseguró que la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    (
        "es",
        "Inés Valdor, alcaldesa de Velm, afirmó el lunes en una rueda de prensa que la presa aguantará.",
        "la presa aguantará",
        "Inés Valdor",
    ),
    (
        "es",
        "El lunes, Inés Valdor explicó a los periodistas que la presa aguantará.",
        "la presa aguantará",
        "Inés Valdor",
    ),
    ("es", "Dijo Inés Valdor que la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    ("es", "Según Inés Valdor, la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    ("es", "La presa aguantará, según Inés Valdor.", "La presa aguantará", "Inés Valdor"),
    ("es", "La presa aguantará todo el invierno, según explicó Inés Valdor.", "La presa aguantará", "Inés Valdor"),
    ("es", "De acuerdo con Inés Valdor, la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    ("es", "Como explicó Inés Valdor, la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    ("es", "La presa aguantará, dijo Inés Valdor.", "La presa aguantará", "Inés Valdor"),
    ("es", "Inés Valdor dijo que la presa aguantará. Añadió que es de roble.", "es de roble", "Inés Valdor"),
    ("es", "Inés Valdor dijo que la presa aguantará y añadió que es de roble.", "es de roble", "Inés Valdor"),
    ("es", "Inés Valdor visitó la presa. Ella dijo que aguantará.", "aguantará", "Inés Valdor"),
    ("es", "Inés Valdor negó que la presa tenga grietas.", "la presa tenga grietas", "Inés Valdor"),
    ("es", "Inés Valdor prometió reparar la presa.", "reparar la presa", "Inés Valdor"),
    (
        "es",
        "El Ministerio de Obras informó de que la presa está cerrada.",
        "la presa está cerrada",
        "El Ministerio de Obras",
    ),
    (
        "es",
        "Fuentes del Gobierno aseguraron que la presa está cerrada.",
        "la presa está cerrada",
        "Fuentes del Gobierno",
    ),
    ("es", "Inés Valdor y Lena Orlo dijeron que la presa aguantará.", "la presa aguantará", "Inés Valdor y Lena Orlo"),
    ("es", "El exministro Tomás Quirel advirtió de que la presa cederá.", "la presa cederá", "Tomás Quirel"),
    ("es", "A juicio de Inés Valdor, la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    ("es", "Inés Valdor cree que la presa aguantará.", "la presa aguantará", "Inés Valdor"),
    ("fr", "Inès Valdor a affirmé que le barrage tiendra.", "le barrage tiendra", "Inès Valdor"),
    ("fr", "Inès Valdor affirme qu'il tiendra tout l'hiver.", "il tiendra", "Inès Valdor"),
    ("fr", "La maire de Velm, Inès Valdor, a assuré que le barrage tiendra.", "le barrage tiendra", "Inès Valdor"),
    (
        "fr",
        "Inès Valdor, la maire de Velm, a assuré lundi à la presse que le barrage tiendra.",
        "le barrage tiendra",
        "Inès Valdor",
    ),
    (
        "fr",
        "Lundi, Inès Valdor a expliqué aux journalistes que le barrage tiendra.",
        "le barrage tiendra",
        "Inès Valdor",
    ),
    ("fr", "Selon Inès Valdor, le barrage tiendra.", "le barrage tiendra", "Inès Valdor"),
    ("fr", "Le barrage tiendra, selon Inès Valdor.", "Le barrage tiendra", "Inès Valdor"),
    ("fr", "D'après Inès Valdor, le barrage tiendra.", "le barrage tiendra", "Inès Valdor"),
    ("fr", "Le barrage tiendra, a déclaré Inès Valdor.", "Le barrage tiendra", "Inès Valdor"),
    ("fr", "Comme l'a expliqué Inès Valdor, le barrage tiendra.", "le barrage tiendra", "Inès Valdor"),
    (
        "fr",
        "Inès Valdor a dit que le barrage tiendra et a ajouté qu'il est en chêne.",
        "il est en chêne",
        "Inès Valdor",
    ),
    (
        "fr",
        "Inès Valdor a dit que le barrage tiendra. Elle a ajouté qu'il est en chêne.",
        "il est en chêne",
        "Inès Valdor",
    ),
    ("fr", "Inès Valdor a nié que le barrage fuie.", "le barrage fuie", "Inès Valdor"),
    ("fr", "Inès Valdor a promis de réparer le barrage.", "de réparer le barrage", "Inès Valdor"),
    (
        "fr",
        "Le ministère des Travaux a annoncé que le barrage est fermé.",
        "le barrage est fermé",
        "Le ministère des Travaux",
    ),
    (
        "fr",
        "Inès Valdor et Lena Orlo ont dit que le barrage tiendra.",
        "le barrage tiendra",
        "Inès Valdor et Lena Orlo",
    ),
    ("fr", "Le ministre Tomas Quirel a averti que le barrage céderait.", "le barrage céderait", "Tomas Quirel"),
    ("fr", "Inès Valdor estime que le barrage tiendra.", "le barrage tiendra", "Inès Valdor"),
    ("fr", "Inès Valdor pense que le barrage tiendra.", "le barrage tiendra", "Inès Valdor"),
    ("ru", "Инна Вальдор сказала, что плотина выдержит.", "плотина выдержит", "Инна Вальдор"),
    ("ru", "Мэр Вельма Инна Вальдор сообщила, что плотина выдержит.", "плотина выдержит", "Инна Вальдор"),
    (
        "ru",
        "Инна Вальдор, мэр Вельма, заявила в понедельник журналистам, что плотина выдержит.",
        "плотина выдержит",
        "Инна Вальдор",
    ),
    ("ru", "В понедельник Инна Вальдор заявила, что плотина выдержит.", "плотина выдержит", "Инна Вальдор"),
    ("ru", "Как сообщила Инна Вальдор, плотина выдержит.", "плотина выдержит", "Инна Вальдор"),
    ("ru", "По словам Инны Вальдор, плотина выдержит.", "плотина выдержит", "Инны Вальдор"),
    ("ru", "Плотина выдержит, по словам Инны Вальдор.", "Плотина выдержит", "Инны Вальдор"),
    ("ru", "Плотина выдержит, сказала Инна Вальдор.", "Плотина выдержит", "Инна Вальдор"),
    ("ru", "По мнению Инны Вальдор, плотина выдержит.", "плотина выдержит", "Инны Вальдор"),
    (
        "ru",
        "Инна Вальдор сказала, что плотина выдержит. Она добавила, что плотина из дуба.",
        "плотина из дуба",
        "Инна Вальдор",
    ),
    ("ru", "Инна Вальдор сказала, что плотина выдержит, и добавила, что она из дуба.", "она из дуба", "Инна Вальдор"),
    ("ru", "Инна Вальдор считает, что плотина выдержит.", "плотина выдержит", "Инна Вальдор"),
    ("ru", "Инна Вальдор пообещала отремонтировать плотину.", "отремонтировать плотину", "Инна Вальдор"),
    (
        "ru",
        "Министерство строительства сообщило, что плотина закрыта.",
        "плотина закрыта",
        "Министерство строительства",
    ),
    ("ru", "Министр Томас Квирель предупредил, что плотина рухнет.", "плотина рухнет", "Томас Квирель"),
    ("ar", "وقال رئيس بلدية فيلم، تامر كويرل، إن السد سيصمد.", "السد سيصمد", "تامر كويرل"),
    ("ar", "قالت ميرا دال إن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "قالت ميرا دال يوم الاثنين إن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "قالت ميرا دال في مؤتمر صحفي إن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "قال المتحدث باسم الميناء تامر كويرل إن السد سيصمد.", "السد سيصمد", "تامر كويرل"),
    ("ar", "أعلنت وزارة الأشغال أن السد مغلق.", "السد مغلق", "وزارة الأشغال"),
    ("ar", "أكدت ميرا دال أن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "أكدت ميرا دال على أن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "أشارت ميرا دال إلى أن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "نفت ميرا دال أن السد يتسرب.", "السد يتسرب", "ميرا دال"),
    ("ar", "وبحسب ميرا دال، فإن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "قالت ميرا دال إن السد سيصمد. وأضافت أن السد قديم.", "السد قديم", "ميرا دال"),
    ("ar", "ميرا دال قالت إن السد سيصمد.", "السد سيصمد", "ميرا دال"),
    ("ar", "قالت الشرطة إن السد مغلق.", "السد مغلق", "الشرطة"),
]

NOBODY_BY_NAME = [
    ("es", "Inés Valdor visitó la presa. También aseguró que aguantará.", "aguantará"),
    ("es", "Inés Valdor anunció que dimitirá. La alcaldesa insistió en que la presa es segura.", "la presa es segura"),
    ("es", "La policía informó que la presa está cerrada.", "la presa está cerrada"),
    ("es", "Un portavoz dijo que la presa está cerrada.", "la presa está cerrada"),
    ("es", "Se informó de que la presa está cerrada.", "la presa está cerrada"),
    ("fr", "« Le barrage tiendra tout l'hiver », a-t-elle ajouté. Inès Valdor a souri.", "Le barrage"),
    ("fr", "Un porte-parole a indiqué que le barrage est fermé.", "le barrage est fermé"),
    ("fr", "La police a indiqué que le barrage est fermé.", "le barrage est fermé"),
    ("fr", "On a appris que le barrage est fermé.", "le barrage est fermé"),
    ("fr", "Inès Valdor a rencontré Lena Orlo. Elle a dit que le barrage tiendra.", "le barrage tiendra"),
    ("ru", "Плотина выдержит, сообщили в министерстве.", "Плотина выдержит"),
    ("ru", "Согласно данным министерства, плотина выдержит.", "плотина выдержит"),
    ("ru", "Полиция сообщила, что плотина закрыта.", "плотина закрыта"),
    ("ru", "Представитель сообщил, что плотина закрыта.", "плотина закрыта"),
    ("ru", "Сообщается, что плотина закрыта.", "плотина закрыта"),
    ("ru", "Инна Вальдор встретила Лену Орло. Она сказала, что плотина выдержит.", "плотина выдержит"),
    ("ar", "وفقا لميرا دال، السد سيصمد طوال الشتاء.", "السد سيصمد"),
    ("ar", "قال متحدث إن السد مغلق.", "السد مغلق"),
    ("ar", "قال مسؤول طلب عدم ذكر اسمه إن السد مغلق.", "السد مغلق"),
    ("ar", "وذكرت التقارير أن السد مغلق.", "السد مغلق"),
]

NOT_THE_ONE_BEFORE = [
    ("es", "Inés Valdor dijo que la presa aguantará. Tomás Quirel calló. Añadió que es de roble.", "es de roble"),
    ("es", "El alcalde Tomás Quirel saludó al ministro Iván Brenn. Dijo que la presa es de roble.", "es de roble"),
    (
        "fr",
        "Le maire Tomas Quirel et le ministre Ivan Brenn sont partis. Il a dit que le barrage fuit.",
        "barrage fuit",
    ),
    ("ru", "Мэр Томас Квирель встретил министра Ивана Бренна. Он сказал, что плотина рухнет.", "плотина рухнет"),
    ("ar", "قالت ميرا دال إن السد سيصمد. وأضاف أن السد قديم.", "السد قديم"),
]

UNNAMED = [
    ("es", "Se informó de que la presa está cerrada.", "la presa está cerrada"),
    ("fr", "On rapporte que le barrage est fermé.", "le barrage est fermé"),
    ("ru", "Сообщается, что плотина закрыта.", "плотина закрыта"),
]

INSIDE_THE_MARKS = [
    ("fr", "« Le barrage, a expliqué Inès Valdor, tiendra tout l'hiver. »", "tiendra tout", "Inès Valdor"),
    ("ru", "«Плотина, — сказала Инна Вальдор, — выдержит всю зиму».", "выдержит всю", "Инна Вальдор"),
    ("ru", "«Плотина выдержит, — сказала Инна Вальдор. — Она из дуба».", "Она из дуба", "Инна Вальдор"),
]

ALONE = [
    ("es", "La alcaldesa guardó silencio. «La presa aguantará todo el invierno»."),
    ("pl", "„Tama wytrzyma całą zimę”, powiedziała Mira Dahl."),
    ("it", "«La diga reggerà tutto l'inverno», ha detto Mira Dahl."),
]

NARRATION = [
    ("es", "La presa fue construida de roble."),
    ("es", "Inés Valdor leyó el «Diario de Velm» y se fue."),
    ("fr", "Le barrage a été construit en chêne."),
    ("fr", "Inès Valdor a lu la « Gazette de Velm »."),
    ("ru", "Плотина была построена из дуба."),
    ("ar", "بني السد من خشب البلوط."),
]


def found_in(language: str, text: str, words: str) -> Statement:
    held = [s for s in statements(text, language) if any(words in span.of(text) for span in s.content)]
    assert held, f"no statement holds {words!r}"
    return min(held, key=lambda s: s.hull.end - s.hull.start)


def shown(statement: Statement) -> str | None:
    assert statement.attribution
    return statement.attribution.speaker.name if statement.attribution.speaker else None


@pytest.mark.parametrize(("language", "text", "words", "name"), DIRECT + INSIDE_THE_MARKS)
def test_direct_speech(language: str, text: str, words: str, name: str) -> None:
    found = found_in(language, text, words)
    assert (found.form, shown(found)) == (Form.DIRECT, name)


@pytest.mark.parametrize(("language", "text", "words", "name"), REPORTED)
def test_reported_speech(language: str, text: str, words: str, name: str) -> None:
    found = found_in(language, text, words)
    assert (found.form, shown(found)) == (Form.INDIRECT, name)


@pytest.mark.parametrize(("language", "text", "words"), NOBODY_BY_NAME + NOT_THE_ONE_BEFORE)
def test_nobody_is_named_where_it_is_not_certain(language: str, text: str, words: str) -> None:
    assert shown(found_in(language, text, words)) is None


@pytest.mark.parametrize(("language", "text", "words"), UNNAMED)
def test_what_nobody_is_said_to_have_said_is_unnamed(language: str, text: str, words: str) -> None:
    attribution = found_in(language, text, words).attribution
    assert attribution
    assert attribution.certainty is Certainty.UNNAMED


@pytest.mark.parametrize(("language", "text"), ALONE)
def test_a_quotation_that_names_nobody_is_somebodys_words_all_the_same(language: str, text: str) -> None:
    found = [s for s in statements(text, language) if s.form is Form.DIRECT]
    assert found
    assert all(shown(s) is None for s in found)


@pytest.mark.parametrize(("language", "text"), NARRATION)
def test_narration_has_no_statement(language: str, text: str) -> None:
    assert statements(text, language) == []


def test_in_any_language_a_name_before_a_colon_is_the_speaker() -> None:
    for language in ("pl", "it", "nl", "de", "en"):
        found = found_in(language, "Mira Dahl: „Anno tama wytrzyma zima alta orna”.", "tama wytrzyma")
        assert shown(found) == "Mira Dahl"


def test_an_office_between_verb_and_name_is_the_role() -> None:
    cases = [
        ("es", "«La presa aguantará todo el año», dijo la alcaldesa de Velm, Inés Valdor.", "alcaldesa de Velm"),
        ("ar", "قال المتحدث باسم الميناء تامر كويرل إن السد سيصمد.", "المتحدث باسم الميناء"),
        ("ar", "قالت ميرا دال، رئيسة بلدية فيلم، إن السد سيصمد.", "رئيسة بلدية فيلم"),
        ("ru", "Мэр Вельма Инна Вальдор сказала, что плотина выдержит.", "Мэр Вельма"),
    ]
    for language, text, role in cases:
        attribution = statements(text, language)[0].attribution
        assert attribution
        assert attribution.speaker
        assert attribution.speaker.role == role
