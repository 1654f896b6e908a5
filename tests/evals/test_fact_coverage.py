import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from evals.fact_coverage import Fact, Finder, Window, main
from tests.library.checks.small import CLEAN
from tests.library.corpora import write_corpus

from civicbot.language.glossary import Glossary

FINDER = Finder(Glossary.parse(CLEAN["glossary.yaml"]))


def holds(text: str, value: str) -> bool:
    return FINDER.holds(Window(tuple(text.split(" | ")), "here:1"), value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("총사업비는 1조 5000억 원입니다.", "1조5000억원"),
        ("It is worth 1.5 trillion won.", "1.5 trillion won"),
        ("He asked on 7 November 2025.", "November 7"),
        ("2025년 10월 10일 발의했습니다.", "10일"),
        ("It rose by 16.6 percent.", "16.6"),
        ("It is put at 800 trillion won.", "800"),
        ("They use 120 MW.", "120MW"),
        ("Rep. Jung Jin-uk asked.", "Jeong Jin-wook"),
        ("정진욱 의원은 요청했습니다.", "정 진욱"),
        ("The National AI Computing Centre", "national AI computing center"),
        ("It was a private firm's decision.", "private decision"),
        ("It is in Cheomdan District 3.", "Cheomdan 3"),
        ("No date is given.", "not found"),
        ("결과는 나오지 않습니다.", "확인되지 않음"),
    ],
)
def test_values_that_a_text_tells(text: str, value: str) -> None:
    assert holds(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("총사업비는 1조 6000억 원입니다.", "1조5000억원"),
        ("It is worth 15 trillion won.", "1.5 trillion won"),
        ("He asked on 17 November 2025.", "November 7"),
        ("2025년 10월 11일 발의했습니다.", "10일"),
        ("They use 1200 units.", "120MW"),
        ("Rep. Ahn Do-geol asked.", "Jeong Jin-wook"),
        ("It is in District 3.", "Cheomdan 3"),
        ("It was private. | The decision came.", "private decision"),
        ("A date is given.", "not found"),
        ("Call 062-613-1711.", "062-613-1710"),
    ],
)
def test_values_that_a_text_does_not_tell(text: str, value: str) -> None:
    assert not holds(text, value)


def test_the_language_of_values() -> None:
    fact = Fact("F1", ("S1",), ("정진욱", "Jung Jin-uk", "AICA", "2026", "120MW"))
    assert fact.wanted("ko") == ("정진욱", "2026")
    assert fact.wanted("en") == ("Jung Jin-uk", "AICA", "2026", "120MW")


def told(folder: Path, *facts: tuple[list[str], list[str]], files: Mapping[str, str] = CLEAN, least: str = "1") -> int:
    """The exit status for facts (source ids, key values) and a corpus."""
    rows = [{"id": f"F{n}", "source_ids": sources, "key_values": values} for n, (sources, values) in enumerate(facts)]
    folder.mkdir()
    path = folder / "facts.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    corpus = write_corpus(folder / "corpus", files)
    return main(["--facts", str(path), "--corpus", str(corpus), "--at-least", least])


def test_all_values_beside_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path / "1", (["S001"], ["Jung Jin-uk", "4 billion won", "정진욱", "40억원"])) == 0
    assert "ko: 1 of 1 facts, 100.0%\nen: 1 of 1 facts, 100.0%\n" in capsys.readouterr().out
    # The first and the last of three sentences are no neighbours.
    assert told(tmp_path / "2", (["S001"], ["Jung Jin-uk", "10 million"])) == 1
    assert "F0: lacks 10 million of Jung Jin-uk, 10 million at the nearest place, en/" in capsys.readouterr().out
    assert told(tmp_path / "3", (["S002"], ["Jung Jin-uk"])) == 1
    assert "F0: no digest of its sources" in capsys.readouterr().out


def test_briefs_count_where_they_cite_the_source(tmp_path: Path) -> None:
    brief = {name: text for name, text in CLEAN.items() if "/sources/" not in name}
    assert told(tmp_path / "1", (["S001"], ["Jung Jin-uk", "정진욱"]), files=brief) == 0
    assert told(tmp_path / "2", (["S002"], ["Jung Jin-uk"]), files=brief) == 1
    # Sentences of two facets are no neighbours.
    assert told(tmp_path / "3", (["S001"], ["정진욱", "40억원"]), files=brief) == 1


def test_the_share_asked_for(tmp_path: Path) -> None:
    facts = ((["S001"], ["정진욱", "Jung"]), (["S001"], ["안도걸", "Ahn"]))
    assert told(tmp_path / "1", *facts, least="0.5") == 0
    assert told(tmp_path / "2", *facts, least="0.51") == 1


def test_missing_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--facts", str(tmp_path / "facts.jsonl")]) == 2
    (tmp_path / "facts.jsonl").write_text("", encoding="utf-8")
    assert main(["--facts", str(tmp_path / "facts.jsonl"), "--corpus", str(tmp_path / "corpus")]) == 2
    errors = capsys.readouterr().err
    assert "no file of facts" in errors
    assert "no corpus folder" in errors
