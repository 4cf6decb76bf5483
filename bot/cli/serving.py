"""`run` and `demo`: what must be in order before the bot starts; the bot itself is `bot.app`."""

from pathlib import Path

from bot import app
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
        samples = [outlet.name for outlet, _ in await articles.outlets(session) if is_sample(outlet.name)]
    if samples:
        raise Failure(
            f"the database holds sample articles ({samples[0]}), which may not be shown as news: "
            "name another one in DATABASE_URL, or remove them"
        )
    await app.run(chosen)
