"""Telegram's limits of pace: who sends faster is told to wait, and who does not wait, to wait longer."""

import math
from dataclasses import dataclass, field

from bot.localchat.refusal import too_many
from bot.localchat.world import Chat, ChatKind

PENALTY_SECONDS = 1


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at `per_second` up to `capacity`."""

    per_second: float
    capacity: float
    tokens: float
    at: float
    banned_until: float = 0.0

    def seconds_to_wait(self, now: float) -> float:
        """0 where a token was taken; else how long to wait, longer for every try during a ban."""
        self.tokens = min(self.capacity, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        if now < self.banned_until:
            self.banned_until += PENALTY_SECONDS
        elif self.tokens < 1:
            self.banned_until = now + (1 - self.tokens) / self.per_second
        else:
            self.tokens -= 1
        return max(0.0, self.banned_until - now)


@dataclass(slots=True)
class Pace:
    """Limits in messages: overall per second, per private chat per second (a burst passes), per group per minute."""

    overall_per_second: float = 30
    chat_per_second: float = 1
    chat_burst: float = 10
    group_per_minute: float = 20
    _buckets: dict[int, Bucket] = field(default_factory=dict)

    def check(self, chat: Chat, now: float) -> None:
        """Counts one message to `chat`; raises a 429 where it comes too soon."""
        if chat.kind is ChatKind.PRIVATE:
            own = self._bucket(chat.id, self.chat_per_second, self.chat_burst, now)
        else:
            own = self._bucket(chat.id, self.group_per_minute / 60, self.group_per_minute, now)
        overall = self._bucket(0, self.overall_per_second, self.overall_per_second, now)
        wait = own.seconds_to_wait(now) or overall.seconds_to_wait(now)
        if wait > 0:
            raise too_many(math.ceil(wait))

    def _bucket(self, key: int, per_second: float, capacity: float, now: float) -> Bucket:
        return self._buckets.setdefault(key, Bucket(per_second, capacity, capacity, now))
