"""The regression set: judged, run with its progress, and what failed beside what was wanted."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.browser.staff import PAYLOAD, StaffSite, expect_drawn, go, search

RIGHT = "AX 실증밸리 총사업비는 얼마인가요?"
REFUSED = "인공지능 집적단지 1단계 총사업비는 모두 얼마인가요?"  # no other test asks it: its item is its own
MISSED = f"국가AI컴퓨팅센터는 어느 마을에 들어서나요? {PAYLOAD}"
TOAST = "#sd-toast p"


def judge(page: Page, text: str, verdict: str) -> None:
    """Gives the only item with a text a verdict."""
    search(page, text)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.locator(".sd-question a").click()
    expect(page.locator(".sd-screen-item")).to_be_visible()
    expect_drawn(page)
    page.locator(f"#sd-verdict-{verdict}").click()
    expect(page.locator(f"#sd-verdict-{verdict}")).to_have_attribute("aria-pressed", "true")
    expect_drawn(page)


def test_verdicts_are_run_and_what_fails_is_shown(staff: StaffSite, tmp_path: Path) -> None:
    for question in (RIGHT, REFUSED, MISSED):
        staff.thumb_down(staff.ask(question))
    page = staff.enter("kim")
    for text, verdict in (
        ("실증밸리 총사업비는 얼마인가요", "correct"),
        ("총사업비는 모두 얼마인가요", "should_have_refused"),
        ("어느 마을에 들어서나요", "should_have_answered"),
    ):
        go(page, "")
        judge(page, text, verdict)

    page.get_by_role("link", name="검증 사례", exact=True).click()
    expect(page.locator(".sd-screen-verified h1")).to_have_text("검증 사례")
    expect_drawn(page)
    expect(page.locator("#sd-cases tbody tr", has_text="답하지 말았어야 함").locator("td").first).to_have_text(
        re.compile(r"[1-9]")
    )
    page.locator("#sd-run").click()
    expect(page.locator("#sd-runs tbody tr").first).to_contain_text("끝남")
    missed = page.locator(".sd-failure", has_text="어느 마을에 들어서나요")
    expect(missed.locator(".sd-outcome-missed")).to_have_text("놓침")
    expect(missed).to_contain_text("정답 미정")
    expect(missed).to_contain_text(PAYLOAD)
    failed = page.locator(".sd-failure", has_text="총사업비는 모두 얼마인가요")
    expect(failed.locator(".sd-outcome-wrong")).to_have_text("틀림")
    expect(failed.locator(".sd-side").first).to_contain_text("답하지 않아야 합니다")
    expect(failed.locator(".sd-side").last).to_contain_text("4269억")
    expect(page.locator(".sd-failure", has_text="실증밸리 총사업비는 얼마인가요")).to_have_count(0)
    expect(page.get_by_role("img", name=re.compile("^맞은 비율의 추이"))).to_be_visible()
    expect(page.locator("#sd-run")).to_be_enabled()

    with page.expect_download() as waiting:
        page.locator("#sd-export-civicbot").click()
    waiting.value.save_as(tmp_path / "verified.jsonl")
    rows = [json.loads(row) for row in (tmp_path / "verified.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {RIGHT, REFUSED} <= {row["question"] for row in rows}

    failed.get_by_role("link", name="항목 열기").click()
    expect(page.locator(".sd-screen-item h1")).to_contain_text("총사업비는 모두 얼마인가요")
    expect_drawn(page)
    go(page, "?screen=verified")
    page.locator("[data-language=en]").click()
    expect(page.locator(".sd-screen-verified h1")).to_have_text("Regression set")
    expect(page.locator("#sd-failures-title")).to_contain_text("Failed cases")
