"""The desk: a page of Gradio's whose every event is one operation of one screen, or opens a screen.

The script in ``static/staff.js`` triggers the events with what was done as their data; the desk finds out who does it,
has the service do it, and shows what came of it. It keeps nothing between two events.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
from sqlalchemy.exc import SQLAlchemyError

from civicbot.errors import CivicbotError, RecordsUnavailableError
from civicbot.model import Language
from civicbot.records.database import is_outage
from civicbot.review.access import Actor, may
from civicbot.web.errors import unexpected
from civicbot.web.staff.addresses import FIRST, Address
from civicbot.web.staff.forms import InvalidFormError, Sent, read_form, read_sent
from civicbot.web.staff.frame import Frame
from civicbot.web.staff.gate import actor_of
from civicbot.web.staff.languages import staff_language
from civicbot.web.staff.screens.base import Done, Operation, Screen, Sight
from civicbot.web.staff.texts import StaffTexts

CONCURRENT = 16
"""How many events of one kind run at a time; Gradio's default is 1."""

Parts = list[Any]
"""New values of frame, screen, panel and state."""

OPEN = "open_screen"
"""The event that shows another screen."""

_EVENT: dict[str, Any] = {
    "show_progress": "hidden",
    "concurrency_limit": CONCURRENT,
    "api_visibility": "private",
}
_FAILED = "() => { document.dispatchEvent(new CustomEvent('civicbot:failed')); }"
_SCRIPT = "import('/ui/staff.js').then((desk) => desk.start(trigger, [{events}]));"


class StaffDesk:
    """What the desk's events call.

    Args:
        screens: all screens, in the order of their tabs.
        frame: what stands around them.
        texts: the texts of each language.
    """

    def __init__(self, screens: Sequence[Screen], frame: Frame, texts: Mapping[Language, StaffTexts]) -> None:
        self.screens = {screen.name: screen for screen in screens}
        self.operations = tuple(one for screen in screens for one in screen.operations)
        self._frame = frame
        self._texts = texts

    def opened(self, request: gr.Request) -> Parts:
        """A browser opened the page: its address names the screen, and a cookie the language."""
        language = staff_language(request.request.scope) if request.request else "ko"
        query = str(request.query_params) if request.request else ""
        sent = Sent(language=language, address=query)
        return self._answered(sent, request, lambda _: Done())

    def open_screen(self, event: gr.EventData, request: gr.Request) -> Parts:
        """Another screen, another choice on it, or another language."""
        return self._answered(_sent(event), request, lambda _: Done())

    def running(self, operation: Operation) -> Callable[[gr.EventData, gr.Request], Parts]:
        """The function that an operation's event calls."""

        def run(event: gr.EventData, request: gr.Request) -> Parts:
            sent = _sent(event)
            return self._answered(
                sent, request, lambda sight: operation.run(sight, read_form(sent.fields, operation.form))
            )

        run.__name__ = operation.name
        return run

    def _answered(self, sent: Sent, request: gr.Request, act: Callable[[Sight], Done]) -> Parts:
        """Does something for whoever asks for it; what goes wrong becomes a message."""
        texts = self._texts[sent.language]
        try:
            actor = actor_of(request)
            server = str(request.request.base_url.replace(path="")) if request.request else ""
            sight = Sight(actor, sent.language, texts, self._address(actor, sent.address), server)
            return self._done(sent, sight, act(sight))
        except CivicbotError as error:
            return self._refused(sent, error)
        except SQLAlchemyError as error:
            if is_outage(error):
                return self._refused(sent, RecordsUnavailableError("The records cannot be reached just now."))
            return self._broken(sent, error)
        except Exception as error:  # noqa: BLE001 - the outermost boundary of the desk
            return self._broken(sent, error)

    def _done(self, sent: Sent, sight: Sight, done: Done) -> Parts:
        if done.panel is not None:
            return [
                gr.skip(),
                gr.skip(),
                self._frame.panel(sent, done.panel),
                self._frame.state(sent, sight, done, screen=None),
            ]
        if done.go is not None:
            sight = replace(sight, address=done.go)
        shown = self.screens[sight.address.screen].show(sight)
        frame = self._frame.head(sight, tuple(self.screens.values()))
        return [
            frame,
            self._frame.main(sent, sight, shown),
            self._frame.panel(sent, shown.panel),
            self._frame.state(sent, sight, done, shown),
        ]

    def _refused(self, sent: Sent, error: CivicbotError) -> Parts:
        fields = error.names if isinstance(error, InvalidFormError) else ()
        told = self._frame.problem(sent, self._texts[sent.language], error, fields)
        return [gr.skip(), gr.skip(), gr.skip(), told]

    def _broken(self, sent: Sent, error: Exception) -> Parts:
        detail = unexpected(error, "staff desk").error
        told = CivicbotError(detail.message, hint=detail.hint, code=detail.code)
        return self._refused(sent, told)

    def _address(self, actor: Actor, query: str) -> Address:
        """What is asked for; the first screen where there is no such one, or it is not for the actor."""
        address = Address.read(query)
        screen = self.screens.get(address.screen)
        return address if screen is not None and may(actor, screen.action) else Address(FIRST)


def build_desk(desk: StaffDesk, texts: StaffTexts) -> gr.Blocks:
    """The page: four pieces of HTML, and an event for every operation."""
    events = [OPEN, *(operation.name for operation in desk.operations)]
    script = _SCRIPT.format(events=", ".join(f"'{event}'" for event in events))
    blocks: gr.Blocks = gr.Blocks(title=texts.frame.title, analytics_enabled=False, fill_width=True)
    # After every event Gradio makes a summary of all events before it, which nobody can see: it would grow all day.
    blocks._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    with blocks, gr.Column(elem_id="sd-page"):
        parts = [_html("sd-frame"), _html("sd-main", f"<p>{texts.frame.loading}</p>"), _html("sd-panel")]
        state = _html("sd-status", "<p></p>", script)
        parts.append(state)
        _bind(blocks.load, desk.opened, parts)
        _bind(getattr(state, OPEN), desk.open_screen, parts)
        for operation in desk.operations:
            _bind(getattr(state, operation.name), desk.running(operation), parts)
    return blocks


def _bind(listener: Any, function: Callable[..., Parts], parts: list[Any]) -> None:
    listener(function, None, parts, **_EVENT).failure(None, None, None, js=_FAILED, **_EVENT)


def _html(elem_id: str, value: str = "", script: str | None = None) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, js_on_load=script, elem_id=elem_id)


def _sent(event: gr.EventData) -> Sent:
    return read_sent(event._data)
