"""What a screen is: something to show, and operations that can be called on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from civicbot.model import Language
from civicbot.review.access import Action, Actor
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.forms import Form
from civicbot.web.staff.texts import StaffTexts

F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Sight:
    """Who looks at what, in which language.

    Attributes:
        server: where the browser reaches this server, such as ``https://ask.city.example``.
    """

    actor: Actor
    language: Language
    texts: StaffTexts
    address: Address
    server: str = ""


@dataclass(frozen=True)
class Shown:
    """A screen as HTML.

    Attributes:
        title: for the browser's tab.
        main: the screen.
        panel: what stands below it and changes without it.
    """

    title: str
    main: str
    panel: str = ""


@dataclass(frozen=True)
class Done:
    """What came of an operation.

    Attributes:
        said: a message; empty for none.
        go: what is shown next; None stays where it was.
        panel: new HTML for below the screen, which stays as it is; None shows the whole screen again.
        settled: whether what was typed is done with, so that the browser may forget it.
        warns: whether the message tells of something that could not be done.
    """

    said: str = ""
    go: Address | None = None
    panel: str | None = None
    settled: bool = True
    warns: bool = False


@dataclass(frozen=True)
class Operation:
    """Something that staff do on a screen.

    Attributes:
        name: of the event in the browser and in Gradio.
        form: what it needs.
        run: does it, through a service, which checks whether the actor may.
        action: what it is, for whoever lists what which role may do.
    """

    name: str
    form: type[Form]
    run: Callable[[Sight, Any], Done]
    action: Action


def operation(name: str, form: type[F], run: Callable[[Sight, F], Done], action: Action) -> Operation:
    """An operation, with its form and function checked against each other by the types."""
    return Operation(name, form, run, action)


class Screen(Protocol):
    """A screen."""

    @property
    def name(self) -> str:
        """As it stands in addresses."""
        ...

    @property
    def action(self) -> Action:
        """What one must be allowed to, to be offered it."""
        ...

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        ...

    def show(self, sight: Sight) -> Shown:
        """The screen as it is now."""
        ...
