from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from tests.web.double import CONTACT, EN_BUDGET, EXAMPLES, KO_COST, NASTY, Service

from civicbot.model import LANGUAGES, AnswerStatus
from civicbot.settings import load_settings
from civicbot.web.asking import Desk
from civicbot.web.conversation import KEPT_TURNS, Conversations, View
from civicbot.web.metrics import Metrics
from civicbot.web.phrases import load_all_phrases
from civicbot.web.render import Renderer
from civicbot.web.templates import load_templates


@pytest.fixture
def service() -> Service:
    return Service(load_settings())


@pytest.fixture
def conversations(service: Service) -> Conversations:
    return Conversations(service, Desk(service, Metrics()))


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(load_templates(), load_all_phrases())


def ask(conversations: Conversations, question: str, view: View | None = None) -> View:
    return list(conversations.ask(view or View(), question))[-1]


def test_before_the_first_question_there_are_examples(renderer: Renderer) -> None:
    for language in LANGUAGES:
        page = renderer.conversation(View(), language, EXAMPLES[language])
        asked = [html.unescape(one) for one in re.findall(r'data-ask="([^"]*)"', page)]
        assert asked == list(EXAMPLES[language])


def test_an_answer_has_citations_that_open_panels(conversations: Conversations, renderer: Renderer) -> None:
    page = renderer.conversation(ask(conversations, "총사업비가 얼마야?"), "ko", ())
    targets = re.findall(r'popovertarget="([^"]*)" aria-label="출처 (\d) 열기', page)
    assert [number for _, number in targets] == ["1", "2", "3"]
    for target, _ in targets:
        assert page.count(f'id="{target}"') == 1
    assert f'<blockquote lang="ko">{KO_COST}</blockquote>' in page
    assert f'<blockquote lang="en">{EN_BUDGET}</blockquote>' in page
    assert "광주광역시, 2025년 8월 17일 자료를 우리가 요약한 글입니다" in page
    assert "2025년 12월 2일 기준" in page
    assert "자료마다 다릅니다" in page
    assert "영어 자료" in page
    assert re.search(r'href="/documents/S012-ko\?quote=%EA[^"]*#quote" target="_blank" rel="noopener"', page)
    assert 'href="https://news.example/12" target="_blank" rel="noopener noreferrer"' in page


def test_panels_of_several_turns_are_kept_apart(conversations: Conversations, renderer: Renderer) -> None:
    view = ask(conversations, "And when?", ask(conversations, "How much?"))
    page = renderer.conversation(view, "en", ())
    identifiers = re.findall(r'\bid="([^"]*)"', page)
    assert len(identifiers) == len(set(identifiers))
    assert set(re.findall(r'popovertarget="([^"]*)"', page)) <= set(identifiers)


def test_markup_is_text_wherever_it_comes_from(conversations: Conversations, renderer: Renderer) -> None:
    page = renderer.conversation(ask(conversations, NASTY), "en", (NASTY,))
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert re.search(r'="[^"]*onerror=[^"]*(?<!&#34;)"', page) is None or "onerror=&#39;" in page
    assert html.unescape(page).count(NASTY) >= 3
    assert "<script" not in renderer.conversation(View(), "en", (NASTY,))


def test_a_non_answer_is_its_text_and_the_contact(conversations: Conversations, renderer: Renderer) -> None:
    view = ask(conversations, "What is the price of a flat?")
    page = renderer.conversation(view, "en", ())
    assert "The library does not hold this." in page
    assert f"Contact: {CONTACT}" in page
    assert "popover" not in page


def test_a_contact_that_the_text_names_is_not_named_twice(conversations: Conversations, renderer: Renderer) -> None:
    view = ask(conversations, "What is the price of a flat?")
    answer = view.turns[0].answer
    assert answer is not None
    told = replace(view.turns[0], answer=answer.model_copy(update={"text": f"Not held. Ask {CONTACT}."}))
    assert renderer.conversation(View((told,)), "en", ()).count(CONTACT) == 1


def test_what_the_text_says_before_its_sentences_is_shown(conversations: Conversations, renderer: Renderer) -> None:
    turn = ask(conversations, "How much?").turns[0]
    assert turn.answer is not None
    answer = turn.answer.model_copy(
        update={"status": AnswerStatus.NO_EVIDENCE, "text": f"The library has no price. {turn.answer.text}"}
    )
    page = renderer.conversation(View((replace(turn, answer=answer),)), "en", ())
    assert "<p>The library has no price.</p>" in page
    assert page.count("cb-sentence") == 2


def test_choices_and_suggestions_stand_under_the_newest_answer_only(
    conversations: Conversations, renderer: Renderer
) -> None:
    view = ask(conversations, "How much?")
    assert renderer.conversation(view, "en", ()).count("data-ask") == 3
    view = ask(conversations, "What is the price?", view)
    assert renderer.conversation(view, "en", ()).count("data-ask") == 0


def test_the_view_grows_with_every_event(conversations: Conversations, renderer: Renderer) -> None:
    views = list(conversations.ask(View(), "How much?"))
    assert views[0].turns[0].pending
    assert [len(view.turns[-1].sentences) for view in views] == [0, 0, 0, 1, 2, 2]
    assert "Searching the sources…" in renderer.status(views[2], "en")
    assert "The answer is ready." in renderer.status(views[-1], "en")
    assert views[-1].conversation_id is not None
    for view in views:
        assert renderer.conversation(view, "ko", ())


def test_what_cannot_be_asked_leaves_the_conversation_as_it_is(
    conversations: Conversations, renderer: Renderer
) -> None:
    view = ask(conversations, "How much?")
    for question, text in ((" ", "질문을 적어 주세요."), ("가" * 1001, "1,000자 안으로")):
        now = ask(conversations, question, view)
        assert now.turns == view.turns
        assert text in renderer.status(now, "ko")
        assert "cb-alert" in renderer.status(now, "ko")


@pytest.mark.parametrize(
    ("question", "text"), [("\u200b", "This question cannot be read."), ("boom", "No answer could be given just now.")]
)
def test_a_failed_question_says_so_in_the_pages_language(
    conversations: Conversations, renderer: Renderer, question: str, text: str
) -> None:
    page = renderer.conversation(ask(conversations, question), "en", ())
    assert text in page
    assert "secret" not in page


def test_a_loading_library_and_a_forgotten_conversation_are_said(
    service: Service, conversations: Conversations, renderer: Renderer
) -> None:
    view = ask(conversations, "How much?", View(conversation_id="forgotten"))
    assert "too old to continue" in renderer.conversation(view, "en", ())
    assert view.conversation_id is None
    service.assistant.loaded = False
    assert "still loading" in renderer.conversation(ask(conversations, "How much?"), "en", ())


def test_long_conversations_drop_their_oldest_turns(conversations: Conversations, renderer: Renderer) -> None:
    view = View()
    for _ in range(KEPT_TURNS + 2):
        view = ask(conversations, "How much?", view)
    assert (len(view.turns), view.first) == (KEPT_TURNS, 2)
    assert f'id="turn-{KEPT_TURNS + 1}"' in renderer.conversation(view, "en", ())


def test_header_and_footer_say_what_this_is(renderer: Renderer) -> None:
    assert "AI가 답하는 서비스입니다" in renderer.header("ko")
    assert "An AI service answers here" in renderer.header("en")
    assert "2025년 8월 17일" in renderer.footer("ko", date(2025, 8, 17))
    assert "Newest source" not in renderer.footer("en", None)
