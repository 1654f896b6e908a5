from __future__ import annotations

import threading

from civicbot.review.background import Background


def test_work_goes_on_until_the_service_stops() -> None:
    work, began, ended = Background(), threading.Event(), threading.Event()

    def piece() -> None:
        began.set()
        while not work.rest(0.01):
            pass
        ended.set()

    work.run("piece", piece)
    assert began.wait(20)
    assert not ended.is_set()
    work.stop()
    assert ended.is_set()
    assert work.stopped


def test_nothing_begins_once_the_service_has_stopped() -> None:
    work, began = Background(), threading.Event()
    work.stop()
    work.run("late", began.set)
    assert not began.is_set()
