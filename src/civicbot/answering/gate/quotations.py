"""Quotations: what stands between quotation marks must stand in the passage in just these words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.language.folding import fold

# A Korean particle follows a closing mark at once; an English letter there is that of an apostrophe.
_QUOTED = re.compile(
    r"[“\"](?P<a>[^“”\"\n]{2,})[”\"]|‘(?P<b>[^‘’\n]{2,})’(?![A-Za-z])|(?<!\w)'(?P<c>[^'\n]{2,})'(?![A-Za-z])"
    r"|「(?P<d>[^」\n]{2,})」"
)
_LOOSE = re.compile(r"[\s\-‐-–~∼·ㆍ.,!?'\"‘’“”「」]+")


def quotations(text: str) -> Iterator[tuple[str, int, int]]:
    """What a text quotes, or names between quotation marks, with its spans."""
    for match in _QUOTED.finditer(text):
        name = match.lastgroup or ""
        yield (match[name], *match.span(name))


def missing_quotations(sentence: str, evidence: str) -> Iterator[GateFinding]:
    """The quotations of a sentence that evidence of its language lacks; blanks, case and marks do not matter."""
    held = squeezed(evidence)
    for quotation, start, end in quotations(sentence):
        if squeezed(quotation) not in held:
            yield GateFinding(GateRule.QUOTATION, quotation, (start, end))


def squeezed(text: str) -> str:
    """A text without blanks, marks and case."""
    return _LOOSE.sub("", fold(text).text).casefold()
