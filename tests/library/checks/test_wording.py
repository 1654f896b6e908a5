from pathlib import Path

from tests.library.checks.small import EN_DIGEST, KO_BRIEF, KO_DIGEST, line, papers, places

from civicbot.library.checks.wording import check_wording


def found(folder: Path, article: str) -> list[tuple[str, int, str]]:
    return places(tuple(check_wording(papers(folder), article)))


def test_eight_words_are_too_many_and_seven_are_not(tmp_path: Path) -> None:
    place = (EN_DIGEST, line(EN_DIGEST, "land ministry"), "text")
    assert found(tmp_path, "THE LAND MINISTRY said on 17 August, 2025") == [place]
    assert found(tmp_path, "The land ministry said on 17 August") == []
    assert found(tmp_path, "") == []


def test_a_long_run_is_told_once_and_one_over_two_sentences_too(tmp_path: Path) -> None:
    whole = "The land ministry said on 17 August 2025 that it prepares 10 million"
    assert len(found(tmp_path, whole)) == 1
    first = line(EN_DIGEST, "4 billion won")
    assert found(tmp_path, "half of it, national money: the land ministry") == [(EN_DIGEST, first, "text")]


def test_korean_words(tmp_path: Path) -> None:
    article = "정진욱 의원은 2025년 11월 7일 국회에서 AI 시티 사업을 추진"
    assert found(tmp_path, article) == [(KO_DIGEST, line(KO_DIGEST, "정진욱"), "text")]
    shared = "2026년도 예산안에는 AI 시티 시범사업 예산으로 40억 원이 담겼다"
    assert found(tmp_path, shared.replace("담겼다", "담겼습니다")) == [(KO_BRIEF, line(KO_BRIEF, "40억"), "text")]
