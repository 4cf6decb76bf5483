"""The statements of a name as CSV (RFC 4180), BibTeX and RIS: for tables and reference managers.

Each holds the form of the words and its label, so that no reported speech passes for the speaker's own words.
"""

import csv
import re
from collections.abc import Callable, Sequence
from io import StringIO

from bot.messages import said, shown, voices
from bot.messages.view import View
from bot.speakers import Entry

COLUMNS = (
    *("speaker", "role", "namesake", "form", "label", "quote", "spoken", "cue", "source", "via"),
    *("outlet", "headline", "byline", "published_at", "url", "link", "article", "version", "start", "end"),
)
# What a spreadsheet takes for the beginning of a formula.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
LEFT_OUT = " […] "

_TEX = {
    **{character: f"\\{character}" for character in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_NOT_OF_A_KEY = re.compile(r"[^A-Za-z0-9]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NOT_IN_A_BRACED_ADDRESS = re.compile(r"[\s{}\\]")


def as_csv(entries: Sequence[Entry], view: View) -> str:
    """A table with a head. A cell that a spreadsheet would take for a formula begins with an apostrophe of ours."""
    told = StringIO()
    table = csv.writer(told, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for entry in entries:
        row = fields(entry, view)
        table.writerow([_harmless(row[name]) for name in COLUMNS])
    return told.getvalue()


def as_bibtex(entries: Sequence[Entry], view: View) -> str:
    """An entry for each; the words stand in `abstract`, speaker, form and label in `note`."""
    return "\n".join(_bibtex(entry, fields(entry, view)) for entry in entries)


def as_ris(entries: Sequence[Entry], view: View) -> str:
    """A newspaper article for each; the words stand in AB, speaker, form and label in N1. Line breaks become spaces."""
    return "".join(_ris(fields(entry, view)) for entry in entries)


EXPORTS: dict[str, Callable[[Sequence[Entry], View], str]] = {"csv": as_csv, "bibtex": as_bibtex, "ris": as_ris}


def fields(entry: Entry, view: View) -> dict[str, str]:
    """What is told of an entry, by the names of the columns; what is not on record is empty."""
    quote, who = entry.quote, said.speaker(entry)
    text = quote.version.text
    first = entry.statements[0].attribution if entry.statements else None
    outlet = quote.article.outlet
    return {
        "speaker": who.name if who else "",
        "role": (who.role if who else None) or "",
        "namesake": str(entry.namesake),
        "form": form(entry),
        "label": "; ".join(said.labels(entry, view)),
        "quote": quote.text,
        "spoken": LEFT_OUT.join(span.of(text) for each in entry.statements for span in each.content),
        "cue": LEFT_OUT.join(span.of(text) for span in first.cue) if first else "",
        "source": first.source.of(text) if first and first.source else "",
        "via": (first.via if first else None) or "",
        "outlet": outlet.name if outlet else "",
        "headline": quote.version.headline or "",
        "byline": quote.version.byline or "",
        "published_at": quote.version.published.isoformat() if quote.version.published else "",
        "url": quote.article.url or "",
        "link": shown.page_address(quote) or "",
        "article": quote.article.name,
        "version": str(quote.version.number),
        "start": str(quote.span.start),
        "end": str(quote.span.end),
    }


def form(entry: Entry) -> str:
    """direct, indirect or mixed: how the speaker's statements stand in these sentences."""
    forms = {each.form.value for each in entry.statements}
    quoted = voices.quoted(entry.quote).form.value
    return forms.pop() if len(forms) == 1 and quoted in forms else "mixed"


def _harmless(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def _note(row: dict[str, str]) -> str:
    """Who speaks, as printed, in which form; one line."""
    who = f"{row['speaker']}, “{row['role']}”" if row["role"] else row["speaker"]
    return f"{who}. {row['label']}"


def _bibtex(entry: Entry, row: dict[str, str]) -> str:
    key = _NOT_OF_A_KEY.sub("-", f"said-{entry.quote.version.id}-{row['start']}-{row['end']}")
    day = row["published_at"][:10]
    told = {
        "title": _tex(row["headline"]),
        "author": _authors(row["byline"]),
        "journal": _tex(row["outlet"]),
        "date": day,
        "year": day[:4],
        "url": _NOT_IN_A_BRACED_ADDRESS.sub(lambda odd: f"%{ord(odd.group()):02X}", row["url"]),
        "note": _tex(_note(row)),
        "abstract": _tex(row["quote"]),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in told.items() if value]
    return f"@article{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _authors(byline: str) -> str:
    """The byline in braces of its own: as printed, never taken apart into first and last names."""
    return f"{{{_tex(byline)}}}" if byline else ""


def _tex(words: str) -> str:
    return "".join(_TEX.get(character, character) for character in words)


def _ris(row: dict[str, str]) -> str:
    day = row["published_at"][:10].replace("-", "/")
    told = [
        ("TY", "NEWS"),
        ("TI", row["headline"]),
        ("AU", row["byline"]),
        ("T2", row["outlet"]),
        ("PY", day[:4]),
        ("DA", f"{day}/" if day else ""),
        ("UR", row["url"]),
        ("N1", _note(row)),
        ("AB", row["quote"]),
        ("ID", f"{row['article']} v{row['version']} {row['start']}-{row['end']}"),
    ]
    lines = [f"{tag}  - {_in_one_line(value)}" for tag, value in told if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _in_one_line(words: str) -> str:
    return _CONTROLS.sub(" ", words)
