"""Faults on order: what the network and Telegram do to a bot on a bad day."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.localchat.refusal import BAD_GATEWAY, Refused, bad_request, forbidden, too_many


class Fault(StrEnum):
    """The first four are answers; HANG never answers; a drop closes the connection without one."""

    TOO_MANY = "too_many"
    FORBIDDEN = "forbidden"
    BAD_REQUEST = "bad_request"
    BAD_GATEWAY = "bad_gateway"
    HANG = "hang"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"


ANSWERS = (Fault.TOO_MANY, Fault.FORBIDDEN, Fault.BAD_REQUEST, Fault.BAD_GATEWAY)


@dataclass(slots=True)
class Ordered:
    """A fault for the next `times` calls of a method; `description` replaces the refusal's usual words."""

    fault: Fault
    method: str | None
    times: int
    retry_after: int
    description: str | None

    def refusal(self) -> Refused:
        refusal = {
            Fault.TOO_MANY: too_many(self.retry_after),
            Fault.FORBIDDEN: forbidden("bot was blocked by the user"),
            Fault.BAD_REQUEST: bad_request("chat not found"),
            Fault.BAD_GATEWAY: Refused(BAD_GATEWAY, "Bad Gateway"),
        }[self.fault]
        return Refused(refusal.status, self.description or refusal.description, refusal.parameters)


@dataclass(slots=True)
class Faults:
    """Orders first, in their order; then the mix, drawn from its own seeded generator."""

    orders: list[Ordered] = field(default_factory=list)
    probabilities: dict[Fault, float] = field(default_factory=dict)
    methods: frozenset[str] = frozenset()
    retry_after: int = 1
    _draw: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  a test's dice, not a secret

    def order(
        self,
        fault: Fault | str,
        method: str | None = None,
        *,
        times: int = 1,
        retry_after: int = 1,
        description: str | None = None,
    ) -> None:
        """Lets the next `times` calls of `method` (None: of any but getUpdates) end in `fault`."""
        self.orders.append(Ordered(Fault(fault), method, times, retry_after, description))

    def mix(
        self,
        probabilities: Mapping[Fault, float],
        *,
        seed: int,
        methods: Collection[str] = (),
        retry_after: int = 1,
    ) -> None:
        """Lets each call of `methods` (none: all but getUpdates) fail with these probabilities."""
        self.probabilities = dict(probabilities)
        self.methods, self.retry_after, self._draw = frozenset(methods), retry_after, random.Random(seed)  # noqa: S311

    def clear(self) -> None:
        """No more faults."""
        self.orders.clear()
        self.probabilities.clear()

    def next(self, method: str) -> Ordered | None:
        """The fault that the call of `method` now at hand shall end in."""
        for order in self.orders:
            if order.method == method or (order.method is None and method != "getUpdates"):
                order.times -= 1
                if order.times < 1:
                    self.orders.remove(order)
                return order
        return self._mixed(method)

    def _mixed(self, method: str) -> Ordered | None:
        if not self.probabilities or (method not in self.methods if self.methods else method == "getUpdates"):
            return None
        left = self._draw.random()
        for fault, probability in self.probabilities.items():
            left -= probability
            if left < 0:
                return Ordered(fault, method, 1, self.retry_after, None)
        return None
