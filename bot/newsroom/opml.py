"""Lists of feeds as OPML: folders are topics. Words in, values out; opens no file and fetches nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from bot.newsroom import drafts

OPML_BYTES_MAX = 5_000_000
FEEDS_MAX = 5_000
FOLDER_MARK = " / "
FORBIDDEN = ("\0", *map(chr, (*range(1, 9), 11, 12, *range(14, 32))))


class NoOutline(Exception):
    """These bytes are no OPML; the text says why."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list; `topic` is the folders it stands in, outermost first."""

    url: str
    title: str | None = None
    topic: str | None = None
    site: str | None = None


def read(content: bytes) -> list[Outline]:
    """The feeds of an OPML file, each address once, in its order; raises `NoOutline`.

    No entity is expanded and nothing that the file names is fetched.
    """
    if len(content) > OPML_BYTES_MAX:
        raise NoOutline(f"it has more than {OPML_BYTES_MAX} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise NoOutline("it is no OPML")
    found: dict[str, Outline] = {}
    for outline in _outlines(root):
        found.setdefault(outline.url, outline)
        if len(found) > FEEDS_MAX:
            raise NoOutline(f"it holds more than {FEEDS_MAX} feeds")
    if not found:
        raise NoOutline("it names no feed")
    return list(found.values())


def _outlines(root: etree._Element) -> Iterator[Outline]:
    for element in root.iter("outline"):
        url = _attribute(element, "xmlUrl")
        try:
            usable = drafts.address(url.strip()) if url else None
        except drafts.Unusable:
            continue
        if usable:
            folders = [
                _attribute(each, "title") or _attribute(each, "text") for each in element.iterancestors("outline")
            ]
            yield Outline(
                usable,
                _attribute(element, "title") or _attribute(element, "text") or None,
                FOLDER_MARK.join(name for name in reversed(folders) if name) or None,
                _attribute(element, "htmlUrl") or None,
            )


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute whatever its capitals: programs write xmlUrl, xmlURL and xmlurl."""
    for key, value in element.attrib.items():
        if str(key).lower() == name.lower():
            return " ".join(drafts.clean(str(value)).split())[: drafts.FIELD_CHARACTERS_MAX["url"]]
    return ""


def written(outlines: Iterable[Outline], *, now: datetime) -> str:
    """The OPML 2.0 that `read` reads again: a folder for each topic."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Feeds of briefing-bot"
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for outline in outlines:
        path = tuple(_storable(name) for name in (outline.topic or "").split(FOLDER_MARK) if name)
        fields = {"text": outline.title or outline.url, "type": "rss", "xmlUrl": outline.url}
        fields |= {"title": outline.title} if outline.title else {}
        fields |= {"htmlUrl": outline.site} if outline.site else {}
        etree.SubElement(_folder(folders, path), "outline", {name: _storable(value) for name, value in fields.items()})
    words: bytes = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    return words.decode()


def _folder(folders: dict[tuple[str, ...], etree._Element], path: tuple[str, ...]) -> etree._Element:
    if path not in folders:
        above = _folder(folders, path[:-1])
        folders[path] = etree.SubElement(above, "outline", {"text": path[-1], "title": path[-1]})
    return folders[path]


def _storable(words: str) -> str:
    """Words as XML can carry them."""
    return "".join(
        "\ufffd" if letter in FORBIDDEN or letter in "\ufffe\uffff" else letter for letter in drafts.clean(words)
    )
