from pathlib import Path

from tests.library.checks.small import (
    CLEAN,
    EN_BRIEF,
    EN_DIGEST,
    GLOSSARY,
    KO_BRIEF,
    KO_DIGEST,
    TODAY,
    checked,
    line,
    places,
)
from tests.library.corpora import write_corpus

from civicbot.library.checks.corpus import check_corpus

WHO_KO = (KO_BRIEF, line(KO_BRIEF, "정진욱"), "footnote")
WHO_EN = (EN_BRIEF, line(EN_BRIEF, "Rep. Jung"), "footnote")


def test_a_figure_or_date_that_the_source_does_not_tell(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        (KO_BRIEF, "2025년 11월 7일 AI", "2025년 11월 8일 AI"),
        (EN_BRIEF, "on 7 November 2025", "on 8 November 2025"),
    )
    found = places(report.problems)
    assert WHO_KO in found
    assert WHO_EN in found
    assert any("No single sentence of S001" in problem.message for problem in report.problems)


def test_another_person(tmp_path: Path) -> None:
    report = checked(tmp_path, (KO_BRIEF, "정진욱", "안도걸"), (EN_BRIEF, "Jung Jin-uk", "Ahn Do-geol"))
    assert places(report.problems) == [WHO_EN, WHO_KO]
    assert "Not named in what S001 says: Ahn Do-geol." in report.problems[0].message
    assert "안도걸" in report.problems[1].message


def test_another_place(tmp_path: Path) -> None:
    report = checked(tmp_path, (EN_DIGEST, "project in Gwangju", "project in Haenam"))
    assert places(report.problems) == [WHO_EN]


def test_any_name_of_a_person_will_do(tmp_path: Path) -> None:
    assert checked(tmp_path, (EN_DIGEST, "Jung Jin-uk", "Jeong Jin-wook")).problems == ()


def test_a_name_may_stand_in_the_title_the_publisher_or_a_longer_name(tmp_path: Path) -> None:
    left_out = (EN_DIGEST, "project in Gwangju", "project")
    title = (EN_DIGEST, "title: A request for the AI City", "title: AI City for Gwangju")
    publisher = (EN_DIGEST, "publisher: Kwangju Ilbo", "publisher: Gwangju Today")
    longer = (EN_DIGEST, "project in Gwangju", "project with the mayor of Gwangju")
    before = (EN_DIGEST, "project in Gwangju", "project in Gwangjumaking")
    behind = (EN_DIGEST, "project in Gwangju", "project in Oldgwangju")
    assert checked(tmp_path / "1", left_out, title).problems == ()
    assert checked(tmp_path / "2", left_out, publisher).problems == ()
    assert checked(tmp_path / "3", longer).problems == ()
    assert places(checked(tmp_path / "4", before).problems) == [WHO_EN]
    assert places(checked(tmp_path / "5", behind).problems) == [WHO_EN]


def test_the_entity_of_the_brief_is_understood(tmp_path: Path) -> None:
    elsewhere = (
        (KO_DIGEST, "AI 시티 시범사업 예산", "특화 도시 시범사업 예산"),
        (KO_DIGEST, "title: AI 시티 사업", "title: 사업"),
    )
    assert checked(tmp_path / "1", *elsewhere).problems == ()
    other = ((KO_BRIEF, "entity: ai_city", "entity: gwangju"), (EN_BRIEF, "entity: ai_city", "entity: gwangju"))
    report = checked(tmp_path / "2", *elsewhere, *other)
    assert places(report.problems) == [(KO_BRIEF, line(KO_BRIEF, "으로 40억"), "footnote")]


def test_without_a_glossary_there_are_no_names(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        (KO_BRIEF, "정진욱", "안도걸"),
        (EN_BRIEF, "Jung Jin-uk", "Ahn Do-geol"),
        (GLOSSARY, CLEAN[GLOSSARY], ""),
    )
    assert report.problems == ()


def test_the_first_footnote_must_carry_the_sentence(tmp_path: Path) -> None:
    files = dict(CLEAN)
    for language in ("ko", "en"):
        digest = CLEAN[KO_DIGEST if language == "ko" else EN_DIGEST].replace("id: S001", "id: S002")
        head, _, body = digest.rpartition("---\n\n")
        files[f"{language}/sources/other-20251109-city.md"] = f"{head}---\n\n{body.splitlines()[-1]}\n"
    files[KO_BRIEF] = files[KO_BRIEF].replace("담겼습니다.[^S001]", "담겼습니다.[^S002][^S001]")
    files[EN_BRIEF] = files[EN_BRIEF].replace("pilot.[^S001]", "pilot.[^S002][^S001]")
    report = check_corpus(write_corpus(tmp_path, files), today=TODAY)
    assert places(report.problems) == [
        (EN_BRIEF, line(EN_BRIEF, "4 billion won"), "footnote"),
        (KO_BRIEF, line(KO_BRIEF, "40억"), "footnote"),
    ]
    assert "named first, S002" in report.problems[0].message
