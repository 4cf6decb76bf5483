"""A page of statements: whatever the articles hold, Telegram takes it, with exact words or the word where they are."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.messages import exports, said
from bot.speakers import Entry, Said
from retrieval.model import Attribution, Certainty, Form, Quote, Span, Speaker, Statement
from storage.values import PrintedName, Spoken
from tests.bot.messages.making import Chat, a_quote, a_view
from tests.bot.messages.test_any_text import MAYBE, WORDS, assert_within_limits, quotes

EXAMPLES = settings().max_examples // 2  # each makes up to five quotes
CHAIN = "Ada Byron said that Lena Orlo had promised that the bridge would open."


def entries_of(shown: list[Quote]) -> list[Entry]:
    return [Entry(number, number, quote, quote.statements) for number, quote in enumerate(shown, 1)]


def spoken(entry: Entry, name: str, role: str | None) -> Spoken:
    version = entry.quote.version
    return Spoken(entry.first, version.id, 1, name, role, entry.quote.span, version.published, version.headline, None)


@given(
    st.lists(quotes(), min_size=1, max_size=5),
    WORDS,
    st.lists(MAYBE, min_size=1, max_size=3),
    st.lists(st.builds(PrintedName, WORDS, WORDS, st.integers(1, 99)), max_size=8),
    MAYBE,
)
@settings(max_examples=EXAMPLES)
@example([a_quote("Fog came.")], "Ada", [None], [PrintedName("0", "\x1f", 1)], None)
def test_any_page_is_taken_and_shows_exact_words(
    shown: list[Quote], name: str, roles: list[str | None], also: list[PrintedName], about: str | None
) -> None:
    entries = entries_of(shown)
    people = [tuple(spoken(each, name, role) for each in entries[at :: len(roles)]) for at, role in enumerate(roles)]
    found = Said(name, about, name, tuple(one for one in people if one), tuple(also), held=9)
    page = said.page(found, entries, a_view())
    assert_within_limits(page)
    sent = Chat().receives(page)
    words = [quote.text for quote in shown]
    assert all(each in words for each in sent.spans("blockquote"))
    assert_within_limits(said.others(entries, a_view()))


@settings(max_examples=EXAMPLES)
@given(st.lists(quotes(), min_size=1, max_size=3))
def test_any_export_can_be_read_again(shown: list[Quote]) -> None:
    entries = entries_of(shown)
    rows = list(csv.DictReader(io.StringIO(exports.as_csv(entries, a_view()), newline="")))
    assert [row["quote"].removeprefix("'") for row in rows] == [quote.text.removeprefix("'") for quote in shown]
    assert not any(exports.FORMULA.match(cell) for row in rows for cell in row.values())
    ris = exports.as_ris(entries, a_view()).split("\r\n")
    assert ris.count("ER  - ") == len(shown)
    assert all(len(line.splitlines()) <= 1 for line in ris)
    bibtex = exports.as_bibtex(entries, a_view())
    assert bibtex.count("@article{said-") >= len(shown)


def test_of_a_chain_the_page_says_by_whom_the_words_are_told() -> None:
    outer = Attribution(Speaker("Ada Byron"), source=Span(0, 9), certainty=Certainty.CERTAIN)
    inner = Attribution(Speaker("Lena Orlo"), source=Span(20, 29), certainty=Certainty.CERTAIN)
    told = CHAIN.index("Lena"), CHAIN.index("the bridge")
    found = (
        Statement(1, 1, (Span(told[0], len(CHAIN) - 1),), Form.INDIRECT, outer),
        Statement(2, 1, (Span(told[1], len(CHAIN) - 1),), Form.INDIRECT, inner, within=1),
    )
    entry = Entry(1, 1, a_quote(CHAIN, found=found), found[1:])
    assert said.told_by(entry, a_view()) == ["Lena Orlo: reported speech; as told by Ada Byron"]
    row = exports.fields(entry, a_view())
    assert (row["speaker"], row["spoken"], row["form"]) == ("Lena Orlo", "the bridge would open", "indirect")
    assert "as told by Ada Byron" in row["label"]
