from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from civicbot.answering.gate.decide import SentenceGate
from civicbot.answering.gate.nouns import GateDecision, GateEvidence
from civicbot.language.glossary import Glossary
from civicbot.language.thesaurus import Thesaurus
from civicbot.language.tokens import Tokenizer
from civicbot.model import Language

GLOSSARY = """
entities:
  harbour:
    kind: project
    ko: {name: 남항 재개발, aliases: [남항 재개발 사업]}
    en: {name: Namhang harbour renewal, aliases: [harbour renewal]}
  tram:
    kind: project
    ko: {name: 한빛 트램}
    en: {name: Hanbit tram, aliases: [Hanbit Tram]}
  ministry:
    kind: body
    ko: {name: 해양수산부, aliases: [해수부]}
    en: {name: Ministry of Oceans and Fisheries, aliases: [oceans ministry]}
  mayor_han:
    kind: person
    ko: {name: 한서윤}
    en: {name: Han Seo-yun}
  mayor_oh:
    kind: person
    ko: {name: 오민재}
    en: {name: Oh Min-jae}
words: [한서윤, 오민재, 트램]
synonyms:
  ko: [[공사, 착공, 첫 삽]]
  en: [[firm, company]]
"""
Rules = Callable[..., set[str]]


@pytest.fixture(scope="session")
def gate() -> SentenceGate:
    glossary = Glossary.parse(GLOSSARY)
    tokenizer = Tokenizer(glossary.user_words)
    languages: tuple[Language, ...] = ("ko", "en")
    return SentenceGate(
        glossary, tokenizer, {each: Thesaurus(glossary.synonyms[each], tokenizer.tokens) for each in languages}
    )


def passage(text: str, language: Language | None = None, publisher: str | None = None) -> GateEvidence:
    korean = any("가" <= letter <= "힣" for letter in text)
    return GateEvidence("D1", text, language or ("ko" if korean else "en"), date(2026, 3, 5), publisher)


@pytest.fixture(scope="session")
def decide(gate: SentenceGate) -> Callable[..., GateDecision]:
    def check(sentence: str, *texts: str | GateEvidence) -> GateDecision:
        cited = [text if isinstance(text, GateEvidence) else passage(text) for text in texts]
        korean = sum("가" <= letter <= "힣" for letter in sentence) * 2 > sum(letter.isascii() for letter in sentence)
        return gate.check(sentence, "ko" if korean else "en", cited)

    return check


@pytest.fixture(scope="session")
def rules(decide: Callable[..., GateDecision]) -> Rules:
    """The rules that a sentence fails by."""
    return lambda sentence, *texts: {finding.rule.value for finding in decide(sentence, *texts).findings}
