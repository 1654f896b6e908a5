from __future__ import annotations

from datetime import date

import pytest

from civicbot.answering.context import Candidate, Context
from civicbot.answering.distinct import distinct, says_again
from civicbot.model import Question, Statement
from civicbot.retrieval.opened import OpenGeneration

OPENS = "The BRT line in Gwangju opens in December 2027."
SAME = "In December 2027 the BRT line in Gwangju opens."
LONGER = "The BRT line in Gwangju opens in December 2027, has 36 stops and costs riders nothing in its first month."
OTHER = "Rep. Jung asked for a research institute."


@pytest.fixture
def context(generation: OpenGeneration) -> Context:
    return Context(question=Question(text="?"), generation=generation, today=date(2026, 11, 22), language="en")


def candidates(context: Context, *texts: str) -> list[Candidate]:
    passage = context.generation.passages[0]
    return [
        Candidate(Statement(text=text, start=0, end=len(text), supports=()), passage, score=1.0, confidence=0.9)
        for text in texts
    ]


def test_a_sentence_with_the_same_words_says_it_again(context: Context) -> None:
    opens, same, longer, other = candidates(context, OPENS, SAME, LONGER, OTHER)
    assert says_again(context, same, [other, opens])
    assert not says_again(context, other, [opens])
    assert not says_again(context, opens, [])
    # What adds something has been told only where the shorter one comes after it.
    assert not says_again(context, longer, [opens])
    assert says_again(context, opens, [longer])


def test_how_much_must_be_shared(context: Context) -> None:
    one, other = candidates(context, "bus stop fare ticket", "bus stop fare school")
    assert says_again(context, one, [other], same=0.7)
    assert not says_again(context, one, [other], same=0.75)


def test_a_sentence_without_any_word_tells_nothing(context: Context) -> None:
    (empty,) = candidates(context, "…?!")
    assert says_again(context, empty, [])
    assert distinct(context, [empty], 3) == ()


def test_the_first_of_those_that_say_the_same_is_kept(context: Context) -> None:
    found = candidates(context, OPENS, SAME, OTHER, LONGER)
    assert [kept.statement.text for kept in distinct(context, found, 9)] == [OPENS, OTHER, LONGER]
    assert [kept.statement.text for kept in distinct(context, found, 2)] == [OPENS, OTHER]
    assert distinct(context, found, 0) == ()
    assert distinct(context, [], 3) == ()
