from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.thesaurus import Meaning, Thesaurus
from civicbot.language.tokens import Tokenizer

WORDS = ("bus", "ride", "fare", "free", "first", "spade")
PHRASES = st.lists(st.sampled_from(WORDS), min_size=0, max_size=3).map(" ".join)


def thesaurus(*groups: tuple[str, ...]) -> Thesaurus:
    return Thesaurus(groups, str.split)


def phrases(*texts: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(text.split()) for text in texts)


def test_a_known_word_has_the_others_of_its_group() -> None:
    known = thesaurus(("fare", "charge", "ticket price"))
    assert known.meanings(["the", "fare", "today"]) == [Meaning(1, 2, phrases("charge", "ticket price"))]
    assert known.meanings(["ticket", "price"]) == [Meaning(0, 2, phrases("fare", "charge"))]
    assert known.meanings(["ticket", "office"]) == []
    assert known.meanings([]) == []


def test_the_longest_phrase_is_meant() -> None:
    known = thesaurus(("break", "pause"), ("break ground", "start building"), ("break ground rules", "cheat"))
    assert known.meanings("break ground in may".split()) == [Meaning(0, 2, phrases("start building"))]
    assert known.meanings("break ground rules".split()) == [Meaning(0, 3, phrases("cheat"))]
    assert known.meanings("break it".split()) == [Meaning(0, 1, phrases("pause"))]


def test_of_overlapping_phrases_the_first_is_meant() -> None:
    known = thesaurus(("first spade", "start"), ("spade work", "digging"), ("work", "labour"))
    assert known.meanings("first spade work".split()) == [
        Meaning(0, 2, phrases("start")),
        Meaning(2, 3, phrases("labour")),
    ]


def test_a_word_of_several_groups_has_the_others_of_all() -> None:
    known = thesaurus(("fare", "charge"), ("fare", "food"), ("food", "meal"))
    assert known.meanings(["fare"]) == [Meaning(0, 1, phrases("charge", "food"))]
    assert known.meanings(["food"]) == [Meaning(0, 1, phrases("fare", "meal"))]


def test_a_group_with_one_usable_phrase_tells_nothing() -> None:
    known = thesaurus(("fare",), ("charge", "", "  "), ("bus  ride", "bus ride"), ("free", "gratis", ""))
    assert known.meanings("fare charge bus ride free".split()) == [Meaning(4, 5, phrases("gratis"))]


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (("예산", "나랏돈", "들어가는 돈"), "돈은 얼마나 들어가나요? 들어가는 돈이요"),
        (("착공", "첫 삽"), "첫 삽은 언제 뜨나요"),
        (("break ground", "start building"), "When will they start the building?"),
    ],
)
def test_phrases_are_cut_as_questions_are(group: tuple[str, ...], said: str) -> None:
    tokenizer = Tokenizer()
    (meaning,) = Thesaurus([group], tokenizer.tokens).meanings(tokenizer.tokens(said))
    assert tuple(tokenizer.tokens(group[0])) in meaning.phrases


@given(
    st.lists(st.lists(PHRASES, max_size=4).map(tuple), max_size=5),
    st.lists(st.sampled_from((*WORDS, "other")), max_size=12),
)
def test_meanings_are_of_the_phrases_that_stand_there(groups: list[tuple[str, ...]], said: list[str]) -> None:
    found = thesaurus(*groups).meanings(said)
    usable = [phrases(*group) - {()} for group in groups]
    held = {phrase for group in usable if len(group) > 1 for phrase in group}
    assert all(one.end <= other.start for one, other in pairwise(found))
    covered = {place for meaning in found for place in range(meaning.start, meaning.end)}
    for meaning in found:
        phrase = tuple(said[meaning.start : meaning.end])
        assert meaning.phrases == frozenset().union(*(group for group in usable if phrase in group)) - {phrase}
        assert meaning.phrases
        longer = (tuple(said[meaning.start : end]) for end in range(meaning.end + 1, len(said) + 1))
        assert not held.intersection(longer)
    # Nothing that is known is passed over.
    assert all((word,) not in held for place, word in enumerate(said) if place not in covered)
