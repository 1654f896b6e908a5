"""Times storing: milliseconds of one exchange in each database, and an answer with and without records.

    python scripts/bench_records.py [--exchanges 500] [--rounds 3] [--postgresql URL]

Answers with and without records alternate in one run, so that a busy machine slows both. The databases are made for
this: an SQLite file in a temporary folder, and what is at URL, where exchanges are added.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import uuid

from pydantic import SecretStr

from civicbot.evaluation.questions import read_set, select
from civicbot.model import Exchange, Question
from civicbot.records.database import open_database
from civicbot.records.store import Records
from civicbot.settings import Settings, load_settings
from civicbot.statistics import percentile
from civicbot.wiring import Service


def main() -> None:
    """Asks the dev questions with and without records, then stores what came of them again and again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exchanges", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", default=os.environ.get("CIVICBOT_DATABASE_URL"), help="a database to add to")
    options = parser.parse_args()
    settings = load_settings()
    with tempfile.TemporaryDirectory() as folder:
        addresses = {"SQLite": f"sqlite:///{folder}/records.sqlite3"}
        if options.postgresql:
            addresses["PostgreSQL"] = options.postgresql
        kept = {}
        for name, address in addresses.items():
            kept[name] = _answers(name, _with(settings, address), options.rounds)
        for name, address in addresses.items():
            _storing(name, _with(settings, address), kept[name], options.exchanges)


def _with(settings: Settings, address: str) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(address)})


def _answers(name: str, settings: Settings, rounds: int) -> list[Exchange]:
    """Times answers with and without records; returns exchanges as they are stored."""
    questions = [item.question for item in select(read_set(settings.evals, "gwangju"), ("dev",))]
    without = Service(settings, patient=True)
    with_records = Service(settings, patient=True, records="database")
    times: dict[bool, list[float]] = {False: [], True: []}
    ids = []
    for service in (without, with_records):
        service.open()
    for number in range(rounds + 1):
        for text in questions:
            # Whoever goes second finds the caches warm: they take turns.
            for stored in (False, True) if number % 2 else (True, False):
                service = with_records if stored else without
                started = time.perf_counter()
                answer = service.assistant.answer(Question(text=text))
                if number:
                    times[stored].append((time.perf_counter() - started) * 1000)
                if stored:
                    ids.append(answer.id)
    exchanges = [with_records.records.exchange(each) for each in ids]
    for service in (without, with_records):
        service.close()
    _told("an answer without records", times[False])
    _told(f"an answer with {name}", times[True])
    sums = [sum(times[stored]) for stored in (True, False)]
    medians = [statistics.median(times[stored]) for stored in (True, False)]
    print(f"with {name}: {sums[0] / sums[1]:.3f} times in sum, {medians[0] / medians[1]:.3f} times at the median")
    return exchanges


def _storing(name: str, settings: Settings, exchanges: list[Exchange], wanted: int) -> None:
    database = open_database(settings)
    records = Records(database, mask=lambda text, _: text)
    records.open()
    times = []
    for number in range(wanted):
        one = exchanges[number % len(exchanges)]
        answer = one.answer.model_copy(update={"id": uuid.uuid4().hex, "conversation_id": records.start()})
        new = one.model_copy(update={"answer": answer})
        started = time.perf_counter()
        records.remember(new)
        times.append((time.perf_counter() - started) * 1000)
    database.close()
    _told(f"storing in {name}", times)


def _told(what: str, times: list[float]) -> None:
    median, high = statistics.median(times), percentile(times, 0.95)
    print(f"{what:<28} median {median:7.2f} ms   p95 {high:7.2f} ms   ({len(times)})")


if __name__ == "__main__":
    main()
