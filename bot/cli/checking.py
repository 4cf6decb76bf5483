"""`check`: is all in order, from the settings to Telegram; what is found is said, and nothing is changed."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import httpx
import typer
from pydantic import SecretStr

from bot import corpus, logs, settings
from bot.cli.answers import view_in_terminal
from bot.cli.failing import FAILED
from bot.cli.opening import finished, opened
from bot.cli.terminal import say
from bot.messages import freshness, moments
from bot.settings import Settings, WrongSettings
from retrieval import attribution
from retrieval.text.tokens import VERSION
from storage import articles, chats, feeds, reindexing
from storage.database import DatabaseUnavailable, NewerDatabase, Store

TELEGRAM_SECONDS_MAX = 10.0
REPLY_BYTES_MAX = 100_000
WHY_CHARACTERS_MAX = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; `fine` None means that there was nothing to look at."""

    about: str
    fine: bool | None
    words: str


def check() -> None:
    """Say of settings, database, index and Telegram whether they are in order; ends with 1 where one is not."""
    findings = finished(_findings_listed())
    for finding in findings:
        mark = {True: "ok", False: "problem", None: "skipped"}[finding.fine]
        say(f"{mark:<8} {finding.about:<9} {finding.words}")
    if any(finding.fine is False for finding in findings):
        raise typer.Exit(FAILED)


async def _findings_listed() -> list[Finding]:
    return [finding async for finding in _findings()]


async def _findings() -> AsyncIterator[Finding]:
    try:
        chosen = settings.load()
    except WrongSettings as error:
        yield Finding("settings", False, str(error))
        return
    logs.configure(chosen.log_level, chosen.log_format)
    for written, meant in settings.mistyped().items():
        yield Finding("settings", False, f".env sets {written}, which is no setting: write {meant}")
    yield Finding("settings", True, f"database {chosen.shown_database}")
    operators = set(chosen.admin_ids)
    try:
        async with opened(chosen) as store:
            yield await _writable(store)
            yield await _indexed(store, chosen)
            yield await _arriving(store, chosen)
            async with store.reading() as session:
                operators |= await chats.operators(session, _bot_id(chosen.telegram_bot_token))
    except (DatabaseUnavailable, NewerDatabase) as error:
        yield Finding("database", False, f"{error}. Look at DATABASE_URL, its folder's rights and the free space.")
    telegram = await _telegram(chosen)
    yield telegram
    if telegram.fine and chosen.telegram_bot_token:
        yield await _reached(chosen.telegram_api_url, chosen.telegram_bot_token, sorted(operators))


def _bot_id(token: SecretStr | None) -> int:
    """The bot's number, which its token begins with; 0 where there is no token."""
    number = token.get_secret_value().partition(":")[0] if token else ""
    return int(number) if number.isdigit() else 0


async def _writable(store: Store) -> Finding:
    async with store.writing() as session:
        held = await articles.statistics(session)
    return Finding("database", True, f"{store.dialect}, writable, {held.articles:,} articles")


async def _indexed(store: Store, chosen: Settings) -> Finding:
    async with corpus.opened(store, chosen.data_dir) as engine, store.reading() as session:
        held = await articles.statistics(session)
        outdated = await reindexing.count_outdated(session, VERSION)
        otherwise = await reindexing.count_attributed_otherwise(session, attribution.VERSION)
        indexed, languages = sum(engine.languages().values()), len(engine.languages())
    if outdated:
        return Finding("index", False, f"{outdated:,} articles were cut by another version: briefing-bot reindex")
    if indexed != held.passages:
        words = f"{indexed:,} of {held.passages:,} stored passages are indexed: please report this"
        return Finding("index", False, words)
    older = (
        f"; who said what in {otherwise:,} texts was found by older rules: briefing-bot reindex" if otherwise else ""
    )
    return Finding("index", True, f"{indexed:,} passages in {languages} languages{older}")


async def _arriving(store: Store, chosen: Settings) -> Finding:
    """Whether articles still arrive; of a corpus without feeds only since when none has."""
    view = view_in_terminal(chosen)
    async with store.reading() as session:
        arrived_at, read = await articles.newest_arrival(session), await feeds.listing(session)
    if arrived_at is None:
        return Finding("arrivals", None, "no articles are stored")
    stale = freshness.stale(arrived_at, view.now, view)
    words = stale[0] if stale else view.phrases["fresh"].format(ago=moments.ago(arrived_at, view))
    return Finding("arrivals", not (stale and read), words if read else f"{words} (no feeds are read)")


async def _telegram(chosen: Settings) -> Finding:
    if chosen.telegram_bot_token is None:
        return Finding("telegram", None, "TELEGRAM_BOT_TOKEN is not set; only `run` needs it")
    try:
        return _met(await _who_am_i(chosen.telegram_api_url, chosen.telegram_bot_token))
    except httpx.HTTPError as error:  # its words may hold the address, and that the token
        return Finding("telegram", False, f"{chosen.telegram_api_url} does not answer ({type(error).__name__})")


def _met(reply: httpx.Response) -> Finding:
    try:
        told = reply.json() if len(reply.content) <= REPLY_BYTES_MAX else None
    except ValueError:
        told = None
    if reply.status_code == httpx.codes.UNAUTHORIZED or reply.status_code == httpx.codes.NOT_FOUND:
        return Finding("telegram", False, "the token is not known there: copy it again from @BotFather")
    if not isinstance(told, dict) or not isinstance(told.get("result"), dict):
        return Finding("telegram", False, f"an answer that is not Telegram's (HTTP {reply.status_code})")
    return Finding("telegram", True, f"@{told['result'].get('username')}")


async def _reached(api_url: str, token: SecretStr, operators: Sequence[int]) -> Finding:
    """Whether each operator can be written to: “typing …” goes to each, which a chat that blocks the bot refuses."""
    if not operators:
        return Finding("operators", None, "nobody runs the bot yet: ADMIN_IDS, or the link that `run` prints")
    refused = {each: why for each in operators if (why := await _why_not_reached(api_url, token, each))}
    if refused:
        named = "; ".join(f"{operator}: {why}" for operator, why in refused.items())
        return Finding("operators", False, f"not reached: {named}. Each must press Start in a chat with the bot once.")
    return Finding("operators", True, f"{len(operators)} reached")


async def _why_not_reached(api_url: str, token: SecretStr, operator: int) -> str | None:
    url = f"{api_url}/bot{token.get_secret_value()}/sendChatAction"
    try:
        async with httpx.AsyncClient(timeout=TELEGRAM_SECONDS_MAX) as client:
            reply = await client.post(url, json={"chat_id": operator, "action": "typing"})
        told = reply.json() if len(reply.content) <= REPLY_BYTES_MAX else {}
    except (httpx.HTTPError, ValueError) as error:  # their words may hold the address, and that the token
        return type(error).__name__
    if isinstance(told, dict) and told.get("ok") is True:
        return None
    why = told.get("description") if isinstance(told, dict) else None
    return str(why)[:WHY_CHARACTERS_MAX] if why else f"HTTP {reply.status_code}"


async def _who_am_i(api_url: str, token: SecretStr) -> httpx.Response:
    async with httpx.AsyncClient(timeout=TELEGRAM_SECONDS_MAX) as client:
        return await client.get(f"{api_url}/bot{token.get_secret_value()}/getMe")
