"""Reading files: every text whole, every bad line and file told with its place, the rest goes on."""

import io
import json
import os
from datetime import date
from pathlib import Path

import pytest

from bot import samples
from bot.newsroom import files
from bot.newsroom.drafts import Given, is_sample
from bot.newsroom.files import Arrival, Found, Ignored, PageArrival, Refusal

TEXT = "The bridge was closed.\r\n\r\n“It will open,” said Ada Byron.\n"


def found_at(*paths: Path | str, given: Given | None = None, typed: bytes = b"") -> list[Found]:
    return list(files.read([str(path) for path in paths], given or Given(), io.BytesIO(typed)))


def arrived(found: Found) -> Arrival:
    assert isinstance(found, Arrival), found
    return found


def a_line(**fields: object) -> bytes:
    return json.dumps({"text": "Words.", **fields}).encode() + b"\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_kept_to_the_last_character(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode(encoding))
    (found,) = found_at(tmp_path / "a.txt")
    assert arrived(found).draft.text == TEXT
    assert arrived(found).note is None


def test_a_text_in_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("“Café” – 5 €".encode("cp1252"))
    (found,) = found_at(tmp_path / "a.txt")
    assert arrived(found).draft.text == "“Café” – 5 €"
    assert "Windows-1252" in (arrived(found).note or "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"caf\xe9 \x81", "neither UTF-8 nor Windows-1252"),
        (b"\xff\xfeodd", "UTF-16"),
        (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
        (b" \n", "no text"),
    ],
)
def test_an_unreadable_file_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    (found,) = found_at(tmp_path / "a.txt")
    assert isinstance(found, Refusal)
    assert reason in found.reason


def test_the_heading_of_a_markdown_file_is_its_headline_and_stays_in_the_text(tmp_path: Path) -> None:
    text = "\n# Bridge closed #\n\nThe bridge was closed.\n"
    (tmp_path / "a.md").write_text(text)
    (found,) = found_at(tmp_path / "a.md")
    assert arrived(found).draft.headline == "Bridge closed"
    assert arrived(found).draft.text == text


@pytest.mark.parametrize(
    "text", ["No heading.\n# Later\n", "## Second level\n", "#hashtag news\n", f"# {'#' * 90_000}x\n"]
)
def test_other_lines_are_no_headline(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.md").write_text(text)
    (found,) = found_at(tmp_path / "a.md")
    assert arrived(found).draft.headline is None


def test_a_bad_line_is_told_with_its_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [
        b"\xef\xbb\xbf" + a_line(id="first"),
        b"{not json}\n",
        b"\n",
        a_line(title="x"),
        b'{"text": "caf\xe9"}\n',
        b"[" * 5_000 + b"\n",
        b'{"text": "a", "text": "b"}\n',
        b'["text"]\n',
        b'{"text": "a", "id": ' + b"9" * 5_000 + b"}\n",
        b'{"text": "broken \\ud83d and whole \\ud83d\\ude00 and \\u0000"}',
    ]
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(lines))
    found = found_at(path)
    places = [each.place.removeprefix(f"{path}:") for each in found]
    assert places == ["1", "2", "4", "5", "6", "7", "8", "9", "10"]
    assert [isinstance(each, Arrival) for each in found] == [True, *[False] * 7, True]
    reasons = [each.reason for each in found if isinstance(each, Refusal)]
    told = ["no JSON", "'title'", "not UTF-8", "nested", "stands twice", "not a JSON object", "too long"]
    for reason, words in zip(reasons, told, strict=True):
        assert words in reason
    assert arrived(found[-1]).draft.text == "broken \ufffd and whole 😀 and \ufffd"


def test_a_line_without_end_is_passed_over_in_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LINE_BYTES_MAX", 1_000)
    path = tmp_path / "a.jsonl"
    long = b'{"text": "' + b"x" * 7_777 + b'"}\n'
    path.write_bytes(a_line(id="a") + long + a_line(id="b") + long.rstrip())
    found = found_at(path)
    assert [type(each) for each in found] == [Arrival, Refusal, Arrival, Refusal]
    assert [each.place.rpartition(":")[2] for each in found] == ["1", "2", "3", "4"]
    assert sum(each.length for each in found if not isinstance(each, Ignored)) == path.stat().st_size
    assert files.length([str(path)]) == path.stat().st_size


def test_a_folder_is_walked_in_order_and_says_what_it_left_out(tmp_path: Path) -> None:
    deep = tmp_path / "b" / "c"
    deep.mkdir(parents=True)
    for path in (tmp_path / "z.txt", tmp_path / "a.md", deep / "p.html"):
        path.write_text("<p>Words.</p>")
    (tmp_path / ".hidden.txt").write_text("secret")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "link.txt").symlink_to(tmp_path / "z.txt")
    (tmp_path / "round").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    found = found_at(tmp_path)
    names = {Path(each.place).name: each for each in found}
    assert [name for name, each in names.items() if isinstance(each, Arrival | PageArrival)] == [
        "a.md",
        "p.html",
        "z.txt",
    ]
    reasons = {name: each.reason for name, each in names.items() if isinstance(each, Ignored)}
    assert set(reasons) == {".hidden.txt", "picture.png", "link.txt", "round", "pipe.txt"}
    assert reasons[".hidden.txt"] == "hidden"


def test_folders_are_walked_to_a_depth_and_no_further(tmp_path: Path) -> None:
    deepest = tmp_path.joinpath(*["d"] * 40)
    deepest.mkdir(parents=True)
    (deepest / "a.txt").write_text("Words.")
    (found,) = found_at(tmp_path)
    assert isinstance(found, Refusal)
    assert "folders deep" in found.reason


def test_a_link_that_was_named_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (found,) = found_at(tmp_path / "link.txt")
    assert arrived(found).draft.text == "Words."


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing.txt", "no such file"), ("a.pdf", "unknown type"), ("a.xml", "feeds add")],
)
def test_a_path_that_is_no_article_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "a.xml").write_bytes(b"<rss/>")
    (found,) = found_at(tmp_path / name)
    assert isinstance(found, Refusal)
    assert reason in found.reason


def test_a_file_that_is_too_large_is_refused_without_being_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FILE_BYTES_MAX", 10)
    (tmp_path / "a.txt").write_text("eleven byte")
    (found,) = found_at(tmp_path / "a.txt")
    assert isinstance(found, Refusal)
    assert "more than 10 bytes" in found.reason


@pytest.mark.parametrize(
    ("typed", "kind", "count"),
    [
        (b"  " + a_line(id="a") + a_line(id="b"), Arrival, 2),
        (b"<!DOCTYPE html><p>Words.", PageArrival, 1),
        ("\ufeff“Words,” said Ada.\n{".encode(), Arrival, 1),
    ],
)
def test_standard_input_says_what_it_is(typed: bytes, kind: type, count: int) -> None:
    found = found_at("-", typed=typed)
    assert [type(each) for each in found] == [kind] * count


def test_options_fill_what_a_line_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(a_line(outlet="Velm Post") + a_line())
    found = found_at(tmp_path / "a.jsonl", given=Given(outlet="Ostra Wire"))
    assert [arrived(each).draft.outlet for each in found] == ["Velm Post", "Ostra Wire"]


def test_the_samples_are_read_like_any_file_and_are_all_samples_or_nameless() -> None:
    drafts = [arrived(each).draft for each in samples.articles()]
    assert len(drafts) >= 20
    outlets = [draft.outlet for draft in drafts]
    assert all(outlet is None or is_sample(outlet) for outlet in outlets)
    assert outlets.count(None) == 1


def test_the_samples_of_a_day_are_other_articles_each_day() -> None:
    first, second = ([arrived(each).draft for each in samples.of_day(date(2026, 11, day))] for day in (28, 29))
    assert len(first) == len(second) == 3
    for one, other in zip(first, second, strict=True):
        assert one.published is not None
        assert one.published.isoformat() == "2026-11-28"
        assert "28 November" in one.text
        assert (one.external_id, one.url, one.text) != (other.external_id, other.url, other.text)
        assert "{" not in f"{one.text}{one.url}{one.external_id}"
