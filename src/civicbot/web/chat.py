"""The chat page: Gradio components bound to the conversation and the renderer, without logic of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from civicbot.model import LANGUAGES, Language
from civicbot.web.conversation import Conversations, View
from civicbot.web.limits import RateLimit
from civicbot.web.phrases import Phrases, preferred_language
from civicbot.web.ports import ServicePort
from civicbot.web.render import Renderer

STATIC = Path(__file__).parent / "static"
CONCURRENT = 16
"""How many callbacks of one kind run at a time; Gradio's default is 1."""

NAMES: dict[Language, str] = {"ko": "한국어", "en": "English"}
FONT = ["Pretendard GOV", "Pretendard", "Noto Sans KR", "sans-serif"]
_EVENT: dict[str, Any] = {
    "show_progress": "hidden",
    "concurrency_limit": CONCURRENT,
    "api_visibility": "private",
}


@dataclass(frozen=True)
class ChatPage:
    """The built page.

    Attributes:
        blocks: to be mounted.
        quiet_functions: ids of the events that ask nothing (language switch, new conversation, …).
    """

    blocks: gr.Blocks
    quiet_functions: frozenset[int]


class ChatCallbacks:
    """What the components call: each turns a view into the page's new values.

    Args:
        service: gives the examples and the newest date.
        conversations: answers questions.
        renderer: makes the HTML.
        phrases: the texts of each language.
        limit: the limit of questions, asked why a question was not let through.
    """

    def __init__(
        self,
        service: ServicePort,
        conversations: Conversations,
        renderer: Renderer,
        phrases: Mapping[Language, Phrases],
        limit: RateLimit,
    ) -> None:
        self._service = service
        self._conversations = conversations
        self._renderer = renderer
        self._phrases = phrases
        self._limit = limit

    def conversation(self, view: View, language: Language) -> str:
        """The conversation's HTML."""
        return self._renderer.conversation(view, language, self._service.examples(language))

    def status(self, view: View, language: Language) -> str:
        """The status line's HTML."""
        return self._renderer.status(view, language)

    def frame(self, language: Language) -> list[Any]:
        """Header, footer, question box and buttons in a language."""
        texts = self._phrases[language]
        return [
            self._renderer.header(language),
            self._renderer.footer(language, self._service.newest_date()),
            gr.Textbox(label=texts.chat.question, placeholder=texts.chat.placeholder),
            gr.Button(texts.chat.ask),
            gr.Button(texts.chat.again),
        ]

    def opened(self, view: View, request: gr.Request) -> list[Any]:
        """A browser opened the page: its ``?lang=`` or its preferred language is taken."""
        wished = request.query_params.get("lang")
        language = wished if wished in LANGUAGES else preferred_language(request.headers.get("accept-language"))
        return [language, *self.switched(language, view)]

    def switched(self, language: Language, view: View) -> list[Any]:
        """The language of the page was changed."""
        return [*self.frame(language), self.conversation(view, language), self.status(view, language)]

    def asked(self, question: str, language: Language, view: View) -> Iterator[list[Any]]:
        """A question was typed; the box keeps a question that was not even asked."""
        for now in self._conversations.ask(view, question or ""):
            box = question if now.alert else ""
            yield [self.conversation(now, language), self.status(now, language), box, now]

    def picked(self, language: Language, view: View, event: gr.EventData) -> Iterator[list[Any]]:
        """A question on a button was chosen."""
        question = event._data.get("question") if isinstance(event._data, dict) else None
        for now in self._conversations.ask(view, question if isinstance(question, str) else ""):
            yield [self.conversation(now, language), self.status(now, language), now]

    def refused(self, language: Language, view: View, request: gr.Request) -> list[Any]:
        """A question did not get through to a callback: too many, too large, or a broken connection."""
        now = replace(view, alert="rate_limited" if self._limit.exhausted(request.client.host) else "other")
        return [self.status(now, language), now]

    def restarted(self, language: Language) -> list[Any]:
        """A new conversation is wished."""
        return [self.conversation(View(), language), self.status(View(), language), "", View()]


def build_page(callbacks: ChatCallbacks, phrases: Mapping[Language, Phrases], language: Language = "ko") -> ChatPage:
    """Builds the page in ``language``; the browser's own language takes over when it is opened."""
    header_html, footer_html, box_texts, ask_texts, again_texts = callbacks.frame(language)
    script = (STATIC / "chat.js").read_text(encoding="utf-8")
    with gr.Blocks(title=phrases[language].page.title, analytics_enabled=False, fill_width=True) as blocks:
        view = gr.State(View())
        with gr.Column(elem_id="cb-page"):
            names = [(NAMES[one], one) for one in LANGUAGES]
            switch = gr.Radio(names, value=language, show_label=False, container=False, elem_id="cb-language")
            header = _html(header_html)
            conversation = _html(callbacks.conversation(View(), language), script, elem_id="cb-conversation")
            with gr.Column(elem_id="cb-composer"):
                status = _html(callbacks.status(View(), language))
                box = gr.Textbox(
                    label=box_texts.label, placeholder=box_texts.placeholder, max_lines=5, elem_id="cb-question"
                )
                with gr.Row(elem_id="cb-actions"):
                    again = gr.Button(again_texts.value, elem_id="cb-again", min_width=0)
                    ask = gr.Button(ask_texts.value, variant="primary", elem_id="cb-ask", min_width=0)
            footer = _html(footer_html)

        set_language = _language_script(phrases)
        frame: list[Any] = [header, footer, box, ask, again, conversation, status]
        opened = blocks.load(callbacks.opened, [view], [switch, *frame], **_EVENT)
        opened.then(None, [switch], [switch], js=set_language, **_EVENT)
        switch.input(callbacks.switched, [switch, view], frame, js=set_language, **_EVENT)
        typed = gr.on(
            [ask.click, box.submit], callbacks.asked, [box, switch, view], [conversation, status, box, view], **_EVENT
        )
        picked = conversation.ask(callbacks.picked, [switch, view], [conversation, status, view], **_EVENT)
        for asking in (typed, picked):
            asking.failure(callbacks.refused, [switch, view], [status, view], **_EVENT)
        again.click(callbacks.restarted, [switch], [conversation, status, box, view], cancels=[typed, picked], **_EVENT)
    return ChatPage(blocks, frozenset(blocks.fns) - {typed["id"], picked["id"]})


def _html(value: str, script: str | None = None, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, js_on_load=script, elem_id=elem_id)


def _language_script(phrases: Mapping[Language, Phrases]) -> str:
    """JavaScript that tells the browser the page's language and title, and hands its arguments on."""
    titles = json.dumps({language: texts.page.title for language, texts in phrases.items()}, ensure_ascii=False)
    return (
        "(language, ...rest) => { document.documentElement.lang = language; "
        f"document.title = {titles}[language]; return [language, ...rest]; }}"
    )


def mount(app: FastAPI, page: ChatPage) -> None:
    """Mounts the page at ``/``; nothing can be added to the app after it."""
    gr.mount_gradio_app(
        app,
        page.blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=0,
        theme=gr.themes.Base(primary_hue="blue", neutral_hue="slate", font=FONT, font_mono=["monospace"]),
    )
