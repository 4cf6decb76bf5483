"""What Alembic runs: the migrations, over the connection and inside the transaction it was handed."""

from alembic import context

from storage.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
