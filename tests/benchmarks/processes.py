"""What a process and all below it cost, by /proc of Linux: processor seconds, memory, the processors they may use."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Memory:
    """Bytes: `rss` counts a page shared by two processes twice, `pss` half for each."""

    rss: int
    pss: int

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.rss + other.rss, self.pss + other.pss)


def pin(cores: int) -> None:
    """Let this process, and what it starts from now on, use so many of its processors."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def tree(top: int, but: int = 0) -> list[int]:
    """A process and all that it and its children have started, as far as they live; without `but` and what is below."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [top]
    for each in found:
        found += [child for child in parents.get(each, []) if child != but]
    return found


def processor_seconds(top: int | None = None, *, but: int = 0) -> float:
    """What a tree has used so far, also by what has ended below it."""
    used = [_fields(each) for each in tree(top or os.getpid(), but)]
    return sum(int(ticks) for fields in used if fields for ticks in fields[11:15]) / TICKS


def memory(top: int | None = None, *, but: int = 0) -> Memory:
    """What a tree holds now."""
    return sum((_memory(each) for each in tree(top or os.getpid(), but)), Memory(0, 0))


def _memory(pid: int) -> Memory:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return Memory(0, 0)
    held = {name: int(words.split()[0]) * 1_024 for name, _, words in (line.partition(":") for line in lines)}
    return Memory(held.get("Rss", 0), held.get("Pss", 0))


def _fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; none of a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
