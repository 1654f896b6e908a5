"""Run by test_killed.py: ingests the corpus below the named folder in a child process for every line of its input.

What every ingest loads is loaded once here, so that a kill hits the ingest and not the start of Python. For each line
it answers with the child's process id and, when the child has ended, with its exit status.
"""

import os
import sys
from pathlib import Path

import chromadb  # noqa: F401 - loaded, but no client is opened before the fork
from tests.library.corpora import HashingEmbedder, hashing_models, settings

from civicbot.language.sentences import split_sentences
from civicbot.language.tokens import Tokenizer
from civicbot.library.ingest import ingest


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    Tokenizer().tokens("준비합니다.")
    split_sentences("준비. 합니다.", "ko")
    say(0)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = 0 if ingest(settings(folder), models=hashing_models(HashingEmbedder())).new else 2
            finally:
                os._exit(status)
        say(child)
        say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


main(Path(sys.argv[1]))
