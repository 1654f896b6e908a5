"""From a resident's question to an approved answer that the next one gets, and its withdrawal."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.browser.staff import StaffSite, expect_drawn, go, search

TOAST = "#sd-toast p"
QUESTION = "AI 영재고는 어디에 세우나요?"
OTHER = "인공지능 영재고 위치가 어디예요?"


def opened(page: Page, text: str) -> None:
    """Opens the only item with a text."""
    search(page, text)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.locator(".sd-question a").click()
    expect(page.locator(".sd-screen-item")).to_be_visible()
    expect_drawn(page)


def notices(answer: dict[str, object]) -> list[str]:
    told = answer["notices"]
    assert isinstance(told, list)
    return [notice["kind"] for notice in told]


def test_an_answer_is_approved_given_and_withdrawn(staff: StaffSite) -> None:
    first = staff.ask(QUESTION)
    assert first["status"] == "answered"
    staff.thumb_down(first)

    page = staff.enter("choi")
    opened(page, "영재고는 어디에")
    page.keyboard.press("a")
    expect(page.locator("#sd-publishing")).to_be_visible()
    expect(page.locator("#sd-wordings")).to_have_value(QUESTION)
    expect(page.locator(".sd-source q").first).to_be_visible()
    page.locator("#sd-wordings").fill(f"{QUESTION}\n{OTHER}")
    page.locator("#sd-publish").click()
    # Nobody publishes what they do not say to have read.
    expect(page.locator("#sd-publishing")).to_be_visible()
    page.locator("#sd-read").check()
    page.locator("#sd-publish").click()
    expect(page.locator(TOAST)).to_contain_text("게시했습니다")
    expect(page.locator(".sd-screen-approved h1")).to_contain_text(QUESTION)
    expect(page.locator(".sd-facts .sd-approved-live")).to_have_text("게시 중")
    expect(page.locator("#sd-approved-history li")).to_have_count(1)

    again = staff.ask(OTHER)
    assert (notices(again), again["confidence"]) == (["staff_checked"], 1.0)
    assert again["sentences"] == first["sentences"]
    resident = staff.context().new_page()
    resident.goto("/")
    resident.locator("textarea").first.fill(OTHER)
    resident.keyboard.press("Enter")
    expect(resident.locator("main")).to_contain_text("담당자가 확인한 답변입니다.")

    go(page, "?screen=try")
    page.locator("[name=question]").fill(QUESTION)
    page.locator("[name=question]").press("Enter")
    expect(page.locator(".sd-panel .sd-warning")).to_contain_text("승인 답변으로 답했습니다.")
    page.locator(".sd-panel .sd-warning a").click()
    expect(page.locator(".sd-screen-approved h1")).to_contain_text(QUESTION)

    # A reviewer reads it and changes nothing; the owner is told when residents do not find it helpful.
    staff.thumb_down(again)
    kim = staff.enter("kim", "/staff/?screen=approved&text=영재고")
    kim.locator(".sd-question a").click()
    expect(kim.locator(".sd-screen-approved h1")).to_contain_text(QUESTION)
    expect(kim.locator("#sd-withdraw")).to_have_count(0)
    go(page, "")
    opened(page, "영재고 위치가")
    expect(page.locator(".sd-facts .sd-reason-approved_thumbs_down")).to_have_text("승인 답변 도움 안 됨")
    go(page, "")
    expect(page.locator("#sd-mine-complaints")).to_contain_text("1건")

    go(page, "?screen=approved&state=live")
    page.locator(".sd-question a", has_text="영재고").click()
    page.locator("#sd-withdraw").click()
    page.locator("#sd-yes").click()
    expect(page.locator(TOAST)).to_contain_text("철회했습니다")
    expect(page.locator(".sd-facts .sd-approved-withdrawn")).to_have_text("철회")
    expect(page.locator("#sd-approved-history li")).to_have_count(2)
    assert "staff_checked" not in notices(staff.ask(QUESTION))


def test_a_correction_is_published(staff: StaffSite) -> None:
    question = "AI 영재고는 언제 문을 여나요?"
    staff.thumb_down(staff.ask(question))
    page = staff.enter("choi")
    opened(page, "언제 문을")
    page.keyboard.press("e")
    expect(page.locator("#sd-composer")).to_be_visible()
    page.locator("#sd-c-save").click()
    expect(page.locator(TOAST)).to_contain_text("1판을 저장했습니다")
    page.get_by_role("link", name="1판 게시하기").click()
    expect(page.locator("#sd-publishing")).to_be_visible()
    page.locator("#sd-wordings").fill(f"{question}\n김철수, 010-2345-6789 로 알려 주세요")
    page.locator("#sd-read").check()
    page.locator("#sd-publish").click()
    expect(page.locator(".sd-toast.sd-bad p")).to_contain_text("개인정보")
    page.locator("#sd-wordings").fill(question)
    page.locator("#sd-publish").click()
    expect(page.locator(TOAST)).to_contain_text("게시했습니다")
    page.locator("#sd-to-item").click()
    expect(page.locator(".sd-right .sd-approved-live")).to_have_text("게시 중")
    expect(page.get_by_role("link", name="1판 게시하기")).to_have_count(0)
    page.get_by_role("link", name="승인 답변", exact=False).last.click()
    page.locator("#sd-withdraw").click()
    page.locator("#sd-yes").click()
    expect(page.locator(TOAST)).to_contain_text("철회했습니다")
