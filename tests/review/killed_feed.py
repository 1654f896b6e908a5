"""Run by test_feed_killed.py: a child process for every line of its input feeds the queue until it is killed.

Everything is loaded once here, so that a kill hits the feeding and not the start of Python. For each line it says the
child's process id, then a line for every batch that the child has taken in, then that the child has ended.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr
from tests.review.desks import GLOSSARY

from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer
from civicbot.records.database import open_database
from civicbot.review.queue_feed import Feed
from civicbot.review.store import Store
from civicbot.settings import Settings


class Words:
    """The names and words of the small library, without its index."""

    glossary = Glossary.parse(GLOSSARY)
    tokenizer = Tokenizer(glossary.user_words)

    @contextmanager
    def reader(self) -> Iterator[Words]:
        yield self


def say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # one write, so that a line is whole or not there


def told(_: float) -> bool:
    say("batch")
    return False


def child(address: str, words: Words) -> None:
    settings = Settings(data=Path("/nonexistent"), database_url=SecretStr(address))
    feed = Feed(Store(open_database(settings)), words, sample=0.5)
    while True:
        feed.run(everything=True, rest=told)


def main(address: str) -> None:
    words = Words()
    words.tokenizer.tokens("준비")
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            say(str(os.getpid()))
            child(address, words)
        os.waitpid(pid, 0)
        say("ended")


main(sys.argv[1])
