"""Run by Alembic: applies the steps through the connection that :func:`migrate` hands in."""

from __future__ import annotations

from alembic import context

from civicbot.records.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
