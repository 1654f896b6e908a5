"""Staff's log-in page in Chromium: it works without script, and axe-core finds nothing in any of its states."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.test_axe import RULES
from tests.review.doors import ADMIN, PASSWORD
from tests.web.staff.conftest import Site, begin_anew, staffed

from civicbot.web.staff.login_texts import load_login_texts

TEXTS = load_login_texts()
LOOKS = [("ko", 1280, "light"), ("en", 360, "dark"), ("ko", 360, "light")]
_RUN = """
rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']}).then(result =>
  result.violations.map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.html).join(' | ')))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with staffed(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(server: Site) -> Site:
    begin_anew(server)
    return server


def violations(page: Page) -> list[str]:
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    return [str(each) for each in page.evaluate(_RUN, RULES)]


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_no_state_of_the_log_in_page_breaks_a_rule(
    browser: Browser, site: Site, language: str, width: int, scheme: str
) -> None:
    texts = TEXTS["en" if language == "en" else "ko"]
    found: dict[str, list[str]] = {}
    # The policy lets no script in; the tests' own must run all the same.
    context = browser.new_context(
        base_url=site.origin,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()

    def enter(name: str, password: str) -> None:
        page.get_by_label(texts.form.name, exact=True).fill(name)
        page.get_by_label(texts.form.password, exact=True).fill(password)
        page.get_by_role("button", name=texts.form.log_in).click()

    def looked_at(state: str) -> None:
        found[state] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state

    page.goto(f"/staff/login?lang={language}&next=/staff/account")
    expect(page.get_by_label(texts.form.name, exact=True)).to_be_focused()
    looked_at("opened")
    enter("nobody", "wrong")
    expect(page.get_by_role("alert")).to_have_text(texts.problems.log_in)
    expect(page.get_by_label(texts.form.password, exact=True)).to_be_focused()
    looked_at("wrong")
    for _ in range(4):
        enter("nobody", "wrong")
    expect(page.get_by_role("alert")).to_have_text(texts.problems.log_in_locked.format(minutes=1))
    enter("nobody", "wrong")
    expect(page.get_by_role("alert")).to_have_text(texts.problems.locked_out.format(minutes=1))
    looked_at("locked")
    enter("kim", PASSWORD)
    expect(page.get_by_role("heading", name=texts.account.title)).to_be_visible()
    looked_at("account")
    page.get_by_label(texts.account.old).fill("wrong")
    for label in (texts.account.new, texts.account.repeat):
        page.get_by_label(label, exact=True).fill("another password")
    page.get_by_role("button", name=texts.account.save).click()
    expect(page.get_by_role("alert")).to_have_text(texts.problems.wrong_password)
    looked_at("password refused")
    page.get_by_role("button", name=texts.account.log_out, exact=True).click()
    expect(page.get_by_role("status")).to_have_text(texts.notices.left)
    looked_at("left")
    site.accounts.people.remove(ADMIN, "kim")
    page.goto(f"/staff/login?lang={language}")
    expect(page.get_by_role("heading", name=texts.first.title)).to_be_visible()
    looked_at("no account yet")
    context.close()
    assert {state: each for state, each in found.items() if each} == {}


def test_logging_in_without_script(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.origin, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/staff/account")
    texts = TEXTS["ko"]
    page.get_by_label(texts.form.name, exact=True).fill("kim")
    page.get_by_label(texts.form.password, exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=texts.account.title)).to_be_visible()
    (cookie,) = (one for one in context.cookies() if one.get("name") == "civicbot_staff")
    assert cookie.get("httpOnly") is True
    assert cookie.get("sameSite") == "Lax"
    assert cookie.get("expires") == -1
    context.close()
