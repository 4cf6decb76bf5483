"""One process holds a role; a dead one loses it at once, a living one when its lease ends."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.tenure import LEASE, Tenure, holder_here, is_dead, shown
from storage.database import Store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOLDER = "from bot.tenure import holder_here; print(holder_here(), flush=True); input()"


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
def another_process() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def name_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tenure(store: Store, holder: str, now: datetime = NOW) -> Tenure:
    return Tenure(store, "run", holder, lambda: now)


async def test_a_role_is_held_by_one_living_process(store: Store, another_process: subprocess.Popen[str]) -> None:
    other = name_of(another_process)
    assert await tenure(store, other).take() is None
    assert await tenure(store, holder_here()).take() == other
    assert str(another_process.pid) in shown(other)


async def test_a_killed_process_loses_its_role_at_once(store: Store, another_process: subprocess.Popen[str]) -> None:
    other = name_of(another_process)
    assert await tenure(store, other).take() is None
    another_process.kill()
    another_process.wait()
    assert is_dead(other)
    assert await tenure(store, holder_here()).take() is None


async def test_a_process_of_another_host_keeps_its_role_until_the_lease_ends(store: Store) -> None:
    elsewhere = "far/pid:[1]/4242/1"
    assert not is_dead(elsewhere)
    assert await tenure(store, elsewhere).take() is None
    assert await tenure(store, holder_here()).take() == elsewhere
    assert await tenure(store, holder_here(), NOW + LEASE + timedelta(seconds=1)).take() is None


def test_a_process_id_used_again_is_another_process() -> None:
    host, pid, began = holder_here().rsplit("/", 2)
    assert not is_dead(f"{host}/{pid}/{began}")
    assert is_dead(f"{host}/{pid}/{int(began) + 1}")


async def test_a_duty_that_ended_is_begun_again(store: Store) -> None:
    begun = 0

    async def duty() -> None:
        nonlocal begun
        begun += 1
        if begun == 1:
            raise KeyError("a defect")
        await asyncio.Event().wait()

    ours = tenure(store, holder_here())
    for _ in range(3):
        await ours.serve(duty)
        await asyncio.sleep(0)
    await ours.rest()
    assert begun == 2


async def test_duties_are_done_while_the_role_is_held(store: Store) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def duty() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    ours = tenure(store, holder_here())
    await ours.serve(duty)
    await asyncio.wait_for(begun.wait(), 5)
    await ours.leave()
    await tenure(store, "far/pid:[1]/4242/1").take()
    await ours.serve(duty)
    assert ended.is_set()
