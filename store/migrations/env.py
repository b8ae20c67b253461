"""Alembic's entry: runs on the connection that ``store.migrate`` hands over, never on one of its
own."""

from alembic import context

from store.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, compare_server_default=False
)
with context.begin_transaction():
    context.run_migrations()
