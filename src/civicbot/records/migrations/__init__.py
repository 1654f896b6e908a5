"""Brings the tables of a database up to this program's version, by Alembic; versions/ holds one file for each step.

A new step is a file ``versions/<number>_<name>.py`` beside a change of ``civicbot.records.tables``; a test compares
what the steps make with what the tables say.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from civicbot.errors import RecordsVersionError

_FOLDER = Path(__file__).parent


def newest() -> str:
    """The newest version that this program knows."""
    version = _scripts().get_current_head()
    assert version is not None
    return version


def known() -> frozenset[str]:
    """All versions that this program knows."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def version_of(connection: Connection) -> str | None:
    """The version of a database's tables; None while it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def check(version: str) -> None:
    """Whether a version can be worked with.

    Raises:
        RecordsVersionError: this program does not know it.
    """
    if version not in known():
        raise RecordsVersionError(
            f"The records are of version {version!r}; this program knows versions up to {newest()!r}."
        )


def migrate(connection: Connection, to: str = "head") -> bool:
    """Brings the tables up to a version, in the connection's running transaction.

    Args:
        connection: inside a transaction that no other migration can run beside.
        to: a version, the newest by default.

    Returns:
        Whether anything had to be done.

    Raises:
        RecordsVersionError: the tables are of a version that this program does not know.
    """
    found = version_of(connection)
    if found is not None:
        check(found)
    if found == (newest() if to == "head" else to):
        return False
    command.upgrade(_config(connection), to)
    return True


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
