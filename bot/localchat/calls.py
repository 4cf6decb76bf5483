"""The log of what a program asked for and what became of it. It never holds the token."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CALLS_MAX = 20_000


@dataclass(slots=True)
class Call:
    """One call. `at` is Unix time, `took` seconds; `strange` names unknown or ill-typed fields.

    `executed` tells whether the world was changed, also where a fault then hid the answer;
    `answered` whether the answer was let through. `status` is 200 or the refusal's.
    """

    method: str
    fields: dict[str, Any]
    at: float
    strange: tuple[str, ...] = ()
    took: float = 0.0
    status: int = 0
    description: str = ""
    executed: bool = False
    answered: bool = False
    fault: str | None = None
    result: Any = field(default=None, repr=False)

    @property
    def chat_id(self) -> int | None:
        try:
            return int(self.fields["chat_id"])
        except (KeyError, TypeError, ValueError):
            return None


class CallLog:
    """The newest calls, oldest first. Polls that brought nothing are only counted."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=CALLS_MAX)
        self.idle_polls = 0

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: Call) -> None:
        if call.method == "getUpdates" and call.status == 200 and not call.result:
            self.idle_polls += 1
        else:
            self._calls.append(call)

    def of(self, *methods: str) -> list[Call]:
        """The calls of these methods."""
        return [call for call in self._calls if call.method in methods]

    def executed(self, *methods: str) -> list[Call]:
        """The calls of these methods that changed the world, whether or not the program learnt of it."""
        return [call for call in self.of(*methods) if call.executed]

    def clear(self) -> None:
        self._calls.clear()
