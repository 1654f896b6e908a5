from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.retrieval.libraries import tiny_loader
from tests.review.desks import KIM, OPEN, DeskForTests

from civicbot.model import NoticeKind
from civicbot.records.database import Database
from civicbot.retrieval.live import LiveIndex
from civicbot.review.feeder import Feeder
from civicbot.review.queue_feed import Feed


def wait_for(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_feeds_in_the_background_until_it_is_stopped(desk: DeskForTests, caplog: pytest.LogCaptureFixture) -> None:
    desk.ask("AI 시티 예산은?", notices=(NoticeKind.DISPUTED,))
    feeder = Feeder(desk.feed)
    with caplog.at_level(logging.INFO, logger="civicbot"):
        feeder.start()
        wait_for(lambda: desk.queue.page(KIM, OPEN).total == 1)
        desk.ask("AI 시티 위치는?", notices=(NoticeKind.DISPUTED,))
        wait_for(lambda: desk.queue.page(KIM, OPEN).total == 2)
        feeder.stop()
    assert [record.message for record in caplog.records] == ["queue_fed", "queue_fed"]
    assert "예산" not in caplog.text


def test_it_waits_for_a_library(desk: DeskForTests, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk.ask("AI 시티 예산은?")
    index = LiveIndex(tmp_path / "index", tiny_loader())
    feeder = Feeder(Feed(desk.store, index, sample=0.0))
    with caplog.at_level(logging.INFO, logger="civicbot"):
        feeder.start()
        wait_for(lambda: bool(caplog.records))
        feeder.stop()
    assert caplog.records[0].message == "queue_feed_waits"
    assert caplog.records[0].fields == {"problem": "index_missing"}  # type: ignore[attr-defined]


def test_it_goes_on_after_a_fault(desk: DeskForTests, caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Feed):
        def run(self, **_: object) -> int:
            raise RuntimeError("비밀")

    feeder = Feeder(Faulty(desk.store, desk.index, sample=0.0))
    with caplog.at_level(logging.ERROR, logger="civicbot"):
        feeder.start()
        wait_for(lambda: bool(caplog.records))
        feeder.stop()
    assert [record.message for record in caplog.records] == ["queue_feed_failed"]
    assert "비밀" not in caplog.text


def test_stopping_before_starting(database: Database, desk: DeskForTests) -> None:
    del database
    Feeder(desk.feed).stop()
