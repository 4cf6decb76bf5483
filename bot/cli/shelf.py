"""`articles` and `stats`: what the corpus holds."""

from datetime import UTC, datetime

from bot import json_forms
from bot.cli.answers import view_in_terminal
from bot.cli.failing import Failure
from bot.cli.opening import configured, finished, opened
from bot.cli.terminal import note, say, tell
from bot.newsroom.drafts import fields_of
from retrieval.model import Article, ArticleVersion
from storage import articles, objections, outbox
from storage.database import Store
from storage.values import CorpusStatistics

NO_REASON = "removed by the operator"
NONE = "—"


def list_articles(*, limit: int, before: int | None, json: bool) -> None:
    """Print the articles, newest first."""
    finished(_list(limit, before, json))


def show(name: str, *, number: int | None, json: bool) -> None:
    """Print one article, whole."""
    finished(_show(name, number, json))


def remove(name: str, *, reason: str | None, yes: bool) -> None:
    """Take an article out, or say what would go."""
    finished(_remove(name, reason or NO_REASON, yes))


def export() -> None:
    """Print every article as the .jsonl that `add` reads."""
    finished(_export())


def stats(*, json: bool) -> None:
    """Print what the corpus holds."""
    finished(_stats(json))


async def _list(limit: int, before: int | None, json: bool) -> None:
    async with opened(configured()) as store, store.reading() as session:
        page = await articles.listing(session, limit=limit, before=before)
    for article, version in page:
        tell(json_forms.listed(article, version)) if json else say(_line(article, version))
    if not page and not json:
        say("No articles." if before is None else "No more articles.")
    elif len(page) == limit and not json:
        note(f"Older ones: --before {page[-1][0].id}")


def _line(article: Article, version: ArticleVersion) -> str:
    day = version.published.day.isoformat() if version.published else "no date"
    outlet = article.outlet.name if article.outlet else "no outlet"
    headline = " ".join((version.headline or "no headline").split())
    return f"{article.id:>7}  {day:<10}  {version.language:<3}  {outlet}  “{headline}”  {article.name}"


async def _show(name: str, number: int | None, json: bool) -> None:
    async with opened(configured()) as store:
        article, version = await _found(store, name, number)
    if json:
        tell(json_forms.version(article, version))
        return
    for label, value in _fields(article, version):
        say(f"{label:<10} {value}")
    say()
    say(version.text)


def _fields(article: Article, version: ArticleVersion) -> list[tuple[str, str]]:
    came = f"{version.supplied.value.replace('_', ' ')}, {json_forms.moment(version.fetched_at)}"
    return [
        ("article", article.name),
        ("number", str(article.id)),
        ("version", str(version.number)),
        ("headline", version.headline or NONE),
        ("outlet", article.outlet.name if article.outlet else NONE),
        ("byline", version.byline or NONE),
        ("dateline", version.dateline or NONE),
        ("published", json_forms.published(version.published) or NONE),
        ("address", article.url or NONE),
        ("language", version.language),
        ("came", came),
        ("sha256", version.text_sha256),
    ]


async def _found(store: Store, name: str, number: int | None = None) -> tuple[Article, ArticleVersion]:
    async with store.reading() as session:
        article = await articles.find(session, name)
        if article is None:
            raise Failure(f"no article goes by {name}")
        version = await articles.version(session, article.id, number)
        if version is None:
            raise Failure(f"{name} has no version {number}")
        return article, version


async def _remove(name: str, reason: str, yes: bool) -> None:
    chosen = configured()
    instead = view_in_terminal(chosen).phrases["message_withdrawn"]
    async with opened(chosen) as store:
        article, version = await _found(store, name)
        if not yes:
            say(f"Would remove {_line(article, version).strip()}, {version.number} version(s). Add --yes to do it.")
            return
        async with store.writing() as session:
            await articles.remove(session, article.id, reason=reason, instead=instead, now=datetime.now(UTC))
    say(f"Removed {article.name}: {reason}")


async def _export() -> None:
    async with opened(configured()) as store, store.reading() as session:
        async for draft in articles.export(session):
            tell(fields_of(draft))


async def _stats(json: bool) -> None:
    chosen = configured()
    async with opened(chosen) as store, store.reading() as session:
        held, doubted = await articles.statistics(session), await objections.count(session)
        plainer = await outbox.count_plainer(session)
    if json:
        tell({**_form(held), "objections": doubted, "sent_plainer": plainer})
        return
    count = view_in_terminal(chosen).phrases.count
    say(f"{count('articles', held.articles)} in {count('versions', held.versions)}, {count('outlets', held.outlets)}")
    say(f"{count('passages', held.passages)}, {count('statements', held.statements)}")
    say("languages: " + (", ".join(f"{name} {count:,}" for name, count in sorted(held.languages.items())) or NONE))
    say(f"printed from {_day(held.earliest)} to {_day(held.latest)}" if held.earliest else "no date on record")
    say(f"called wrong by readers: {count('quotes', doubted)} (briefing-bot objections)")
    say(f"refused by Telegram and sent plainer: {count('messages', plainer)}")
    say(f"newest added at {json_forms.moment(held.newest_added_at) or NONE}")


def _form(held: CorpusStatistics) -> json_forms.Form:
    return {
        "articles": held.articles,
        "versions": held.versions,
        "passages": held.passages,
        "statements": held.statements,
        "outlets": held.outlets,
        "languages": dict(sorted(held.languages.items())),
        "earliest": json_forms.moment(held.earliest),
        "latest": json_forms.moment(held.latest),
        "newest_added_at": json_forms.moment(held.newest_added_at),
    }


def _day(when: datetime | None) -> str:
    return when.date().isoformat() if when else NONE
