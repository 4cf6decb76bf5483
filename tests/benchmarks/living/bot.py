"""The bot as `run` runs it, by a clock that another process moves on; hosts of the stub web stand on loopback.

    python -m tests.benchmarks.living.bot FILE [--plain]

FILE holds by how many seconds the clock is ahead. What loops look at, they look at more often, so that an hour of the
clock is lived in a second; nothing else differs. As in `run`, what it is made of is imported when it begins: workers
import this module too, and are to hold no more than theirs do. `--plain` is without the compiled loops of an extra.
"""

import sys
from typing import Any

LOOK_SECONDS = 0.2
PAUSE_SECONDS = 0.02
SELDOM_SECONDS = 2.0
LOOKS = ("ALERTS_SECONDS", "CORRECT_SECONDS", "TIMETABLE_SECONDS")
SELDOM = ("REPORT_SECONDS", "ERASE_SECONDS")


async def on_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def live(ahead: Any) -> None:
    import asyncio
    from datetime import UTC, datetime, timedelta
    from functools import partial
    from struct import unpack

    from bot import app
    from bot.cli.opening import configured
    from bot.newsroom import rounds
    from bot.newsroom.courtesy import Courtesy
    from bot.newsroom.fetch import Web

    vars(rounds)["LOOK_SECONDS"] = LOOK_SECONDS
    vars(app).update(dict.fromkeys(LOOKS, LOOK_SECONDS) | dict.fromkeys(SELDOM, SELDOM_SECONDS))
    vars(app).update(Web=partial(Web, resolve=on_loopback), Courtesy=partial(Courtesy, pause=PAUSE_SECONDS))

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=unpack("d", ahead)[0])

    async with app.serving(configured(), clock=clock):
        app.calm_collector()
        print("ready", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    from mmap import ACCESS_READ, mmap

    from bot.cli.opening import served

    if "--plain" in sys.argv:
        vars(sys)["modules"]["numba"] = None
    with open(sys.argv[1], "rb") as file, mmap(file.fileno(), 8, access=ACCESS_READ) as seconds:
        served(live(seconds))


if __name__ == "__main__":
    main()
