"""The ticker outlives its steps' failures, and a bell wakes it."""

import asyncio

import pytest

from bot.loops import Bell, every

LONG = 60.0
DEADLINE = 2.0


async def test_a_failed_step_does_not_end_the_loop() -> None:
    taken: list[int] = []
    third = asyncio.Event()

    async def step() -> None:
        taken.append(len(taken))
        if len(taken) == 3:
            third.set()
        raise ValueError("a defect")

    loop = asyncio.create_task(every(0.001, step))
    await asyncio.wait_for(third.wait(), DEADLINE)
    assert not loop.done()
    assert taken[:3] == [0, 1, 2]
    loop.cancel()


async def test_the_bell_wakes_it_before_its_time() -> None:
    bell, taken = Bell(), asyncio.Queue[None]()
    loop = asyncio.create_task(every(LONG, lambda: taken.put(None), bell=bell))
    await asyncio.wait_for(taken.get(), DEADLINE)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(taken.get(), 0.01)
    bell.ring()
    await asyncio.wait_for(taken.get(), DEADLINE)
    assert taken.empty()
    loop.cancel()


async def test_a_ring_during_a_step_is_not_lost() -> None:
    bell = Bell()
    bell.ring()
    bell.ring()
    await asyncio.wait_for(bell.heard(LONG), DEADLINE)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bell.heard(LONG), 0.01)


async def test_cancelling_ends_it() -> None:
    async def step() -> None:
        await asyncio.Event().wait()

    loop = asyncio.create_task(every(LONG, step))
    await asyncio.wait({loop}, timeout=0.01)
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop
