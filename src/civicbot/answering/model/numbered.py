"""The evidence as the model sees it: numbered, with date and source, and fenced so that it stays data."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from civicbot.answering.context import Candidate
from civicbot.answering.model.client import estimated_tokens
from civicbot.model import Document

# No address goes in, so that none can be copied, changed or called.
_ADDRESS = re.compile(
    r"(?:https?|ftp)\s?:\s?//[^\s)\]}>\"'”’]+|\bwww\.[^\s)\]}>\"'”’]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|"
    r"(?<![\w@.-])(?:[A-Za-z0-9-]+\.)+(?:com|net|org|kr|io|gov|info|biz|app|dev|shop|site|xyz|tv)(?![A-Za-z0-9])"
    r"(?:/[^\s)\]}>\"'”’]*)?",
    re.IGNORECASE,
)
_ANGLES = str.maketrans({"<": "‹", ">": "›", "＜": "‹", "＞": "›", "﹤": "‹", "﹥": "›", "{": "(", "}": ")"})


@dataclass(frozen=True)
class Numbered:
    """A piece of evidence.

    Attributes:
        number: from 1.
        candidate: the sentence, with the quotes that carry it.
        document: what is cited for it.
        language: of the sentence.
    """

    number: int
    candidate: Candidate
    document: Document

    @property
    def about(self) -> str:
        """What the sentence stands under: the title and the heading."""
        passage = self.candidate.passage
        return " · ".join(dict.fromkeys(part for part in (passage.title, passage.heading) if part))


def as_data(text: str) -> str:
    """A text that cannot end the fence around it, without addresses and characters that are not seen."""
    seen = "".join(
        letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cc", "Co") or letter in "\n\t"
    )
    return " ".join(_ADDRESS.sub("", seen).translate(_ANGLES).split())


def fenced(evidence: list[Numbered]) -> str:
    """The evidence as it stands in the prompt."""
    return "\n".join(_fenced(each) for each in evidence)


def within(evidence: list[Numbered], tokens: int) -> list[Numbered]:
    """The first pieces of evidence that together have no more than so many tokens."""
    kept: list[Numbered] = []
    used = 0
    for each in evidence:
        used += estimated_tokens(_fenced(each))
        if used > tokens:
            break
        kept.append(each)
    return kept


def _fenced(each: Numbered) -> str:
    document = each.document
    told = document.told
    attributes = [f'number="{each.number}"']
    if told is not None:
        attributes.append(f'date="{told.isoformat()}"')
    for name, value in (("source", document.publisher), ("about", each.about)):
        if value:
            attributes.append(f'{name}="{as_data(value).replace(chr(34), "")}"')
    return f"<evidence {' '.join(attributes)}>\n{as_data(each.candidate.statement.text)}\n</evidence>"
