"""What staff read of the language model's part in an answer."""

from __future__ import annotations

from html import unescape

import pytest
from tests.records.samples import exchange

from civicbot.answering.gate.nouns import GateRule
from civicbot.answering.model.failures import Failure
from civicbot.model import LANGUAGES, JudgedSentence, JudgedToken, Language, ModelWork
from civicbot.web.phrases import load_all_phrases
from civicbot.web.staff.painting import Showing
from civicbot.web.staff.texts import load_staff_texts
from civicbot.web.templates import load_templates

TEXTS = load_staff_texts()
PHRASES = load_all_phrases()


def html(work: ModelWork, language: Language) -> str:
    kept = exchange("c1").model_copy(update={"work": work})
    template = load_templates().get_template("staff-item-model.html")
    text = template.render(
        exchange=kept, answer=kept.answer, t=TEXTS[language], show=Showing(TEXTS[language], PHRASES[language], language)
    )
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_with_what_became_of_it(language: Language) -> None:
    told = exchange("c1").answer.sentences[0].text
    sentences = (
        JudgedSentence(text=told, evidence=(1,), passed=True, score=0.97),
        JudgedSentence(text="True, <b>but</b> said before.", evidence=(2,), passed=True, score=0.9),
        JudgedSentence(
            text="9조 원입니다.", passed=False, score=0.5, findings=(JudgedToken(rule="number", token="9조<script>"),)
        ),
    )
    found = html(ModelWork(model="m-1", prompt="abc", outcome="written", used=True, sentences=sentences), language)
    texts = TEXTS[language].model
    for piece in (
        "m-1",
        texts.outcomes["written"],
        texts.told,
        texts.kept_back,
        texts.dropped,
        texts.rules["number"],
    ):
        assert piece in found
    assert "9조&lt;script&gt;" in found
    assert "<b>but" not in found
    assert "97" in found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", [*Failure, "written", "cached", "left", "used", "unchanged"])
def test_every_outcome_is_told(outcome: str, language: Language) -> None:
    texts = TEXTS[language].model
    found = html(ModelWork(model="m-1", prompt="abc", outcome=str(outcome)), language)
    assert texts.outcome(str(outcome)) in unescape(found)
    assert texts.nothing in found


def test_every_rule_has_its_words() -> None:
    for language in LANGUAGES:
        assert set(TEXTS[language].model.rules) == {rule.value for rule in GateRule}
