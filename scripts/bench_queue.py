"""Times the staff queue over many exchanges: how fast they are taken in, and how long its pages take.

    python scripts/bench_queue.py [--exchanges 50000] [--rounds 7] [--postgresql URL]

The library is asked the development questions once; their exchanges are stored again and again under new ids, most of
them with another number in the question, so that there are thousands of items, some asked by many. Every twentieth has
a thumbs-down, every hundredth a ticket. The databases are made for this: an SQLite file in a temporary folder, and what
is at URL, where exchanges are added.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from civicbot.evaluation.questions import read_set, select
from civicbot.model import Exchange, Feedback, Question
from civicbot.records.database import open_database
from civicbot.records.store import Records
from civicbot.review.access import Actor, Role
from civicbot.review.feeder import Feeder
from civicbot.review.items import Items
from civicbot.review.nouns import QueueFilter, Reason
from civicbot.review.queue import Queue
from civicbot.review.queue_feed import Feed
from civicbot.review.store import Store
from civicbot.settings import Settings, load_settings
from civicbot.statistics import percentile
from civicbot.wiring import Service

ACTOR = Actor(name="bench", role=Role.REVIEWER)
_BATCH = 500
_SEED = 20261122
_WHILE_FED = 300


def main() -> None:
    """Fills each database, feeds its queue and times what staff wait for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exchanges", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--postgresql", default=os.environ.get("CIVICBOT_DATABASE_URL"), help="a database to add to")
    options = parser.parse_args()
    settings = load_settings()
    service = Service(settings, patient=True)
    service.open()
    asked = _asked(service, settings)
    with tempfile.TemporaryDirectory() as folder:
        addresses = {"SQLite": f"sqlite:///{folder}/records.sqlite3"}
        if options.postgresql:
            addresses["PostgreSQL"] = options.postgresql
        for name, address in addresses.items():
            with_address = settings.model_copy(update={"database_url": SecretStr(address)})
            _measure(name, with_address, service, asked, options)
    service.close()


def _asked(service: Service, settings: Settings) -> list[Exchange]:
    """The development questions with their answers, as they are kept."""
    questions = [item.question for item in select(read_set(settings.evals, "gwangju"), ("dev",))]
    ids = [service.assistant.answer(Question(text=question)).id for question in questions]
    return [service.records.exchange(each) for each in ids]


def _measure(
    name: str, settings: Settings, service: Service, asked: list[Exchange], options: argparse.Namespace
) -> None:
    database = open_database(settings)
    records = Records(database, mask=lambda text, _: text)
    records.open()
    started = time.perf_counter()
    _fill(records, asked, options.exchanges)
    print(f"{name}: {options.exchanges} exchanges stored in {time.perf_counter() - started:.0f} s", flush=True)
    store = Store(database)
    feed = Feed(store, service.index, sample=settings.review_sample)
    started = time.perf_counter()
    taken = feed.run()
    seconds = time.perf_counter() - started
    print(f"{name}: {taken} taken in in {seconds:.0f} s, {taken / seconds:.0f} a second", flush=True)
    queue = Queue(store, feed, claim_minutes=settings.claim_minutes)
    _pages(name, queue, Items(store, service.index), options.rounds)
    _timed(f"{name}, feed with nothing new", options.rounds, feed.run)
    _timed(f"{name}, feed looking at everything", options.rounds, lambda: feed.run(everything=True))
    _answers_while_fed(name, records, feed, asked)
    database.close()


def _fill(records: Records, asked: list[Exchange], wanted: int) -> None:
    chance = random.Random(_SEED)
    begun = datetime.now(UTC) - timedelta(days=300)
    for start in range(0, wanted, _BATCH):
        numbers = range(start, min(start + _BATCH, wanted))
        batch = [_another(chance, asked, begun + timedelta(minutes=8 * number)) for number in numbers]
        records.remember_all(batch)
        for exchange in batch:
            if chance.random() < 0.05:
                records.add_feedback(exchange.answer.id, Feedback(helpful=False, comment="값이 다릅니다"))
            if chance.random() < 0.01:
                records.open_ticket(exchange.answer.id, "다시 알려 주세요")


def _another(chance: random.Random, asked: list[Exchange], at: datetime) -> Exchange:
    """One of the exchanges under a new id; seven of ten with a number of its own in the question."""
    one = asked[min(int(chance.expovariate(3 / len(asked))), len(asked) - 1)]
    number = f" ({chance.randrange(30)})" if chance.random() < 0.7 else ""
    answer = one.answer.model_copy(update={"id": uuid.uuid4().hex, "conversation_id": uuid.uuid4().hex})
    texts = {"question": one.question + number, "standalone": one.standalone + number}
    return one.model_copy(update={"answer": answer, "asked_at": at, **texts})


def _pages(name: str, queue: Queue, items: Items, rounds: int) -> None:
    wanted = {
        "first page": QueueFilter(),
        "first page, one reason": QueueFilter(reason=Reason.THUMBS_DOWN),
        "first page, done ones too": QueueFilter(state=None),
        "first page, a status": QueueFilter(language="ko", channel="api", site=""),
        "first page, a search": QueueFilter(text="예산 센터"),
        "first page, a vain search": QueueFilter(text="없는말"),
    }
    for what, each in wanted.items():
        _timed(f"{name}, {what}", rounds, lambda each=each: queue.page(ACTOR, each))  # type: ignore[misc]
    found = queue.page(ACTOR, QueueFilter())
    print(f"{name}: {found.total} open items on {found.pages} pages")
    _timed(f"{name}, last page", rounds, lambda: queue.page(ACTOR, QueueFilter(), number=found.pages))
    _timed(f"{name}, counts", rounds, lambda: queue.counts(ACTOR))
    _timed(f"{name}, an item", rounds, lambda: items.open(ACTOR, found.items[0].id))


def _answers_while_fed(name: str, records: Records, feed: Feed, asked: list[Exchange]) -> None:
    """Times storing an answer while the queue is fed in the background, and while it is not."""
    chance, now = random.Random(_SEED), datetime.now(UTC)
    records.remember_all([_another(chance, asked, now) for _ in range(2_000)])
    feeder = Feeder(feed)
    for what in ("fed", "not fed"):
        if what == "fed":
            feeder.start()
        times = []
        for _ in range(_WHILE_FED):
            new = _another(chance, asked, now)
            started = time.perf_counter()
            records.remember(new)
            times.append((time.perf_counter() - started) * 1000)
            threading.Event().wait(0.01)
        feeder.stop()
        _told(f"{name}, storing an answer, {what}", times)


def _timed(what: str, rounds: int, run: Callable[[], object]) -> None:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append((time.perf_counter() - started) * 1000)
    _told(what, times)


def _told(what: str, times: list[float]) -> None:
    median, high = statistics.median(times), percentile(times, 0.95)
    print(f"{what:<45} median {median:8.1f} ms   p95 {high:8.1f} ms   ({len(times)})", flush=True)


if __name__ == "__main__":
    main()
