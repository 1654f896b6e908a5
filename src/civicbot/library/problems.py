"""What is wrong with a file of the corpus, told so that an editor finds the place."""

from __future__ import annotations

import re
from typing import Self

from civicbot.model import Noun

_RENDERED = re.compile(r"(?P<file>.*?):(?P<line>\d+): \[(?P<field>[^\]]*)\] (?P<message>.*)", re.DOTALL)


class Problem(Noun):
    """One thing that is wrong with one file; the rest of the library is indexed.

    Attributes:
        file: POSIX path below the corpus folder.
        line: 1-based line in the file; 1 when the file as a whole is meant.
        field: the front matter field (``figures.0.value``), or ``front matter``, ``heading``, ``footnote``,
            ``comment``, ``text``, ``file``.
        message: what is wrong, one sentence.
    """

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: [{self.field}] {self.message}"

    @classmethod
    def parse(cls, rendered: str) -> Self:
        """Reads a problem back from its ``str()``, in which form a manifest keeps it.

        Text of another form becomes the message of a problem without a place.
        """
        match = _RENDERED.fullmatch(rendered)
        if match is None:
            return cls(file="", line=1, field="", message=rendered)
        return cls(file=match["file"], line=int(match["line"]), field=match["field"], message=match["message"])
