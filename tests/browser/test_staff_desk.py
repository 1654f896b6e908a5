"""From a resident's complaint to the reply, the pause and back, on both kinds of database."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Page, expect
from tests.browser.pages import QUESTIONS, expect_opened
from tests.browser.staff import PAYLOAD, StaffSite, eventually, expect_drawn, go, log_in, search
from tests.review.doors import ADMIN, PASSWORD

from civicbot.review.access import Role

TOAST = "#sd-toast p"


def opened(page: Page, text: str) -> None:
    """Opens the only item with a text."""
    search(page, text)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.locator(".sd-question a").click()
    expect(page.locator(".sd-screen-item")).to_be_visible()
    expect_drawn(page)


def test_from_a_complaint_to_the_reply(staff: StaffSite) -> None:
    question = "AI 모빌리티 국가시범도시 아파트 분양가는 얼마예요?"
    answer = staff.ask(question)
    staff.thumb_down(answer, f"분양 계획이 궁금합니다 {PAYLOAD}")
    code = staff.ticket(answer, f"분양가를 알려 주세요 {PAYLOAD}")

    kim = staff.enter("kim")
    search(kim, "분양가")
    row = kim.locator("tr[data-row]")
    expect(row).to_have_count(1)
    expect(row.locator(".sd-reason-ticket")).to_have_text("민원")
    expect(row.locator(".sd-reason-thumbs_down")).to_have_text("도움 안 됨")
    row.locator("a").click()
    expect(kim.locator(".sd-screen-item h1")).to_contain_text("분양가")
    expect(kim.locator(".sd-ticket blockquote")).to_contain_text(PAYLOAD)
    expect(kim.locator("#sd-feedback-title + ul")).to_contain_text(PAYLOAD)
    assert code not in kim.content()

    kim.keyboard.press("c")
    expect(kim.locator(TOAST)).to_have_text("항목을 맡았습니다.")
    lee = staff.enter("lee")
    opened(lee, "분양가")
    expect(lee.locator("#sd-claim-title + p")).to_contain_text("kim 직원이")
    expect(lee.locator("#sd-take-over")).to_have_count(0)
    lee.locator("#sd-note").fill("제 생각은 다릅니다")
    lee.locator("#sd-verdict-correct").click()
    expect(lee.locator(".sd-toast.sd-bad p")).to_contain_text("kim 직원이")
    expect(lee.locator("#sd-note")).to_have_value("제 생각은 다릅니다")

    kim.locator("#sd-note").fill(f"분양은 아직 계획이 없음 {PAYLOAD}")
    kim.locator("#sd-verdict-should_have_answered").click()
    expect(kim.locator(TOAST)).to_contain_text("답했어야 함")
    expect(kim.locator("#sd-verdict-should_have_answered")).to_have_attribute("aria-pressed", "true")
    expect(kim.locator("#sd-note")).to_have_value("")
    expect(kim.get_by_text("분양은 아직 계획이 없음")).to_be_visible()

    reply = "분양 계획은 아직 정해지지 않았습니다."
    kim.locator("[name=reply]").fill(reply)
    kim.locator("#sd-send-1").click()
    expect(kim.locator(TOAST)).to_contain_text("답글을 보냈습니다")
    expect(kim.locator("[name=reply]")).to_have_value("")
    resident = staff.context().new_page()
    resident.goto(f"/t/{code}")
    expect(resident.locator("main")).to_contain_text(reply)

    go(kim, "")
    kim.locator("#sd-code").fill(code.lower())
    kim.locator("#sd-code").press("Enter")
    expect(kim.locator(".sd-ticket-answered")).to_have_text("답변함")
    for page in (kim, lee, resident):
        assert page.evaluate("window.hacked") is None


def test_a_correction_is_composed_from_the_library(staff: StaffSite) -> None:
    staff.thumb_down(staff.ask(QUESTIONS["ko"]))
    page = staff.enter("kim")
    opened(page, "총사업비")
    expect(page.locator(".sd-passage mark").first).to_contain_text("5000억")
    page.keyboard.press("e")
    expect(page.locator("#sd-composer")).to_be_visible()
    rows = page.locator("#sd-composer textarea[name=text]")
    first = rows.count()
    page.locator("#sd-c-query").fill("국가AI컴퓨팅센터 총사업비")
    page.locator("#sd-c-query").press("Enter")
    expect(page.locator(".sd-hit").first).to_be_visible()
    page.locator(".sd-add:not([disabled])").first.click()
    expect(rows).to_have_count(first + 1)
    expect_drawn(page)
    added = rows.last.input_value()
    page.locator(f"#sd-c-up-{first}").click()
    expect(rows.nth(first - 1)).to_have_value(added)
    expect(page.locator(".sd-unsound")).to_have_count(0)

    rows.nth(first - 1).fill("국가AI컴퓨팅센터의 총사업비는 9조 원입니다.")
    page.locator("#sd-c-save").click()
    expect(page.locator(".sd-toast.sd-bad p")).to_contain_text("근거가 부족한 문장")
    expect(page.locator(".sd-unsound .sd-problems")).to_contain_text("9조")

    page.reload()
    expect(rows).to_have_count(first + 1)
    expect(page.locator(".sd-unsound textarea")).to_have_value("국가AI컴퓨팅센터의 총사업비는 9조 원입니다.")
    expect_drawn(page)
    page.locator(f"#sd-c-remove-{first - 1}").click()
    expect(rows).to_have_count(first)
    page.locator("#sd-c-save").click()
    expect(page.locator(TOAST)).to_have_text("정정 답변 1판을 저장했습니다.")
    expect(page.locator("#sd-composer")).to_have_count(0)
    page.get_by_role("link", name=re.compile("정정 답변, 1판")).click()
    expect(rows).to_have_count(first)


def test_a_pause_takes_effect_everywhere_and_is_lifted(staff: StaffSite) -> None:
    told = {"ko": "자료를 고치는 중입니다. 내일 다시 물어봐 주세요.", "en": "We are mending the library."}
    page = staff.enter("park", "/staff/?screen=sites&site=%2B")
    origin = "https://www.gwangju.example"
    page.locator("[name=site]").fill(f"demo-{staff.kind}")
    page.locator("[name=origins]").fill(origin)
    page.get_by_role("button", name="등록").click()
    expect(page.locator(".sd-code")).to_contain_text(f'data-site="demo-{staff.kind}"')

    def widget() -> httpx.Response:
        with staff.resident() as client:
            return client.get(f"/api/v1/sites/demo-{staff.kind}?language=ko", headers={"Origin": origin})

    eventually(lambda: widget().status_code == 200)
    assert widget().json()["paused"] is None
    resident = staff.context().new_page()
    resident.goto("/")
    expect_opened(resident)

    go(page, "?screen=switches")
    page.locator("form[data-draft=pause-new] [name=reason]").fill("자료 점검")
    for language, text in told.items():
        page.locator(f"form[data-draft=pause-new] [name=text_{language}]").fill(text)
    page.get_by_role("button", name="답변 중지").click()
    page.locator("#sd-yes").click()
    expect(page.locator(TOAST)).to_have_text("답변을 중지했습니다.")
    try:
        eventually(lambda: staff.ask(QUESTIONS["ko"])["status"] == "paused")
        assert staff.ask(QUESTIONS["ko"])["text"] == told["ko"]
        assert staff.ask(QUESTIONS["en"], language="en")["text"] == told["en"]
        eventually(lambda: widget().json()["paused"] == told["ko"])
        resident.locator("#cb-question").fill(QUESTIONS["ko"])
        resident.locator("#cb-question").press("Enter")
        expect(resident.locator(".cb-answer")).to_contain_text(told["ko"])
    finally:
        page.get_by_role("button", name="다시 켜기").click()
        page.locator("#sd-yes").click()
        expect(page.locator(TOAST)).to_have_text("다시 답합니다.")
    eventually(lambda: staff.ask(QUESTIONS["ko"])["status"] == "answered")
    eventually(lambda: widget().json()["paused"] is None)
    go(page, "?screen=log&action=switch")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("#sd-verify").click()
    expect(page.locator(TOAST)).to_contain_text("모두 온전합니다")


def test_a_publisher_takes_over(staff: StaffSite) -> None:
    staff.thumb_down(staff.ask("국가 NPU 컴퓨팅센터는 언제 완공되나요?"))
    kim = staff.enter("kim")
    opened(kim, "NPU")
    kim.keyboard.press("c")
    expect(kim.locator("#sd-release")).to_be_visible()
    choi = staff.enter("choi")
    opened(choi, "NPU")
    choi.locator("#sd-take-over").click()
    choi.locator("#sd-yes").click()
    expect(choi.locator(TOAST)).to_have_text("항목을 넘겨받았습니다.")
    kim.locator("#sd-release").click()
    expect(kim.locator(".sd-toast.sd-bad p")).to_contain_text("choi 직원이")


def test_a_log_in_that_ends_in_the_middle_costs_no_word(staff: StaffSite) -> None:
    staff.expected = ("401",)
    staff.thumb_down(staff.ask("광주 AI 사관학교는 무엇인가요?"))
    page = staff.enter("lee")
    opened(page, "사관학교")
    page.locator("#sd-note").fill("여기까지 썼습니다")
    address = page.url
    assert staff.accounts.sessions.end_all(ADMIN, "lee") >= 1
    page.locator("#sd-verdict-correct").click()
    expect(page.locator("#sd-expired")).to_be_visible()
    expect(page.locator("#sd-main")).to_be_hidden()
    page.locator("#sd-again").click()
    expect(page.locator("[name=password]")).to_be_visible()
    log_in(page, "lee")
    expect(page.locator("#sd-note")).to_have_value("여기까지 썼습니다")
    assert page.url == address
    expect(page.locator("#sd-net")).to_contain_text("되돌려 놓았습니다")
    page.locator("#sd-leave").click()
    expect(page.locator("[name=password]")).to_be_visible()
    log_in(page, "lee")
    expect_drawn(page)
    page.goto(address)
    expect(page.locator("#sd-note")).to_have_value("")


def test_a_name_is_locked_after_too_many_passwords(staff: StaffSite) -> None:
    page = staff.context().new_page()
    page.goto("/staff/")
    staff.expected = ("401", "429")
    staff.accounts.people.add(ADMIN, f"locked-{staff.kind}", Role.REVIEWER, PASSWORD)
    for _ in range(6):
        log_in(page, f"locked-{staff.kind}", "wrong password")
        expect(page.locator("#problem, [role=alert]").first).to_be_visible()
    expect(page.locator("[role=alert]").first).to_contain_text("분")
