from civicbot.language.tokens import Tokenizer
from civicbot.library.linking import Linker
from civicbot.model import Support


def support(source: str, number: int, quote: str) -> Support:
    return Support(document_id=f"{source}-ko", passage_id=f"{source}-ko.1", quote=quote, start=number, end=number + 1)


DIGESTS = {
    "S1": [
        support("S1", 0, "정진욱 의원은 2025년 11월 7일 국회에서 AI 시티 사업을 광주에서 추진해 달라고 요청했습니다."),
        support("S1", 1, "2026년도 예산안에는 AI 시티 시범사업 예산 40억 원이 담겼습니다."),
        support("S1", 2, "2026년도 광주 예산안에는 도로 사업 예산 40억 원이 담겼습니다."),
    ],
    "S2": [
        support("S2", 0, "AI 모빌리티 국가시범도시의 총사업비는 1조 5000억 원입니다."),
        support("S2", 1, "AI 모빌리티 국가시범도시 사업비는 2025년 8월 17일에 발표됐습니다."),
    ],
    "S3": [support("S3", 0, "AI 시티 예산 40억 원은 2026년도 정부 예산안에 시범사업 몫으로 담겼습니다.")],
}
LINKER = Linker(DIGESTS, Tokenizer().tokens)


def quotes(sentence: str, *sources: str) -> list[str]:
    return [found.quote for found in LINKER.supports(sentence, sources)]


def test_the_sentence_with_all_figures_and_most_words() -> None:
    assert quotes("AI 시티 시범사업에는 2026년도 예산안에서 40억 원이 잡혔습니다.", "S1") == [DIGESTS["S1"][1].quote]
    assert quotes("2026년도 광주 도로 사업 예산은 40억 원입니다.", "S1") == [DIGESTS["S1"][2].quote]


def test_figures_may_be_written_in_another_way_but_not_be_another() -> None:
    assert quotes("AI 모빌리티 국가시범도시의 총사업비는 1.5조 원입니다.", "S2") == [DIGESTS["S2"][0].quote]
    assert quotes("AI 모빌리티 국가시범도시의 총사업비는 1조 6000억 원입니다.", "S2") == []


def test_one_single_sentence_must_hold_every_figure() -> None:
    assert quotes("AI 모빌리티 국가시범도시의 총사업비는 2025년 8월 17일 기준 1조 5000억 원입니다.", "S2") == []


def test_a_shared_figure_alone_is_no_support() -> None:
    assert quotes("2026년도 병원 진료비는 40억 원입니다.", "S1") == []
    assert quotes("시립 병원은 깨끗합니다.", "S1") == []


def test_sources_stay_in_the_order_of_the_editor() -> None:
    sentence = "2026년도 예산안에는 AI 시티 시범사업 예산 40억 원이 담겼습니다."
    assert [found.document_id for found in LINKER.supports(sentence, ["S3", "S1"])] == ["S3-ko", "S1-ko"]
    assert [found.document_id for found in LINKER.supports(sentence, ["S2", "S1"])] == ["S1-ko"]


def test_unknown_sources() -> None:
    assert LINKER.knows("S1")
    assert not LINKER.knows("S9")
    assert quotes("아무 말입니다.", "S9") == []
    assert Linker({}, Tokenizer().tokens).supports("아무 말입니다.", ["S1"]) == ()
