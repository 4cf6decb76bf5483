"""`briefing` as an operator types it: the edition a chat would get, in the terminal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bot.test_cli import Command, command, written
from tests.build import a_moment, an_article

__all__ = ["command"]


def published(command: Command, folder: Path) -> None:
    fresh = a_moment(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1))
    old = a_moment(datetime.now(UTC).replace(microsecond=0) - timedelta(days=30))
    drafts = [
        an_article(headline="Bridge closed", published=fresh),
        an_article("The ferry Marigold sails. “Come aboard,” said Tomas Reyle.", headline="Ferry", published=old),
    ]
    assert command("add", written(folder / "articles.jsonl", *drafts)).exit_code == 0


def test_the_briefing_of_the_terminal_is_the_one_of_a_chat(command: Command, tmp_path: Path) -> None:
    published(command, tmp_path)
    shown = command("briefing", "--zone", "Kyiv").stdout
    assert "1 story since" in shown
    assert "1. Velm Post: “Bridge closed”" in shown
    assert shown.index("Ada Byron") < shown.index("“It will open in spring,”")
    assert "Kyiv" in shown.splitlines()[0]


def test_a_topic_narrows_it_and_since_reaches_further_back(command: Command, tmp_path: Path) -> None:
    published(command, tmp_path)
    assert "Nothing new on your 1 topic" in command("briefing", "--topic", "ferry").stdout
    since = (datetime.now(UTC) - timedelta(days=40)).date().isoformat()
    shown = command("briefing", "--topic", "ferry", "--topic", "bridge", "--since", since).stdout
    assert "2 stories since" in shown
    assert shown.index("Ferry") < shown.index("Bridge closed")


def test_what_is_no_zone_moment_or_topic_is_wrong_usage(command: Command) -> None:
    wrong = command("briefing", "--zone", "Kiev/Ukraine")
    assert (wrong.exit_code, "Europe/Kyiv" in wrong.stderr) == (2, True)
    assert command("briefing", "--since", "yesterday").exit_code == 2
    assert command("briefing", "--topic", "-bridge").exit_code == 2
