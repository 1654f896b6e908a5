"""From what residents asked in vain to an edited brief in two clicks, on a corpus of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.staff import PAYLOAD, StaffSite, expect_drawn, go, staff_server
from tests.library.corpora import write_corpus
from tests.review.briefs import COST, SLUG, files
from tests.services.postgres import Cluster

from civicbot.settings import REPOSITORY

ASKED = "하늘트램 만드는 데 나랏돈이 얼마 들어가"
STRANGE = f"달빛도서관 열람실 몇 석이에요? {PAYLOAD}"
QUESTIONS = f"ko/questions/{SLUG}.md"
TOAST = "#sd-toast p"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gaps")
    write_corpus(folder / "corpus", files())
    return folder


@pytest.fixture(scope="module")
def gaps_site(folder: Path, staff_cluster: Callable[[], Cluster], browser: Browser) -> Iterator[StaffSite]:
    """A server whose corpus may be written."""
    from tests.browser.conftest import INGEST_SECONDS, environment

    own = {"CIVICBOT_CORPUS": str(folder / "corpus"), "CIVICBOT_EMBEDDER_LANGUAGES": "none"}
    command = [sys.executable, "-m", "civicbot", "ingest"]
    subprocess.run(
        command, cwd=REPOSITORY, env=environment(folder / "var", **own), stdout=subprocess.DEVNULL,
        timeout=INGEST_SECONDS, check=True,
    )  # fmt: skip
    corpus = {"CIVICBOT_CORPUS": own["CIVICBOT_CORPUS"]}
    with staff_server("sqlite", folder / "var", folder, staff_cluster, browser, **corpus) as site:
        for _ in range(2):
            assert site.ask(ASKED)["status"] == "no_evidence"
        assert site.ask(STRANGE)["status"] == "no_evidence"
        yield site
        assert site.errors == []


def opened(site: StaffSite, name: str) -> Page:
    """The gaps, once the queue has taken in what was asked."""
    page = site.enter(name)
    page.locator("#sd-refresh").click()
    expect(page.locator(TOAST)).to_contain_text("새로 고쳤습니다")
    page.get_by_role("link", name="빈틈", exact=True).click()
    expect(page.locator(".sd-screen-gaps h1")).to_have_text("빈틈")
    expect_drawn(page)
    return page


def test_a_wording_is_added_in_two_clicks(gaps_site: StaffSite, folder: Path) -> None:
    page = opened(gaps_site, "choi")
    row = page.locator("tr[data-row]", has_text=ASKED)
    expect(row.locator(".sd-step-wording")).to_have_text("표현 추가")
    expect(row).to_contain_text(COST)
    expect(row.get_by_role("img")).to_have_attribute("aria-label", "주마다 물은 횟수: 0, 0, 0, 0, 2")
    expect(page.locator("tr[data-row]", has_text="달빛도서관").locator(".sd-step-upload")).to_have_text("자료 올리기")

    row.get_by_role("link", name="표현으로 더하기").click()
    expect(page.locator("#sd-sound")).to_be_visible()
    expect(page.locator(".sd-diff-added")).to_have_text(f"+더한 줄: - {ASKED}")
    before = (folder / "corpus" / QUESTIONS).read_text(encoding="utf-8")
    page.locator("#sd-save-prepare").click()
    expect(page.locator(TOAST)).to_contain_text("‘하늘트램’을(를) 저장하고 자료 갱신을 준비하기 시작했습니다.")
    expect(page.locator(".sd-screen-updates")).to_be_visible()
    after = (folder / "corpus" / QUESTIONS).read_text(encoding="utf-8")
    assert after == before.replace("- 하늘트램 사업비\n", f"- 하늘트램 사업비\n- {ASKED}\n")

    go(page, "?screen=gaps")
    expect(page.locator("tr[data-row]", has_text=ASKED).locator(".sd-good")).to_contain_text("고침")
    go(page, "?screen=gaps&part=briefs")
    page.get_by_role("button", name="되돌리기").click()
    page.locator("#sd-yes").click()
    expect(page.locator(TOAST)).to_have_text("고치기 전의 내용으로 되돌렸습니다.")
    assert (folder / "corpus" / QUESTIONS).read_text(encoding="utf-8") == before


def test_a_brief_is_edited_freely_with_live_checks(gaps_site: StaffSite, folder: Path) -> None:
    page = opened(gaps_site, "choi")
    go(page, f"?screen=gaps&brief={SLUG}")
    text = page.locator("#sd-text-briefs-ko")
    expect(text).to_be_visible()
    expect(page.locator("#sd-save")).to_be_disabled()
    whole = text.input_value()
    text.fill(whole.replace("900억 원입니다.[^S001]", "800억 원입니다.[^S001]"))
    expect(page.locator(".sd-problems")).to_contain_text("The figures are not those")
    expect(page.locator("#sd-save")).to_be_disabled()
    text.fill(whole.replace("하늘트램 소개\n", "하늘트램 소개\n하늘트램 설명 좀\n"))
    expect(page.locator("#sd-sound")).to_be_visible()
    expect(page.locator(".sd-diff-added")).to_have_text("+더한 줄: 하늘트램 설명 좀")
    (folder / "corpus" / f"ko/briefs/{SLUG}.md").write_text(f"{whole}\n", encoding="utf-8")
    page.locator("#sd-save").click()
    expect(page.locator(TOAST)).to_contain_text("그사이 파일이 바뀌었습니다")
    expect(text).to_have_value(whole.replace("하늘트램 소개\n", "하늘트램 소개\n하늘트램 설명 좀\n"))


def test_a_reviewer_reads_and_exports_but_does_not_edit(gaps_site: StaffSite, tmp_path: Path) -> None:
    page = opened(gaps_site, "kim")
    expect(page.get_by_role("link", name="표현으로 더하기")).to_have_count(0)
    expect(page.locator("#sd-briefs")).to_have_count(0)
    for button, name in (("#sd-jsonl", "gaps.jsonl"), ("#sd-csv", "gaps.csv")):
        with page.expect_download() as waiting:
            page.locator(button).click()
        waiting.value.save_as(tmp_path / name)
    rows = [json.loads(line) for line in (tmp_path / "gaps.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["label"]: (row["asked"], row["internal_only"]) for row in rows}[ASKED] == (2, True)
    assert ASKED in (tmp_path / "gaps.csv").read_text(encoding="utf-8-sig")
    page.locator("tr[data-row]", has_text="달빛도서관").locator("a").first.click()
    expect(page.locator(".sd-screen-gaps h1")).to_contain_text("달빛도서관")
    expect(page.locator("#sd-examples-title + ul li")).to_have_count(1)
    assert page.evaluate("window.hacked") is None
