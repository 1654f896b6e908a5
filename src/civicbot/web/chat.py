"""The chat page: a few Gradio components with HTML of our own, and the events between them and the callbacks.

The script in ``static/chat.js`` listens to everything that residents do and triggers one of the events below, with
what was done as its data; the callbacks answer with new HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr
from fastapi import FastAPI

from civicbot.model import Language
from civicbot.web.callbacks import ChatCallbacks
from civicbot.web.phrases import Phrases
from civicbot.web.theme import civic_theme
from civicbot.web.views import View

CONCURRENT = 16
"""How many callbacks of one kind run at a time; Gradio's default is 1."""

# Gradio looks for the names of the events in this script.
SCRIPT = """
const events = ['ask', 'stop_answer', 'start_again', 'refuse', 'speak', 'rate', 'leave'];
import('/ui/chat.js').then((page) => page.start(trigger, events));
"""
# Runs in the browser, also when a question did not get to the server.
FAILED = "() => { document.dispatchEvent(new CustomEvent('civicbot:failed')); }"

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


def build_page(callbacks: ChatCallbacks, phrases: Mapping[Language, Phrases], language: Language = "ko") -> ChatPage:
    """Builds the page in ``language``; the browser's own language takes over when it is opened."""
    first = callbacks.page(View(), {}, language, opened=False)
    with gr.Blocks(title=phrases[language].page.title, analytics_enabled=False, fill_width=True) as blocks:
        view, marks = gr.State(View()), gr.State({})
        with gr.Column(elem_id="cb-page"):
            header = _html(first[0], "cb-top")
            with gr.Column(elem_id="cb-main"):
                with gr.Column(elem_id="cb-log"):
                    past = _html(first[3], "cb-past")
                    live = _html(first[4], "cb-live")
                with gr.Column(elem_id="cb-dock"):
                    composer = _html(first[1], "cb-composer")
                    status = _html(first[5], "cb-status", SCRIPT)
            footer = _html(first[2], "cb-bottom")

        frame: list[Any] = [header, composer, footer, past, live, status]
        blocks.load(callbacks.opened, None, [*frame, view, marks], **_EVENT)
        status.speak(callbacks.switched, [view, marks], [*frame, view, marks], **_EVENT)
        asked = status.ask(callbacks.asked, [view, marks], [past, live, status, view, marks], **_EVENT)
        asked.failure(None, None, None, js=FAILED, **_EVENT)
        status.refuse(callbacks.refused, [view], [status, view], **_EVENT)
        status.stop_answer(callbacks.stopped, [view, marks], [live, status, view], cancels=[asked], **_EVENT)
        status.start_again(callbacks.restarted, None, [past, live, status, view, marks], cancels=[asked], **_EVENT)
        status.rate(callbacks.rated, [view, marks], [past, live, view, marks], **_EVENT)
        status.leave(callbacks.left, [view, marks], [past, live, view, marks], **_EVENT)
    return ChatPage(blocks, frozenset(blocks.fns) - {asked["id"]})


def _html(value: str, elem_id: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, js_on_load=script, elem_id=elem_id)


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
        theme=civic_theme(),
    )
