"""The whole loop of a correction, on each kind of database: asked, judged, corrected, published, suspended, fixed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser import pages, widgets
from tests.browser.host_pages import HostPages, page, tag
from tests.browser.staff import StaffSite, eventually, expect_drawn, go, search, staff_server
from tests.library.corpora import write_corpus
from tests.review.briefs import SOURCE, files
from tests.services.postgres import Cluster

from civicbot.library.ingest import ingest
from civicbot.settings import REPOSITORY, Settings

QUESTION = "하늘트램 총사업비는 얼마예요?"
ON_THE_PAGE = "하늘트램 짓는 데 돈이 얼마나 들어요?"
IN_THE_WIDGET = "하늘 트램 사업비가 얼마나 되나요?"
LATER = "하늘트램 만드는 비용은 얼마인가요?"
SHARE = {
    "ko": "가온시는 2026년 5월 1일 하늘트램 총사업비 가운데 국비가 540억 원이라고 밝혔습니다.",
    "en": "Gaon City said on 1 May 2026 that the state would pay 54 billion won of the cost of the Sky Tram.",
}
"""What the brief does not tell and the digest does: residents get half an answer."""
CHANGED = {"900억": "950억", "90 billion": "95 billion", "90000000000": "95000000000"}
REASON = "시가 총사업비를 고쳐 발표해 그대로 공개합니다."
CHECKED = "2026년 11월 22일에 담당자가 확인한 답변입니다."
TOAST = "#sd-toast p"
APPROVED_ROW = ".sd-screen-approved tr[data-row]"
PREPARED_MS = 180_000
"""Another process loads all that an ingest needs, beside whatever else the machine does."""
EVALUATED_SECONDS = 300


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def site(
    request: pytest.FixtureRequest, tmp_path: Path, staff_cluster: Callable[[], Cluster], browser: Browser
) -> Iterator[StaffSite]:
    """A server with a small corpus of its own, which the test changes."""
    corpus = write_corpus(tmp_path / "corpus", with_share(files()))
    data = tmp_path / "var"
    assert ingest(Settings(corpus=corpus, data=data, embedder_languages="none")).problems == ()
    settings = {"CIVICBOT_CORPUS": str(corpus)}
    with staff_server(request.param, data, tmp_path, staff_cluster, browser, **settings) as site:
        yield site
        for context in site.contexts:
            context.close()
        assert site.errors == []
        assert [url for url in site.requests if not url.startswith((site.base + "/", "data:", "blob:"))] == []


def with_share(corpus: dict[str, str]) -> dict[str, str]:
    """The small corpus, whose digest tells who pays."""
    for language, sentence in SHARE.items():
        corpus[f"{language}/sources/{SOURCE}.md"] += f"{sentence}\n"
    return corpus


def edit_the_source(corpus: Path) -> None:
    """The city has announced another figure: editors put it in the digest and in the brief."""
    for file in corpus.rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        for before, after in CHANGED.items():
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")


def asked_wrong(site: StaffSite) -> None:
    """A resident gets half an answer, and says so."""
    resident = pages.opened(site.context())
    pages.ask(resident, QUESTION)
    turn = resident.locator(".cb-turn").last
    expect(turn.locator(".cb-text")).to_contain_text("900억 원")
    expect(turn.locator(".cb-text")).not_to_contain_text("540억")
    expect(turn.locator(".cb-notice-staff_checked")).to_have_count(0)
    turn.get_by_role("button", name="아니요", exact=True).click()
    form = turn.locator("[data-form=reasons]")
    form.locator("textarea").fill("국비가 얼마인지 없어요.")
    form.get_by_role("button", name="의견 보내기").click()
    expect(turn.locator(".cb-thanks")).to_contain_text("의견 고맙습니다")


def item_opened(staff: Page, state: str = "") -> None:
    """Opens the only item about the question, among those in a state."""
    go(staff, f"?screen=queue&state={state}")
    search(staff, "총사업비")
    expect(staff.locator("tr[data-row]")).to_have_count(1)
    staff.locator(".sd-question a").click()
    expect(staff.locator(".sd-screen-item")).to_be_visible()
    expect_drawn(staff)


def judged_and_corrected(kim: Page) -> None:
    """A reviewer finds it incomplete and adds what is missing."""
    item_opened(kim)
    expect(kim.locator("#sd-feedback-title + ul")).to_contain_text("국비가 얼마인지 없어요.")
    kim.locator("#sd-note").fill("국비가 빠졌음")
    kim.locator("#sd-verdict-incomplete").click()
    expect(kim.locator("#sd-verdict-incomplete")).to_have_attribute("aria-pressed", "true")
    expect_drawn(kim)
    kim.keyboard.press("e")
    sentences = kim.locator("#sd-composer textarea[name=text]")
    expect(sentences).to_have_count(1)
    look_up(kim, "하늘트램 국비")
    kim.locator(".sd-pickable li", has_text=SHARE["ko"]).locator(".sd-add").first.click()
    expect(sentences).to_have_count(2)
    expect_drawn(kim)
    save(kim, 1)


def look_up(kim: Page, text: str) -> None:
    """Looks for sentences of the library beside the draft."""
    kim.locator("#sd-c-query").fill(text)
    kim.locator("#sd-c-query").press("Enter")
    expect(kim.locator(".sd-hit").first).to_be_visible()
    expect_drawn(kim)


def save(kim: Page, version: int) -> None:
    expect(kim.locator(".sd-unsound")).to_have_count(0)
    kim.locator("#sd-c-save").click()
    expect(kim.locator(TOAST)).to_have_text(f"정정 답변 {version}판을 저장했습니다.")
    expect(kim.locator("#sd-composer")).to_have_count(0)


def published(choi: Page, version: int) -> None:
    """A publisher is told that a version waits, reads it and publishes it."""
    go(choi, "")
    expect(choi.locator("#sd-unpublished")).to_contain_text("정정 답변이 1건 있습니다")
    choi.locator("#sd-unpublished a").click()
    expect(choi.locator("#sd-unpublished li")).to_contain_text(QUESTION)
    choi.locator("#sd-unpublished").get_by_role("link", name=f"{version}판 게시하기").click()
    expect(choi.locator("#sd-wordings")).to_have_value(QUESTION)
    choi.locator("#sd-read").check()
    choi.locator("#sd-publish").click()
    expect(choi.locator(TOAST)).to_contain_text("게시했습니다")
    expect(choi.locator(".sd-facts .sd-approved-live")).to_have_text("게시 중")


def given_on_the_page(site: StaffSite, question: str, total: str) -> None:
    """The next resident, who asks in other words, gets what staff have checked."""
    resident = pages.opened(site.context())
    pages.ask(resident, question)
    turn = resident.locator(".cb-turn").last
    for figure in (total, "540억 원"):
        expect(turn.locator(".cb-text")).to_contain_text(figure)
    expect(turn.locator(".cb-notice-staff_checked")).to_contain_text(CHECKED)


def given_in_the_widget(site: StaffSite) -> None:
    """So does who asks on another site."""
    park = site.enter("park", "/staff/?screen=sites&site=%2B")
    with HostPages() as host:
        park.locator("[name=site]").fill("city")
        park.locator("[name=origins]").fill(host.origin)
        park.get_by_role("button", name="등록").click()
        expect(park.locator(".sd-code")).to_contain_text('data-site="city"')
        host.pages["/"] = page(tag(site.base))
        with site.resident() as client:
            known = {"Origin": host.origin, "Civicbot-Site": "city"}
            eventually(lambda: client.get("/api/v1/sites/city", headers=known).is_success)
        with widgets.visiting(site.browser, host.origin, site.base, locale="ko-KR") as context:
            resident = widgets.opened(context, f"{host.origin}/")
            widgets.ask(resident, IN_THE_WIDGET)
            turn = resident.locator(".turn").last
            expect(turn.locator(".text")).to_contain_text("540억 원")
            expect(turn.locator(".notice.good")).to_contain_text(CHECKED)


def prepared(choi: Page) -> None:
    """A publisher prepares an update and reads what it does: the approved answer would be suspended."""
    go(choi, "?screen=updates")
    choi.locator("#sd-u-do-prepare").click()
    expect(choi.locator("#sd-u-running")).to_have_count(1)
    expect(choi.locator("#sd-u-running")).to_have_count(0, timeout=PREPARED_MS)
    expect_drawn(choi)
    expect(choi.locator("#sd-u-report")).to_contain_text("결정 대기")
    concerns = choi.locator("#sd-u-concerns")
    expect(concerns).to_contain_text("승인 답변 1건의 근거가 바뀌어 중단되고")
    expect(concerns.locator("li", has_text="검증 사례 1건이 나빠집니다").locator(".sd-concern-blocks")).to_have_text(
        "막힘"
    )
    case = choi.locator(".sd-case", has=choi.locator(".sd-impact-suspended"))
    expect(case).to_have_count(1)
    expect(case.locator("h3")).to_contain_text(QUESTION)
    expect(case.locator(".sd-side").nth(0)).to_contain_text("540억 원")
    expect(case.locator(".sd-side").nth(1)).to_contain_text("950억 원")
    expect(case.locator("del")).to_contain_text("900억 원")
    expect(case.locator("ins")).to_contain_text("950억 원")


def update_published(site: StaffSite, choi: Page) -> None:
    """What blocks takes a reason; until then residents get what they got."""
    choi.locator("#sd-u-publish").click()
    choi.locator("#sd-yes").click()
    expect(choi.locator(".sd-toast.sd-bad p")).to_contain_text("이유를 적으십시오")
    given_on_the_page(site, LATER, "900억 원")
    choi.locator("#sd-u-reason").fill(REASON)
    choi.locator("#sd-u-publish").click()
    choi.locator("#sd-yes").click()
    expect(choi.locator(TOAST)).to_have_text("새 자료를 공개했습니다.")
    expect(choi.locator("#sd-u-report")).to_contain_text(REASON)


def suspended(site: StaffSite) -> None:
    """The next resident gets what the library says now, not what staff said before."""
    resident = pages.opened(site.context())
    pages.ask(resident, LATER)
    turn = resident.locator(".cb-turn").last
    expect(turn.locator(".cb-text")).to_contain_text("950억 원")
    expect(turn.locator(".cb-text")).not_to_contain_text("900억")
    expect(turn.locator(".cb-notice-staff_checked")).to_have_count(0)


def back_in_the_queue(lee: Page) -> None:
    """Whoever works at the queue finds the item there, with what has changed."""
    item_opened(lee)
    expect(lee.locator(".sd-facts .sd-state-open")).to_be_visible()
    expect(lee.locator(".sd-facts .sd-reason-approved_suspended")).to_be_visible()
    change = lee.locator("[id^=sd-suspended-] .sd-change").first
    expect(change).to_contain_text("900억 원")
    expect(change.locator("ins")).to_contain_text("950억")


def fixed(site: StaffSite) -> None:
    """The owner is told when they log in, and writes a new version."""
    kim = site.enter("kim")
    expect(kim.locator("#sd-mine-suspended")).to_contain_text("1개가 중단되어 있습니다")
    kim.locator("#sd-mine-suspended a").click()
    expect(kim.locator(APPROVED_ROW)).to_have_count(1)
    kim.locator(APPROVED_ROW).locator("a").first.click()
    expect(kim.locator("#sd-changed")).to_contain_text("인용한 문장이 자료에서 바뀌었습니다.")
    if site.kind == "postgresql":
        # What the library says instead, as one version; the other way is to write it.
        kim.locator("#sd-renew").click()
        expect(kim.locator(TOAST)).to_contain_text("새 판을 저장했습니다")
        expect(kim.locator(".sd-rows > li").first.locator("q")).to_contain_text("950억")
        return
    kim.locator("#sd-fix").click()
    expect(kim.locator(".sd-unsound")).to_have_count(1)
    expect_drawn(kim)
    kim.locator("#sd-c-uncite-0-0").click()
    expect(kim.locator(".sd-rows > li").first.locator("q")).to_have_count(0)
    expect_drawn(kim)
    first = kim.locator("#sd-c-text-0")
    first.fill(first.input_value().replace("900억", "950억"))
    kim.locator("#sd-c-target").select_option("0")
    look_up(kim, "하늘트램 총사업비")
    kim.locator(".sd-pickable li", has_text="950억 원이라고 밝혔습니다").locator(".sd-add").first.click()
    expect(kim.locator(".sd-rows > li").first.locator("q")).to_contain_text("950억")
    expect_drawn(kim)
    save(kim, 2)


def evaluated(site: StaffSite) -> None:
    """A real process on the same records and library finds every verified case answered rightly."""
    command = [sys.executable, "-m", "civicbot", "eval", "--set", "verified", "--fail-under", "1", "--wrong-over", "0"]
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**site.variables}, capture_output=True, text=True, timeout=EVALUATED_SECONDS,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100" in done.stdout


def told_to_everybody(site: StaffSite) -> None:
    """The page about the service's work tells of both corrections, and of nobody's question."""
    anybody = site.context(390).new_page()
    anybody.goto("/transparency")
    told = anybody.locator("#corrections ~ .entries > li")
    expect(told).to_have_count(2)
    expect(told.nth(0)).to_contain_text("바뀐 내용을 반영했습니다")
    expect(told.nth(0)).to_contain_text("지금 이 답을 드립니다.")
    expect(told.nth(1)).to_contain_text("빠진 내용을 채웠습니다")
    expect(told.nth(1)).to_contain_text("그 뒤에 새 답으로 바꾸었습니다.")
    expect(told.nth(0)).to_contain_text("하늘트램")
    assert QUESTION not in anybody.content()


def test_a_correction_becomes_the_answer_a_test_and_an_alarm(site: StaffSite, tmp_path: Path) -> None:
    asked_wrong(site)
    judged_and_corrected(site.enter("kim"))
    choi = site.enter("choi")
    published(choi, 1)
    given_on_the_page(site, ON_THE_PAGE, "900억 원")
    given_in_the_widget(site)

    edit_the_source(tmp_path / "corpus")
    prepared(choi)
    update_published(site, choi)
    suspended(site)
    back_in_the_queue(site.enter("lee"))

    fixed(site)
    published(choi, 2)
    given_on_the_page(site, LATER, "950억 원")
    item_opened(choi, "done")
    expect(choi.locator(".sd-facts .sd-reason-approved_suspended")).to_have_count(0)
    go(choi, "")
    expect(choi.locator("#sd-unpublished")).to_have_count(0)
    evaluated(site)
    told_to_everybody(site)
