"""The triggers that keep the audit log as it is; only putting a backup in place lifts them, for its own transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, text

from civicbot.records.tables import AuditRow

_TABLE = AuditRow.__tablename__
_TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :tbl ORDER BY name")


@contextlib.contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Lets lines of the audit log be deleted inside the block; if that fails, the transaction undoes both.

    Args:
        connection: inside the transaction that replaces all tables.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {_TABLE} DISABLE TRIGGER USER"))
        yield
        connection.execute(text(f"ALTER TABLE {_TABLE} ENABLE TRIGGER USER"))
        return
    triggers = connection.execute(_TRIGGERS, {"tbl": _TABLE}).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, statement in triggers:
        connection.exec_driver_sql(statement)
