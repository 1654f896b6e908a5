"""Run by test_approved_killed.py: publishes a correction in a child process that is killed amid its transaction.

Arguments: the database's address, the data folder of the library, the correction's id, and the name of the step of
publishing at whose end the child ends as if it were killed: nothing is closed or rolled back by it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pydantic import SecretStr
from tests.retrieval.libraries import tiny_loader
from tests.review.approvals import PARK, open_approvals

from civicbot.generation import index_folder
from civicbot.records.database import open_database
from civicbot.retrieval.live import LiveIndex
from civicbot.review import approved
from civicbot.settings import Settings


def main(address: str, data: str, correction: int, step: str) -> None:
    index = LiveIndex(index_folder(Path(data)), tiny_loader())
    index.refresh()
    approvals = open_approvals(open_database(Settings(data=Path(data), database_url=SecretStr(address))), index)
    real = getattr(approved, step)

    def last(*args: object, **kwargs: object) -> None:
        real(*args, **kwargs)
        os.write(sys.stdout.fileno(), b"amid\n")
        os._exit(9)

    setattr(approved, step, last)
    approvals.answers.publish(PARK, correction, 1)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
