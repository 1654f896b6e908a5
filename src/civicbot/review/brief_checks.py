"""What an edit of a brief changes and would make wrong: `civicbot corpus check` on a copy of what it touches.

A brief hangs together with its twin, with the questions beside both, and with the digests that any of them names: no
rule of the corpus looks further, so that the copy is small and a check takes a second where the whole corpus takes ten.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from civicbot.library.checks.corpus import check_corpus
from civicbot.library.files import GLOSSARY_FILE
from civicbot.library.problems import Problem
from civicbot.model import LANGUAGES
from civicbot.review.brief_files import BriefFiles, Held, Place
from civicbot.review.brief_nouns import BriefFileKind, DiffLine, FileDiff

_ID = re.compile(rb"^id:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_HEAD = 2000
_CONTEXT = 2
_WORD = re.compile(r"[A-Za-z0-9_-]+")
_LINE = re.compile(r"(?<=\.md):\d+")
"""Messages name lines of other files, which an edit moves."""

Data = Mapping[Place, bytes | None]


class BriefChecks:
    """Checks edits.

    Args:
        files: the corpus' files of briefs.
        today: the day against which the corpus is checked.
    """

    def __init__(self, files: BriefFiles, today: Callable[[], date]) -> None:
        self._files = files
        self._today = today

    def added(self, slug: str, before: Data, after: Data) -> tuple[tuple[Problem, ...], int]:
        """The problems that an edit adds, and how many others there were before.

        Args:
            slug: of the brief.
            before: its files as they are.
            after: those that the edit would change.
        """
        named = _words((*before.values(), *after.values()))
        beside = self._beside(named)
        old = self._problems(beside, before)
        new = self._problems(beside, {**before, **after})
        left = Counter(_told(problem) for problem in old)
        found = []
        for problem in new:
            if left[_told(problem)]:
                left[_told(problem)] -= 1
            elif _concerns(problem, slug):
                found.append(problem)
        return tuple(found), len(new) - len(found)

    def _beside(self, named: set[str]) -> dict[str, bytes]:
        """The glossary, and the digests whose id is named somewhere, by path."""
        found: dict[str, bytes] = {}
        glossary = self._files.root / GLOSSARY_FILE
        if glossary.is_file():
            found[GLOSSARY_FILE] = glossary.read_bytes()
        for language in LANGUAGES:
            for path in sorted((self._files.root / language / "sources").glob("*.md")):
                if not path.is_file():
                    continue
                data = path.read_bytes()
                match = _ID.search(data[:_HEAD])
                # One whose id cannot be seen at once is taken along: it may be the one that is named.
                if match is None or match[1].decode("utf-8", "replace") in named:
                    found[f"{language}/sources/{path.name}"] = data
        return found

    def _problems(self, beside: Mapping[str, bytes], own: Data) -> tuple[Problem, ...]:
        with tempfile.TemporaryDirectory(prefix="civicbot-brief-") as folder:
            for path, data in (*beside.items(), *((place.path, data) for place, data in own.items())):
                if data is not None:
                    target = Path(folder, path)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(data)
            return check_corpus(Path(folder), today=self._today()).problems


def _words(texts: Iterable[bytes | None]) -> set[str]:
    return {word for data in texts if data for word in _WORD.findall(data.decode("utf-8", "replace"))}


def _told(problem: Problem) -> tuple[str, str, str]:
    return problem.file, problem.field, _LINE.sub("", problem.message)


def _concerns(problem: Problem, slug: str) -> bool:
    """Whether a problem is of the brief's own files: digests are not what is edited."""
    return any(problem.file == Place(language, kind, slug).path for language in LANGUAGES for kind in BriefFileKind)


def difference(place: Place, held: Held, data: bytes) -> FileDiff:
    """The unified difference of a file, without its head."""
    old, new = held.text.strip("\n").split("\n"), Held(data).text.strip("\n").split("\n")
    lines = []
    for line in list(difflib.unified_diff(old, new, n=_CONTEXT, lineterm=""))[2:]:
        match line[:1]:
            case "+":
                lines.append(DiffLine(kind="added", text=line[1:]))
            case "-":
                lines.append(DiffLine(kind="removed", text=line[1:]))
            case "@":
                lines.append(DiffLine(kind="place", text=line))
            case _:
                lines.append(DiffLine(kind="same", text=line[1:]))
    counts = {kind: sum(line.kind == kind for line in lines) for kind in ("added", "removed")}
    return FileDiff(path=place.path, language=place.language, lines=tuple(lines), **counts)
