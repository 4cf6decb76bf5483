"""`said` as an operator types it: whose statements, in which order and form, and as CSV, BibTeX and RIS."""

import csv
import io
import re
from pathlib import Path

import pytest

from retrieval.model import Draft
from tests.bot.test_cli import Command, command, told, written
from tests.build import a_day, an_article

__all__ = ["command"]

BRIDGE = an_article(
    "“The Kestrel Bridge will open in spring,” said Ada Byron, the mayor of Velm. Gulls circled above the quay.",
    external_id="bridge",
    headline="Kestrel Bridge to open",
    published=a_day(day=20),
)
TOLL = an_article(
    "Ada Byron, the mayor of Velm, said that the toll would stay at two crowns & that “{nobody} pays 100%”.",
    external_id="toll",
    outlet="Ostra Wire",
    headline="Bridge toll to stay",
    published=a_day(day=5),
)
UNDATED = an_article("Ada Byron, the mayor of Velm, said that fog had hurt nobody.", external_id="fog", headline="Fog")
NAMESAKE = an_article(
    "Ada Byron, a goalkeeper for Ostra, said that the match was hard.",
    external_id="match",
    headline="Ostra wins",
    published=a_day(day=1),
)
OTHERS = an_article(
    "Ada Bryon, the mayor of Velm, said that ferries would run. Lena Orlo said that the wind was weak. "
    "Ada Býron, the mayor of Velm, said that gulls would stay.",
    external_id="others",
    headline="Ferries",
    published=a_day(day=2),
)
LABEL = "the article's wording, not the speaker's"


@pytest.fixture
def corpus(command: Command, tmp_path: Path) -> None:
    publish(command, tmp_path, BRIDGE, TOLL, UNDATED, NAMESAKE, OTHERS)


def publish(command: Command, folder: Path, *drafts: Draft) -> None:
    assert command("add", written(folder / "articles.jsonl", *drafts)).exit_code == 0


@pytest.mark.usefixtures("corpus")
def test_said_is_oldest_first_and_undated_last_with_the_speaker_before_the_words(command: Command) -> None:
    shown = command("said", "Ada Byron").stdout
    assert "Ada Byron: 4 statements · 4 articles · 2 outlets" in shown
    assert "Statements without a date on record stand last." in shown
    order = ["the toll would stay", "will open in spring", "fog had hurt nobody"]
    assert sorted(order, key=shown.index) == order
    for words in order:
        assert shown.index("Ada Byron, “mayor of Velm”") < shown.index(words)
    lines = shown.splitlines()
    fog = next(number for number, line in enumerate(lines) if "fog had hurt" in line)
    assert LABEL in lines[fog - 1]
    assert "no date on record" in shown


@pytest.mark.usefixtures("corpus")
def test_one_name_in_two_roles_is_split_and_said_to_be_perhaps_several_people(command: Command) -> None:
    shown = command("said", "ada  BYRON").stdout
    assert "This name as printed; may be several people." in shown
    assert shown.index("As “goalkeeper for Ostra”") < shown.index("the match was hard")
    assert shown.index("the match was hard") < shown.index("As “mayor of Velm”") < shown.index("the toll would stay")


@pytest.mark.usefixtures("corpus")
def test_other_spellings_are_offered_and_never_merged(command: Command) -> None:
    shown = command("said", "Ada Byron").stdout
    assert "not merged: Ada Býron (1), Ada Bryon (1)" in shown
    assert "ferries would run" not in shown
    assert "gulls would stay" not in shown


def test_a_spelling_without_a_role_or_story_in_common_is_not_offered(command: Command, tmp_path: Path) -> None:
    other = an_article("Ada Bryon, a baker, said that flour was dear.", headline="Bread", published=a_day(day=3))
    publish(command, tmp_path, BRIDGE, other)
    assert "Bryon" not in command("said", "Ada Byron").stdout


@pytest.mark.usefixtures("corpus")
def test_a_surname_finds_the_names_in_print(command: Command) -> None:
    shown = command("said", "Orlo").stdout
    assert "Lena Orlo: 1 statement" in shown
    several = command("said", "Byron").stdout
    assert "“Byron” alone is not the name of a speaker here." in several
    assert "• Ada Byron: 4 statements" in several
    assert "• Ada Býron: 1 statement" in several
    assert "toll" not in several


def test_no_more_names_are_offered_than_a_message_holds(command: Command, tmp_path: Path) -> None:
    firsts = ("Ada", "Brana", "Cora", "Dora", "Edda", "Fina", "Gitta", "Hanna", "Ines", "Jana", "Kaja", "Lena")
    said = " ".join(f"{first} Byron said that fog came." for first in firsts)
    publish(command, tmp_path, an_article(said))
    assert command("said", "Byron").stdout.count("• ") == 8
    assert command("said", "Wanda Byron").stdout.count("• ") == 8


@pytest.mark.usefixtures("corpus")
def test_nothing_found_says_so_with_the_nearest_names(command: Command) -> None:
    shown = command("said", "Lena Orla")
    assert shown.exit_code == 0
    assert "No statement of “Lena Orla” is stored." in shown.stdout
    assert "• Lena Orlo: 1 statement" in shown.stdout
    silent = command("said", "Nobody Atall", "--json")
    assert (silent.exit_code, silent.stdout) == (0, "")
    assert "No statement" in silent.stderr


@pytest.mark.usefixtures("corpus")
def test_about_keeps_the_statements_to_these_words(command: Command) -> None:
    shown = command("said", "Ada Byron", "--about", "the bridge tolls").stdout
    assert "About the bridge tolls: 1 of 4 statements" in shown
    assert "the toll would stay" in shown
    assert "will open in spring" not in shown
    assert "no statement about zebras" in command("said", "Ada Byron", "--about", "zebras").stdout


def test_only_the_newest_version_and_the_first_of_equal_texts_count(command: Command, tmp_path: Path) -> None:
    carried = an_article(BRIDGE.text, external_id="copy", outlet="Harbour Radio", headline="Bridge")
    publish(command, tmp_path, BRIDGE, carried)
    shown = command("said", "Ada Byron").stdout
    assert "1 statement ·" in shown
    assert "also carried by Harbour Radio" in shown
    publish(command, tmp_path, an_article("The bridge stays shut.", external_id="bridge", headline="Bridge"))
    (left,) = told(command("said", "Ada Byron", "--json"))
    assert left["quote"]["article"] == "copy"


@pytest.mark.usefixtures("corpus")
def test_said_json_has_the_promised_shape(command: Command) -> None:
    stated = told(command("said", "Ada Byron", "--json"))
    assert [each["quote"]["article"] for each in stated] == ["match", "toll", "bridge", "fog"]
    assert list(stated[2]) == ["name", "role", "namesake", "form", "label", "spans", "quote"]
    assert [each["namesake"] for each in stated] == [1, 2, 2, 2]
    assert (stated[2]["name"], stated[2]["role"], stated[2]["form"]) == ("Ada Byron", "mayor of Velm", "direct")
    quote = stated[2]["quote"]
    assert quote["text"] == BRIDGE.text[quote["start"] : quote["end"]]
    assert [BRIDGE.text[start:end] for start, end in stated[2]["spans"]] == [
        "“The Kestrel Bridge will open in spring,”"
    ]
    assert LABEL in stated[3]["label"]


def test_csv_quotes_exactly_and_holds_no_formula(command: Command, tmp_path: Path) -> None:
    text = '"Rates, \'for now\', stay," said Ada Byron, the mayor of Velm. "They do," she said.'
    article = an_article(text, external_id="rates", headline="=HYPERLINK(1)", outlet='+Velm, "Post"')
    publish(command, tmp_path, article)
    printed = command("said", "Ada Byron", "--csv").stdout_bytes.decode()
    assert printed.endswith("\r\n")
    assert printed.count("\r\n") == printed.count("\n")
    first, second = csv.DictReader(io.StringIO(printed, newline=""))
    assert first["quote"] == text[int(first["start"]) : int(first["end"])]
    assert first["spoken"] == "\"Rates, 'for now', stay,\""
    assert (first["headline"], first["outlet"]) == ("'=HYPERLINK(1)", '\'+Velm, "Post"')
    assert (first["form"], second["speaker"]) == ("direct", "Ada Byron")


@pytest.mark.usefixtures("corpus")
def test_bibtex_escapes_what_tex_reads(command: Command) -> None:
    printed = command("said", "Ada Byron", "--about", "toll", "--bibtex").stdout
    assert printed.startswith("@article{said-")
    assert r"two crowns \& that “\{nobody\} pays 100\%”" in printed
    assert "Only the words in quotation marks are the speaker's" in printed
    bare = re.sub(r"\\[{}]", "", printed)
    assert bare.count("{") == bare.count("}")


@pytest.mark.usefixtures("corpus")
def test_ris_is_a_tag_a_line(command: Command) -> None:
    lines = command("said", "Ada Byron", "--ris").stdout_bytes.decode().split("\r\n")
    assert lines.pop() == ""
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert lines.count("TY  - NEWS") == lines.count("ER  - ") == 4
    assert any(line.startswith("N1  - Ada Byron, “mayor of Velm”. Reported speech") for line in lines)


def test_said_wants_one_name_and_one_form(command: Command) -> None:
    assert command("said", "Ada Byron", "--csv", "--ris").exit_code == 2
    assert command("said", " ").exit_code == 2
