"""What the chat page's components call: each turns what a resident did into the page's new parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import gradio as gr

from civicbot.model import LANGUAGES, Language
from civicbot.web.acts import Act, Asking, Leaving, Rating, read_act
from civicbot.web.afterwards import NO_MARKS, Afterwards, Marks
from civicbot.web.conversation import Conversations
from civicbot.web.limits import RateLimit, client_of
from civicbot.web.phrases import preferred_language
from civicbot.web.ports import ServicePort
from civicbot.web.render import Renderer
from civicbot.web.views import View

_A = TypeVar("_A", bound=Act)

Parts = list[Any]
"""New values of components, in the order that :mod:`civicbot.web.chat` names them in."""


class ChatCallbacks:
    """Reads what happened, has it done, renders what came of it.

    Args:
        service: gives the examples and the newest date.
        conversations: answers questions.
        afterwards: takes feedback and tickets.
        renderer: makes the HTML.
        limit: the limit of questions, asked why a question was not let through.
    """

    def __init__(
        self,
        service: ServicePort,
        conversations: Conversations,
        afterwards: Afterwards,
        renderer: Renderer,
        limit: RateLimit,
    ) -> None:
        self._service = service
        self._conversations = conversations
        self._afterwards = afterwards
        self._renderer = renderer
        self._limit = limit

    def page(self, view: View, marks: Marks, language: Language, *, opened: bool = True) -> Parts:
        """Header, question box, footer, and the conversation with its status line."""
        render, newest = self._renderer, self._service.newest_date()
        frame = [render.header(language), render.composer(language), render.footer(language, newest)]
        return [*frame, *self._talk(view, marks, language), render.status(view, language, opened=opened)]

    def opened(self, request: gr.Request) -> Parts:
        """A browser opened the page: its address names the language and the conversation."""
        wished = request.query_params.get("lang")
        language = wished if wished in LANGUAGES else preferred_language(request.headers.get("accept-language"))
        conversation = request.query_params.get("conversation")
        view = self._conversations.opened(conversation) if conversation else View()
        marks = self._afterwards.earlier(view.answers)
        return [*self.page(view, marks, language), view, marks]

    def switched(self, view: View, marks: Marks, event: gr.EventData) -> Parts:
        """The page's language was changed."""
        act = _read(event, Act)
        if act is None:
            return _nothing(8)
        view, marks = self._known(view, marks, act)
        return [*self.page(view, marks, act.language), view, marks]

    def asked(self, view: View, marks: Marks, event: gr.EventData) -> Iterator[Parts]:
        """A question was typed, or chosen from a button; what did not change is not sent again."""
        act = _read(event, Asking)
        if act is None:
            yield _nothing(5)
            return
        shown: Parts = [None, None, None]
        before = view
        view, marks = self._known(view, marks, act)
        # What is said about earlier answers meanwhile is not to be overwritten.
        kept: Any = gr.skip() if view is before else marks
        for now in self._conversations.ask(view, act.question):
            parts = [*self._talk(now, marks, act.language), self._renderer.status(now, act.language)]
            yield [*(gr.skip() if new == old else new for new, old in zip(parts, shown, strict=True)), now, kept]
            shown = parts

    def refused(self, view: View, event: gr.EventData, request: gr.Request) -> Parts:
        """A question did not get through to a callback: too many, too large, or a fault on the way."""
        act = _read(event, Act)
        if act is None:
            return _nothing(2)
        client = client_of(request.request.scope) if request.request else "local"
        now = view.alerting("rate_limited" if self._limit.exhausted(client) else "other")
        return [self._renderer.status(now, act.language), now]

    def stopped(self, view: View, marks: Marks, event: gr.EventData) -> Parts:
        """The resident wants no more of the answer that is being made."""
        act = _read(event, Act)
        if act is None:
            return _nothing(3)
        now = self._conversations.stopped(view)
        return [self._renderer.live(now, act.language, marks), self._renderer.status(now, act.language), now]

    def restarted(self, event: gr.EventData) -> Parts:
        """A new conversation is wished."""
        act = _read(event, Act)
        if act is None:
            return _nothing(5)
        return [
            *self._talk(View(), NO_MARKS, act.language),
            self._renderer.status(View(), act.language),
            View(),
            NO_MARKS,
        ]

    def rated(self, view: View, marks: Marks, event: gr.EventData) -> Parts:
        """The resident said whether an answer helped."""
        act = _read(event, Rating)
        if act is None:
            return _nothing(4)
        view, marks = self._known(view, marks, act)
        return self._marked(act, view, self._afterwards.rate(marks, act))

    def left(self, view: View, marks: Marks, event: gr.EventData, request: gr.Request) -> Parts:
        """The resident leaves a question for staff."""
        act = _read(event, Leaving)
        if act is None:
            return _nothing(4)
        client = client_of(request.request.scope) if request.request else "local"
        view, marks = self._known(view, marks, act)
        return self._marked(act, view, self._afterwards.leave(marks, act, client))

    def _known(self, view: View, marks: Marks, act: Act) -> tuple[View, Marks]:
        """The conversation that the page shows, from the records when this process does not know it."""
        known = self._conversations.known(view, act.conversation)
        return (view, marks) if known is view else (known, self._afterwards.earlier(known.answers))

    def _marked(self, act: Act, view: View, marks: Marks) -> Parts:
        past, live = self._talk(view, marks, act.language)
        if view.turns and view.turns[-1].pending:
            return [past, gr.skip(), gr.skip(), marks]  # the answer that is being made goes on by itself
        return [past, live, view, marks]

    def _talk(self, view: View, marks: Marks, language: Language) -> Parts:
        """The part above the newest turn (before the first question: the opening), and that turn."""
        past = self._renderer.past(view, language, marks)
        if not view.turns:
            service = self._service
            paused = service.paused(language, None)
            past += self._renderer.opening(language, service.examples(language), service.newest_date(), paused)
        return [past, self._renderer.live(view, language, marks)]


def _read(event: gr.EventData, kind: type[_A]) -> _A | None:
    return read_act(event._data, kind)


def _nothing(parts: int) -> Parts:
    """Leaves so many components as they are."""
    return [gr.skip()] * parts
