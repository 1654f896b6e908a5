from __future__ import annotations

import string

import pytest

from civicbot.answering.texts import Texts, examples, texts
from civicbot.model import AnswerStatus, Facet, NoticeKind


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _flat(words: Texts) -> dict[str, str]:
    flat = {f"status.{key}": text for key, text in words.status.items()}
    flat |= {f"notices.{kind.value}": text for kind, text in words.notices.items()}
    for facet, entry in words.facets.items():
        flat |= {f"facets.{facet.value}.label": entry.label, f"facets.{facet.value}.question": entry.question}
    return flat | {
        "contact": words.contact,
        "clarify_pair": words.clarify_pair,
        "clarify_project": words.clarify_project,
    }


def test_both_languages_have_all_keys_with_the_same_gaps() -> None:
    korean, english = _flat(texts("ko")), _flat(texts("en"))
    assert korean.keys() == english.keys()
    assert {key: _fields(text) for key, text in korean.items()} == {key: _fields(text) for key, text in english.items()}


def test_every_facet_and_every_ending_has_a_text() -> None:
    words = texts("ko")
    assert set(words.facets) == set(Facet)
    # What an answer says by its sentences needs no text of its own.
    assert {status.value for status in AnswerStatus} - {"answered", "partial"} <= {
        "refused" if key.startswith("refused_") else key for key in words.status
    }
    assert set(words.notices) == set(NoticeKind)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_six_examples(language: str) -> None:
    assert len(set(examples("ko" if language == "ko" else "en"))) == 6
