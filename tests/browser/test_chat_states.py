"""What the page says when something is slow, stopped, refused, away or broken, and the way on."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from tests.browser.pages import QUESTIONS, TITLES, ask, expect_answers, expect_opened
from tests.web.double import Service

from civicbot.errors import RecordsUnavailableError
from civicbot.model import Answer, AnswerStatus, Exchange, Language, Notice, NoticeKind, Question
from civicbot.settings import load_settings
from civicbot.web.server import create_app


class Site:
    """A server around the double that can be stopped and started again at the same address."""

    def __init__(self, **settings: object) -> None:
        self.service = Service(load_settings(**({"rate_limit": "off"} | settings)))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        config = uvicorn.Config(
            create_app(self.service), port=self.port, log_config=None, access_log=False, timeout_graceful_shutdown=0
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.01)

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(60)  # an answer that is held back ends after half a minute at the latest
        assert not self._thread.is_alive()


@contextlib.contextmanager
def visited(browser: Browser, locale: str = "en-GB", **settings: object) -> Iterator[tuple[Site, Page]]:
    """A site and its page, opened; whatever is held back is let go in the end."""
    site = Site(**settings)
    site.start()
    with browser.new_context(locale=locale, base_url=f"http://127.0.0.1:{site.port}") as context:
        try:
            page = context.new_page()
            page.goto("/")
            expect_opened(page)
            yield site, page
        finally:
            site.service.assistant.pause.set()
            site.stop()


def test_stages_are_shown_and_an_answer_can_be_stopped(browser: Browser) -> None:
    with visited(browser) as (site, page):
        site.service.assistant.pause.clear()
        page.locator("#cb-question").fill(QUESTIONS["en"])
        page.locator("#cb-ask").click()
        expect(page.locator(".cb-wait")).to_have_text("Searching the sources…")
        expect(page.locator("#cb-question")).to_have_value("")
        expect(page.locator("#cb-question")).to_be_focused()
        expect(page.locator("#cb-ask")).to_be_hidden()
        page.locator("#cb-stop").click()
        expect(page.locator(".cb-problem")).to_have_text("The answer was stopped.")
        expect(page.locator("#cb-ask")).to_be_visible()
        expect(page.locator("#cb-net")).to_be_hidden()
        expect(page.locator(".cb-alert")).to_be_empty()
        site.service.assistant.pause.set()
        page.get_by_role("button", name="Ask again").click()
        expect_answers(page, 1)
        expect(page.locator(".cb-sentence").first).to_be_visible()


def test_what_is_asked_before_a_stopped_answer_is_over_waits_for_it(browser: Browser) -> None:
    with visited(browser) as (site, page):
        site.service.assistant.pause.clear()
        page.locator("#cb-question").fill("And when?")
        page.keyboard.press("Enter")
        expect(page.locator(".cb-wait")).to_be_visible()
        page.locator("#cb-stop").click()
        expect(page.locator(".cb-problem")).to_have_text("The answer was stopped.")
        page.locator("#cb-question").fill(QUESTIONS["en"])
        with page.expect_response("**/healthz"):  # the answer that was stopped still goes on in the server
            page.keyboard.press("Enter")
            expect(page.locator("#cb-stop")).to_be_visible()
            site.service.assistant.pause.set()
        expect_answers(page, 2)
        expect(page.locator("#turn-1 .cb-sentence").first).to_be_visible()
        expect(page.locator(".cb-alert")).to_be_empty()


def test_a_new_conversation_ends_an_answer_that_is_being_made(browser: Browser) -> None:
    with visited(browser) as (site, page):
        ask(page, QUESTIONS["en"])
        site.service.assistant.pause.clear()
        page.locator("#cb-question").fill("And when?")
        page.keyboard.press("Enter")
        expect(page.locator(".cb-wait")).to_be_visible()
        page.locator("#cb-again").click()
        expect(page.locator(".cb-turn")).to_have_count(0)
        site.service.assistant.pause.set()
        ask(page, QUESTIONS["en"])
        expect(page.locator(".cb-turn")).to_have_count(1)


def test_a_lost_connection_keeps_the_question_and_says_when_it_is_back(browser: Browser) -> None:
    with visited(browser) as (site, page):
        ask(page, QUESTIONS["en"])
        site.stop()
        page.locator("#cb-question").fill("And what is the total cost?")
        page.keyboard.press("Enter")
        expect(page.locator("#cb-net")).to_contain_text("The connection to the server was lost.")
        expect(page.locator("#cb-question")).to_have_value("And what is the total cost?")
        site.start()
        expect(page.locator("#cb-net")).to_contain_text("The connection is back.")
        page.get_by_role("button", name="Try again").click()
        expect_answers(page, 2)
        expect(page.locator("#cb-net")).to_be_hidden()
        expect(page.locator("#cb-question")).to_have_value("")


def test_a_server_that_is_started_again_meanwhile_goes_on_with_the_conversation(browser: Browser) -> None:
    with visited(browser) as (site, page):
        ask(page, QUESTIONS["en"])
        site.stop()
        site.start()
        ask(page, "And what is the total cost?")
        expect(page.locator(".cb-turn")).to_have_count(2)
        page.reload()
        expect_answers(page, 2)


def test_an_answer_that_breaks_off_can_be_asked_for_again(browser: Browser) -> None:
    with visited(browser) as (site, page):
        ask(page, QUESTIONS["en"])
        site.service.assistant.pause.clear()
        page.locator("#cb-question").fill("And what is the total cost?")
        page.keyboard.press("Enter")
        expect(page.locator(".cb-wait")).to_be_visible()
        site.stop()
        expect(page.locator("#cb-net")).to_contain_text("The connection to the server was lost.")
        site.service.assistant.pause.set()
        site.start()
        expect(page.locator("#cb-net")).to_contain_text("before this question was answered")
        expect(page.locator("#cb-question")).to_have_value("And what is the total cost?")
        expect_answers(page, 1)
        page.locator("#cb-ask").click()
        expect_answers(page, 2)


@pytest.mark.parametrize(
    ("language", "locale", "text"),
    [("ko", "ko-KR", "아직 자료를 불러오지 못해"), ("en", "en-GB", "The library is still loading")],
)
def test_a_library_that_is_not_loaded_is_said_and_asked_again(
    browser: Browser, language: Language, locale: str, text: str
) -> None:
    with visited(browser, locale) as (site, page):
        site.service.assistant.loaded = False
        ask(page, QUESTIONS[language])
        expect(page.locator(".cb-problem")).to_contain_text(text)
        site.service.assistant.loaded = True
        page.locator(".cb-problem + p button").click()
        expect(page.locator(".cb-problem")).to_have_count(0)
        expect_answers(page, 1)


def test_records_that_are_away_take_nothing_and_say_so(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with visited(browser) as (site, page):
        ask(page, "What is the price of a flat?")

        def lost(*_: object) -> tuple[Exchange, ...]:
            raise RecordsUnavailableError("The records cannot be reached just now.")

        with monkeypatch.context() as patch:
            for name in ("conversation", "add_feedback", "open_ticket"):
                patch.setattr(site.service.records, name, lost)
            page.get_by_role("button", name="No", exact=True).click()
            expect(page.get_by_role("alert").filter(has_text="cannot be kept or read")).to_be_visible()
            page.locator("[data-toggle^=leave]").click()
            page.locator("[data-form=leave] textarea").fill("For my school.")
            page.get_by_role("button", name="Leave the question").click()
            expect(page.locator("[data-form=leave] .cb-problem")).to_contain_text("cannot be kept or read")
            expect(page.locator("[data-form=leave] textarea")).to_have_value("For my school.")
            page.reload()
            expect(page.locator(".cb-note")).to_contain_text("It is not lost")
        page.reload()
        expect_answers(page, 1)


def test_a_paused_bot_gives_its_reason_and_a_way_to_staff(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with visited(browser) as (site, page):

        def paused(question: Question, conversation: str) -> Answer:
            normal = type(site.service.assistant)._reply(site.service.assistant, question, conversation)
            return normal.model_copy(
                update={
                    "status": AnswerStatus.PAUSED,
                    "text": "Answers are paused for maintenance.",
                    "sentences": (),
                    "citations": (),
                    "notices": (Notice(kind=NoticeKind.DEGRADED, text="Until noon."),),
                }
            )

        monkeypatch.setattr(site.service.assistant, "_reply", paused)
        ask(page, QUESTIONS["en"])
        expect(page.locator(".cb-text")).to_have_text("Answers are paused for maintenance.")
        expect(page.get_by_role("button", name="Leave this question for staff")).to_be_visible()
        expect(page.locator("[data-act=helpful]")).to_have_count(0)


def test_whoever_scrolls_while_an_answer_is_made_is_left_there(browser: Browser) -> None:
    with visited(browser) as (site, page):
        for _ in range(2):
            ask(page, QUESTIONS["en"])
        site.service.assistant.pause.clear()
        page.locator("#cb-question").fill("And when?")
        page.keyboard.press("Enter")
        expect(page.locator(".cb-wait")).to_be_visible()
        page.mouse.move(300, 300)
        page.mouse.wheel(0, -10_000)
        page.wait_for_function("scrollY === 0")
        site.service.assistant.pause.set()
        expect_answers(page, 3)
        assert page.evaluate("scrollY") == 0


def test_a_language_chosen_while_an_answer_is_made_comes_after_it(browser: Browser) -> None:
    with visited(browser) as (site, page):
        site.service.assistant.pause.clear()
        page.locator("#cb-question").fill(QUESTIONS["en"])
        page.keyboard.press("Enter")
        expect(page.locator(".cb-wait")).to_be_visible()
        page.get_by_role("button", name="한국어").click()
        expect(page.locator("#cb-stop")).to_be_visible()
        site.service.assistant.pause.set()
        expect(page.locator("h1")).to_have_text(TITLES["ko"])
        expect_answers(page, 1)
        expect(page.locator(".cb-as-of")).to_contain_text("기준")
        expect(page.locator(".cb-sentence").first).to_be_visible()


def test_an_earlier_answer_can_be_rated_while_another_is_made(browser: Browser) -> None:
    with visited(browser) as (site, page):
        ask(page, QUESTIONS["en"])
        site.service.assistant.pause.clear()
        page.locator("#cb-question").fill("And when?")
        page.keyboard.press("Enter")
        expect(page.locator(".cb-wait")).to_be_visible()
        page.locator("#turn-0 [data-act=helpful]").click()
        expect(page.locator("#turn-0 .cb-thanks")).to_be_visible()
        expect(page.locator(".cb-wait")).to_be_visible()
        site.service.assistant.pause.set()
        expect_answers(page, 2)
        expect(page.locator("#turn-1 .cb-sentence").first).to_be_visible()


def test_a_question_that_nothing_comes_of_is_carried_over_to_a_new_page(browser: Browser) -> None:
    with visited(browser) as (_, page):
        page.clock.install()
        page.route("**/gradio_api/queue/join*", lambda route: route.fulfill(json={"event_id": "lost"}))
        page.locator("#cb-question").fill(QUESTIONS["en"])
        page.keyboard.press("Enter")
        expect(page.locator("#cb-stop")).to_be_visible()
        page.unroute_all()
        page.clock.fast_forward(31_000)
        expect(page.locator("#cb-net")).to_contain_text("before this question was answered")
        expect(page.locator("#cb-question")).to_have_value(QUESTIONS["en"])
        page.locator("#cb-ask").click()
        expect_answers(page, 1)


def test_a_question_too_many_is_said_in_the_pages_language(browser: Browser) -> None:
    with visited(browser, rate_limit="1") as (_, page):
        expect(page.locator("h1")).to_have_text(TITLES["en"])
        ask(page, QUESTIONS["en"])
        for press in (page.locator("#cb-ask"), page.locator(".cb-next .cb-chip").first):
            page.locator("#cb-question").fill("And when?")
            press.click()
            expect(page.locator(".cb-alert")).to_contain_text("many questions in a short time")
            expect(page.locator("#cb-question")).to_have_value("And when?")
            expect(page.locator("#cb-ask")).to_be_visible()
        expect(page.locator(".cb-turn")).to_have_count(1)
        expect(page.locator(".toast-body").first).to_be_hidden()
