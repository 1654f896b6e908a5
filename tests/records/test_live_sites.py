"""What requests know of the sites: soon after it changes, and while there is no database."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, text
from tests.records.outages import outage_of
from tests.services.postgres import Cluster

from civicbot.records.database import Database
from civicbot.records.live_sites import FRESH_SECONDS, REST_SECONDS, LiveSites, NoSites
from civicbot.records.sites import SiteBook
from civicbot.settings import REPOSITORY

A, B = "https://a.example", "https://b.example"


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(database: Database, clock: Clock) -> LiveSites:
    return LiveSites(database, clock)


@pytest.fixture
def book(database: Database) -> SiteBook:
    database.upgrade()
    return SiteBook(database)


def names(live: LiveSites, origin: str) -> list[str]:
    return [site.name for site in live.of_origin(origin)]


def test_only_what_is_registered_and_on(book: SiteBook, live: LiveSites) -> None:
    one = book.add("one", origins=(A, B))
    book.add("two", origins=(B,))
    book.add("off", origins=(B, "https://off.example"), enabled=False)
    assert live.named("one") == one
    assert live.named("off") is None
    assert live.named("none") is None
    assert names(live, A) == ["one"]
    assert names(live, B) == ["one", "two"]
    for other in (
        "https://off.example",
        "null",
        "",
        "https://a.example.",
        "https://A.example",
        "https://a.example:443",
    ):
        assert live.of_origin(other) == ()


def test_a_change_is_known_within_a_second(book: SiteBook, live: LiveSites, clock: Clock) -> None:
    assert FRESH_SECONDS < 1
    assert live.named("one") is None
    book.add("one", origins=(A,))
    clock.now += FRESH_SECONDS
    assert live.named("one") is not None
    book.disable("one")
    clock.now += FRESH_SECONDS
    assert live.named("one") is None
    assert live.of_origin(A) == ()
    book.enable("one")
    book.edit("one", origins=(B,))
    clock.now += FRESH_SECONDS
    assert names(live, A) == []
    assert names(live, B) == ["one"]
    book.remove("one")
    clock.now += FRESH_SECONDS
    assert live.of_origin(B) == ()


def test_a_reading_is_believed_for_a_while(book: SiteBook, live: LiveSites, clock: Clock, database: Database) -> None:
    read: list[str] = []
    book.add("one", origins=(A,))

    def count(*arguments: object) -> None:
        read.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", count)
    for _ in range(50):
        assert live.named("one") is not None
    assert len([statement for statement in read if "FROM sites" in statement]) == 1
    clock.now += FRESH_SECONDS
    live.named("one")
    assert len([statement for statement in read if "FROM sites" in statement]) == 2


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_command_of_another_process_works(
    kind: str, book: SiteBook, live: LiveSites, clock: Clock, address: str
) -> None:
    del kind
    book.add("one", origins=(A,))
    assert live.named("one") is not None
    code = "from civicbot.cli import main; main(['sites', 'disable', 'one'])"
    environment = {
        "CIVICBOT_DATABASE_URL": address,
        "PYTHONPATH": str(Path(REPOSITORY) / "src"),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "'one' is off" in done.stdout
    clock.now += FRESH_SECONDS
    assert live.named("one") is None


def test_an_outage_leaves_what_was_known_and_lets_in_nobody_else(
    book: SiteBook,
    live: LiveSites,
    clock: Clock,
    database: Database,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    book.add("one", origins=(A,))
    book.add("off", origins=(B,), enabled=False)
    assert live.named("one") is not None
    cluster: Cluster | None = request.getfixturevalue("cluster") if database.file is None else None
    outage = outage_of(database, cluster)
    outage.begin()
    try:
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                clock.now += REST_SECONDS
                assert live.named("one") is not None
                assert names(live, A) == ["one"]
                assert live.named("off") is None
                assert live.of_origin(B) == ()
        assert [record.message for record in caplog.records if record.name.endswith("live_sites")] == ["sites_lost"]
        fresh = LiveSites(database, clock)
        assert fresh.named("one") is None
        assert fresh.of_origin(A) == ()
    finally:
        outage.end()
    book.disable("one")
    clock.now += REST_SECONDS
    with caplog.at_level(logging.WARNING):
        assert live.named("one") is None
    assert caplog.records[-1].message == "sites_back"


def test_before_there_are_tables_nobody_is_let_in(live: LiveSites) -> None:
    assert live.named("one") is None
    assert live.of_origin(A) == ()


def test_nobody_waits_for_somebody_elses_slow_reading(
    book: SiteBook, live: LiveSites, clock: Clock, database: Database
) -> None:
    book.add("one", origins=(A,))
    assert live.named("one") is not None
    clock.now += FRESH_SECONDS
    reading, go_on = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        reading.set()
        assert go_on.wait(30)

    event.listen(database.engine, "before_cursor_execute", hang)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(live.named, "one")
        assert reading.wait(30)
        quick = pool.submit(live.named, "one")
        assert quick.result(30) is not None
        assert not slow.done()
        go_on.set()
        assert slow.result(30) is not None


def test_many_at_once_read_once_and_all_get_the_same(book: SiteBook, live: LiveSites) -> None:
    book.add("one", origins=(A,))
    begin = threading.Barrier(8)

    def look(_: int) -> list[str]:
        begin.wait()
        return names(live, A)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(look, range(8))) == [["one"]] * 8


def test_a_row_that_is_no_site_lets_nobody_in(
    book: SiteBook, live: LiveSites, clock: Clock, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    book.add("one", origins=(A,))
    book.add("two", origins=(A, B))
    with database.transaction() as connection:
        connection.execute(text("""UPDATE sites SET origins = '["null", "*"]' WHERE name = 'two'"""))
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert live.named("two") is None
            assert live.of_origin("null") == live.of_origin("*") == live.of_origin(B) == ()
            assert names(live, A) == ["one"]
            clock.now += FRESH_SECONDS
    assert [(record.message, getattr(record, "fields", None)) for record in caplog.records] == [
        ("site_unusable", {"site": "two"})
    ]


def test_without_a_database_there_are_no_sites() -> None:
    assert NoSites().named("one") is None
    assert NoSites().of_origin(A) == ()
