"""Run by test_two_processes.py: says for every line of its input what pauses this process just now."""

import sys
from pathlib import Path

from pydantic import SecretStr

from civicbot.answering.protocols import Asked
from civicbot.records.database import open_database
from civicbot.review.live_rulings import LiveRulings
from civicbot.settings import Settings

live = LiveRulings(open_database(Settings(data=Path("/nonexistent"), database_url=SecretStr(sys.argv[1]))))
for _ in sys.stdin:
    found = live.current().find(Asked(language="en"))
    sys.stdout.write(f"{found.text if found else '-'}\n")
    sys.stdout.flush()
