"""What the editing of briefs takes and gives; frozen, and fit to be shown as they are."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from civicbot.errors import CivicbotError
from civicbot.library.problems import Problem
from civicbot.model import Language, Noun

MOST_TEXT = 400_000
"""Characters of a file that is sent back; the longest brief has some 40,000."""


class EditKind(StrEnum):
    """What sort of edit it is.

    ``wording`` adds what residents ask to what a sentence or section answers, ``sentence`` adds a sentence with its
    footnote, ``unpublished`` one that says that something is not publicly known; ``text`` is any other edit.
    """

    WORDING = "wording"
    SENTENCE = "sentence"
    UNPUBLISHED = "unpublished"
    TEXT = "text"


class BriefFileKind(StrEnum):
    """The brief itself, or the questions by sentence beside it; the values are the folders' names."""

    BRIEF = "briefs"
    QUESTIONS = "questions"


class BriefTitle(Noun):
    """A brief that can be edited, as it is called in each language."""

    slug: str
    ko: str
    en: str


class BriefFile(Noun):
    """A file as it is edited.

    Attributes:
        path: POSIX path below the corpus folder.
        digest: SHA-256 (hex) of its bytes as it was opened; empty for a file that is not there yet.
        text: with LF line ends; what is proposed stands in it already.
        changed: whether anything is proposed in it.
    """

    path: str
    kind: BriefFileKind
    language: Language
    digest: str
    text: str
    changed: bool = False


class Advice(StrEnum):
    """What the editor must know of a proposal.

    ``template``: the proposed sentence has gaps that must be filled in. ``from_digest``: it is a digest's own sentence,
    to be told in the brief's words. ``no_room``: list and sentence have as many wordings as they may have.
    ``no_wording``: all wordings stand there already, or hold what looks like personal data. ``no_twin``: the other
    language could not be proposed. ``new_facet``: the section is new and wants three wordings in both languages.
    """

    TEMPLATE = "template"
    FROM_DIGEST = "from_digest"
    NO_ROOM = "no_room"
    NO_WORDING = "no_wording"
    NO_TWIN = "no_twin"
    NEW_FACET = "new_facet"


class BriefDraft(Noun):
    """A brief that is being edited.

    Attributes:
        gap: the key of the gap that it is edited for.
        files: of the brief in both languages, and of its questions; at least one of them.
    """

    slug: str
    title: BriefTitle
    kind: EditKind
    gap: str | None = None
    files: tuple[BriefFile, ...]
    advice: tuple[Advice, ...] = ()


class Splice(Noun):
    """New lines in the place of some of a file's: requests may be 64 KiB long, and briefs are longer.

    Attributes:
        first: 0-based, the first line that is replaced.
        last: behind the last one; the same as ``first`` where lines are put in between.
        lines: what stands there instead.
    """

    first: int = Field(ge=0)
    last: int = Field(ge=0)
    lines: tuple[str, ...] = ()

    def within(self, text: str) -> str:
        """The text with the new lines in it."""
        told = text.split("\n")
        last = max(self.first, self.last)
        return "\n".join([*told[: self.first], *self.lines, *told[last:]])


class SentFile(Noun):
    """A file as it comes back from the editor.

    Attributes:
        digest: of the file as it was opened.
        text: the whole file, or the lines that are new in it.
    """

    path: str
    digest: str
    text: Annotated[str, Field(max_length=MOST_TEXT)] | Splice


class DiffLine(Noun):
    """A line of a difference; ``place`` tells where the lines after it stand."""

    kind: Literal["added", "removed", "same", "place"]
    text: str


class FileDiff(Noun):
    """The difference of one file."""

    path: str
    language: Language
    lines: tuple[DiffLine, ...]
    added: int
    removed: int


class BriefCheck(Noun):
    """What an edit changes, and what is wrong with it.

    Attributes:
        diffs: of the files that change.
        problems: what the edit makes wrong; while there are any it is not saved.
        known: how many other problems the files have had before, which do not stand in its way.
        personal: added lines that look as if they hold personal data, with it masked; for the publisher to read.
    """

    diffs: tuple[FileDiff, ...]
    problems: tuple[Problem, ...] = ()
    known: int = 0
    personal: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether it may be saved."""
        return bool(self.diffs) and not self.problems


class BriefEdit(Noun):
    """An edit that was saved.

    Attributes:
        gap: the key of the gap that it was made for.
        undone_at: when it was taken back.
    """

    id: int
    slug: str
    kind: EditKind
    gap: str | None
    paths: tuple[str, ...]
    by: str
    at: AwareDatetime
    undone_by: str | None = None
    undone_at: AwareDatetime | None = None


class UnknownBriefError(CivicbotError):
    """There is no such brief, file or edit."""

    code = "unknown_brief"
    hint = "Open the list of gaps again."


class BriefChangedError(CivicbotError):
    """A file is no longer what it was when it was opened."""

    code = "brief_changed"
    hint = "Open the brief again, and bring your edit into what stands there now."


class CorpusNotWritableError(CivicbotError):
    """The server may not write the corpus folder."""

    code = "corpus_not_writable"
    hint = "Ask who runs the server to let it write the folder of CIVICBOT_CORPUS, or edit the file there."


class UnsoundBriefError(CivicbotError):
    """An edit would make the corpus wrong.

    Args:
        check: what is wrong.
    """

    code = "unsound_brief"
    hint = "Put right what is listed."

    def __init__(self, check: BriefCheck) -> None:
        super().__init__(f"The edit has {len(check.problems)} problems or changes nothing.")
        self.check = check
