"""Articles in files: .txt, .md, .html and .jsonl, folders of them, and standard input.

Reads in bounded memory and yields what it finds in order; a bad line or file is told with its place and the
rest goes on. Opens no network and no database: what stands at a web address is for `visiting`. The text of
.txt and .md is the file's own, to the last character; the heading a .md begins with is also its headline.
"""

import codecs
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import IO, Any

from bot.newsroom.drafts import FIELD_CHARACTERS_MAX, Given, Unusable, draft_of, usable_text
from retrieval.model import Draft

LINE_BYTES_MAX = 10_000_000
FILE_BYTES_MAX = 10_000_000
FOLDERS_DEEP_MAX = 32
SNIFFED_BYTES = 1_024

TEXTS, MARKDOWN, PAGES, LINES = (".txt",), (".md", ".markdown"), (".html", ".htm", ".xhtml"), (".jsonl", ".ndjson")
SINGLE = (*TEXTS, *MARKDOWN, *PAGES)  # types that hold one article
KNOWN = (*TEXTS, *MARKDOWN, *PAGES, *LINES)
FEEDS = (".xml", ".rss", ".atom", ".rdf", ".opml")  # read by their address, or as a list of them
OF_FEEDS = "a feed is read by its address, with feeds add; a list of feeds with feeds import"
STANDARD_INPUT = "-"
WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
HEADING = re.compile(r"\s*#[ \t]+(?P<words>[^\r\n]*)")
PAGE_START = re.compile(rb"\s*<(!doctype|html)", re.IGNORECASE)
WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article found at a place (`file` or `file:line`); `length` in bytes is how far it moves a progress bar."""

    place: str
    draft: Draft
    length: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a page was fetched, and what its server calls this state of it (RFC 9110, 8.8)."""

    address: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PageArrival:
    """A page whose article a worker has yet to tell from its HTML.

    `address` is where it was fetched, `charset` what its server said and `seen` how it names this state of the page;
    None for a file. `given` goes before what the page says of itself, or fills only what it leaves open where `fills`
    is set.
    """

    place: str
    content: bytes
    given: Given
    length: int
    address: str | None = None
    charset: str | None = None
    fills: bool = False
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What cannot be taken in, and why; `passing` where it may be otherwise in a while."""

    place: str
    reason: str
    length: int = 0
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """What stands in a folder and is no article: a link, a hidden file, an unknown type."""

    place: str
    reason: str


Found = Arrival | PageArrival | Refusal | Ignored


def read(paths: Sequence[str], given: Given, standard_input: IO[bytes]) -> Iterator[Found]:
    """What stands at each path, in order; `-` is standard input. Web addresses are not for this room."""
    for path in paths:
        if path == STANDARD_INPUT:
            yield from _from_input(standard_input, given)
        else:
            yield from _at(Path(path), given)


def is_web_address(path: str) -> bool:
    """Whether a path is to be fetched, not opened."""
    return WEB_ADDRESS.match(path) is not None


def length(paths: Sequence[str]) -> int | None:
    """The bytes that reading `paths` will go through, or None where standard input is among them."""
    if STANDARD_INPUT in paths:
        return None
    return sum(_length_of(found) for path in paths if not WEB_ADDRESS.match(path) for found in _walked(Path(path)))


def lines(stream: IO[bytes], place: str, first: int = 1) -> Iterator[Arrival | Refusal]:
    """The articles of a .jsonl stream, one a line; `place` names the stream. Blank lines are passed over.

    `first` is the number of the line that the stream stands at.
    """
    for number, (line, size) in enumerate(_bounded_lines(stream), start=first):
        at = f"{place}:{number}"
        if line is None:
            yield Refusal(at, f"the line has more than {LINE_BYTES_MAX} bytes", size)
        elif line.strip():
            try:
                yield Arrival(at, draft_of(_fields(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)), size)
            except Unusable as error:
                yield Refusal(at, str(error), size)


def _at(path: Path, given: Given) -> Iterator[Found]:
    for found in _walked(path):
        if isinstance(found, Path):
            yield from _from_file(found, given)
        else:
            yield found


def _walked(path: Path) -> Iterator[Path | Refusal | Ignored]:
    """The files at a path the operator named; a link is followed only there."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        yield Refusal(str(path), "no such file or folder")
    except OSError as error:
        yield Refusal(str(path), _why(error))
    else:
        if S_ISDIR(mode):
            yield from _in_folder(path, 1)
        elif not S_ISREG(mode):
            yield Refusal(str(path), "no file or folder")
        elif path.suffix.lower() not in KNOWN:
            unknown = f"unknown type; known are {' '.join(KNOWN)}"
            yield Refusal(str(path), OF_FEEDS if path.suffix.lower() in FEEDS else unknown)
        else:
            yield path


def _in_folder(folder: Path, depth: int) -> Iterator[Path | Refusal | Ignored]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Refusal(str(folder), _why(error))
        return
    for path in (folder / name for name in names):
        try:
            mode = path.lstat().st_mode
        except OSError as error:
            yield Refusal(str(path), _why(error))
            continue
        if path.name.startswith("."):
            yield Ignored(str(path), "hidden")
        elif S_ISLNK(mode):
            yield Ignored(str(path), "a link; name what it leads to")
        elif S_ISDIR(mode):
            yield from _in_folder(path, depth + 1) if depth < FOLDERS_DEEP_MAX else [_too_deep(path)]
        elif not S_ISREG(mode) or path.suffix.lower() not in KNOWN:
            yield Ignored(str(path), "unknown type")
        else:
            yield path


def _too_deep(path: Path) -> Refusal:
    return Refusal(str(path), f"more than {FOLDERS_DEEP_MAX} folders deep")


def _from_file(path: Path, given: Given) -> Iterator[Found]:
    try:
        with path.open("rb") as stream:
            yield from of_stream(stream, str(path), path.suffix.lower(), given)
    except OSError as error:
        yield Refusal(str(path), _why(error))


def of_stream(stream: IO[bytes], place: str, suffix: str, given: Given) -> Iterator[Found]:
    """What stands in a stream of the type that `suffix` (one of `KNOWN`) names; `place` names the stream."""
    if suffix in LINES:
        yield from (_given_under(found, given) for found in lines(stream, place))
        return
    content = stream.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        yield Refusal(place, f"the file has more than {FILE_BYTES_MAX} bytes", len(content))
    elif suffix in PAGES:
        yield PageArrival(place, content, given, len(content))
    else:
        yield _from_text(content, place, given, headed=suffix in MARKDOWN)


def _from_input(stream: IO[bytes], given: Given) -> Iterator[Found]:
    """Standard input is .jsonl where it starts with a brace, a page where it starts like one, else one text."""
    buffered = BufferedReader(stream)  # type: ignore[type-var]  # any binary stream will do
    start = buffered.peek(SNIFFED_BYTES).removeprefix(codecs.BOM_UTF8).lstrip()
    suffix = ".jsonl" if start.startswith(b"{") else ".html" if PAGE_START.match(start) else ".txt"
    yield from of_stream(buffered, "standard input", suffix, given)


def _from_text(content: bytes, place: str, given: Given, *, headed: bool) -> Arrival | Refusal:
    try:
        text, note = _decoded(content)
        draft = Draft(text=usable_text(text))
    except Unusable as error:
        return Refusal(place, str(error), len(content))
    if headed:
        draft = replace(draft, headline=_heading(draft.text))
    return Arrival(place, given.over(draft), len(content), note)


def _given_under(found: Arrival | Refusal, given: Given) -> Arrival | Refusal:
    return replace(found, draft=given.under(found.draft)) if isinstance(found, Arrival) else found


def _decoded(content: bytes) -> tuple[str, str | None]:
    """The text, and a word on the encoding where it had to be guessed."""
    if content.startswith(WIDE_MARKS):
        raise Unusable("UTF-32 is not read; save the file as UTF-8")
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding), None
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise Unusable(f"starts like {encoding.upper()}, and is not (byte {error.start})") from None
    try:
        return content.decode("cp1252"), "not UTF-8; read as Windows-1252"
    except UnicodeDecodeError as error:
        raise Unusable(f"neither UTF-8 nor Windows-1252 (byte {error.start})") from None


def _heading(text: str) -> str | None:
    found = HEADING.match(text)
    words = found["words"].rstrip(" \t#") if found else ""
    return words if words and len(words) <= FIELD_CHARACTERS_MAX["headline"] else None


def _fields(line: bytes) -> dict[str, object]:
    try:
        told = json.loads(line.decode("utf-8"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise Unusable(f"not UTF-8 (byte {error.start} of the line)") from None
    except json.JSONDecodeError as error:
        raise Unusable(f"no JSON: {error.msg} (column {error.colno})") from None
    except (ValueError, RecursionError):
        raise Unusable("no JSON of an article: a number too long, or nested too deeply") from None
    if not isinstance(told, dict):
        raise Unusable("not a JSON object")
    return told


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in pairs:
        if name in told:
            raise Unusable(f"the field {name[:100]!r} stands twice")
        told[name] = value
    return told


def _bounded_lines(stream: IO[bytes]) -> Iterator[tuple[bytes | None, int]]:
    """Each line with its size; None for one that is too long, which is passed over without being kept."""
    while line := stream.readline(LINE_BYTES_MAX + 1):
        size = len(line)
        if size <= LINE_BYTES_MAX or line.endswith(b"\n"):
            yield line, size
            continue
        while (more := stream.readline(LINE_BYTES_MAX)) and not more.endswith(b"\n"):
            size += len(more)
        yield None, size + len(more)


def _length_of(found: Path | Refusal | Ignored) -> int:
    try:
        return found.stat().st_size if isinstance(found, Path) else 0
    except OSError:
        return 0


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
