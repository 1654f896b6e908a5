"""The records on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.records.samples import Kind
from tests.services.postgres import Cluster, programs

from civicbot.model import Language
from civicbot.records.database import Database, open_database
from civicbot.records.store import Records
from civicbot.settings import Settings

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    binaries = programs()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed; scripts/test-setup does it")
    cluster = Cluster(binaries)
    yield cluster
    cluster.remove()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    kind: Kind = request.param
    return kind


@pytest.fixture
def address_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Kind], str]:
    """Gives the address of a new database of a kind."""

    def new(kind: Kind) -> str:
        if kind == "sqlite":
            number = len(list(tmp_path.glob("records*")))
            return f"sqlite:///{tmp_path}/records{number}/records.sqlite3"
        cluster: Cluster = request.getfixturevalue("cluster")
        return cluster.new_database()

    return new


@pytest.fixture
def address(kind: Kind, address_of: Callable[[Kind], str]) -> str:
    return address_of(kind)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Opens the database at an address; nothing is in it before it is upgraded."""
    databases = []

    def open_one(address: str) -> Database:
        databases.append(open_database(Settings(data=tmp_path, database_url=SecretStr(address))))
        return databases[-1]

    yield open_one
    for database in databases:
        database.close()


@pytest.fixture
def database(address: str, opened: Callable[[str], Database]) -> Database:
    return opened(address)


@pytest.fixture
def records(database: Database) -> Records:
    records = Records(database, mask=mask)
    records.open()
    return records


def mask(text: str, language: Language) -> str:
    return text.replace("010-1234-5678", f"[{language} phone]")
