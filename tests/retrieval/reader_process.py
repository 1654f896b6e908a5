"""Run by tests: opens the live generation below a folder and answers each line of its input with a line of JSON."""

import json
import sys
from pathlib import Path

from tests.retrieval.libraries import Library

from civicbot.retrieval.retriever import HybridRetriever

with Library(Path(sys.argv[1])).open() as generation:
    retriever = HybridRetriever(generation=generation, dense_languages=frozenset({"en"}))
    sys.stdout.write("open\n")
    sys.stdout.flush()
    for line in sys.stdin:
        found = retriever.search(line.strip(), "en")
        hits = [[hit.passage.id, hit.score, hit.dense] for hit in found.hits]
        sys.stdout.write(json.dumps({"name": generation.name, "degraded": found.degraded, "hits": hits}) + "\n")
        sys.stdout.flush()
