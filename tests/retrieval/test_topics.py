"""What a reader's words ask for, and which articles match them: by analysed words, in one pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passages import cut, index_tokens
from retrieval.topics import Alternative, Fault, Matchable, NotATopic, Topics, parse, terms

EXCHANGE = "Exchange: prisoner exchange | обмін полоненими | تبادل الأسرى"


def an_article(text: str, headline: str | None = None, *, language: str = "en", **more: object) -> Matchable:
    passages = tuple(" ".join(index_tokens(headline, span.of(text), language)) for span in cut(text, language))
    return Matchable(language, headline, passages, **more)  # type: ignore[arg-type]


def matches(typed: str, article: Matchable) -> bool:
    return bool(Topics({"it": parse(typed)}).match(article))


def test_a_topic_is_read_from_what_is_typed() -> None:
    topic = parse('Toll:  bridge  "toll road" -ferry -"night bus" outlet:"Velm Post" speaker:Byron | Maut')
    assert topic.name == "Toll"
    assert topic.alternatives == (
        Alternative(("bridge",), ("toll road",), ("ferry", "night bus"), ("Velm Post",), ("Byron",)),
        Alternative(("Maut",)),
    )
    assert parse("prisoner exchange").name == "prisoner exchange"
    assert parse("“Kestrel Bridge” «міст»").alternatives[0].phrases == ("Kestrel Bridge", "міст")


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("   ", Fault.EMPTY),
        ("|", Fault.EMPTY),
        ("x" * 400, Fault.LONG),
        (" | ".join("abcdefghi"), Fault.LONG),
        (" ".join("abcdefghijklm"), Fault.LONG),
        ('bridge "toll', Fault.UNCLOSED),
        ("-bridge", Fault.ONLY_WITHOUT),
        ("bridge | -toll", Fault.ONLY_WITHOUT),
        ("!!!", Fault.WORDLESS),
    ],
)
def test_what_cannot_be_followed_says_why(typed: str, fault: Fault) -> None:
    with pytest.raises(NotATopic) as refused:
        parse(typed)
    assert refused.value.fault is fault


def test_all_plain_words_must_stand_together_in_any_form() -> None:
    both = an_article("The prisoners were exchanged on Monday.")
    assert matches("prisoner exchange", both)
    assert not matches("prisoner exchange", an_article("The prisoners were fed."))
    far = an_article("Prisoners were fed. " + "Nothing else happened in the quiet town. " * 40 + "The exchange closed.")
    assert not matches("prisoner exchange", far)
    assert matches("prisoner exchange", an_article("It closed late.", "Exchange of prisoners agreed"))


def test_phrases_stand_as_written_and_without_leaves_out() -> None:
    text = "The Kestrel Bridge toll rises. A road is closed."
    assert matches('"Kestrel Bridge"', an_article(text))
    assert not matches('"bridge road"', an_article(text))
    assert not matches('"Bridge Kestrel"', an_article(text))
    assert not matches("bridge -toll", an_article(text))
    assert matches("bridge -ferry", an_article(text))


def test_outlet_and_speaker_are_names() -> None:
    article = an_article("The toll rises.", outlet="Velm Post", speakers=("ada byron", "mira dahl"))
    assert matches("toll outlet:velm", article)
    assert not matches("toll outlet:Ostra", article)
    assert matches("speaker:Byron", article)
    assert matches('toll speaker:"Ada Byron"', article)
    assert not matches("toll speaker:Lena", article)


def test_alternatives_match_each_in_its_language() -> None:
    assert matches(EXCHANGE, an_article("Сторони домовилися про обмін полоненими.", language="uk"))
    assert matches(EXCHANGE, an_article("اتفق الطرفان على تبادل الأسرى اليوم.", language="ar"))
    assert not matches(EXCHANGE, an_article("Порт відкрито.", language="uk"))
    assert not matches("the", an_article("The port is open."))
    assert matches("换囚", an_article("双方同意换囚。", language="zh"))
    assert not matches("囚换", an_article("双方同意换囚。", language="zh"))
    assert terms(parse(EXCHANGE), "uk") > terms(parse("обмін полоненими"), "uk")


def test_a_headline_counts_for_more() -> None:
    topics = Topics({"bridge": parse("bridge")})
    headlined = topics.match(an_article("The bridge is closed.", "Bridge closed"))["bridge"]
    mentioned = topics.match(an_article("The bridge is closed.", "Town news"))["bridge"]
    assert headlined > mentioned > 0


WORDS = st.sampled_from(["bridge", "toll", "ferry", "harbour", "mayor", "road", "port", "strike"])


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=20), st.lists(WORDS, max_size=30))
def test_one_pass_over_many_topics_finds_what_each_alone_finds(asked: list[list[str]], text: list[str]) -> None:
    article = an_article(" ".join(text).capitalize() + ".")
    topics = {n: parse(" ".join(words)) for n, words in enumerate(asked)}
    together = Topics(topics).match(article)
    assert together == {n: found for n in topics for found in Topics({n: topics[n]}).match(article).values()}
    assert set(together) == {n for n, words in enumerate(asked) if set(words) <= set(text)}


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_topic_or_says_why_not(typed: str) -> None:
    try:
        topic = parse(typed)
    except NotATopic:
        return
    assert topic.alternatives
    Topics({"it": topic}).match(an_article("The toll rises."))
