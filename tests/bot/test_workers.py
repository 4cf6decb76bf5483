"""Workers: they take and return values, outlive each other's death, and never outlive their parent."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from time import monotonic

import pytest

from bot.workers import PROCESSES_MAX, TooSlow, Workers

PATIENCE_SECONDS = 20.0


def spin() -> None:
    """Never ends by itself."""
    while True:
        pass


def spin_after(mark: str) -> None:
    """Say that it has begun, and never end."""
    Path(mark).touch()
    spin()


async def until(true: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not true():
        assert monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_call_runs_in_another_process_and_comes_back_as_a_value() -> None:
    async with Workers(1) as workers:
        assert await workers.run(os.getpid) != os.getpid()
        assert await workers.run(sorted, [3, 1, 2], reverse=True) == [3, 2, 1]
        with pytest.raises(ZeroDivisionError):
            await workers.run(divmod, 1, 0)


async def test_without_processes_a_call_runs_here() -> None:
    async with Workers(0) as workers:
        assert await workers.run(os.getpid) == os.getpid()


async def test_a_killed_worker_costs_nobody_an_answer() -> None:
    async with Workers(1) as workers:
        os.kill(await workers.run(os.getpid), signal.SIGKILL)
        assert await asyncio.gather(*(workers.run(abs, -each) for each in range(5))) == [0, 1, 2, 3, 4]


async def test_what_kills_its_worker_twice_is_given_up_and_takes_no_other_with_it() -> None:
    async with Workers(1) as workers:
        deadly, harmless = workers.run(os._exit, 1), workers.run(abs, -7)
        died, lived = await asyncio.gather(deadly, harmless, return_exceptions=True)
        assert isinstance(died, BrokenProcessPool)
        assert lived == 7


async def test_an_endless_call_is_ended_and_its_worker_goes_on() -> None:
    async with Workers(1, seconds=0.2) as workers:
        worker = await workers.run(os.getpid)
        with pytest.raises(TooSlow):
            await workers.run(spin)
        assert await workers.run(os.getpid) == worker


async def test_ctrl_c_is_left_to_the_parent() -> None:
    async with Workers(1) as workers:
        worker = await workers.run(os.getpid)
        os.kill(worker, signal.SIGINT)
        assert await workers.run(os.getpid) == worker


async def test_closing_ends_the_workers_also_one_that_spins(tmp_path: Path) -> None:
    workers = Workers(1)
    worker = await workers.run(os.getpid)
    spinning = asyncio.create_task(workers.run(spin_after, str(tmp_path / "begun")))
    await until((tmp_path / "begun").exists)
    began = monotonic()
    await workers.close()
    assert monotonic() - began < 8
    await until(lambda: not alive(worker))
    spinning.cancel()
    await asyncio.gather(spinning, return_exceptions=True)


PARENT = """
import asyncio, os
from bot.workers import Workers
async def main():
    workers = Workers(1)
    print(await workers.run(os.getpid), flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_workers_end_with_a_parent_that_was_killed() -> None:
    pipe = asyncio.subprocess.PIPE
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=pipe)
    assert parent.stdout is not None
    worker = int(await parent.stdout.readline())
    assert alive(worker)
    parent.kill()
    await parent.wait()
    await until(lambda: not alive(worker))


def test_there_are_no_more_workers_than_processors_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for left in (1, 2, 64):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, left=left: set(range(left)), raising=False)
        assert Workers().processes == min(left, PROCESSES_MAX)
