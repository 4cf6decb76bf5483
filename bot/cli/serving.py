"""`run` and `demo`: what must be in order before the bot starts; the bot itself is `bot.app`."""

from pathlib import Path

from bot import app, samples
from bot.cli.failing import Failure
from bot.cli.opening import configured, opened, served
from bot.newsroom.drafts import is_sample
from bot.settings import Settings
from storage import articles


def run() -> None:
    """The bot in Telegram until it is told to end."""
    served(_run(configured()))


def demo(*, port: int, fresh: bool, articles: Path | None) -> None:
    """The bot in the local chat until it is told to end."""
    served(app.demo(configured(), port=port, fresh=fresh, articles=articles))


async def _run(chosen: Settings) -> None:
    async with opened(chosen) as store, store.reading() as session:
        named = [outlet.name for outlet, _ in await articles.outlets(session) if is_sample(outlet.name)]
        nameless = await articles.count_texts(session, samples.hashes())
    if named or nameless:
        which = f" ({named[0]})" if named else ""
        raise Failure(
            f"the database holds sample articles{which}, which may not be shown as news: "
            "name another one in DATABASE_URL, or remove them"
        )
    await app.run(chosen)
