"""The sample articles as web pages, so that a quote's link opens one at the sentence. Renders; serves nothing.

An outlet's own address becomes a path: ``https://ostra-wire.example/a`` is ``/news/ostra-wire.example/a``.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import urlsplit

from retrieval.model import Draft, Precision, Published

PREFIX = "/news/"
STYLE = f"{PREFIX}page.css"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

_TEMPLATE = Template((files(__name__.rpartition(".")[0]) / "page.html").read_text("utf-8"))


def served(draft: Draft, base: str) -> Draft:
    """The draft under the address its page has at `base`, ``http://127.0.0.1:8080`` say; as it is without one."""
    return replace(draft, url=base + _path(draft.url)) if draft.url else draft


def pages(drafts: Iterable[Draft], base: str) -> dict[str, tuple[str, bytes]]:
    """For each path its media type and content: a page for every draft that has an address, and their style."""
    style = (files(__name__.rpartition(".")[0]) / "page.css").read_bytes()
    rendered = {_path(each.url): ("text/html", page(served(each, base)).encode()) for each in drafts if each.url}
    return {STYLE: ("text/css", style), **rendered}


def page(draft: Draft) -> str:
    """The article as an outlet would print it: HTML with its metadata, a paragraph for each of the text's lines."""
    language = draft.language or "en"
    return _TEMPLATE.substitute(
        language=escape(language),
        direction="rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
        title=escape(draft.headline or draft.outlet or ""),
        metadata="\n".join(_metadata(draft)),
        style=STYLE,
        outlet=escape(draft.outlet or ""),
        heading="\n".join(_heading(draft)),
        paragraphs="\n".join(f"<p>{escape(line)}</p>" for line in draft.text.splitlines() if line.strip()),
    )


def _path(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{PREFIX}{parts.netloc}{parts.path}"


def _metadata(draft: Draft) -> list[str]:
    """What search engines and readers of pages look for: canonical address, Open Graph and JSON-LD."""
    linked = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": draft.headline,
        "datePublished": draft.published.isoformat() if draft.published else None,
        "publisher": {"@type": "Organization", "name": draft.outlet},
        **({"author": {"@type": "Person", "name": draft.byline}} if draft.byline else {}),
    }
    told = json.dumps({name: value for name, value in linked.items() if value}, ensure_ascii=False)
    named = {
        "og:type": "article",
        "og:url": draft.url,
        "og:title": draft.headline,
        "og:site_name": draft.outlet,
        "article:published_time": draft.published.isoformat() if draft.published else None,
    }
    return [
        f'<link rel="canonical" href="{escape(draft.url or "")}">',
        *(f'<meta property="{name}" content="{escape(value)}">' for name, value in named.items() if value),
        *([f'<meta name="author" content="{escape(draft.byline)}">'] if draft.byline else []),
        f'<script type="application/ld+json">{told.replace("<", chr(92) + "u003c")}</script>',
    ]


def _heading(draft: Draft) -> list[str]:
    told = [f"<span>{escape(draft.byline)}</span>"] if draft.byline else []
    told += [_time(draft.published)] if draft.published else []
    headline = [f"<h1>{escape(draft.headline)}</h1>"] if draft.headline else []
    return [*headline, *([f'<p class="byline meta">{"".join(told)}</p>'] if told else [])]


def _time(published: Published) -> str:
    """As printed: a bare day gets no hour, a moment stays in its own offset."""
    words = published.isoformat()
    shown = words if published.precision is Precision.DAY else words[:16].replace("T", " ")
    return f'<time datetime="{escape(words)}">{escape(shown)}</time>'
