"""The database as commands use it: opened, closed, and what goes wrong told in plain words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from civicbot.errors import RecordsUnavailableError
from civicbot.records.database import Database, error_name, open_database
from civicbot.settings import Settings


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database of the settings, closed at the end; what goes wrong is told without what was to be stored.

    Raises:
        SettingsError: the setting names no database that we know.
        RecordsUnavailableError: the database cannot be used.
    """
    database = open_database(settings)
    try:
        yield database
    except SQLAlchemyError as error:
        raise RecordsUnavailableError(
            f"The records cannot be used ({error_name(error)}): {database.where}.",
            hint="Check that the database runs, CIVICBOT_DATABASE_URL, or the data folder and its free space.",
        ) from None
    finally:
        database.close()
