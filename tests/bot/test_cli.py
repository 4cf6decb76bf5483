"""The commands as an operator types them, over a real database: output, exit codes, one line for a failure."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner, Result

from bot import cli, samples
from bot.newsroom.drafts import fields_of
from bot.newsroom.files import Arrival
from retrieval.model import Draft
from tests.build import NOON, a_moment, an_article
from tests.web import stub_web_beside

PROGRAM = (sys.executable, "-m", "bot")
COMMANDS = ["run", "demo", "ask", "add", "statements", "reindex", "stats", "check", "articles list", "articles show"]
COMMANDS += ["articles remove", "articles export", "db upgrade", "said", "objections"]
COMMANDS += ["evaluate answers", "evaluate attribution", "briefing"]
COMMANDS += ["feeds add", "feeds list", "feeds remove", "feeds refresh", "feeds import", "feeds export"]
BRIDGE = "“The Kestrel Bridge will open again in spring,” said Ada Byron, the mayor of Velm, on Monday."
HARBOUR = "Ferries left the harbour of Ostra late. The harbour master, Ines Varga, said that fog was to blame."

Command = Callable[..., Result]


@pytest.fixture
def command(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("add", path)` runs the program's own command in an empty folder, over a database of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    runner = CliRunner()

    def run(*words: object, typed: str | bytes | None = None) -> Result:
        return runner.invoke(cli.app, [str(word) for word in words], input=typed)

    return run


def written(path: Path, *drafts: Draft) -> Path:
    path.write_text("".join(json.dumps(fields_of(draft)) + "\n" for draft in drafts))
    return path


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def failed(result: Result) -> str:
    """The one line of a failure."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.stderr
    line = result.stderr.rstrip("\n").splitlines()[-1]
    assert line.startswith("briefing-bot: ")
    return line


@pytest.fixture
def corpus(command: Command, tmp_path: Path) -> Path:
    bridge = an_article(BRIDGE, external_id="bridge", published=a_moment(), headline="Bridge closed in Velm")
    harbour = an_article(HARBOUR, external_id=None, url=None, outlet=None, headline=None)
    path = written(tmp_path / "articles.jsonl", bridge, harbour)
    assert command("add", path).exit_code == 0
    return path


# ── words and wrong words ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(command: Command, name: str) -> None:
    result = command(*name.split(), "--help")
    assert result.exit_code == 0
    assert f"briefing-bot {name}" in " ".join(result.stdout.replace("│", " ").split())
    assert "Example" in result.stdout


def test_the_list_of_commands_is_whole() -> None:
    group = get_command(cli.app)
    assert isinstance(group, TyperGroup)
    leaves = [
        f"{name} {leaf}" if leaf else name
        for name, each in group.commands.items()
        for leaf in (each.commands if isinstance(each, TyperGroup) else [""])
    ]
    assert sorted(leaves) == sorted(COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-command"],
        ["ask"],
        ["ask", "one", "--batch", "two.jsonl"],
        ["ask", "--batch", "two.jsonl"],
        ["ask", "one", "--limit", "0"],
        ["add"],
        ["add", "a.txt", "--published", "yesterday"],
        ["add", "a.jsonl", "--url", "https://velm.example/1"],
        ["add", "a.txt", "--url", "velm"],
        ["statements", "--json"],
        ["articles", "show"],
    ],
)
def test_wrong_usage_ends_with_2(command: Command, words: list[str]) -> None:
    result = command(*words)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""


def test_a_wrong_setting_is_one_line(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_TIMEZONE", "Velm/Harbour")
    assert "DEFAULT_TIMEZONE" in failed(command("stats"))


def test_a_database_that_cannot_be_opened_is_one_line(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:////proc/no/briefing.db")
    assert "database" in failed(command("stats"))


def test_help_is_quick() -> None:
    began = os.times()
    subprocess.run([*PROGRAM, "--help"], check=True, capture_output=True)
    ended = os.times()
    assert ended.children_user + ended.children_system - began.children_user - began.children_system < 1.5


def test_an_empty_question_is_wrong_usage(command: Command) -> None:
    for words in ("", "  "):
        assert command("ask", words).exit_code == 2


def test_groups_of_commands_show_an_example(command: Command) -> None:
    for group in ("articles", "db"):
        assert "Example: briefing-bot" in command(group, "--help").stdout


def test_check_names_a_mistyped_setting(command: Command, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEEP_QUESTION_DAYS=3\nCOMPOSE_PROJECT_NAME=velm\n")
    result = command("check")
    assert result.exit_code == 1
    assert "KEEP_QUESTION_DAYS, which is no setting: write KEEP_QUESTIONS_DAYS" in result.stdout
    assert "COMPOSE" not in result.stdout


# ── add ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_article_that_comes_back_is_added(command: Command, corpus: Path) -> None:
    assert command("articles", "remove", "bridge", "--yes").exit_code == 0
    assert "1 added, 0 updated, 1 unchanged" in command("add", corpus).stdout


def test_a_quote_of_an_unaddressed_article_has_no_dead_link(command: Command, corpus: Path) -> None:
    told = command("ask", "--always", "harbour").stdout + command("ask", "When did the bridge close?").stdout
    assert "t.me" not in told
    assert told.count("Source:") == told.count("articles show")


def test_add_says_what_became_of_each_article(command: Command, corpus: Path, tmp_path: Path) -> None:
    again = command("add", corpus)
    assert again.exit_code == 0
    assert "0 added, 0 updated, 2 unchanged" in again.stdout
    written(corpus, an_article("The bridge is open again.", external_id="bridge", url=None))
    assert "1 updated" in command("add", corpus).stdout
    shown = command("articles", "show", "bridge", "--version", "1", "--json")
    assert told(shown)[0]["text"] == BRIDGE
    assert told(command("articles", "show", "bridge", "--json"))[0]["version"] == 2


def test_add_fetches_pages_by_address(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<html><title>Bridge</title><article><p>{BRIDGE}</p><p>{HARBOUR}</p></article></html>"
    with stub_web_beside() as web:
        web.serves("/bridge", page)
        refused = command("add", f"{web.url}/bridge")
        assert "no public address" in refused.stdout
        assert "1 refused" in failed(refused)
        assert web.asked == []
        monkeypatch.setenv("ALLOW_PRIVATE_ADDRESSES", "true")
        added = command("add", f"{web.url}/bridge", "--outlet", "Velm Post", "--json")
    assert added.exit_code == 0
    assert told(added) == [
        {"place": f"{web.url}/bridge", "outcome": "added", "article": f"{web.url}/bridge", "reason": None}
    ]
    assert "Velm Post" in command("articles", "show", f"{web.url}/bridge").stdout


def test_a_bad_line_is_refused_with_its_place_and_the_rest_is_added(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text('{"text": "Good words."}\n{"text": "Bad", "source": "x"}\n{"text": "More good words."}\n')
    result = command("add", path, "https://velm.example/1", "--json")
    assert "2 refused" in failed(result)
    outcomes = [(each["place"].rpartition("/")[2], each["outcome"]) for each in told(result)]
    assert outcomes == [
        ("mixed.jsonl:1", "added"),
        ("mixed.jsonl:2", "refused"),
        ("mixed.jsonl:3", "added"),
        ("1", "refused"),
    ]
    assert "'source'" in told(result)[1]["reason"]
    assert "2 added" in result.stderr


def test_add_takes_folders_pages_and_standard_input(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.md").write_text(f"# Bridge closed\n\n{BRIDGE}\n")
    (folder / "b.html").write_text(
        f"<html lang=en><body><article><h1>Fog</h1><p>{HARBOUR * 4}</p></article></body></html>"
    )
    (folder / "c.png").write_bytes(b"\x89PNG")
    result = command("add", folder)
    assert result.exit_code == 0
    assert "ignored" in result.stdout
    assert "2 added, 0 updated, 0 unchanged, 1 ignored" in result.stdout
    options = ["--outlet", "Velm Post", "--url", "https://velm.example/1#top", "--headline", "Fog", "--language", "en"]
    assert (
        command("add", "-", *options, "--published", "2026-11-20", "--byline", "T. Reyle", typed=HARBOUR).exit_code == 0
    )
    (shown,) = told(command("articles", "show", "https://velm.example/1#top", "--json"))
    assert (shown["text"], shown["outlet"], shown["headline"]) == (HARBOUR, "Velm Post", "Fog")
    assert (shown["published_at"], shown["byline"], shown["supplied"]) == ("2026-11-20", "T. Reyle", "by_operator")


def test_the_samples_are_refused(command: Command, tmp_path: Path) -> None:
    drafts = [each.draft for each in samples.articles() if isinstance(each, Arrival)]
    result = command("add", written(tmp_path / "samples.jsonl", *drafts))
    assert f"{len(drafts)} refused" in failed(result)
    assert "0 added" in result.stdout


def test_run_refuses_a_database_with_samples(command: Command, sqlite_url: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", an_article(outlet="Velm Post"))
    command("add", path)
    with sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///")) as database:
        database.execute("UPDATE outlets SET name = 'Velm Post (sample)'")
    database.close()
    assert "Velm Post (sample)" in failed(command("run"))


def test_a_sample_is_known_without_its_outlet(command: Command, sqlite_url: str, tmp_path: Path) -> None:
    drafts = [each.draft for each in samples.articles() if isinstance(each, Arrival)]
    nameless = next(draft for draft in drafts if draft.outlet is None)
    text = tmp_path / "found.txt"
    text.write_text(f"\n{nameless.text}\n")
    assert "a sample article" in command("add", text).stdout
    command("add", written(tmp_path / "a.jsonl", an_article(outlet="Velm Post")))
    with sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///")) as database:
        database.execute("UPDATE versions SET text_sha256 = ?", (hashlib.sha256(nameless.text.encode()).hexdigest(),))
    database.close()
    assert "the database holds sample articles" in failed(command("run"))


def test_run_without_a_token_says_where_to_get_one(command: Command) -> None:
    line = failed(command("run"))
    assert "TELEGRAM_BOT_TOKEN" in line
    assert "BotFather" in line


@pytest.mark.prove
def test_a_killed_load_is_repeated_and_ends_the_same(command: Command, tmp_path: Path) -> None:
    drafts = [an_article(f"Report {each}. {BRIDGE} {HARBOUR}", external_id=f"r-{each}") for each in range(120)]
    path = written(tmp_path / "many.jsonl", *drafts)
    with subprocess.Popen([*PROGRAM, "add", str(path), "--json"], stdout=subprocess.PIPE) as load:
        assert load.stdout is not None
        for _ in range(20):
            assert load.stdout.readline(), "the load ended before it was killed"
        load.kill()
    stored = told_count(command)
    assert 20 <= stored < len(drafts)
    again = command("add", path)
    assert again.exit_code == 0
    assert f"{stored} unchanged" in again.stdout
    names = [each["id"] for each in told(command("articles", "export"))]
    assert names == [draft.external_id for draft in drafts]
    assert json.loads(command("stats", "--json").stdout)["versions"] == len(drafts)
    assert command("check").exit_code == 0


def told_count(command: Command) -> int:
    return int(json.loads(command("stats", "--json").stdout)["articles"])


# ── ask ──────────────────────────────────────────────────────────────────────────────────────────

QUOTE_FIELDS = (
    "article version start end text headline outlet url link published_at form speaker likely_speaker cue source via "
    "statements score"
)


def test_ask_json_has_exactly_the_promised_shape(command: Command, corpus: Path) -> None:
    result = command("ask", "What did Ada Byron say about the bridge?", "--json")
    assert result.exit_code == 0
    (answer,) = told(result)
    assert list(answer) == ["id", "question", "answered", "took_ms", "as_of", "quotes", "passages", "nothing"]
    assert (answer["id"], answer["answered"], answer["nothing"]) == (None, True, None)
    assert answer["as_of"].endswith("Z")
    quote = answer["quotes"][0]
    assert list(quote) == QUOTE_FIELDS.split()
    assert (quote["article"], quote["version"]) == ("bridge", 1)
    assert quote["text"] == BRIDGE[quote["start"] : quote["end"]]
    assert "#:~:text=" in quote["link"]
    assert quote["published_at"] == a_moment().isoformat()
    stated = quote["statements"][0]
    assert list(stated) == ["spans", "form", "speaker", "likely_speaker", "cue", "source", "addressee", "via", "within"]
    assert stated["speaker"]["name"] == "Ada Byron"
    assert stated["cue"]["text"] == BRIDGE[stated["cue"]["start"] : stated["cue"]["end"]] == "said"
    passage = answer["passages"][0]
    assert list(passage) == ["article", "version", "start", "end", "text", "score"]
    assert passage["text"] == BRIDGE[passage["start"] : passage["end"]]


def test_a_link_keeps_the_fragment_of_its_address(command: Command, tmp_path: Path) -> None:
    live = an_article(BRIDGE, external_id=None, url="https://velm-post.example/live?day=1#entry-7")
    command("add", written(tmp_path / "live.jsonl", live))
    (answer,) = told(command("ask", "What did Ada Byron say about the bridge?", "--json"))
    assert answer["quotes"][0]["url"] == "https://velm-post.example/live?day=1#entry-7"
    assert answer["quotes"][0]["link"].startswith("https://velm-post.example/live?day=1#entry-7:~:text=")


def test_ask_tells_the_terminal_who_speaks_before_the_words(command: Command, corpus: Path) -> None:
    lines = command("ask", "What did Ada Byron say about the bridge?", "--explain").stdout.splitlines()
    speaker = next(number for number, line in enumerate(lines) if "Ada Byron" in line)
    words = next(number for number, line in enumerate(lines) if line.lstrip().startswith("▎"))
    assert speaker < words
    assert any("https://velm-post.example/" in line for line in lines)
    assert any("terms" in line for line in lines)
    assert any("sentence: company " in line for line in lines), "what each ingredient gave its best sentence"
    assert any("order: bm25 1.00  age " in line and "spoken 0.50" in line for line in lines), "and its order"


def test_ask_says_that_outlets_give_different_figures_and_shows_the_oldest_first(
    command: Command, tmp_path: Path
) -> None:
    later, earlier = a_moment(), a_moment(NOON - timedelta(days=1))
    drafts = [
        an_article("Eleven people were hurt when the dam of Ostra broke.", outlet="Velm Post", published=later),
        an_article("Seven people were hurt when the dam of Ostra broke.", outlet="Ostra Wire", published=earlier),
    ]
    command("add", written(tmp_path / "dam.jsonl", *drafts))
    lines = command("ask", "How many people were hurt when the dam of Ostra broke?").stdout.splitlines()
    assert "different figures" in lines[0]
    words = [line for line in lines if line.lstrip().startswith("▎")]
    assert ["Seven" in words[0], "Eleven" in words[1]] == [True, True]
    assert lines[-1].startswith("Oldest first")


def test_a_question_for_somebody_s_words_is_answered_by_them_and_not_by_a_namesake(
    command: Command, tmp_path: Path
) -> None:
    court = "The court of Ostra heard Mira Dahl on the dam. “I signed nothing,” Dahl said."
    chatter = "In the court of Ostra everybody spoke about Mira Dahl and the dam. “It leaks,” said Arvid Dahl, a diver."
    command("add", written(tmp_path / "dam.jsonl", an_article(court), an_article(chatter)))
    (answer,) = told(command("ask", "What did Mira Dahl say in the court of Ostra?", "--json"))
    first = answer["quotes"][0]
    assert (first["speaker"]["name"], first["text"]) == ("Mira Dahl", "“I signed nothing,” Dahl said.")
    assert not [quote for quote in answer["quotes"] if (quote["speaker"] or {}).get("name") == "Arvid Dahl"]


def test_nothing_found_is_an_answer(command: Command, corpus: Path) -> None:
    result = command("ask", "Which zebras won the chess tournament?")
    assert result.exit_code == 0
    assert "Nothing found" in result.stdout
    (answer,) = told(command("ask", "Which zebras won the chess tournament?", "--json"))
    assert (answer["answered"], answer["quotes"]) == (False, [])
    assert list(answer["nothing"]) == ["reason", "looked_for", "nearest"]
    assert answer["nothing"]["reason"] == "no_match"


def test_an_empty_corpus_is_named(command: Command) -> None:
    (answer,) = told(command("ask", "What did Ada Byron say?", "--json"))
    assert answer["nothing"]["reason"] == "empty_corpus"
    assert answer["as_of"] is None
    assert command("ask", "What did Ada Byron say?").exit_code == 0


def test_a_batch_is_answered_in_its_order(command: Command, corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(
        '{"id": "q1", "question": "What did Ada Byron say about the bridge?", "answers": ["spring"]}\n'
        "not a question\n\n"
        '{"id": 2, "question": "What did Ines Varga say about fog?"}\n'
        '{"id": "q3", "question": ""}\n'
    )
    result = command("ask", "--batch", path, "--json", "--always", "--limit", "1")
    assert "1 lines" in failed(result)
    assert f"{path}:2" in result.stderr
    assert [each["id"] for each in told(result)] == ["q1", 2, "q3"]
    assert [each["answered"] for each in told(result)] == [True, True, False]
    assert all(len(each["passages"]) <= 1 for each in told(result))


def test_an_article_cannot_steer_the_terminal(command: Command, tmp_path: Path) -> None:
    text = "The [bold]bridge[/bold] \x1b[2J\x9b31m of Velm \u202ewas closed on Monday, Ada Byron said."
    command(
        "add", written(tmp_path / "a.jsonl", an_article(text, external_id="x", headline="Bridge \x1b]0;x\x07 closed"))
    )
    for words in (
        ["ask", "Was the bridge of Velm closed?", "--always"],
        ["articles", "show", "x"],
        ["articles", "list"],
    ):
        shown = command(*words).stdout
        assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(shown)
    assert "[bold]bridge[/bold]" in command("articles", "show", "x").stdout


# ── the corpus, statements, upkeep ───────────────────────────────────────────────────────────────


def test_articles_are_listed_exported_and_removed(command: Command, corpus: Path, tmp_path: Path) -> None:
    assert [each["article"] for each in told(command("articles", "list", "--json"))] == ["2", "bridge"]
    assert "Bridge closed in Velm" in command("articles", "list").stdout
    exported = tmp_path / "export.jsonl"
    exported.write_text(command("articles", "export").stdout)
    assert "2 unchanged" in command("add", exported).stdout
    assert "--yes" in command("articles", "remove", "bridge").stdout
    assert command("articles", "show", "bridge").exit_code == 0
    assert command("articles", "remove", "bridge", "--reason", "withdrawn", "--yes").exit_code == 0
    assert "no article goes by bridge" in failed(command("articles", "show", "bridge"))
    (answer,) = told(command("ask", "What did Ada Byron say about the bridge?", "--json"))
    assert all(quote["article"] != "bridge" for quote in answer["quotes"])


def test_stats_count_what_there_is(command: Command, corpus: Path) -> None:
    counted = json.loads(command("stats", "--json").stdout)
    assert (counted["articles"], counted["versions"], counted["outlets"]) == (2, 2, 1)
    assert counted["languages"] == {"en": 2}
    assert counted["sent_plainer"] == 0
    assert "2 articles in 2 versions" in command("stats").stdout


def test_statements_need_no_database(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "no database at all")
    (tmp_path / "a.txt").write_text(BRIDGE)
    (article,) = told(command("statements", tmp_path / "a.txt", "--json"))
    assert list(article) == ["article", "statements"]
    stated = article["statements"][0]
    promised = "start end text spans form speaker likely_speaker cue source addressee via within"
    assert list(stated) == promised.split()
    assert stated["text"] == BRIDGE[stated["start"] : stated["end"]]
    assert stated["source"]["text"] == BRIDGE[stated["source"]["start"] : stated["source"]["end"]]
    assert told(command("statements", "-", "--json", typed=BRIDGE))[0]["statements"] == article["statements"]


def test_statements_say_why_they_have_this_speaker(command: Command, tmp_path: Path) -> None:
    text = "Ada Byron, the mayor, came to Velm.\n\nShe said that the bridge would open. Officials said it was old."
    (tmp_path / "a.txt").write_text(text)
    shown = command("statements", tmp_path / "a.txt").stdout
    assert "2 statements" in shown
    assert "1. Ada Byron, “mayor” · indirect" in shown
    assert "cue “said”; named as “She”; which is Ada Byron of paragraph 1" in shown
    assert "2. described, not named · indirect" in shown


def test_statements_of_a_batch_keep_its_order(command: Command, tmp_path: Path) -> None:
    drafts = [an_article(f"{BRIDGE} {each}", external_id=f"b-{each}", language="en") for each in range(20)]
    path = written(tmp_path / "batch.jsonl", *drafts)
    with path.open("a") as more:
        more.write('{"id": "bad"}\n')
    result = command("statements", "--batch", path, "--json")
    assert "1 could not be read" in failed(result)
    assert f"{path}:21" in result.stderr
    assert [each["article"] for each in told(result)] == [draft.external_id for draft in drafts]


def test_reindex_makes_anew_what_another_version_made(command: Command, corpus: Path, sqlite_url: str) -> None:
    assert "0 of 2" in command("reindex").stdout
    before = told(command("ask", "What did Ada Byron say about the bridge?", "--json"))[0]["quotes"]
    with sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///")) as database:
        database.execute("UPDATE versions SET tokenizer = 'older'")
        database.execute("UPDATE passages SET tokens = 'nothing that anybody asks'")
    database.close()
    assert "reindex" in command("check").stdout
    assert "2 of 2" in command("reindex").stdout
    assert told(command("ask", "What did Ada Byron say about the bridge?", "--json"))[0]["quotes"] == before
    assert command("check").exit_code == 0


def test_reindex_finds_anew_who_said_what_by_older_rules(command: Command, corpus: Path, sqlite_url: str) -> None:
    before = told(command("said", "Ada Byron", "--json"))
    assert before
    with sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///")) as database:
        database.execute("UPDATE versions SET rules = NULL")
        database.execute("UPDATE statements SET speaker_key = 'nobody', speaker = NULL, certainty = 'uncertain'")
    database.close()
    assert not told(command("said", "Ada Byron", "--json"))
    assert "2 texts was found by older rules: briefing-bot reindex" in command("check").stdout
    assert "found anew in 2 texts" in command("reindex").stdout
    assert told(command("said", "Ada Byron", "--json")) == before
    assert "found anew" not in command("reindex").stdout


def test_reindex_gives_older_articles_what_tells_copies(
    command: Command, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(f"The harbour of Velm had {n} boats in the year {1900 + n}, said the master." for n in range(20))
    lines = [
        {"text": text, "outlet": "Ostra Wire", "url": "https://ostra-wire.example/a?utm_source=x"},
        {"text": text.replace("boats", "ships", 2), "outlet": "Velm Post", "url": "https://velm-post.example/b"},
    ]
    (tmp_path / "two.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert command("add", str(tmp_path / "two.jsonl")).exit_code == 0
    seen = "SELECT address_key, edited_from, (SELECT count(*) FROM fingerprints) FROM articles ORDER BY id"
    with sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///")) as database:
        before = database.execute(seen).fetchall()
        database.execute("UPDATE articles SET address_key = NULL, edited_from = NULL")
        database.execute("DELETE FROM fingerprints")
        database.commit()
        assert "2 articles can now be told from their copies" in command("reindex").stdout
        assert database.execute(seen).fetchall() == before
        assert "copies" not in command("reindex").stdout
    database.close()
    assert [row[:2] for row in before] == [("ostra-wire.example/a", None), ("velm-post.example/b", 1)]


def test_check_looks_at_settings_database_index_and_telegram(
    command: Command, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = command("check")
    assert fine.exit_code == 0
    assert [line.split()[:2] for line in fine.stdout.splitlines()] == [
        ["ok", "settings"],
        ["ok", "database"],
        ["ok", "index"],
        ["ok", "arrivals"],
        ["skipped", "telegram"],
    ]
    assert "just now (no feeds are read)" in fine.stdout
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token := "123456:" + "Ab-9_" * 7)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    unreachable = command("check")
    assert unreachable.exit_code == 1
    assert "problem  telegram" in unreachable.stdout
    assert token not in unreachable.output
    monkeypatch.setenv("LOG_FORMAT", "xml")
    assert "problem  settings  LOG_FORMAT" in command("check").stdout


def test_db_upgrade_lays_a_new_database(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/new/briefing.db")
    assert "up to date" in command("db", "upgrade").stdout
    assert (tmp_path / "new" / "briefing.db").stat().st_mode & 0o777 == 0o600
