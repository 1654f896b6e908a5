from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from tests.web.double import CONTACT, EN_BUDGET, EXAMPLES, KO_COST, NASTY, Service

from civicbot.model import LANGUAGES, AnswerStatus, Notice, NoticeKind
from civicbot.settings import load_settings
from civicbot.web.afterwards import Mark
from civicbot.web.asking import Desk
from civicbot.web.conversation import Conversations
from civicbot.web.metrics import Metrics
from civicbot.web.phrases import load_all_phrases
from civicbot.web.render import Renderer
from civicbot.web.templates import load_templates
from civicbot.web.views import KEPT_TURNS, View


@pytest.fixture
def service() -> Iterator[Service]:
    with contextlib.closing(Service(load_settings())) as service:
        yield service


@pytest.fixture
def conversations(service: Service) -> Conversations:
    return Conversations(service, Desk(service, Metrics()))


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(load_templates(), load_all_phrases())


def ask(conversations: Conversations, question: str, view: View | None = None) -> View:
    return list(conversations.ask(view or View(), question))[-1]


def test_before_the_first_question_there_are_examples_by_topic(renderer: Renderer) -> None:
    for language in LANGUAGES:
        page = renderer.opening(language, EXAMPLES[language], date(2026, 7, 3))
        asked = [html.unescape(one) for one in re.findall(r'data-ask="([^"]*)"', page)]
        assert asked == list(EXAMPLES[language])
        assert page.count("cb-topic") == 6
    assert "사업비" in renderer.opening("ko", EXAMPLES["ko"], None)
    assert "What it does not answer" in renderer.opening("en", (), None)


def test_the_opening_says_that_an_ai_answers_and_how_new_the_library_is(renderer: Renderer) -> None:
    assert "AI가 답하는 서비스입니다" in renderer.opening("ko", (), None)
    page = renderer.opening("en", (), date(2025, 8, 17))
    assert "An AI service answers here" in page
    assert "Newest source: 17 August 2025" in page
    assert "Newest source" not in renderer.opening("en", (), None)


def test_the_opening_of_a_paused_assistant_says_so_first(renderer: Renderer) -> None:
    page = renderer.opening("ko", (), None, "점검 중입니다. <b>")
    assert page.index("점검 중입니다. &lt;b&gt;") < page.index("AI가 답하는 서비스입니다")
    assert "cb-paused" not in renderer.opening("ko", (), None)


def test_an_answer_has_citations_that_open_sources(conversations: Conversations, renderer: Renderer) -> None:
    page = renderer.live(ask(conversations, "총사업비가 얼마야?"), "ko")
    targets = re.findall(r'class="cb-cite" data-source="([^"]*)"[^>]* aria-label="출처 (\d) 열기', page)
    assert [number for _, number in targets] == ["1", "2", "3"]
    for target, _ in targets:
        assert page.count(f'id="{target}"') == 1
        assert page.count(f'id="{target}-quote"') == 1
    assert f">{KO_COST}</mark>" in page
    assert f">{EN_BUDGET}</mark>" in page
    assert '<blockquote lang="en">' in page
    assert "광주광역시, 2025년 8월 17일 자료를 우리가 요약한 글입니다" in page
    assert "2025년 12월 2일 기준" in page
    assert "자료마다 다릅니다" in page
    assert "영어 자료" in page
    assert "AI가 공개 자료에서 찾아 만든 답변입니다." in page
    assert re.search(r'href="/documents/S012-ko\?quote=%EA[^"]*#quote" target="_blank" rel="noopener"', page)
    assert 'href="https://news.example/12" target="_blank" rel="noopener noreferrer"' in page


def test_ids_are_unique_and_everything_named_is_there(conversations: Conversations, renderer: Renderer) -> None:
    view = ask(conversations, "What is the price?", ask(conversations, "And when?", ask(conversations, "How much?")))
    page = renderer.past(view, "en") + renderer.live(view, "en")
    identifiers = re.findall(r'\bid="([^"]*)"', page)
    assert len(identifiers) == len(set(identifiers))
    named = re.findall(r'(?:data-source|data-toggle|aria-describedby|aria-labelledby|for)="([^"]*)"', page)
    assert set(named) <= set(identifiers)


def test_the_newest_turn_is_live_and_the_others_are_past(conversations: Conversations, renderer: Renderer) -> None:
    view = ask(conversations, "And when?", ask(conversations, "How much?"))
    past, live = renderer.past(view, "en"), renderer.live(view, "en")
    assert re.findall(r'<article [^>]*id="([^"]*)"', past) == ["turn-0"]
    assert re.findall(r'<article [^>]*id="([^"]*)"', live) == ["turn-1"]
    assert "<article" not in renderer.past(View(), "en") + renderer.live(View(), "en")


def test_markup_is_text_wherever_it_comes_from(conversations: Conversations, renderer: Renderer) -> None:
    page = renderer.live(ask(conversations, NASTY), "en")
    opening = renderer.opening("en", (NASTY,), None)
    for one in (page, opening):
        assert "<script" not in one
        assert "<img" not in one
        assert "javascript:" not in one
    assert html.unescape(page).count(NASTY) >= 3


def test_a_non_answer_is_its_text_the_contact_and_a_way_to_staff(
    conversations: Conversations, renderer: Renderer
) -> None:
    page = renderer.live(ask(conversations, "What is the price of a flat?"), "en")
    assert "The library does not hold this." in page
    assert f"Contact: {CONTACT}" in page
    assert "cb-cite" not in page
    assert "Leave this question for staff" in page
    assert "Leave this question for staff" not in renderer.live(ask(conversations, "How much?"), "en")


def test_after_a_no_the_question_can_be_left_too(conversations: Conversations, renderer: Renderer) -> None:
    view = ask(conversations, "How much?")
    answer = view.turns[0].answer
    assert answer is not None
    page = renderer.live(view, "en", {answer.id: Mark(helpful=False)})
    assert "What was wrong?" in page
    assert "Leave this question for staff" in page
    told = renderer.live(view, "en", {answer.id: Mark(helpful=True, told=True)})
    assert "Thank you." in told
    assert 'data-act="helpful"' not in told


def test_a_contact_that_the_text_names_is_not_named_twice(conversations: Conversations, renderer: Renderer) -> None:
    view = ask(conversations, "What is the price of a flat?")
    answer = view.turns[0].answer
    assert answer is not None
    told = replace(view.turns[0], answer=answer.model_copy(update={"text": f"Not held. Ask {CONTACT}."}))
    page = renderer.live(View((told,)), "en").partition('<pre class="cb-copy"')[0]
    assert page.count(CONTACT) == 1


def test_what_the_text_says_before_its_sentences_is_shown(conversations: Conversations, renderer: Renderer) -> None:
    turn = ask(conversations, "How much?").turns[0]
    assert turn.answer is not None
    answer = turn.answer.model_copy(
        update={"status": AnswerStatus.NO_EVIDENCE, "text": f"The library has no price. {turn.answer.text}"}
    )
    page = renderer.live(View((replace(turn, answer=answer),)), "en")
    assert "<p>The library has no price.</p>" in page
    assert page.count("cb-sentence") == 2


def test_a_copy_keeps_label_date_and_sources(conversations: Conversations, renderer: Renderer) -> None:
    page = renderer.live(ask(conversations, "총사업비가 얼마야?"), "ko")
    copied = html.unescape(page.partition('<pre class="cb-copy" hidden>')[2].partition("</pre>")[0])
    assert copied.startswith("내 질문: 총사업비가 얼마야?")
    assert f"{KO_COST} [1]" in copied
    assert "2025년 12월 2일 기준" in copied
    assert "[3] National Assembly passes the 2026 budget, Ministry of Economy and Finance, 2025년 12월 2일," in copied
    assert copied.endswith("AI가 공개 자료에서 찾아 만든 답변입니다. 틀릴 수 있으니 출처를 확인해 주세요.")


def test_what_was_not_recorded_is_neither_shared_nor_rated_nor_left(
    conversations: Conversations, renderer: Renderer
) -> None:
    turn = ask(conversations, "What is the price?").turns[0]
    assert turn.answer is not None
    kept = renderer.live(View((turn,)), "en")
    lost = Notice(kind=NoticeKind.NOT_RECORDED, text="It was not stored.")
    answer = turn.answer.model_copy(update={"notices": (lost,)})
    page = renderer.live(View((replace(turn, answer=answer),)), "en")
    for offer in ('data-act="share"', 'data-act="helpful"', 'data-form="leave"'):
        assert offer in kept
        assert offer not in page
    assert "Not saved" in page


def test_choices_and_suggestions_stand_under_the_newest_answer_only(
    conversations: Conversations, renderer: Renderer
) -> None:
    view = ask(conversations, "How much?")
    assert renderer.live(view, "en").count("data-ask") == 3
    view = ask(conversations, "What is the price?", view)
    assert (renderer.past(view, "en") + renderer.live(view, "en")).count("data-ask") == 0


def test_the_view_grows_and_only_start_and_end_are_announced(conversations: Conversations, renderer: Renderer) -> None:
    views = list(conversations.ask(View(), "How much?"))
    assert views[0].turns[0].pending
    assert [len(view.turns[-1].sentences) for view in views] == [0, 0, 0, 1, 2, 2]
    assert "Searching the sources…" in renderer.live(views[2], "en")
    said = [re.findall(r'role="status">([^<]*)', renderer.status(view, "en"))[0] for view in views]
    assert set(said[:-1]) == {"The answer is being prepared."}
    assert said[-1] == "The answer is ready. Sentences: 2. Sources: 2."


def test_what_cannot_be_asked_leaves_the_conversation_as_it_is(
    conversations: Conversations, renderer: Renderer
) -> None:
    view = ask(conversations, "How much?")
    for question, text in ((" ", "질문을 적어 주세요."), ("가" * 1001, "1,000자 안으로")):
        now = ask(conversations, question, view)
        assert now.turns == view.turns
        assert text in renderer.status(now, "ko")
        assert "data-alert " in renderer.status(now, "ko") or "data-alert>" in renderer.status(now, "ko")
    assert ask(conversations, "", now).alerts == now.alerts + 1


@pytest.mark.parametrize(
    ("question", "text"), [("\u200b", "This question cannot be read."), ("boom", "No answer could be given just now.")]
)
def test_a_failed_question_says_so_and_can_be_asked_again(
    conversations: Conversations, renderer: Renderer, question: str, text: str
) -> None:
    view = ask(conversations, question)
    page = renderer.live(view, "en")
    assert text in page
    assert "secret" not in page
    assert f'data-ask="{question}"' in page
    assert len(ask(conversations, question, view).turns) == 1


def test_a_loading_library_and_a_forgotten_conversation_are_said(
    service: Service, conversations: Conversations, renderer: Renderer
) -> None:
    view = ask(conversations, "How much?", View(conversation_id="forgotten"))
    assert "too old to continue" in renderer.live(view, "en")
    assert view.conversation_id is None
    service.assistant.loaded = False
    assert "still loading" in renderer.live(ask(conversations, "How much?"), "en")


def test_long_conversations_drop_their_oldest_turns(conversations: Conversations, renderer: Renderer) -> None:
    view = View()
    for _ in range(KEPT_TURNS + 2):
        view = ask(conversations, "How much?", view)
    assert (len(view.turns), view.first, view.asked) == (KEPT_TURNS, 2, KEPT_TURNS + 2)
    assert f'id="turn-{KEPT_TURNS + 1}"' in renderer.live(view, "en")


def test_header_and_footer_lead_on(renderer: Renderer) -> None:
    for language in LANGUAGES:
        header, footer = renderer.header(language), renderer.footer(language, date(2025, 8, 17))
        assert header.count('aria-pressed="true"') == 1
        for page in ("/about", "/how-it-works", "/privacy"):
            assert f'href="{page}?lang={language}"' in footer
    assert "2025년 8월 17일" in renderer.footer("ko", date(2025, 8, 17))
    assert "Newest source" not in renderer.footer("en", None)
