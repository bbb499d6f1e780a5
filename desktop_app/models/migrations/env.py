"""Alembic's entry: runs the steps on the connection it is handed, inside that connection's one transaction."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
context.run_migrations()
