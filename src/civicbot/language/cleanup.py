"""Unicode clean-up of what people type, and the check that it is a question at all."""

from __future__ import annotations

import re
import unicodedata

from civicbot.errors import InvalidQuestionError

MAXIMUM_QUESTION = 1_000
"""Longest question in characters, after clean-up (design.md §6)."""

_BLANKS = re.compile(r"[\s\u2028\u2029\u2800\u3164\u115f\u1160\uffa0]+")
# What Unicode calls default-ignorable and copy and paste brings along: soft hyphens, joiners, zero-width spaces, BOM,
# variation selectors, the marks of writing direction. They carry no meaning in either language and are dropped.
UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\ufe00-\ufe0f\ufeff\ufff0-\ufff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0100-\U000e01ef]"
)
# Controls, direction overrides, tag characters, non-characters and lone surrogates are never typed: they hide text from
# the reader.
_HIDING = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"
    r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\ud800-\udfff"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17))
    + "]"
)


def clean_text(text: str) -> str:
    """Composes (NFC), drops unseen letters, and turns every run of white space into one blank.

    NFC and not NFKC: ``㎡`` and ``½`` keep their meaning; full-width letters are folded where tokens are made.
    """
    composed = unicodedata.normalize("NFC", UNSEEN.sub("", text))
    return _BLANKS.sub(" ", composed).strip()


def clean_question(text: str) -> str:
    """Cleans a question and checks that it can be asked.

    Returns:
        1 to 1,000 visible characters without line breaks.

    Raises:
        InvalidQuestionError: hidden characters, nothing but blanks, or too long.
    """
    if _HIDING.search(text):
        raise InvalidQuestionError(
            "The question holds control or hidden characters.", hint="Type the question again as plain text."
        )
    cleaned = clean_text(text)
    if not cleaned:
        raise InvalidQuestionError("The question is empty.")
    if len(cleaned) > MAXIMUM_QUESTION:
        raise InvalidQuestionError(
            f"The question has {len(cleaned):,} characters.", hint=f"Ask in at most {MAXIMUM_QUESTION:,} characters."
        )
    return cleaned
