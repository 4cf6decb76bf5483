"""Spawned worker processes for loops over passages in Python: tokenising, attribution, extraction.

Workers take values and return values; they never open the database, and end with their parent. Numpy work
does not belong here: it releases the lock and may run in a thread.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType, TracebackType
from typing import ParamSpec, Self, TypeVar

LANGUAGE = "language"  # in the data folder
PROCESSES_MAX = 4
CALL_SECONDS_MAX = 30.0  # of its processor, so that a busy machine refuses nothing
CLOSE_SECONDS = 2.0
REMINDER_SECONDS = 1.0  # a library may swallow the first TooSlow

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")


def processors() -> int:
    """How many processors this process may use: a container or `taskset` may leave it fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sharing_tables(data_dir: Path) -> Callable[[], None]:
    """What a worker may begin with: it shares the tables that tell languages apart with all other processes."""
    return partial(_share_tables, data_dir / LANGUAGE)


class TooSlow(Exception):
    """A call took longer than its worker allows."""


class Workers:
    """A pool of spawned processes: ``await workers.run(function, *arguments)``.

    `processes` 0 runs every call at once in the caller's own process, for one-shot commands. `niceness`
    lowers the workers' priority, so that a large load leaves the bot its processor. `begin` is called in each
    worker when it starts, and at once where there is none. A killed worker costs
    its callers one repeat in a new pool; what kills that too raises `BrokenProcessPool`.
    """

    def __init__(
        self,
        processes: int | None = None,
        *,
        niceness: int = 0,
        seconds: float = CALL_SECONDS_MAX,
        begin: Callable[[], None] | None = None,
    ) -> None:
        self.processes = min(PROCESSES_MAX, processors()) if processes is None else processes
        self._niceness = niceness
        self._seconds = seconds
        self._begin = begin
        if begin is not None and not self.processes:
            begin()
        self._pool: ProcessPoolExecutor | None = None
        self._repeating = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def warm(self, *modules: str) -> None:
        """Start every worker now and import `modules` in it, so that the first question does not wait."""
        if self.processes:
            await asyncio.gather(*(self.run(_import, modules) for _ in range(self.processes)))

    async def run(
        self, function: Callable[Arguments, Value], *args: Arguments.args, **named: Arguments.kwargs
    ) -> Value:
        """The value of ``function(*args)``, a module's own function with picklable arguments."""
        if not self.processes:
            return function(*args, **named)
        pool = self._opened()
        try:
            return await self._submit(pool, function, *args, **named)
        except BrokenProcessPool:
            self._drop(pool)
        async with self._repeating:  # one by one, so that a call that kills its worker takes no other with it
            pool = self._opened()
            try:
                return await self._submit(pool, function, *args, **named)
            except BrokenProcessPool:
                self._drop(pool)
                raise

    async def close(self) -> None:
        """End the workers: what waits is cancelled, what runs has `CLOSE_SECONDS`."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        ended = asyncio.gather(*(asyncio.to_thread(process.join, CLOSE_SECONDS) for process in processes))
        await ended
        for process in processes:
            if process.is_alive():
                process.kill()

    async def _submit(
        self,
        pool: ProcessPoolExecutor,
        function: Callable[Arguments, Value],
        *args: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Value:
        return await asyncio.wrap_future(pool.submit(_within, self._seconds, function, args, named))

    def _opened(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_settle_in,
                initargs=(self._niceness, self._begin),
            )
        return self._pool

    def _drop(self, pool: ProcessPoolExecutor) -> None:
        if self._pool is pool:
            self._pool = None
        pool.shutdown(wait=False, cancel_futures=True)


def _settle_in(niceness: int, begin: Callable[[], None] | None) -> None:
    """In the worker: leave Ctrl-C to the parent, and end when the parent ends, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(niceness)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _within(
    seconds: float, function: Callable[..., Value], args: tuple[object, ...], named: dict[str, object]
) -> Value:
    signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, seconds, REMINDER_SECONDS)
    try:
        return function(*args, **named)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TooSlow("a worker's call took too long")


def _import(modules: tuple[str, ...]) -> None:
    for module in modules:
        __import__(module)


def _share_tables(folder: Path) -> None:
    from retrieval.text import identifier  # NumPy, which not every command needs

    identifier.keep_in(folder)
