"""Run by test_updates_killed.py: a child process for every line of its input does something and stops at a step.

Everything is loaded once here, so that a child is quick. A line names the folder, the database, what is done, the
update, and the function before which the child stops for good; it says ``at`` there and waits to be killed.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from pathlib import Path

import chromadb  # noqa: F401 - loaded, but no client is opened before the fork
from pydantic import SecretStr
from tests.review.update_desks import PARK, Site

from civicbot.language.sentences import split_sentences
from civicbot.language.tokens import Tokenizer
from civicbot.records.database import open_database
from civicbot.settings import Settings


def say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def stop_at(target: str) -> None:
    """Has the function of this name stop whoever calls it."""
    module, _, name = target.partition(":")
    holder: object = importlib.import_module(module)
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part)

    def stop(*_: object, **__: object) -> None:
        say("at")
        time.sleep(3600)

    setattr(holder, last, stop)


def child(folder: Path, address: str, action: str, update_id: int, target: str) -> None:
    database = open_database(Settings(data=folder, database_url=SecretStr(address)))
    site = Site(folder, database, there=True)
    stop_at(target)
    if action == "prepare":
        site.finished(site.updates.prepare(PARK).id)
    elif action == "publish":
        site.updates.publish(PARK, update_id, reason="weil")
    else:
        site.updates.roll_back(PARK, "weil")
    say("done")
    os._exit(0)


def main() -> None:
    Tokenizer().tokens("준비합니다.")
    split_sentences("준비. 합니다.", "ko")
    say("ready")
    for line in sys.stdin:
        folder, address, action, number, target = line.rstrip("\n").split("\t")
        pid = os.fork()
        if pid == 0:
            say(str(os.getpid()))
            child(Path(folder), address, action, int(number), target)
        os.waitpid(pid, 0)
        say("ended")


main()
