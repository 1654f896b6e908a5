import pytest

from civicbot.answering.lexicon import lexicon
from civicbot.answering.speaking import speakers, tells_words_of
from civicbot.answering.understanding import PEOPLE_KINDS, understand
from civicbot.language.detect import detect_language
from civicbot.language.glossary import Mention
from civicbot.retrieval.opened import OpenGeneration


def people(generation: OpenGeneration, text: str) -> list[Mention]:
    entities = generation.glossary.entities
    return [m for m in generation.glossary.mentions(text) if entities[m.key].kind in PEOPLE_KINDS]


def keys(generation: OpenGeneration, *names: str) -> tuple[str, ...]:
    return tuple(mention.key for name in names for mention in people(generation, name))


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("how did PM Kim Min-seok reply when Jung Jin-uk asked for the AI City", "Kim Min-seok"),
        ("What did Jung Jin-uk say to Kim Min-seok about the NPU centre?", "Jung Jin-uk"),
        ("정진욱 의원이 AI 시티 얘기하니까 김민석 총리가 뭐라고 했어?", "김민석"),
        ("김민석 총리 답변 내용 알려줘", "김민석"),
        ("How much does the AI City cost, according to Jung Jin-uk?", None),
        ("정진욱 의원이 몇 년생이야?", None),
    ],
)
def test_whose_words_are_asked_for(generation: OpenGeneration, question: str, speaker: str | None) -> None:
    words = lexicon(detect_language(question), generation.tokenizer)
    wanted = keys(generation, speaker) if speaker else ()
    assert speakers(question, people(generation, question), words) == wanted


@pytest.mark.parametrize(
    ("question", "together"),
    [
        ("NPU센터에 대해 정부는 뭐라고 답했나요?", True),
        ("정진욱 의원 요청에 정부 반응은 어때요?", True),
        ("What did the government say about the NPU centre?", True),
        ("정부에 정진욱 의원이 뭐라고 했나요?", False),
        ("2026년 정부 예산은 얼마예요?", False),
    ],
)
def test_several_speak_for_the_government(generation: OpenGeneration, question: str, together: bool) -> None:
    language = detect_language(question)
    asked = understand(question, language, generation.glossary, generation.tokenizer, 2026)
    assert ({"kim_min_seok", "molit", "presidential_office", "koo_yun_cheol"} <= set(asked.speakers)) is together
    assert "jung_jin_uk" not in asked.speakers or not together


@pytest.mark.parametrize(
    ("sentence", "speaker", "told"),
    [
        ("Rep. Jung Jin-uk asked Prime Minister Kim Min-seok on 7 November 2025 to start it.", "Jung Jin-uk", True),
        ("Rep. Jung Jin-uk asked Prime Minister Kim Min-seok on 7 November 2025 to start it.", "Kim Min-seok", False),
        ("As of 7 November 2025 the Prime Minister was Kim Min-seok.", "Kim Min-seok", False),
        ("정진욱 의원은 2025년 11월 7일 김민석 총리에게 추진해 달라고 요청했습니다.", "정진욱", True),
        ("정진욱 의원은 2025년 11월 7일 김민석 총리에게 추진해 달라고 요청했습니다.", "김민석", False),
        ("2025년 11월 기준 국무총리는 김민석입니다.", "김민석", False),
    ],
)
def test_whose_words_a_sentence_tells(generation: OpenGeneration, sentence: str, speaker: str, told: bool) -> None:
    words = lexicon(detect_language(sentence), generation.tokenizer)
    assert tells_words_of(keys(generation, speaker), sentence, people(generation, sentence), words) is told
