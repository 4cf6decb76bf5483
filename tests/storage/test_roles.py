"""A role has one holder, until its lease ends."""

from datetime import timedelta

from storage import roles
from storage.database import Store
from tests.build import NOON
from tests.storage.making import LEASE

LATER = NOON + LEASE + timedelta(seconds=1)


async def test_a_role_has_one_holder_until_its_lease_ends(store: Store) -> None:
    async with store.writing() as session:
        assert await roles.take(session, "poller", "one", now=NOON, lease=LEASE)
        assert not await roles.take(session, "poller", "other", now=NOON, lease=LEASE)
        assert await roles.take(session, "newsroom", "other", now=NOON, lease=LEASE)
        assert await roles.holder(session, "poller", now=NOON) == "one"
        assert await roles.holder(session, "poller", now=LATER) is None
        assert await roles.take(session, "poller", "other", now=LATER, lease=LEASE)
        assert not await roles.keep(session, "poller", "one", now=LATER, lease=LEASE)


async def test_a_role_kept_lasts_and_a_role_given_back_is_free(store: Store) -> None:
    async with store.writing() as session:
        await roles.take(session, "poller", "one", now=NOON, lease=LEASE)
        assert await roles.keep(session, "poller", "one", now=NOON + LEASE, lease=LEASE)
        assert not await roles.take(session, "poller", "other", now=LATER, lease=LEASE)
        await roles.release(session, "poller", "other")
        assert await roles.holder(session, "poller", now=LATER) == "one"
        await roles.release(session, "poller", "one")
        assert await roles.take(session, "poller", "other", now=LATER, lease=LEASE)
