"""What an answer tells, line by line, and in which order."""

from dataclasses import replace
from datetime import date

import pytest

from bot.messages import answer as answers
from bot.messages.message import Press
from retrieval.model import (
    Answer,
    Attribution,
    Certainty,
    Form,
    Nearest,
    NothingFound,
    Question,
    Quote,
    Reason,
    Span,
    Speaker,
    Statement,
)
from tests.bot.messages.making import CORPUS, Chat, a_quote, a_view, an_answer
from tests.build import a_day

GATE = "The harbour gate failed at dusk. Nobody was hurt."
REPORTED = "Dahl explained that the gate had failed at dusk."
DIRECT = "“The gate failed at dusk,” said Mira Dahl."


def lines(*quotes: object, **more: object) -> list[str]:
    (message, *_) = answers.render(an_answer(*quotes), a_view(), CORPUS, **more)  # type: ignore[arg-type]
    return message.markup.text.splitlines()


def spoken_by(text: str, form: Form, attribution: Attribution, *content: str) -> tuple[Statement, ...]:
    spans = tuple(Span(text.index(words), text.index(words) + len(words)) for words in content)
    return (Statement(0, 1, spans, form, attribution),)


def at(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def certain(text: str, name: str, role: str | None = None, *, cue: str, source: str, **more: object) -> Attribution:
    return Attribution(
        Speaker(name, role),
        cue=(at(text, cue),),
        source=at(text, source),
        certainty=Certainty.CERTAIN,
        **more,  # type: ignore[arg-type]
    )


def test_narration_is_the_outlets_own_words() -> None:
    assert lines(a_quote(GATE, found=(), published=a_day())) == [
        "1 quote · 1 article",
        "",
        "1. Velm Post · the outlet's own words",
        GATE,
        "20 Nov 2026 · Velm Post: “Bridge closed in Velm” · paragraph 1 of 1",
    ]


def test_narration_of_an_outlet_not_on_record() -> None:
    shown = lines(a_quote(GATE, found=(), outlet=None, url=None, headline=None))
    assert shown[2] == "1. Article's own words, outlet not on record"
    assert shown[-3:] == [
        "Read in place · paragraph 1 of 1",
        "",
        "Source: a file added by the operator. No headline, outlet, address or date on record. Added 22 Nov 2026.",
    ]


def test_reported_speech_is_labelled_before_the_words() -> None:
    who = certain(REPORTED, "Mira Dahl", "harbour master", cue="explained", source="Dahl")
    found = spoken_by(REPORTED, Form.INDIRECT, who, "that the gate had failed at dusk")
    assert lines(a_quote(REPORTED, found=found))[2:5] == [
        "1. Mira Dahl, “harbour master”, in Velm Post",
        "Reported speech (“explained”): the article's wording, not the speaker's",
        REPORTED,
    ]


def test_direct_speech_is_told_from_the_rest() -> None:
    who = certain(DIRECT, "Mira Dahl", cue="said", source="Mira Dahl")
    shown = lines(a_quote(DIRECT, found=spoken_by(DIRECT, Form.DIRECT, who, "“The gate failed at dusk,”")))
    assert shown[3] == "Direct speech: the words in quotation marks are the speaker's"


def test_of_a_mixed_sentence_only_the_words_in_quotation_marks_are_the_speakers() -> None:
    text = "Dahl said the gate had “failed at dusk”."
    who = certain(text, "Mira Dahl", cue="said", source="Dahl")
    shown = lines(a_quote(text, found=spoken_by(text, Form.MIXED, who, "the gate had “failed at dusk”")))
    assert shown[3] == "Only the words in quotation marks are the speaker's; the rest is the article's wording"


def test_naming_words_in_the_next_sentence_are_shown_verbatim_with_via() -> None:
    text = (
        "The port would stay shut until spring. This was stated by harbour master Mira Dahl in an interview "
        "reported by the Ostra Wire, who named no day."
    )
    who = certain(
        text, "Mira Dahl", "harbour master", cue="stated", source="harbour master Mira Dahl", via="the Ostra Wire"
    )
    first = "The port would stay shut until spring."
    found = spoken_by(text, Form.INDIRECT, who, first)
    shown = lines(a_quote(text, first, found=found, outlet=None, url=None, headline=None))
    assert shown[2:6] == [
        "1. Mira Dahl, “harbour master”, via the Ostra Wire",
        "Reported speech: the article's wording, not the speaker's",
        first,
        "Named in the next sentence: “stated by harbour master Mira Dahl in an interview reported by the Ostra Wire”",
    ]


def test_who_is_only_he_in_the_quote_is_named_where_the_article_names_him() -> None:
    text = "Harbour master Olin Pell left early.\nHe added that the gate had failed."
    speaker = Speaker("Olin Pell", "Harbour master", at(text, "Olin Pell"), at(text, "Harbour master"))
    who = Attribution(speaker, cue=(at(text, "added"),), source=at(text, "He"), certainty=Certainty.CERTAIN)
    second = "He added that the gate had failed."
    found = spoken_by(text, Form.INDIRECT, who, "that the gate had failed")
    assert "“He” here; named in paragraph 1: “Harbour master Olin Pell”" in lines(a_quote(text, second, found=found))


def test_a_speaker_who_is_not_certain_is_not_named() -> None:
    text = "Olin Pell met Mira Dahl. He said the gate had failed."
    likely = Speaker("Olin Pell")
    who = Attribution(None, likely, (at(text, "said"),), at(text, "He"), certainty=Certainty.UNCERTAIN)
    second = "He said the gate had failed."
    found = spoken_by(text, Form.INDIRECT, who, "the gate had failed")
    shown = lines(a_quote(text, second, found=found))
    assert shown[2] == "1. Speaker not certain, in Velm Post"
    assert "The article's words for the speaker: “He”. Who that is, its text does not make certain" in shown
    assert "Pell" not in "\n".join(shown)


def test_who_is_only_described_is_shown_as_printed_and_as_no_name() -> None:
    text = "The quay was closed on Monday. Officials of both sides said the gate had failed."
    source, cue = at(text, "Officials of both sides"), (at(text, "said"),)
    who = Attribution(None, None, cue, source, certainty=Certainty.DESCRIBED)
    sentence = "Officials of both sides said the gate had failed."
    found = spoken_by(text, Form.INDIRECT, who, "the gate had failed")
    shown = lines(a_quote(text, sentence, found=found))
    assert shown[2] == "1. “Officials of both sides”, in Velm Post"
    assert "The article gives no name there" in shown


def test_an_unnamed_source_is_said_to_be_none() -> None:
    text = "It was reported earlier that nine boats had sunk."
    who = Attribution(cue=(at(text, "was reported"),), certainty=Certainty.UNNAMED)
    found = spoken_by(text, Form.INDIRECT, who, "nine boats had sunk")
    shown = lines(a_quote(text, found=found, outlet=None, url=None, headline=None))
    assert shown[2:4] == [
        "1. Article's own words, outlet not on record",
        "The article says “was reported earlier” but names no source",
    ]


def test_what_two_quotes_share_is_said() -> None:
    who = certain(REPORTED, "Mira Dahl", cue="explained", source="Dahl")
    found = spoken_by(REPORTED, Form.INDIRECT, who, "that the gate had failed at dusk")
    quote = a_quote(REPORTED, found=found)
    shown = lines(quote, quote)
    assert shown[0] == "2 quotes · 1 article · 1 speaker"
    assert shown[-1] == "All quotes: one speaker, one article."


def test_namesakes_of_two_articles_are_not_counted_as_one_speaker() -> None:
    chief = certain(REPORTED, "Dahl", "fire chief", cue="explained", source="Dahl")
    mayor = certain(REPORTED, "Dahl", "mayor", cue="explained", source="Dahl")
    content = "that the gate had failed at dusk"
    one = a_quote(REPORTED, found=spoken_by(REPORTED, Form.INDIRECT, chief, content))
    other = a_quote(REPORTED, found=spoken_by(REPORTED, Form.INDIRECT, mayor, content), article=2)
    alike = a_quote(REPORTED, found=spoken_by(REPORTED, Form.INDIRECT, chief, content), article=2)
    assert lines(one, other)[0] == "2 quotes · 2 articles"
    assert "one speaker" not in "\n".join(lines(one, other))
    assert lines(one, alike)[0] == "2 quotes · 2 articles · 1 speaker"


def test_one_voice_in_the_outlet_s_words_is_not_more_than_one() -> None:
    text = "Rain fell all night on the quay. “The gate failed,” said Mira Dahl."
    who = certain(text, "Mira Dahl", cue="said", source="Mira Dahl")
    shown = lines(a_quote(text, found=spoken_by(text, Form.DIRECT, who, "“The gate failed,”")))
    assert shown[2] == "1. Velm Post · the outlet's own words, and a voice in them"


def counting(*quotes: Quote) -> list[str]:
    asked = Question("How many people were hurt?", "en", ("peopl", "hurt"), ("people", "hurt"))
    (message, *_) = answers.render(Answer(asked, quotes, None), a_view(), CORPUS)
    return message.markup.text.splitlines()


def test_two_outlets_with_different_figures_stand_oldest_first_and_unjudged() -> None:
    late = a_quote("Fourteen people were hurt.", found=(), outlet="Ostra Wire", article=2, published=a_day(day=18))
    early = a_quote("Nine people were hurt.", found=(), published=a_day(day=17))
    shown = counting(late, early)
    assert shown[0] == "2 outlets, different figures"
    assert [line for line in shown if line[:2] in {"1.", "2."}] == [
        "1. Velm Post · the outlet's own words",
        "2. Ostra Wire · the outlet's own words",
    ]
    assert shown[-1] == "Oldest first. The bot does not judge which is right."


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("Nine people were hurt when 14 lamps fell.", "Ostra Wire"),
        ("Fourteen people were hurt.", "Velm Post"),
        ("Fourteen boats sank, and people watched 3 of them.", "Ostra Wire"),
    ],
)
def test_figures_of_one_outlet_or_of_other_things_are_not_called_different(text: str, outlet: str) -> None:
    nine = a_quote("Nine people were hurt.", found=())
    assert counting(nine, a_quote(text, found=(), outlet=outlet, article=2))[0] == "2 quotes · 2 articles"


def test_a_quote_over_600_characters_folds() -> None:
    long = "The gate failed. " * 40
    (message,) = answers.render(an_answer(a_quote(long, long.strip(), found=())), a_view(), CORPUS)
    assert Chat().receives(message).spans("expandable_blockquote") == [long.strip()]


def test_a_quote_longer_than_a_message_comes_as_a_file() -> None:
    long = ("The gate failed again. " * 200).strip()
    message, file = answers.render(an_answer(a_quote(long, found=())), a_view(), CORPUS)
    assert "longer than a message" in message.markup.text
    assert file.document is not None
    assert file.document.text == long
    assert "Velm Post · the outlet's own words" in file.markup.text


def test_long_answers_are_split_between_quotes() -> None:
    quotes = [a_quote(f"Gate {n} failed at dusk. " * 80, found=(), article=n) for n in range(1, 4)]
    trimmed = [a_quote(each.text, each.text.strip(), found=(), article=each.article.id) for each in quotes]
    messages = answers.render(an_answer(*trimmed), a_view(), CORPUS)
    firsts = [each.markup.text.splitlines()[0] for each in messages]
    assert firsts == ["3 quotes · 3 articles · 1/3", "1 quote · 2/3", "1 quote · 3/3"]
    assert [Chat().receives(each).spans("expandable_blockquote") for each in messages] == [
        [each.text] for each in trimmed
    ]


def test_the_plain_text_says_all_that_the_html_says() -> None:
    (message,) = answers.render(an_answer(a_quote(GATE, found=(), published=a_day())), a_view(), CORPUS)
    shown = Chat().receives(message, plainly=True).text
    assert GATE in shown
    assert "https://velm-post.example/1#:~:text=" in shown
    assert "20 Nov 2026" in shown


def test_every_quote_has_its_buttons_and_more_stands_last() -> None:
    (one,) = answers.render(an_answer(a_quote(GATE, found=())), a_view(), CORPUS, more=Press("more"))
    assert [[each.text for each in row] for row in one.buttons] == [
        ["In context"],
        ["Copy citation"],
        ["Check this quote"],
        ["More quotes"],
    ]
    two = answers.render(an_answer(a_quote(GATE, found=()), a_quote(GATE, found=(), article=2)), a_view(), CORPUS)
    assert [each.text for each in two[0].buttons[0]] == ["Context 1", "Context 2"]


def test_a_speaker_of_the_other_direction_is_isolated_outside_the_blockquote() -> None:
    text = "قالت منى الدالي إن البوابة تعطلت."
    (message,) = answers.render(an_answer(a_quote(text, found=(), outlet="صحيفة فيلم")), a_view(), CORPUS)
    sent = Chat().receives(message)
    assert "\u2068صحيفة فيلم\u2069 · the outlet's own words" in sent.text
    assert sent.spans("blockquote") == [text]


def test_a_text_that_other_outlets_carry_says_so() -> None:
    quote = replace(a_quote(GATE, found=()), carried_by=("Harbour Radio", "Ostra Wire"))
    assert lines(quote)[2] == "1. Velm Post · the outlet's own words (also carried by Harbour Radio, Ostra Wire)"
    quote = replace(quote, carried_by=tuple(f"Wire {n}" for n in range(5)))
    assert lines(quote)[2].endswith("(also carried by Wire 0, Wire 1, Wire 2 and 2 more)")


def test_opinion_is_said_before_the_words() -> None:
    quote = a_quote(GATE, found=())
    told = lines(replace(quote, version=replace(quote.version, opinion=True)))
    assert told[2:5] == ["1. Velm Post · the outlet's own words", "Opinion, as its page says", GATE]


def test_a_quote_in_another_language_is_marked() -> None:
    quote = a_quote("La compuerta falló al anochecer.", found=(), language="es", published=a_day())
    assert lines(quote)[-1].endswith("paragraph 1 of 1 · in Spanish")


# ── nothing found ────────────────────────────────────────────────────────────────────────────────


def test_nothing_found_tells_what_was_looked_for_and_searched() -> None:
    nearest = Nearest("a-1", "Talks on crossing resume", a_day(day=14), "https://ostra.example/1", "Ostra Wire")
    nothing = NothingFound(Reason.NO_MATCH, ("monitors", "crossing"), (nearest,))
    question = Question("Which monitors?", "en", since=date(2026, 11, 1))
    (message,) = answers.render(Answer(question, (), None, nothing), a_view(), CORPUS)
    assert message.markup.text.splitlines() == [
        "Nothing found.",
        "Looked for: monitors, crossing · since 1 Nov 2026",
        "Searched 4,210 articles, 38 outlets, 2 Mar 2026 – 22 Nov 2026, newest added 40 minutes ago.",
        "Nearest headlines (they do not answer it):",
        "• Ostra Wire: “Talks on crossing resume” · 14 Nov 2026",
    ]
    assert [each.text for each in message.buttons[0]] == ["Search all dates", "Sources"]


@pytest.mark.parametrize(
    ("reason", "first"),
    [
        (Reason.WEAK_MATCH, "Nothing found. Some articles share words with the question, but no sentence answers it."),
        (Reason.FILTERED_OUT, "Nothing found within these limits."),
    ],
)
def test_the_reason_for_nothing_is_said(reason: Reason, first: str) -> None:
    (message,) = answers.render(
        Answer(Question("?", "en"), (), None, NothingFound(reason, ("gate",))), a_view(), CORPUS
    )
    assert message.markup.text.splitlines()[0] == first
