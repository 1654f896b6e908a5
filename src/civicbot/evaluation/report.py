"""Writes a report: config.json, answers.jsonl, scores.json, summary.md and chart.svg in a folder of their own."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from civicbot import __version__
from civicbot.errors import EvaluationError
from civicbot.evaluation.chart import chart
from civicbot.evaluation.questions import SPLITS, Item
from civicbot.evaluation.running import Asked
from civicbot.evaluation.scores import Scores
from civicbot.evaluation.scoring import scores
from civicbot.evaluation.summary import summary
from civicbot.settings import Settings

PACKAGES = ("kiwipiepy", "bm25s", "PyStemmer", "chromadb", "langchain-core", "sentence-transformers", "numpy")
"""Packages whose version may change an answer."""


@dataclass(frozen=True)
class Run:
    """All questions asked once, of one setting or of a server.

    Attributes:
        name: ``wordings on``, ``wordings off`` or ``server``.
    """

    name: str
    asked: tuple[Asked, ...]


def without_words(run: Run) -> Run:
    """A run that tells the questions by their ids alone, for questions that may not be kept in a report."""
    return Run(run.name, tuple(replace(each, item=_nameless(each.item), understood=None) for each in run.asked))


def _nameless(item: Item) -> Item:
    return item.model_copy(update={"question": f"({item.id})", "history": ()})


def all_scores(runs: Sequence[Run]) -> tuple[Scores, ...]:
    """The figures of every split in every run."""
    found = []
    for split in SPLITS:
        for run in runs:
            asked = [each for each in run.asked if each.item.split == split]
            if asked:
                found.append(scores(asked, split, run.name))
    return tuple(found)


def configuration(name: str, items: Sequence[Item], settings: Settings | None, server: str | None) -> dict[str, Any]:
    """What a reader must know to get the same figures; no path, no secret.

    Args:
        name: the set's name.
        items: the questions asked.
        settings: what was set in this process; None for a server, whose settings are not known here.
        server: the server's address, without a user or password.
    """
    asked = "\n".join(item.model_dump_json() for item in items)
    chosen = None
    if settings is not None:
        fields = ("embedder", "embedder_languages", "today", "contact")
        chosen = settings.model_dump(mode="json", include=set(fields))
    return {
        "set": name,
        "splits": sorted({item.split for item in items}),
        "questions": len(items),
        "questions_sha256": hashlib.sha256(asked.encode()).hexdigest(),
        "server": server,
        "settings": chosen,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "app": __version__ if server is None else None,
        "packages": {package: version(package) for package in PACKAGES} if server is None else None,
    }


def write_report(
    parent: Path, name: str, runs: Sequence[Run], config: Mapping[str, Any], now: datetime
) -> tuple[Path, tuple[Scores, ...]]:
    """Writes the report of some runs.

    Args:
        parent: the folder of reports; it is made where it is missing.
        name: the set's name.
        runs: what was asked, the most important run first.
        config: from :func:`configuration`.
        now: when this is.

    Returns:
        The report's folder and its figures.

    Raises:
        EvaluationError: the folder cannot be written.
    """
    figures = all_scores(runs)
    versions = sorted({(each.answer.versions.app, each.answer.versions.index) for run in runs for each in run.asked})
    whole = dict(config) | {
        "written": now.isoformat(timespec="seconds"),
        "runs": [run.name for run in runs],
        "answered_by": [{"app": app, "index": index} for app, index in versions],
    }
    title = f"Question set {name}, {now.date().isoformat()}"
    texts = {
        "config.json": json.dumps(whole, ensure_ascii=False, indent=2) + "\n",
        "answers.jsonl": "".join(_line(run.name, each) for run in runs for each in run.asked),
        "scores.json": json.dumps([_shown(each) for each in figures], indent=2) + "\n",
        "summary.md": summary(title, _about(runs, whole), figures),
        "chart.svg": chart(figures),
    }
    try:
        folder = _new_folder(parent, name, now.date())
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"The report cannot be written to {str(parent)!r}: {error}.", hint="Name another folder with --output."
        ) from error
    return folder, figures


def _new_folder(parent: Path, name: str, day: date) -> Path:
    """``<day>-<name>``, or the first of ``-2``, ``-3`` … that is free."""
    first = folder = parent / f"{day.isoformat()}-{name}"
    number = 1
    while True:
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
            folder = first.with_name(f"{first.name}-{number}")
        else:
            return folder


def _about(runs: Sequence[Run], config: Mapping[str, Any]) -> str:
    items = [each.item for each in runs[0].asked]
    answerable = sum(item.answerable for item in items)
    who = f"the server at {config['server']}" if config["server"] else "the assistant in one process"
    clock = f", with the clock at {config['settings']['today']}" if config["settings"] else ""
    library = ", ".join(f"app {each['app']}, library {each['index']}" for each in config["answered_by"])
    return (
        f"{len(items)} questions, {answerable} of which the library can answer, asked of {who}{clock} "
        f"({library}; written {config['written']})."
    )


def _line(run: str, asked: Asked) -> str:
    row = {
        "run": run,
        "verdict": asked.verdict.value,
        "milliseconds": round(asked.milliseconds, 2),
        **asked.item.model_dump(mode="json", include={"id", "lang", "split", "type", "question", "history"}),
        "citations": [{"number": c.number, "expected": c.expected, "verbatim": c.verbatim} for c in asked.citations],
        "understood": asked.understood.model_dump(mode="json") if asked.understood is not None else None,
        "answer": asked.answer.model_dump(mode="json", exclude={"id", "conversation_id"}),
    }
    return json.dumps(row, ensure_ascii=False) + "\n"


def _shown(scores: Scores) -> dict[str, Any]:
    return scores.model_dump(mode="json")
