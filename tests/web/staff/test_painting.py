from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from civicbot.model import LANGUAGES
from civicbot.review.access import Action, Role
from civicbot.review.correction_nouns import ProblemKind
from civicbot.review.evidence_nouns import Span, WhyNot
from civicbot.review.nouns import Reason, Verdict
from civicbot.review.view_nouns import AnswerClass, SwitchScope
from civicbot.web.phrases import load_all_phrases
from civicbot.web.staff.painting import Showing
from civicbot.web.staff.texts import load_staff_texts

TEXTS = load_staff_texts()


@pytest.fixture
def show() -> Showing:
    return Showing(TEXTS["ko"], load_all_phrases()["ko"], "ko")


def test_what_supports_a_sentence_is_marked_and_the_rest_escaped(show: Showing) -> None:
    text = "<b>예산</b>은 40억 원이다."
    start = text.index("예산")
    marked = show.marked(
        text, [Span(start=start, end=len(text))], [Span(start=text.index("40"), end=text.index(" 원"))]
    )
    assert str(marked) == "&lt;b&gt;<mark>예산&lt;/b&gt;은 <b>40억</b> 원이다.</mark>"


def test_odd_spans_do_no_harm(show: Showing) -> None:
    spans = [Span(start=2, end=99), Span(start=0, end=1), Span(start=1, end=1), Span(start=0, end=2)]
    assert str(show.marked("가나다", spans)) == "<mark>가</mark><mark>나</mark><mark>다</mark>"
    assert str(show.marked("가나다", [], [Span(start=0, end=1)])) == "가나다"


def test_times_are_korean(show: Showing) -> None:
    at = datetime(2025, 12, 31, 16, 5, tzinfo=UTC)
    assert show.full(at) == "2026-01-01 01:05"
    assert show.local(at) == "2026-01-01T01:05"
    assert show.full(None) == show.time(None) == show.ago(None) == "-"
    now = datetime.now(UTC)
    assert show.ago(now) == "방금"
    assert show.ago(now - timedelta(minutes=5)) == "5분 전"
    assert show.ago(now - timedelta(hours=3)) == "3시간 전"
    assert show.ago(now - timedelta(days=3, hours=1)) == "3일 전"


def test_numbers(show: Showing) -> None:
    assert (show.percent(0.847), show.percent(0.024), show.percent(0)) == ("85%", "2.4%", "0%")
    assert (show.seconds(0.047), show.seconds(2.5), show.seconds(None)) == ("47 ms", "2.5 s", "-")
    assert show.number(12345) == "12,345"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_services_has_a_text(language: str) -> None:
    words, texts = TEXTS[language].words, TEXTS[language]  # type: ignore[index]
    for told, known in (
        (words.roles, Role), (words.actions, Action), (words.reasons, Reason), (words.reason_meanings, Reason),
        (words.verdicts, Verdict), (words.verdict_meanings, Verdict), (words.scopes, SwitchScope),
        (words.classes, AnswerClass), (texts.item.why_not, WhyNot), (texts.composer.problems, ProblemKind),
    ):  # fmt: skip
        assert set(told) == {one.value for one in known}
