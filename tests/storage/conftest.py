"""Storage is tested over both databases."""

from tests.databases import (
    database_url,
    empty_url,
    postgres,
    sqlite_store,
    sqlite_template,
    sqlite_url,
    store,
)

__all__ = ["database_url", "empty_url", "postgres", "sqlite_store", "sqlite_template", "sqlite_url", "store"]
