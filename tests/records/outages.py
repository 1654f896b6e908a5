"""Takes a database away from the records, and gives it back."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tests.services.postgres import Cluster

from civicbot.records.database import Database


class Outage(Protocol):
    def begin(self) -> None: ...

    def end(self) -> None: ...


class FolderAway:
    """The folder of an SQLite file is gone, and nothing can be made in its place."""

    def __init__(self, file: Path) -> None:
        self._folder = file.parent
        self._real = self._folder.with_name("real")
        self._other = self._folder.with_name("other")
        self._other.write_text("in the way", encoding="utf-8")
        self._folder.mkdir(exist_ok=True)
        self._folder.rename(self._real)
        self._folder.symlink_to(self._real)

    def begin(self) -> None:
        self._point_to(self._other)

    def end(self) -> None:
        self._point_to(self._real)

    def _point_to(self, target: Path) -> None:
        # At once, so that nobody makes a new folder in between.
        link = self._folder.with_name("link")
        link.symlink_to(target)
        link.replace(self._folder)


class ServerStopped:
    """The PostgreSQL server is stopped."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def begin(self) -> None:
        self._cluster.stop()

    def end(self) -> None:
        self._cluster.start()


def outage_of(database: Database, cluster: Cluster | None) -> Outage:
    if database.file is not None:
        return FolderAway(database.file)
    assert cluster is not None
    return ServerStopped(cluster)
