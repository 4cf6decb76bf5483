"""The schema's history, and the way to its newest revision."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

UPGRADE_LOCK = 0x6272_6965_6601  # PostgreSQL's number for "the schema of briefing-bot is being changed"


class UnknownRevision(Exception):
    """The database stands at a revision that this program does not have; the message is its name."""


def upgrade(connection: sa.Connection) -> None:
    """Bring the schema to the newest revision, inside the connection's own transaction.

    Safe where two processes start at once: on SQLite the transaction is IMMEDIATE, on PostgreSQL it
    takes an advisory lock; the second finds nothing left to do.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADE_LOCK)))
    config = _config(connection)
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise UnknownRevision(current)
    if current != script.get_current_head():
        command.upgrade(config, "head")


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
