"""Looking things up in the real library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.conftest import TODAY

from civicbot.answering.assistant import Assistant
from civicbot.answering.findings import Findings
from civicbot.answering.protocols import Asked, NoRulings
from civicbot.answering.texts import texts
from civicbot.errors import InvalidQuestionError, PausedError
from civicbot.model import AnswerStatus, DocumentKind, Language, Question
from civicbot.records.memory import MemoryRecords
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings
from civicbot.wiring import Service

Search = Callable[..., Findings]


@pytest.fixture
def search(service: Service) -> Search:
    def run(text: str, limit: int = 5, language: Language | None = None) -> Findings:
        return service.search(Question(text=text, language=language), limit)

    return run


@pytest.mark.parametrize(
    ("query", "language", "value"),
    [
        ("AI 모빌리티 국가시범도시 총사업비", "ko", "1조 5000억"),
        ("NPU센터 타당성 용역비", "ko", "6억"),
        ("total cost of the AI Mobility National New Town", "en", "1.5 trillion won"),
        ("insurer of the self-driving test city", "en", "Samsung Fire"),
    ],
)
def test_the_right_sentence_is_among_the_first(search: Search, query: str, language: str, value: str) -> None:
    found = search(query)
    assert found.language == language
    assert any(value in passage.quote for passage in found.passages)


def test_what_is_found_stands_in_its_document(search: Search, generation: OpenGeneration) -> None:
    for query in ("NPU 컴퓨팅센터는 어디에 들어서나요?", "Where does the AI city go?"):
        found = search(query, 20)
        assert len(found.passages) == 20
        assert [passage.number for passage in found.passages] == list(range(1, 21))
        assert len({passage.passage_id for passage in found.passages}) == 20
        for passage in found.passages:
            document = generation.document(passage.document_id)
            assert passage.text in document.text
            assert passage.quote in passage.text
            assert (passage.title, passage.url, passage.kind) == (document.title, document.url, document.kind)
            assert passage.published == (document.published or document.updated)
            assert passage.language == found.language
            assert bool(passage.supports) == (passage.kind is DocumentKind.BRIEF)
            for support in passage.supports:
                source = generation.document(support.document_id)
                assert source.kind is DocumentKind.SOURCE
                assert support.quote in source.text


def test_fewer_are_the_first_of_more(search: Search) -> None:
    assert search("AI 시티 예산", 3).passages == search("AI 시티 예산", 20).passages[:3]


def test_the_language_asked_for_wins(search: Search) -> None:
    assert {passage.language for passage in search("NPU", language="ko").passages} == {"ko"}
    assert {passage.language for passage in search("NPU", language="en").passages} == {"en"}


def test_letters_that_stand_nowhere_find_nothing(search: Search) -> None:
    assert search("☃☃☃").passages == ()


@pytest.mark.parametrize("text", ["", " \u200b", "x" * 1001, "a\u202eb"])
def test_what_cannot_be_asked_cannot_be_looked_for(search: Search, text: str) -> None:
    with pytest.raises(InvalidQuestionError):
        search(text)


def test_personal_data_are_not_looked_for(search: Search) -> None:
    query = "NPU 컴퓨팅센터 위치"
    assert search(f"제 번호는 010-7391-8264예요. {query}").passages
    plain, masked = search("용봉동", 1), search("제 이름은 방소담입니다.", 20)
    assert plain.language == "ko"
    assert not any("방소담" in passage.text for passage in masked.passages)


def test_nothing_is_remembered(service: Service) -> None:
    class Recording(MemoryRecords):
        def start(self) -> str:
            raise AssertionError

    settings = service.settings
    Assistant(settings, service.index, Recording()).search(Question(text="NPU"), 3)


# ------------------------------------------------------------------ switches


@dataclass(frozen=True)
class _Paused:
    text: str
    status: AnswerStatus = AnswerStatus.PAUSED


class _Switch(NoRulings):
    """Holds back one topic, one site, or everything."""

    def __init__(self, topic: str | None = None, site: str | None = None, text: str = "") -> None:
        self._topic, self._site, self._text = topic, site, text

    def find(self, asked: Asked) -> _Paused | None:
        if self._topic is not None and self._topic not in asked.topics:
            return None
        if self._site is not None and self._site != asked.site:
            return None
        return _Paused(self._text)


def switched(service: Service, switch: _Switch) -> Assistant:
    settings = Settings(data=service.settings.data, embedder_languages="none", today=TODAY)
    return Assistant(settings, service.index, MemoryRecords(), rulings=switch)


@pytest.mark.parametrize("text", ["", "점검 중입니다."])
def test_a_pause_holds_everything_back_and_says_why(service: Service, text: str) -> None:
    assistant = switched(service, _Switch(text=text))
    with pytest.raises(PausedError) as caught:
        assistant.search(Question(text="NPU 센터"), 5)
    assert caught.value.message == (text or texts("ko").status["paused"])


def test_a_paused_site_is_held_back_alone(service: Service) -> None:
    assistant = switched(service, _Switch(site="buk-gu"))
    with pytest.raises(PausedError):
        assistant.search(Question(text="NPU 센터", site="buk-gu"), 5)
    assert assistant.search(Question(text="NPU 센터"), 5).passages


def test_a_paused_topic_is_neither_looked_for_nor_found(service: Service, generation: OpenGeneration) -> None:
    topic = _key_of(generation, "국가 NPU 컴퓨팅센터")
    assistant = switched(service, _Switch(topic=topic))
    with pytest.raises(PausedError):
        assistant.search(Question(text="국가 NPU 컴퓨팅센터 위치"), 5)
    query = Question(text="컴퓨팅 시설 부지와 예산")
    open_to_all, held = service.search(query, 20), assistant.search(query, 20)
    about = {one.passage_id for one in open_to_all.passages if topic in _named(generation, one.text)}
    assert about
    assert not about & {one.passage_id for one in held.passages}
    assert held.passages


def _key_of(generation: OpenGeneration, name: str) -> str:
    (mention,) = generation.glossary.mentions(name)
    return mention.key


def _named(generation: OpenGeneration, text: str) -> set[str]:
    return {mention.key for mention in generation.glossary.mentions(text)}
