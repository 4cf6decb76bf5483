"""The exact shapes of `ask --json`, `statements --json` and the other outputs meant for programs.

Spans are code points into the version's text. What is not on record is null, never left out.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.speakers import Entry
from retrieval.attribution import of_quote
from retrieval.links import to_words
from retrieval.model import (
    Answer,
    Article,
    ArticleVersion,
    Candidate,
    Nearest,
    NothingFound,
    Published,
    Quote,
    Span,
    Speaker,
    Statement,
)
from storage.values import Feed

Form = dict[str, Any]


def answer(id: object, words: str, found: Answer, *, took_ms: float, limit: int) -> Form:
    """One object of `ask --json`; `took_ms` is from the words to the answer."""
    return {
        "id": id,
        "question": words,
        "answered": bool(found.quotes),
        "took_ms": round(took_ms, 1),
        "as_of": moment(found.as_of),
        "quotes": [quote(each) for each in found.quotes],
        "passages": [_passage(candidate, name) for candidate, name in found.passages[:limit]],
        "nothing": None if found.quotes or found.nothing is None else _nothing(found.nothing),
    }


def quote(shown: Quote) -> Form:
    """One quote; its own speaker only where one statement covers it."""
    text, url = shown.version.text, shown.article.url
    said = of_quote(text, shown.span, shown.statements)
    return {
        "article": shown.article.name,
        "version": shown.version.number,
        "start": shown.span.start,
        "end": shown.span.end,
        "text": shown.text,
        "headline": shown.version.headline,
        "outlet": _outlet(shown.article),
        "url": url,
        "link": to_words(url, text, shown.span, shown.version.headline) if url else None,
        "published_at": published(shown.version.published),
        "form": said.form.value,
        "speaker": _speaker(said.speaker),
        "likely_speaker": _speaker(said.likely_speaker),
        "cue": _words(said.cue, text),
        "source": _words(said.source, text),
        "via": said.via,
        "statements": [_spoken(each, shown.statements, text) for each in shown.statements],
        "score": shown.score,
    }


def stated(entry: Entry, label: str, form: str) -> Form:
    """One object of `said --json`; `spans` are the speaker's words, `quote` the whole sentences that hold them."""
    shown = quote(entry.quote)
    del shown["score"]
    who = next((each.attribution.speaker for each in entry.statements if each.attribution), None)
    spans = [list(span) for each in entry.statements for span in each.content]
    return {
        **(_speaker(who) or {"name": None, "role": None}),
        "namesake": entry.namesake,
        "form": form,
        "label": label,
        "spans": spans,
        "quote": shown,
    }


def statements(article: str, text: str, found: Sequence[Statement]) -> Form:
    """One object of `statements --json`."""
    return {"article": article, "statements": [_statement(each, found, text) for each in found]}


def version(article: Article, shown: ArticleVersion) -> Form:
    """One object of `articles show --json`."""
    return {
        **listed(article, shown),
        "byline": shown.byline,
        "dateline": shown.dateline,
        "supplied": shown.supplied.value,
        "sha256": shown.text_sha256,
        "text": shown.text,
    }


def listed(article: Article, shown: ArticleVersion) -> Form:
    """One object of `articles list --json`."""
    return {
        "article": article.name,
        "number": article.id,
        "version": shown.number,
        "headline": shown.headline,
        "outlet": _outlet(article),
        "url": article.url,
        "published_at": published(shown.published),
        "language": shown.language,
        "added_at": moment(shown.fetched_at),
        "copy_of": article.copy_of,
    }


def published(when: Published | None) -> str | None:
    """As printed."""
    return when.isoformat() if when else None


def moment(when: datetime | None) -> str | None:
    """A moment of ours, in UTC, to the second."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if when else None


def _passage(candidate: Candidate, name: str) -> Form:
    span = candidate.passage.span
    return {
        "article": name,
        "version": candidate.version_number,
        "start": span.start,
        "end": span.end,
        "text": candidate.text,
        "score": candidate.score,
    }


def _nothing(nothing: NothingFound) -> Form:
    return {
        "reason": nothing.reason.value,
        "looked_for": list(nothing.looked_for),
        "nearest": [_nearest(each) for each in nothing.nearest],
    }


def _nearest(near: Nearest) -> Form:
    return {
        "article": near.article,
        "headline": near.headline,
        "published_at": published(near.published),
        "url": near.url,
    }


def _statement(stated: Statement, among: Sequence[Statement], text: str) -> Form:
    hull = stated.hull
    return {"start": hull.start, "end": hull.end, "text": hull.of(text), **_spoken(stated, among, text)}


def _spoken(stated: Statement, among: Sequence[Statement], text: str) -> Form:
    """`within` counts the statements beside it from 0; null where the outer one is not among them."""
    said = stated.attribution
    places = [each.id for each in among]
    return {
        "spans": [list(span) for span in stated.content],
        "form": stated.form.value,
        "speaker": _speaker(said.speaker if said else None),
        "likely_speaker": _speaker(said.likely_speaker if said else None),
        "cue": _words(said.cue[0] if said and said.cue else None, text),
        "source": _words(said.source if said else None, text),
        "addressee": _words(said.addressee if said else None, text),
        "via": said.via if said else None,
        "within": places.index(stated.within) if stated.within in places else None,
    }


def _speaker(speaker: Speaker | None) -> Form | None:
    return {"name": speaker.name, "role": speaker.role} if speaker else None


def _words(span: Span | None, text: str) -> Form | None:
    return {"start": span.start, "end": span.end, "text": span.of(text)} if span else None


def _outlet(article: Article) -> str | None:
    return article.outlet.name if article.outlet else None


def feed(feed: Feed, articles: int) -> Form:
    """One feed, as `feeds list --json` tells it."""
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "site": feed.site,
        "topic": feed.topic,
        "state": feed.state.value,
        "articles": articles,
        "last_success_at": moment(feed.last_success_at),
        "next_check_at": moment(feed.next_check_at),
        "failures": feed.failures,
        "error": feed.last_error,
    }
