"""A webhook and the delivery to it: updates go out by POST, those of one chat in order.

After the Bot API server's own delivery: anything but 2xx is tried again, at once, then after 2, 4, 8 seconds and so
on, and what waits behind it in the same chat waits with it. Which addresses may be set is `receiving`'s to say.
"""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from bot.localchat.updates import Update, UpdateQueue
from bot.localchat.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
REPLY_SECONDS_MAX = 60.0
PAUSE_SECONDS = 2.0
PAUSE_SECONDS_MAX = 90.0
RETRY_AFTER_MAX = 3600

Lane = tuple[str, int]


@dataclass(eq=False, slots=True)
class Webhook:
    """Where a queue's updates go, and what became of the latest failure: when, in Unix time, and Telegram's words.

    `time_scale` is how many of the server's seconds pass in one of ours.
    """

    url: str
    secret: str
    connections: int
    updates: UpdateQueue
    world: World
    time_scale: float = 1.0
    failed_at: int = 0
    failure: str = ""
    _lanes: dict[Lane, deque[Update]] = field(default_factory=lambda: defaultdict(deque))
    _newest: int = 0
    _lane_tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _task: "asyncio.Task[None] | None" = None

    def start(self) -> None:
        """Deliver what waits and what comes, in this event loop."""
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """No more deliveries; one that is on its way comes again to whoever asks next."""
        for task in (self._task, *self._lane_tasks):
            if task:
                task.cancel()

    async def _run(self) -> None:
        free = asyncio.Semaphore(self.connections)
        # Without certificates, which take longer to load than a test: nothing here leaves the machine.
        async with httpx.AsyncClient(verify=False, trust_env=False, timeout=REPLY_SECONDS_MAX) as client:  # noqa: S501
            while True:
                self._take_up(client, free)
                await self.updates.arrival()

    def _take_up(self, client: httpx.AsyncClient, free: asyncio.Semaphore) -> None:
        """Put each new update into its lane, and start the lanes that stood empty."""
        for update in self.updates:
            if update["update_id"] <= self._newest:
                continue
            self._newest = update["update_id"]
            lane = lane_of(update)
            waiting = self._lanes[lane]
            waiting.append(update)
            if len(waiting) == 1:
                task = asyncio.create_task(self._empty(lane, client, free))
                self._lane_tasks.add(task)
                task.add_done_callback(self._lane_tasks.discard)

    async def _empty(self, lane: Lane, client: httpx.AsyncClient, free: asyncio.Semaphore) -> None:
        waiting = self._lanes[lane]
        while waiting:
            await self._deliver(waiting[0], client, free)
            waiting.popleft()
        del self._lanes[lane]

    async def _deliver(self, update: Update, client: httpx.AsyncClient, free: asyncio.Semaphore) -> None:
        """Returns when the bot has taken the update, or it was dropped meanwhile."""
        failures = 0
        while update["update_id"] in self.updates:
            async with free:
                wait = await self._failed(update, client)
            if wait is None:
                self.updates.settle(update["update_id"])
                self.world.changed()
                return
            pause = wait or (min(PAUSE_SECONDS * 2 ** (failures - 1), PAUSE_SECONDS_MAX) if failures else 0)
            failures += 1
            await asyncio.sleep(pause / self.time_scale)

    async def _failed(self, update: Update, client: httpx.AsyncClient) -> int | None:
        """None where the bot has taken it; else the seconds it asks to wait, 0 where it asks for none."""
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            reply = await client.post(self.url, json=update, headers=headers)
        except httpx.TimeoutException:
            return self._note("Read timeout expired")
        except httpx.ConnectError:
            return self._note("Connection refused")
        except httpx.HTTPError:
            return self._note("Webhook connection closed")
        if reply.is_success:
            return None
        phrase = HTTPStatus(reply.status_code).phrase if reply.status_code in list(HTTPStatus) else ""
        self._note(f"Wrong response from the webhook: {reply.status_code} {phrase}".rstrip())
        asked = reply.headers.get("retry-after", "")
        return min(int(asked), RETRY_AFTER_MAX) if asked.isdecimal() else 0

    def _note(self, failure: str) -> int:
        self.failure, self.failed_at = failure, int(self.world.now())
        self.world.changed()
        return 0


def lane_of(update: Update) -> Lane:
    """What an update must not overtake: its chat's others; presses and inline queries are in order by person."""
    kind = next(one for one in update if one != "update_id")
    content = update[kind]
    if "chat" in content:
        return "chat", int(content["chat"]["id"])
    return kind, int(content["from"]["id"])
