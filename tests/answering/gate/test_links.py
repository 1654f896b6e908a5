from __future__ import annotations

import pytest

from civicbot.answering.gate.links import invented_links


@pytest.mark.parametrize(
    "link",
    [
        "https://city.go.kr/tram",
        "www.hanbit-tram.kr",
        "tram.city.go.kr",
        "tram@city.go.kr",
        "062-613-0007",
        "+82-62-000-7700",
        "(062) 613 0007",
        "1588-0000",
        "hanbit.com/apply",
    ],
)
def test_invented(link: str) -> None:
    assert list(invented_links(f"문의는 {link} 로 하세요.", "문의처는 없습니다."))
    assert list(invented_links(f"문의는 {link} 로 하세요.", f"전화나 누리집: {link}")) == []


@pytest.mark.parametrize("text", ["call 120", "국번 없이 120", "전화번호는 110"])
def test_a_short_number(text: str) -> None:
    assert list(invented_links(text, "없음"))


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04",
        "2026. 3. 31.까지",
        "1조 5000억 원",
        "0.2%",
        "AI 전화 2만 1648건",
        "phone calls rose by 300 calls",
        "전화번호는 2026년 3월",
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert list(invented_links(text, "")) == []
