"""What the widget says when something is slow, stopped, refused, away or broken, and the way on."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.browser.conftest import WAIT_MS
from tests.browser.host_pages import PARAGRAPH, page, tag
from tests.browser.pages import QUESTIONS
from tests.browser.widgets import (
    SITE,
    ask,
    continued,
    expect_answers,
    focused,
    open_dialog,
    opened,
    running,
    send,
    visiting,
)

from civicbot.errors import RecordsUnavailableError
from civicbot.model import Answer, AnswerStatus, Question

CUT = "The connection was lost before the answer came."


def problem(page: Page) -> str:
    shown = page.locator(".turn .problem")
    expect(shown).to_be_visible()
    return shown.inner_text()


def _holding(held: list[Route]) -> Callable[[Route], None]:
    """Keeps requests back; Playwright takes no built-in method for this."""

    def hold(route: Route) -> None:
        held.append(route)

    return hold


def _held(visited: Page, held: list[Route]) -> Route:
    """The first request that is kept back, once it is: Playwright tells of a request before it is routed."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while not held:
        assert time.monotonic() < deadline
        visited.wait_for_timeout(20)
    return held[0]


def test_stages_are_shown_and_an_answer_can_be_stopped_and_asked_again(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/en")
        bot.service.assistant.pause.clear()
        send(visited, QUESTIONS["en"])
        expect(visited.locator(".turn .wait")).to_have_text("Searching the sources…")
        expect(visited.locator("#question")).to_have_value("")
        expect(visited.locator("#question")).to_be_focused()
        stop = visited.get_by_role("button", name="Stop")
        expect(stop).to_be_visible()
        visited.wait_for_function("start => performance.now() - start > 900", arg=visited.evaluate("performance.now()"))
        stop.click()
        assert problem(visited) == "The answer was stopped."
        bot.service.assistant.pause.set()
        visited.get_by_role("button", name="Ask again").click()
        expect_answers(visited, 1)
        expect(visited.locator(".turn")).to_have_count(1)


def test_what_is_asked_before_the_old_conversation_is_known_to_be_gone_is_answered(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/en")
        ask(visited, QUESTIONS["en"])
        bot.forget()
        reading: list[Route] = []
        asking: list[Route] = []
        visited.route("**/api/v1/conversations/*", _holding(reading))
        visited.reload()
        expect(visited.locator(".panel[open]")).to_be_visible()
        visited.route("**/api/v1/answers", _holding(asking))
        send(visited, QUESTIONS["en"])
        question = _held(visited, asking)
        visited.unroute("**/api/v1/answers")
        with visited.expect_response("**/api/v1/conversations/*"):
            _held(visited, reading).continue_()
        question.continue_()
        expect_answers(visited, 1)
        expect(visited.locator(".turn .problem")).to_have_count(0)


def test_a_double_click_on_ask_does_not_stop_the_answer(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/en")
        visited.locator("#question").fill(QUESTIONS["en"])
        visited.locator(".dock [type=submit]").dblclick()
        expect_answers(visited, 1)


def test_a_new_conversation_ends_an_answer_that_is_being_made(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/en")
        ask(visited, QUESTIONS["en"])
        bot.service.assistant.pause.clear()
        send(visited, "And when?")
        expect(visited.locator(".turn .wait").last).to_be_visible()
        visited.get_by_role("button", name="New conversation").click()
        expect(visited.locator(".turn")).to_have_count(0)
        bot.service.assistant.pause.set()
        with visited.expect_request("**/api/v1/answers") as asking:
            ask(visited, QUESTIONS["en"])
        assert continued(asking.value) is None
        expect(visited.locator(".turn")).to_have_count(1)


def test_an_answer_that_comes_while_the_dialog_is_closed_waits_there(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/en")
        bot.service.assistant.pause.clear()
        send(visited, QUESTIONS["en"])
        expect(visited.locator(".turn .wait")).to_be_visible()
        visited.get_by_role("button", name="Close").click()
        bot.service.assistant.pause.set()
        expect(visited.locator(".launcher.news")).to_be_visible()
        expect(visited.locator(".corner [role=status]")).to_contain_text("The answer is ready.")
        open_dialog(visited)
        expect_answers(visited, 1)
        expect(visited.locator(".launcher.news")).to_have_count(0)


def test_a_server_that_ends_in_the_middle_of_an_answer(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/en")
        ask(visited, QUESTIONS["en"])
        bot.service.assistant.pause.clear()
        send(visited, "And what is the total cost?")
        expect(visited.locator(".turn .wait").last).to_be_visible()
        bot.stop()
        assert problem(visited).startswith(CUT)
        again = visited.get_by_role("button", name="Ask again")
        again.click()
        expect(visited.locator(".turn .wait:visible")).to_have_count(0)
        assert problem(visited).startswith(CUT)
        bot.service.assistant.pause.set()
        bot.start()
        with visited.expect_request("**/api/v1/answers") as asking:
            again.click()
        assert continued(asking.value)
        expect_answers(visited, 2)
        expect(visited.locator(".problem")).to_have_count(0)
        expect(visited.locator(".turn .question p").last).to_have_text("And what is the total cost?")


def test_a_network_that_is_cut(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/")
        context.set_offline(True)
        send(visited, QUESTIONS["ko"])
        assert problem(visited).startswith("연결이 끊겨 답을 받지 못했습니다.")
        context.set_offline(False)
        visited.get_by_role("button", name="다시 물어보기").click()
        expect_answers(visited, 1)


def test_what_breaks_after_the_first_sentence_is_said(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/en")
        send(visited, "How much is the budget, boom?")
        assert problem(visited) == "No answer could be given just now. Please try again in a moment."
        expect(visited.locator(".sentence:visible")).to_have_count(0)
        expect(visited.locator(".dock [type=submit]")).to_be_visible()


def test_too_many_questions_say_when_to_go_on(browser: Browser) -> None:
    with running(rate_limit="1") as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/en")
        ask(visited, QUESTIONS["en"])
        send(visited, "And when?")
        told = re.fullmatch(r"There were many questions .* try again in (\d+) seconds\.", problem(visited))
        assert told
        assert 1 <= int(told[1]) <= 60
        expect(visited.get_by_role("button", name="Ask again")).to_be_visible()


def test_a_site_that_is_switched_off_meanwhile_leads_to_the_question_page(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/en")
        bot.service.book.edit(SITE, enabled=False)
        bot.service.book.add("other", origins=(host.origin,))  # so that the refusal can be read
        send(visited, QUESTIONS["en"])
        assert problem(visited).startswith("Questions cannot be asked from this website just now.")
        link = visited.get_by_role("link", name="Open the question page")
        expect(link).to_have_attribute("href", f"{bot.origin}/?lang=en")


def test_a_library_that_is_not_loaded_is_said(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/en")
        bot.service.assistant.loaded = False
        send(visited, QUESTIONS["en"])
        assert problem(visited).startswith("The library is still loading")
        bot.service.assistant.loaded = True
        visited.get_by_role("button", name="Ask again").click()
        expect_answers(visited, 1)


def test_a_conversation_that_is_gone_goes_on_in_a_new_one(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/en")
        ask(visited, QUESTIONS["en"])
        bot.forget()
        ask(visited, "And what is the total cost?")
        note = visited.locator(".turn .note")
        expect(note).to_contain_text("answered in a new one")
        bot.forget()
        visited.reload()
        expect(visited.locator(".log > .note")).to_contain_text("The earlier conversation was not found.")
        expect(visited.locator(".opening")).to_be_visible()
        ask(visited, QUESTIONS["en"])
        expect(visited.locator(".log > .note")).to_have_count(0)


def test_a_conversation_that_cannot_be_read_is_not_lost(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, errors=True) as context:
        visited = opened(context, f"{host.origin}/en")
        ask(visited, "What is the price of a flat?")

        def lost(*_: object) -> None:
            raise RecordsUnavailableError("The records cannot be reached just now.")

        with monkeypatch.context() as patch:
            for name in ("conversation", "add_feedback", "open_ticket"):
                patch.setattr(bot.service.records, name, lost)
            visited.get_by_role("button", name="No", exact=True).click()
            expect(visited.get_by_role("alert").filter(has_text="cannot be kept or read")).to_be_visible()
            visited.get_by_role("button", name="Leave this question for staff").click()
            visited.locator(".turn textarea").fill("For my school.")
            visited.get_by_role("button", name="Leave the question").click()
            expect(visited.locator(".form .problem")).to_contain_text("cannot be kept or read")
            expect(visited.locator(".turn textarea")).to_have_value("For my school.")
            visited.reload()
            expect(visited.locator(".log > .note")).to_contain_text("It is not lost")
        visited.get_by_role("button", name="Load it again").click()
        expect_answers(visited, 1)


def test_what_cannot_be_asked_is_said_beside_the_box(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/")
        box, alert = visited.locator("#question"), visited.locator(".alert")
        visited.locator(".dock [type=submit]").click()
        expect(alert).to_have_text("질문을 적어 주세요.")
        expect(box).to_have_attribute("aria-invalid", "true")
        expect(box).to_be_focused()
        box.fill("가" * 1001)
        expect(visited.locator(".count")).to_have_text("1,001 / 1,000자")
        visited.locator(".dock [type=submit]").click()
        expect(alert).to_contain_text("1,000자 안으로")
        expect(box).to_have_value("가" * 1001)
        expect(visited.locator(".turn")).to_have_count(0)
        ask(visited, QUESTIONS["ko"])
        expect(alert).to_be_empty()


def test_a_paused_bot_says_why_before_it_is_asked(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        bot.service.why_paused = "시스템 점검 중입니다."

        def paused(question: Question, conversation: str) -> Answer:
            normal = type(bot.service.assistant)._reply(bot.service.assistant, question, conversation)
            changed = {"status": AnswerStatus.PAUSED, "text": "시스템 점검 중입니다.", "sentences": (), "citations": ()}
            return normal.model_copy(update=changed)

        monkeypatch.setattr(bot.service.assistant, "_reply", paused)
        visited = opened(context, f"{host.origin}/")
        note = visited.locator(".opening .note")
        expect(note).to_contain_text("지금은 답변을 쉬고 있습니다")
        expect(note).to_contain_text("시스템 점검 중입니다.")
        ask(visited, QUESTIONS["ko"])
        expect(visited.locator(".text")).to_have_text("시스템 점검 중입니다.")
        expect(visited.get_by_role("button", name="담당자에게 이 질문 남기기")).to_be_visible()
        expect(visited.locator(".rating")).to_be_hidden()


def test_a_pause_that_began_after_the_page_was_opened_is_shown(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = context.new_page()
        visited.clock.install()
        visited.goto(f"{host.origin}/")
        expect(visited.locator(".launcher")).to_be_visible()
        bot.service.why_paused = "시스템 점검 중입니다."
        visited.clock.fast_forward(120_000)
        open_dialog(visited)
        expect(visited.locator(".opening .note")).to_contain_text("시스템 점검 중입니다.")


def test_choices_ask_and_links_of_other_schemes_are_never_made(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:

        def with_choices(route: Route) -> None:
            response = route.fetch()
            data = response.text().replace('"choices":[]', f'"choices":{json.dumps(["What is it?", "Where is it?"])}')
            route.fulfill(response=response, body=data)

        visited = opened(context, f"{host.origin}/en")
        visited.route("**/api/v1/answers", with_choices)
        ask(visited, "<nasty>")
        choices = visited.locator(".next").filter(has_text="Which do you mean?").locator(".chip")
        expect(choices).to_have_count(2)
        visited.locator(".cite").first.click()
        expect(visited.locator(".sheet[open] .links a")).to_have_count(1)
        assert "javascript" not in str(visited.locator(".sheet[open]").evaluate("sheet => sheet.outerHTML"))
        visited.keyboard.press("Escape")
        choices.last.click()
        expect_answers(visited, 2)
        expect(visited.locator(".question p").last).to_have_text("Where is it?")
        assert visited.evaluate("window.hacked") is None


def test_a_page_behind_it_keeps_its_place_and_its_shortcuts(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        script = "<script>document.addEventListener('keydown', () => { window.heard = true; })</script>"
        host.pages["/"] = page(tag(bot.origin), body=PARAGRAPH * 100 + script)
        visited = context.new_page()
        visited.goto(f"{host.origin}/")
        visited.evaluate("scrollTo(0, 500)")
        open_dialog(visited)
        visited.keyboard.type("s")
        ask(visited, QUESTIONS["ko"])
        visited.keyboard.press("Escape")
        assert visited.evaluate("scrollY") == 500
        assert visited.evaluate("window.heard") is None
        assert "launcher" in focused(visited)
