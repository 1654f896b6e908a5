"""Addresses and telephone numbers: none that was not in the passage, since a model invents them with ease."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.language.folding import fold

_TLD = r"(?:com|net|org|kr|io|ai|gov|edu|info|biz|me|app|dev|shop|site|xyz|co|tv|ly|to|gl|be|gg|club|online|link|city)"
_LINK = re.compile(
    r"(?:https?|ftp)\s?:\s?//\S+|\bwww\s?\.\s?\S+|"
    r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+|"
    rf"(?<![\w@.-])(?:[a-z0-9가-힣-]+\.)+{_TLD}(?![a-z0-9])(?:/[^\s)]*)?|"
    r"[a-z0-9가-힣-]+\s(?:dot|닷)\s(?:com|net|org|kr|go|or|co)\b",
    re.IGNORECASE,
)
# 062-613-0007, +82 62 000 7700, (062) 613 0007, 1588-0000, 010.1234.5678; not 2026-01-22 and no sum of money.
_PHONE = re.compile(
    r"\+\s?[0-9]{1,3}[\s.-]?(?:\(?[0-9]{1,4}\)?[\s.-]?){2,4}[0-9]{3,4}|"
    r"(?<![0-9.,-])\(?0[0-9]{1,2}\)?\s?[-–.)\s]\s?[0-9]{3,4}\s?[-–.\s]\s?[0-9]{4}(?![0-9])|"
    r"(?<![0-9.,-])1[568][0-9]{2}\s?[-–]\s?[0-9]{4}(?![0-9])|"
    r"(?<![0-9.,])0(?:2|[3-6][0-9]|1[016-9]|[578]0)[0-9]{7,8}(?![0-9])"
)
_SHORT_PHONE = re.compile(
    r"(?:\b(?:call|dial|phone|ring|telephone|hotline)\b[^0-9]{0,12}|(?:☎|국번\s?없이|전화(?:는|번호는|번호)?|콜센터(?:는)?)\s?)"
    r"(?P<number>[0-9]{3,4}(?:-[0-9]{3,4})*)(?![0-9])(?!\s?(?:건|명|통|회|원|개|대|년|월|일|시|곳|calls|people|won))",
    re.IGNORECASE,
)


def links(text: str) -> Iterator[tuple[str, int, int]]:
    """Web and e-mail addresses and telephone numbers of a text, with their spans; as one writes them or hides them."""
    folded = fold(text)
    for pattern in (_LINK, _PHONE):
        for match in pattern.finditer(folded.text):
            yield (match.group(), *folded.span(*match.span()))
    for match in _SHORT_PHONE.finditer(folded.text):
        yield (match["number"], *folded.span(*match.span("number")))


def invented_links(sentence: str, evidence: str) -> Iterator[GateFinding]:
    """The addresses and numbers of a sentence that its evidence does not hold, character by character."""
    held = {_bare(link) for link, _, _ in links(evidence)}
    for link, start, end in links(sentence):
        if _bare(link) not in held:
            yield GateFinding(GateRule.LINK, link, (start, end))


def _bare(link: str) -> str:
    return re.sub(r"\s", "", link).rstrip(".,;:)]").casefold()
