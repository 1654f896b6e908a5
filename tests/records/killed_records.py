"""Run by test_killed.py: a child process for every line of its input stores exchanges until it is killed.

Everything is loaded once here, so that a kill hits the storing and not the start of Python. For each line it says the
child's process id, then the id of every answer that the child has been told is stored, then that the child has ended.
"""

import os
import sys
import threading
from pathlib import Path

from pydantic import SecretStr
from tests.records.samples import exchange

from civicbot.records.database import open_database
from civicbot.records.resilient import ResilientRecords
from civicbot.records.store import Records
from civicbot.settings import Settings

THREADS = 3


def say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # one write, so that a line is whole or not there


def store(records: ResilientRecords) -> None:
    conversation = records.start()
    while True:
        kept = exchange(conversation)
        if records.remember(kept):
            say(kept.answer.id)


def child(address: str) -> None:
    settings = Settings(data=Path("/nonexistent"), database_url=SecretStr(address))
    records = ResilientRecords(Records(open_database(settings), mask=lambda text, _: text))
    records.open()
    for _ in range(THREADS):
        threading.Thread(target=store, args=(records,)).start()


def main(address: str) -> None:
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            say(str(os.getpid()))  # by the child itself: said by its parent it could come after the first ids
            child(address)
            threading.Event().wait()
        os.waitpid(pid, 0)
        say("ended")


main(sys.argv[1])
