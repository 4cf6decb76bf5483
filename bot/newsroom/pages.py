"""An article out of a web page's HTML: text, headline, byline, date, outlet, address, language.

Runs in a worker, which bounds its time. Fetches nothing: the page is given as bytes. A fetched page names another
address for itself only on its own host, so that no page speaks for another one's article.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag

import trafilatura

from bot.newsroom import charsets, drafts, identity, stubs
from retrieval.model import Draft, Published, Supplied

PAGE_BYTES_MAX = 3_000_000  # extraction takes some 110 times as much memory: 9.6 MB took 1.1 GB
LINKED_DATA_CHARACTERS_MAX = 200_000
LINKED_DATA_NODES_MAX = 200
MOMENT_PATHS = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
)
SECTION_PATH = "//meta[@property='article:section' or @name='article:section']/@content"
OPINION_PATH = "//meta[@property='article:opinion' or @name='article:opinion']/@content"
OPINION_KIND = "OpinionNewsArticle"  # schema.org
# Sections by their whole name: "Public opinion polls" is none of them.
OPINION_SECTIONS = frozenset(
    {
        *("opinion", "opinions", "op-ed", "op-eds", "commentary", "comment", "editorial", "editorials", "columnists"),
        *("letters", "letters to the editor", "viewpoint", "viewpoints", "guest column"),
        *("meinung", "kommentar", "kommentare", "leitartikel", "gastbeitrag", "gastkommentar"),
        *("opinión", "opinion y blogs", "columnas", "tribuna", "tribune", "tribunes", "débats", "éditorial", "idées"),
        *("opinioni", "editoriale", "commenti", "opinião", "мнение", "мнения", "колонка", "колонки", "колумністика"),
        *("думка", "погляди", "رأي", "آراء", "الرأي", "مقالات الرأي"),
    }
)
OUTLET_PATH = "//meta[@property='og:site_name']/@content"
LANGUAGE_PATHS = ("/html/@lang", "//meta[@property='og:locale']/@content")

Tree = Any  # lxml's element: untyped


def article(content: bytes, *, address: str | None = None, charset: str | None = None) -> Draft:
    """The article of a page; raises `drafts.Unusable` where no article can be told from it.

    `address` is where the page was fetched and `charset` what its server said; neither for a file.
    """
    if len(content) > PAGE_BYTES_MAX:
        raise drafts.Unusable(f"the page has {len(content)} bytes, more than {PAGE_BYTES_MAX}")
    words = charsets.decoded(content, charset)
    tree: Tree = trafilatura.load_html(words)
    found: Any = trafilatura.bare_extraction(
        words,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or tree is None or not (found.text or "").strip():
        raise drafts.Unusable("no article text found in the page")
    headline = _field("headline", found.title)
    text = drafts.usable_text(_below(headline, found.text))
    if reason := stubs.why_none(text, paid=_is_paid(tree)):
        raise drafts.Unusable(reason)
    return Draft(
        text=text,
        url=_address(_usable(_canonical, found.url), address),
        outlet=_field("outlet", _outlet(tree) or found.sitename),
        headline=headline,
        byline=_field("byline", found.author),
        published=_published(tree) or _usable(drafts.published, found.date),
        language=_usable(drafts.language_tag, _language(tree)),
        supplied=Supplied.BY_OPERATOR if address is None else Supplied.FETCHED,
        opinion=_is_opinion(tree),
    )


def _canonical(address: str) -> str | None:
    """The address of the page as a whole, whatever place in it the page names."""
    return drafts.address(urldefrag(address).url)


def _address(told: str | None, fetched: str | None) -> str | None:
    """The address that the page tells of itself, where it may; else where it was fetched."""
    if told is None or fetched is None:
        return told or fetched
    return told if identity.same_site(told, fetched) else fetched


def _below(headline: str | None, text: str) -> str:
    """The text without a first line that only repeats the headline."""
    first, _, rest = text.partition("\n")
    return rest if headline and first.strip() == headline.strip() and rest.strip() else text


def _published(tree: Tree) -> Published | None:
    candidates = [*(value for path in MOMENT_PATHS for value in _texts(tree, path)), *_linked_dates(tree)]
    return next((moment for value in candidates if (moment := _usable(drafts.published, value.strip()))), None)


def _linked_dates(tree: Tree) -> Iterator[str]:
    """`datePublished` of the page's own JSON-LD."""
    return (node["datePublished"] for node in _linked(tree) if isinstance(node.get("datePublished"), str))


def _is_paid(tree: Tree) -> bool:
    """Whether the page says of itself that its article is not free (schema.org, `isAccessibleForFree`)."""
    return any(str(node.get("isAccessibleForFree")).lower() == "false" for node in _linked(tree))


def _is_opinion(tree: Tree) -> bool:
    """Whether the page says of itself that it is opinion: by its kind, its section, or a mark of its own."""
    nodes = list(_linked(tree))
    kinds = {kind for node in nodes for kind in _listed(node.get("@type"))}
    sections = {*_texts(tree, SECTION_PATH), *(each for node in nodes for each in _listed(node.get("articleSection")))}
    marked = any(value.strip().lower() == "true" for value in _texts(tree, OPINION_PATH))
    return marked or OPINION_KIND in kinds or any(each.strip().casefold() in OPINION_SECTIONS for each in sections)


def _listed(value: Any) -> list[str]:
    """The words of a value of JSON-LD that may be one or several."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _linked(tree: Tree) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, at its top or in its graph."""
    for words in _texts(tree, "//script[@type='application/ld+json']/text()"):
        yield from (node for node in _nodes(words[:LINKED_DATA_CHARACTERS_MAX]) if isinstance(node, dict))


def _nodes(words: str) -> list[Any]:
    try:
        told = json.loads(words)
    except (ValueError, RecursionError):
        return []
    if isinstance(told, dict) and isinstance(told.get("@graph"), list):
        told = told["@graph"]
    return told[:LINKED_DATA_NODES_MAX] if isinstance(told, list) else [told]


def _outlet(tree: Tree) -> str | None:
    """The page's own word for its outlet as it writes it: trafilatura puts capitals into “taz” and “la Repubblica”."""
    return next((name.strip() for name in _texts(tree, OUTLET_PATH) if name.strip()), None)


def _language(tree: Tree) -> str | None:
    tags = (value for path in LANGUAGE_PATHS for value in _texts(tree, path))
    return next((tag.strip().replace("_", "-") for tag in tags if tag.strip()), None)


def _texts(tree: Tree, path: str) -> list[str]:
    found = tree.xpath(path)
    return [str(value) for value in found] if isinstance(found, list) else []


def _field(name: str, value: str | None) -> str | None:
    try:
        return drafts.field(name, value) if value else None
    except drafts.Unusable:
        return None


def _usable(read: Any, value: str | None) -> Any:
    """What `read` makes of a page's own word, or None: a page may say anything."""
    try:
        return read(value) if value else None
    except drafts.Unusable:
        return None
