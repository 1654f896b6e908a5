"""Questions of residents by sentence: files beside the briefs that say what each of their sentences answers.

``<language>/questions/<brief's file name>`` holds blocks like this one, parted by blank lines::

    The first sentence, exactly as in the brief, without its footnotes.
    - what residents ask that it answers
    - the same in other words
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from civicbot.library.files import CorpusFile
from civicbot.library.markdown import one_line, tidy
from civicbot.library.problems import Problem

_BULLET = "- "


@dataclass(frozen=True)
class Entry:
    """The questions of one sentence; ``line`` is the sentence's 1-based line in the file."""

    questions: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Questions:
    """The questions of all briefs.

    Attributes:
        files: by the path of the brief that a file belongs to: its own path, and its entries by sentence.
        problems: what is wrong with the files themselves.
    """

    files: Mapping[str, tuple[str, Mapping[str, Entry]]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def of(self, brief: str, sentence: str) -> tuple[str, ...]:
        """The questions of a brief's sentence; ``brief`` is the brief's path."""
        _, entries = self.files.get(brief, ("", {}))
        entry = entries.get(sentence)
        return entry.questions if entry is not None else ()

    def unclaimed(self, sentences: Mapping[str, set[str]]) -> Iterator[Problem]:
        """What belongs to no sentence: it would never be matched, and mostly the sentence has been changed.

        Args:
            sentences: the sentences of each brief by the brief's path.
        """
        for brief, (path, entries) in self.files.items():
            if brief not in sentences:
                message = f"There is no brief {brief!r} that these questions could belong to."
                yield Problem(file=path, line=1, field="file", message=message)
                continue
            for sentence, entry in entries.items():
                if sentence not in sentences[brief]:
                    shown = sentence if len(sentence) <= 60 else f"{sentence[:57]}..."
                    message = f"No sentence of {brief!r} reads {shown!r}; its questions are left out."
                    yield Problem(file=path, line=entry.line, field="sentence", message=message)


def read_questions(files: Sequence[CorpusFile]) -> Questions:
    """Reads the question files of a corpus; what cannot be used is left out and reported."""
    found: dict[str, tuple[str, Mapping[str, Entry]]] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            text = tidy(file.data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            message = "The file is not UTF-8 text; save it as UTF-8."
            problems.append(Problem(file=file.path, line=1, field="file", message=message))
            continue
        language, _, *rest = file.pure.parts
        found["/".join((language, "briefs", *rest))] = file.path, _entries(file.path, text, problems)
    return Questions(found, tuple(problems))


def _entries(path: str, text: str, problems: list[Problem]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    sentence, start, questions = "", 0, list[str]()

    def close() -> None:
        if not sentence:
            return
        if sentence in entries or not questions:
            what = "stands here twice" if sentence in entries else "has no questions"
            message = f"The sentence {what}; this one is left out."
            problems.append(Problem(file=path, line=start, field="sentence", message=message))
        else:
            entries[sentence] = Entry(tuple(dict.fromkeys(questions)), start)

    for number, raw in enumerate(text.split("\n"), start=1):
        line = one_line(raw)
        if line.startswith(_BULLET) and sentence:
            questions.append(line.removeprefix(_BULLET).strip())
        elif line.startswith(_BULLET):
            message = "The question stands before any sentence and is left out."
            problems.append(Problem(file=path, line=number, field="question", message=message))
        elif line:
            close()
            sentence, start, questions = line, number, []
    close()
    return entries
