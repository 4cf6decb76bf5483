"""Opening: the schema, two processes at once, newer databases, who may read the files, what a transaction holds."""

import asyncio
import stat
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import roles
from storage.database import DatabaseUnavailable, NewerDatabase, Store, open_store
from storage.tables import RoleRow, Table
from tests.build import NOON
from tests.storage.making import LEASE, until

OPEN_IT = """
import asyncio, sys
from storage.database import open_store
async def main():
    store = await open_store(sys.argv[1])
    print(store.id)
    await store.close()
asyncio.run(main())
"""


async def opened_elsewhere(url: str) -> str:
    """The database's id, as another process that opens it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OPEN_IT, url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return out.decode().strip()


async def test_two_processes_that_start_at_once_lay_one_schema(empty_url: str) -> None:
    first, second = await asyncio.gather(opened_elsewhere(empty_url), opened_elsewhere(empty_url))
    assert first == second


async def test_the_migrations_lay_what_the_tables_say(store: Store) -> None:
    def differences(session: sa.orm.Session) -> list[object]:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        return list(compare_metadata(context, Table.metadata))

    async with store.reading() as session:
        assert await session.run_sync(differences) == []


async def test_a_database_of_a_newer_program_is_left_alone(empty_url: str) -> None:
    store = await open_store(empty_url)
    async with store.writing() as session:
        await session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    with pytest.raises(NewerDatabase, match="9999"):
        await open_store(empty_url)


async def test_a_database_keeps_its_id(database_url: str) -> None:
    ids = set()
    for _ in range(2):
        store = await open_store(database_url)
        ids.add(store.id)
        await store.close()
    assert len(ids) == 1


@pytest.mark.parametrize("address", ["nonsense", "mysql://root@localhost/x", "sqlite+aiosqlite://"])
async def test_an_address_we_do_not_know_is_named(address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
        await open_store(address)


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        await open_store(f"postgresql+asyncpg://postgres:@/x?host={tmp_path}")


async def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    file = tmp_path / "made" / "here" / "briefing.db"
    store = await open_store(f"sqlite+aiosqlite:///{file}")
    async with store.writing() as session:
        await roles.take(session, "poller", "me", now=NOON, lease=LEASE)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (file.parent, *file.parent.iterdir())}
    await store.close()
    assert modes == {"here": 0o700, "briefing.db": 0o600, "briefing.db-wal": 0o600, "briefing.db-shm": 0o600}


async def test_a_block_that_raises_leaves_nothing_behind(store: Store) -> None:
    async def fail() -> None:
        async with store.writing() as session:
            await roles.take(session, "poller", "me", now=NOON, lease=LEASE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.reading() as session:
        assert await roles.holder(session, "poller", now=NOON) is None


async def test_a_cancelled_block_leaves_nothing_behind_and_the_next_may_write(store: Store) -> None:
    written = asyncio.Event()

    async def hold() -> None:
        async with store.writing() as session:
            await roles.take(session, "poller", "gone", now=NOON, lease=LEASE)
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await written.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with store.writing() as session:
        assert await roles.take(session, "poller", "next", now=NOON, lease=LEASE)


async def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises((DatabaseUnavailable, sa.exc.DBAPIError)):
        async with store.reading() as session:
            await roles.release(session, "poller", "me")


async def test_reading_sees_one_moment(store: Store) -> None:
    async with store.reading() as session:
        assert await roles.holder(session, "poller", now=NOON) is None
        async with store.writing() as writer:
            await roles.take(writer, "poller", "me", now=NOON, lease=LEASE)
        assert await roles.holder(session, "poller", now=NOON) is None


async def test_a_write_after_a_read_waits_for_another_process_and_does_not_fail(sqlite_url: str) -> None:
    one, other = await open_store(sqlite_url), await open_store(sqlite_url)

    async def take_many(store: Store, holder: str) -> None:
        for _ in range(20):
            async with store.writing() as session:
                await roles.holder(session, "poller", now=NOON)
                await roles.take(session, "poller", holder, now=NOON, lease=LEASE)

    await until(asyncio.gather(take_many(one, "one"), take_many(other, "other")))
    await one.close()
    await other.close()


async def test_no_error_shows_what_was_asked(store: Store) -> None:
    with pytest.raises((DatabaseUnavailable, sa.exc.DBAPIError)) as caught:
        async with store.writing() as session:
            await session.execute(sa.text("INSERT INTO nowhere VALUES (:words)"), {"words": "my secret question"})
    assert "secret" not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"


async def test_a_defect_of_ours_is_not_called_an_outage(store: Store) -> None:
    """What no waiting cures must not be tried again for ever."""
    with pytest.raises(sa.exc.DBAPIError):
        async with store.writing() as session:
            await session.execute(
                sa.insert(RoleRow).values(name="poller", holder=None, lease_until=NOON, taken_at=NOON)
            )
