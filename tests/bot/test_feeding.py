"""`feeds` as an operator types it, over a real HTTP server on loopback."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from tests.bot.newsroom.test_entries import LONG, rss
from tests.web import StubWeb, stub_web_beside

Command = Callable[..., Result]
ITEM = f"<item><title>Bridge closed</title><link>/1</link><content:encoded><![CDATA[{LONG}]]></content:encoded></item>"


@pytest.fixture
def site() -> Iterator[StubWeb]:
    with stub_web_beside() as site:
        site.serves("/feed", rss(ITEM), kind="application/rss+xml")
        site.serves("/", '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>')
        yield site


@pytest.fixture
def command(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ALLOW_PRIVATE_ADDRESSES", "true")
    runner = CliRunner()

    def run(*words: object, typed: str | None = None) -> Result:
        return runner.invoke(cli.app, ["feeds", *(str(word) for word in words)], input=typed)

    return run


def listed(command: Command) -> list[dict[str, object]]:
    return [json.loads(line) for line in command("list", "--json").stdout.splitlines()]


def test_a_site_is_added_by_its_feed_read_listed_and_removed(command: Command, site: StubWeb) -> None:
    added = command("add", site.url, "--topic", "Harbour")
    assert added.exit_code == 0, added.output
    assert f"added    {site.url}/feed  “Velm Post”" in added.stdout
    assert "rss20, 1 entry" in added.stdout
    assert f"known    {site.url}/feed" in command("add", f"{site.url}/feed").stdout
    refreshed = command("refresh")
    assert refreshed.exit_code == 0, refreshed.output
    assert "1 added" in refreshed.stdout
    (feed,) = listed(command)
    assert (feed["url"], feed["title"], feed["topic"]) == (f"{site.url}/feed", "Velm Post", "Harbour")
    assert (feed["articles"], feed["failures"], feed["state"]) == (1, 0, "active")
    assert feed["last_success_at"]
    assert feed["next_check_at"]
    assert "Velm Post  1 article, read 20" in command("list").stdout
    assert "its articles stay" in command("remove", f"{site.url}/feed").stdout
    assert listed(command) == []
    assert CliRunner().invoke(cli.app, ["stats", "--json"]).stdout.count('"articles": 1')


def test_what_is_no_feed_is_refused_with_the_reason(command: Command, site: StubWeb) -> None:
    site.serves("/page", "<html><body>Hello</body></html>")
    for path, why in (("/page", "it is a web page, not a feed, and it names none"), ("/missing", "status 404")):
        refused = command("add", f"{site.url}{path}")
        assert refused.exit_code == 1
        assert why in refused.stdout
    assert "only http and https" in command("add", "ftp://velm.example").stdout
    assert listed(command) == []


def test_a_feed_that_fails_is_said_and_listed(command: Command, site: StubWeb) -> None:
    command("add", f"{site.url}/feed")
    site.serves("/feed", status=500)
    result = command("refresh", f"{site.url}/feed")
    assert result.exit_code == 1
    assert "its server answers with status 500" in result.stdout
    assert "failed 1 times: its server answers with status 500" in command("list").stdout
    assert command("refresh", "https://elsewhere.example").exit_code == 1


def test_articles_go_with_their_feed_where_asked(command: Command, site: StubWeb) -> None:
    command("add", f"{site.url}/feed")
    command("refresh")
    assert "and 1 article" in command("remove", "1", "--articles").stdout
    assert CliRunner().invoke(cli.app, ["stats", "--json"]).stdout.count('"articles": 0')


def test_feeds_travel_as_opml_with_their_folders(command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.opml").write_text(
        '<opml version="2.0"><body><outline text="World"><outline text="Velm" xmlUrl="https://velm.example/feed"/>'
        '</outline><outline text="Ostra" xmlUrl="https://ostra.example/feed"/></body></opml>'
    )
    assert "2 feeds added, 0 known already" in command("import", "in.opml").stdout
    assert [(feed["url"], feed["topic"]) for feed in listed(command)] == [
        ("https://velm.example/feed", "World"),
        ("https://ostra.example/feed", None),
    ]
    exported = command("export").stdout
    assert "0 feeds added, 2 known already" in command("import", "-", typed=exported).stdout
    (tmp_path / "none.opml").write_text("<html/>")
    refused = command("import", "none.opml")
    assert refused.exit_code == 1
    assert "it is no OPML" in refused.stderr


def test_the_shortest_interval_is_a_setting(command: Command, site: StubWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECK_FEEDS_EVERY", "0")
    assert "CHECK_FEEDS_EVERY cannot be used" in command("list").stderr
    monkeypatch.setenv("CHECK_FEEDS_EVERY", "60")
    command("add", f"{site.url}/feed")
    command("refresh")
    (feed,) = listed(command)
    assert str(feed["next_check_at"]) > str(feed["last_success_at"])
