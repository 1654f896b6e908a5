"""Times going back to the library that was live before, and what it costs in memory.

Run it where nothing serves: it changes what is live in CIVICBOT_DATA, and puts it back. It
indexes nothing: the index must hold two generations, so change a document and run ``civicbot ingest`` before.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

from civicbot.generation import current_name, index_folder
from civicbot.library.publishing import only_publisher, previous_name, put_in_place
from civicbot.model import LANGUAGES, Question
from civicbot.settings import load_settings
from civicbot.wiring import Service

ROUNDS = 5


def megabytes() -> float:
    """What this process holds in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def swap(service: Service, folder: Path) -> float:
    """Goes back, and returns the seconds until the next question is answered from there."""
    began = time.perf_counter()
    with only_publisher(folder):
        name, live = previous_name(folder), current_name(folder)
        assert name is not None
        put_in_place(folder, name, instead_of=live, back=True)
    service.index.refresh(warm_up=True)
    answer = service.assistant.answer(Question(text=service.examples("ko")[0]), keep=False)
    seconds = time.perf_counter() - began
    assert answer.versions.index == name
    return seconds


def main() -> int:
    """Prints the times of the first roll-back, which opens the generation, and of those after it."""
    settings = load_settings()
    folder = index_folder(settings.data)
    if previous_name(folder) is None:
        print("The index holds one generation only; change a document and run `civicbot ingest`.")
        return 1
    service = Service(settings, patient=False, records="database")
    try:
        service.open()
        for language in LANGUAGES:
            service.assistant.answer(Question(text=service.examples(language)[0]), keep=False)
        with service.index.reader() as generation:
            service.assistant.prepare(generation)
        before = megabytes()
        first = swap(service, folder)
        print(f"one generation open: {before:.0f} MB; with a stand-by: {megabytes():.0f} MB")
        print(f"the first time, which opens the other generation: {first:.2f} s")
        seconds = [swap(service, folder) for _ in range(ROUNDS * 2 + 1)][1:]
        print(f"roll-back with a stand-by: {statistics.median(seconds[::2]):.3f} s (median of {ROUNDS})")
        print(f"and forth again: {statistics.median(seconds[1::2]):.3f} s (median of {ROUNDS})")
        began = time.perf_counter()
        with service.index.beside(previous_name(folder) or "") as other:
            asked = service.assistant.rehearse(Question(text=service.examples("ko")[0]), generation=other)
        print(f"asking the one that stands by: {time.perf_counter() - began:.3f} s, {asked.answer.versions.index}")
    finally:
        service.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
