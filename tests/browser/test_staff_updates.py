"""An update of the library at the desk: prepared, compared, published and taken back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr
from tests.browser.conftest import environment, free_port, wait_until_ready
from tests.browser.staff import PEOPLE, StaffSite, expect_drawn, go
from tests.library.corpora import write_corpus
from tests.review.doors import ADMIN, PASSWORD, SECRET, accounts_on
from tests.review.update_desks import BRIEF_PATH, BUDGET, PATH
from tests.services.postgres import Cluster

from civicbot.library.ingest import ingest
from civicbot.records.database import open_database
from civicbot.settings import REPOSITORY, Settings

TOAST = "#sd-toast p"
PREPARED_MS = 180_000
"""Another process loads all that an ingest needs, beside whatever else the machine does."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def site(
    request: pytest.FixtureRequest, tmp_path: Path, staff_cluster: Callable[[], Cluster], browser: Browser
) -> Iterator[StaffSite]:
    """A server with a small corpus of its own, which the test may change."""
    corpus = write_corpus(tmp_path / "corpus")
    data = tmp_path / "var"
    kind = request.param
    address = f"sqlite:///{data}/records.sqlite3" if kind == "sqlite" else staff_cluster().new_database()
    ingest(Settings(corpus=corpus, data=data, embedder="bundled", embedder_languages="none"))
    database = open_database(Settings(data=data, database_url=SecretStr(address)))
    accounts = accounts_on(database)
    for name, role in PEOPLE.items():
        accounts.people.add(ADMIN, name, role, PASSWORD)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    more = {"CIVICBOT_PORT": str(port), "CIVICBOT_DATABASE_URL": address, "CIVICBOT_SECRET": SECRET}
    variables = environment(data, CIVICBOT_STAFF_LOGIN_LIMIT="1000", CIVICBOT_EMBEDDER_LANGUAGES="none", **more)
    variables |= {"CIVICBOT_CORPUS": str(corpus), "CIVICBOT_TODAY": ""}
    with subprocess.Popen([sys.executable, "app.py"], cwd=REPOSITORY, env=variables) as process:
        try:
            wait_until_ready(base, process)
            found = StaffSite(base, kind, accounts, browser)
            yield found
            for context in found.contexts:
                context.close()
            assert found.errors == []
        finally:
            process.terminate()
            process.wait(60)
            database.close()
            shutil.rmtree(data / "readers", ignore_errors=True)


def corpus_of(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


def confirmed(page: Page, button: str) -> None:
    """Presses a button that asks first."""
    page.locator(button).click()
    page.locator("#sd-yes").click()


def prepared(page: Page) -> None:
    """Prepares an update and waits until the screen shows its report."""
    page.locator("#sd-u-do-prepare").click()
    expect(page.locator("#sd-u-running")).to_have_count(1)
    expect(page.locator("#sd-u-running")).to_have_count(0, timeout=PREPARED_MS)
    expect_drawn(page)


def test_prepared_compared_published_and_taken_back(site: StaffSite, tmp_path: Path) -> None:
    assert "40억" in site.ask(BUDGET)["text"]
    kim = site.enter("kim", "/staff/?screen=updates")
    expect(kim.locator("#sd-u-do-prepare")).to_have_count(0)
    expect(kim.locator("#sd-u-roll-back")).to_have_count(0)

    for path in (PATH, BRIEF_PATH):
        file = corpus_of(tmp_path) / path
        file.write_text(file.read_text(encoding="utf-8").replace("40억", "50억").replace("4.0e9", "5.0e9"), "utf-8")
    choi = site.enter("choi", "/staff/?screen=updates")
    prepared(choi)
    report = choi.locator("#sd-u-report")
    expect(report).to_contain_text("결정 대기")
    expect(report).to_contain_text("바뀐 문서 2건")
    expect(choi.locator("#sd-u-concerns")).to_contain_text("공개를 막는 것이 없습니다")
    case = choi.locator(".sd-case")
    expect(case).to_have_count(1)
    expect(case.locator(".sd-impact-changed_figures")).to_have_text("숫자 바뀜")
    expect(case.locator(".sd-side").nth(0).locator("mark")).to_have_text("40억")
    expect(case.locator(".sd-side").nth(1).locator("mark")).to_have_text("50억")
    assert "40억" in site.ask(BUDGET)["text"]

    choi.locator("#sd-u-kind-verified").click()
    expect(choi.locator("#sd-u-none")).to_have_text("달라지는 답변이 없습니다.")
    choi.locator("#sd-u-kind-verified").click()
    expect(case).to_have_count(1)
    confirmed(choi, "#sd-u-publish")
    expect(choi.locator(TOAST)).to_have_text("새 자료를 공개했습니다.")
    assert "50억" in site.ask(BUDGET)["text"]

    choi.locator("#sd-u-back-reason").fill("금액 확인 필요")
    confirmed(choi, "#sd-u-roll-back")
    expect(choi.locator(TOAST)).to_have_text("이전 자료로 되돌렸습니다.")
    assert "40억" in site.ask(BUDGET)["text"]
    expect(choi.locator(".sd-notice")).to_contain_text("되돌린 자료를 쓰고 있습니다")
    expect(choi.locator("tr[data-row]").first).to_contain_text("금액 확인 필요")
    confirmed(choi, "#sd-u-roll-back")
    expect(choi.locator(".sd-notice")).to_have_count(0)
    assert "50억" in site.ask(BUDGET)["text"]


def test_what_blocks_takes_a_reason_and_can_be_discarded(site: StaffSite, tmp_path: Path) -> None:
    (corpus_of(tmp_path) / BRIEF_PATH).write_text("---\nid: [\n---\n", encoding="utf-8")
    choi = site.enter("choi", "/staff/?screen=updates")
    prepared(choi)
    expect(choi.locator("#sd-u-concerns .sd-concern-blocks")).to_have_text("막힘")
    confirmed(choi, "#sd-u-publish")
    expect(choi.locator(".sd-toast.sd-bad p")).to_contain_text("이유를 적으십시오")
    choi.locator("#sd-u-reason").fill("오타를 나중에 고칩니다")
    confirmed(choi, "#sd-u-discard")
    expect(choi.locator(TOAST)).to_have_text("준비한 자료를 버렸습니다.")
    expect(choi.locator("#sd-u-report")).to_contain_text("버림")
    expect(choi.locator("#sd-u-publish")).to_have_count(0)
    go(choi, "?screen=log")
    expect(choi.locator(".sd-screen-log")).to_contain_text("자료 갱신 결정")
