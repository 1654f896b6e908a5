import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.sentences import split_sentences
from civicbot.model import LANGUAGES, Language
from civicbot.settings import REPOSITORY

TEXTS = st.text(
    st.characters(exclude_categories=()) | st.sampled_from(list("가나다요. ?!\n\n\"'”’)-•1.2 AbU.S.\u3000")),
    max_size=60,
)


def sentences(text: str, language: Language) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_every_visible_character_lies_in_one_sentence(text: str, language: Language) -> None:
    spans = split_sentences(text, language)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    found = [text[start:end] for start, end in spans]
    assert all(sentence == sentence.strip() != "" for sentence in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rep. Jung met Dr. Kim at 3 p.m. in the U.S. embassy.", 1),
        ("It costs 1.5 trillion won. See No. 3 of e4ds.", 2),
        ("Is it decided? No. The city waits.", 3),
        ("They looked only to R&D. The city did not.", 2),
        ('He said "It is late." Then he left.', 2),
        ("SK Telecom Co. Ltd. took part. So did others…", 2),
        ("It was on Nov. 7. It was late!", 2),
        ("First line that is\nwrapped here. Second one.", 2),
        ("Title without a stop\n\nA sentence.", 2),
        ("Buses:\n- 28 stops at the market\n- 30 does not run", 3),
        ("One. 두 번째 is Korean.", 2),
        ("In Roe v. Wade they ruled. It was built (c. 1455) by hand.", 2),
    ],
)
def test_english(text: str, expected: int) -> None:
    assert len(sentences(text, "en")) == expected, sentences(text, "en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("예산은 40억 원입니다. 2026년 1월에 시작합니다.", 2),
        ("예산이 얼마인가요? 언제 시작하나요?", 2),
        ("사업비는 1.5조 원이고 3.3㎡당 가격은 없습니다.", 1),
        ("시는 “곧 시작한다”고 말했습니다. 의원은 반대했습니다.", 2),
        ("공고했습니다. '모두의 AI, 광주' 비전은 9월에 나왔습니다.", 2),
        ("정했습니다. 'AI 시티'와 'K-AI 시티'는 같은 사업입니다.", 2),
        ("첫 줄입니다.\n둘째 줄입니다.", 2),
        ("가. 사업 개요\n\n나. 예산", 2),
    ],
)
def test_korean(text: str, expected: int) -> None:
    assert len(sentences(text, "ko")) == expected, sentences(text, "ko")


def test_a_quoted_name_begins_its_own_sentence() -> None:
    text = "공고했습니다. '모두의 AI, 광주' 비전은 9월에 나왔습니다."
    assert sentences(text, "ko") == ["공고했습니다.", "'모두의 AI, 광주' 비전은 9월에 나왔습니다."]


def written_lines(path: Path) -> list[str]:
    """The sentences of a digest or brief: a line each."""
    body = re.sub(r"\A---\n.*?\n---\n|<!--.*?-->|\[\^\w+\]", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.strip() for line in body.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_librarys_lines_are_its_sentences(language: Language) -> None:
    """As one paragraph, every digest falls into the sentences that its author wrote on lines of their own."""
    paths = sorted((REPOSITORY / "corpus" / language / "sources").glob("*.md"))
    assert paths
    for path in paths:
        lines = written_lines(path)
        assert sentences(" ".join(lines), language) == lines, path.name
