"""Statements that SQLite and PostgreSQL both know, and SQLAlchemy only through either.

They are made once and executed with the columns' values: building a statement takes longer than running it.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from civicbot.records.tables import Base, ConversationRow


@cache
def insert_or_ignore(dialect: str, table: type[Base]) -> Executable:
    """Inserts a row, or does nothing where a unique one like it is there."""
    if dialect == "sqlite":
        return sqlite.insert(_table(table)).on_conflict_do_nothing()
    return postgresql.insert(_table(table)).on_conflict_do_nothing()


@cache
def next_turn(dialect: str) -> Executable:
    """Counts a turn of a conversation, which is made where it is missing, and returns the turn's number.

    The row stays locked until the transaction ends, so that no two turns get one number. Of a conversation that is
    there only its last time changes.
    """
    table = _table(ConversationRow)
    same = [table.c.id]
    if dialect == "sqlite":
        new = sqlite.insert(table)
        changed = {"turns": table.c.turns + 1, "last_at": new.excluded.last_at}
        return new.on_conflict_do_update(index_elements=same, set_=changed).returning(table.c.turns)
    other = postgresql.insert(table)
    changed = {"turns": table.c.turns + 1, "last_at": other.excluded.last_at}
    return other.on_conflict_do_update(index_elements=same, set_=changed).returning(table.c.turns)


def _table(table: type[Base]) -> Table:
    return Base.metadata.tables[table.__tablename__]
