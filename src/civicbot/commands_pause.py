"""The commands `civicbot pause`, `civicbot resume` and `civicbot switches`: for whoever has no browser at hand."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.settings import load_settings

if TYPE_CHECKING:
    from civicbot.language.glossary import Glossary
    from civicbot.review.access import Actor
    from civicbot.review.switches import Switches
    from civicbot.review.view_nouns import Switch, SwitchScope
    from civicbot.settings import Settings

_SPAN = re.compile(r"(\d{1,4})\s*([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def pause(
    reason: Annotated[str, typer.Option(help="Why, for staff; residents do not read it.")],
    site: Annotated[str | None, typer.Option(help="Only at this registered site.")] = None,
    language: Annotated[str | None, typer.Option(help="Only answers in this language: ko or en.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only questions about this: a name, or a glossary key.")] = None,
    text_ko: Annotated[
        str | None, typer.Option(help="What residents read in Korean; a standing text if unset.")
    ] = None,
    text_en: Annotated[str | None, typer.Option(help="The same in English.")] = None,
    until: Annotated[str | None, typer.Option(help="When it ends by itself, 'YYYY-MM-DD HH:MM' Korean time.")] = None,
    lasting: Annotated[str | None, typer.Option("--for", help="The same as a span: 30m, 2h, 1d.")] = None,
) -> None:
    """Pause the assistant at once, in every process: everything, or one site, language or topic."""
    from civicbot.review.view_nouns import NewSwitch

    end = _end(until, lasting)
    settings = _settings()
    with _switches(settings) as switches:
        scope, value = _what(settings, site, language, topic)
        texts = switches.suggested(_actor(), scope, value)
        new = NewSwitch(
            scope=scope,
            value=value,
            reason=reason,
            text_ko=text_ko or texts["ko"],
            text_en=text_en or texts["en"],
            until=end,
        )
        switch = switches.set(_actor(), new)
    _tell(f"Paused: {_named(switch)}{_ending(switch)}. `civicbot resume {switch.id}` lifts it.")
    _tell(f"Residents read: {switch.text_ko}\n                {switch.text_en}")


def resume(
    ids: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Of switches, as listed.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Lift all of them.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why, for staff.")] = None,
) -> None:
    """Lift switches; without an id the only one that is on."""
    from civicbot.review.ruling_rows import UnknownSwitchError

    with _switches(_settings()) as switches:
        current = switches.current(_actor())
        wanted = [switch.id for switch in current] if everything or (not ids and len(current) == 1) else ids or []
        if not wanted:
            if not current:
                _tell("Nothing is paused.")
                return
            _show(current)
            raise UnknownSwitchError(
                f"{len(current)} switches are on.", hint="Give the ids of those to lift, or --all."
            )
        for each in wanted:
            _tell(f"Lifted: {_named(switches.lift(_actor(), each, reason))}.")
        left = switches.current(_actor())
    if left:
        _tell("Still paused:")
        _show(left)


def switches(
    past: Annotated[bool, typer.Option("--past", help="Also those that are over, the newest hundred.")] = False,
) -> None:
    """List what is paused, since when, by whom and why."""
    with _switches(_settings()) as held:
        found = held.history(_actor()) if past else held.current(_actor())
    if not found:
        _tell("Nothing was ever paused." if past else "Nothing is paused.")
        return
    _show(found)


def _what(
    settings: Settings, site: str | None, language: str | None, topic: str | None
) -> tuple[SwitchScope, str | None]:
    from civicbot.review.view_nouns import SwitchScope

    given = {SwitchScope.SITE: site, SwitchScope.LANGUAGE: language, SwitchScope.TOPIC: topic}
    chosen = [(scope, value) for scope, value in given.items() if value is not None]
    if len(chosen) > 1:
        raise typer.BadParameter("give one of --site, --language and --topic; pause several one after the other")
    if not chosen:
        return SwitchScope.EVERYTHING, None
    scope, value = chosen[0]
    return scope, _topic_key(settings, value or "") if scope is SwitchScope.TOPIC else value


def _topic_key(settings: Settings, name: str) -> str:
    """The glossary key of a topic; whoever types it may know its name alone."""
    glossary = _glossary(settings)
    if name in glossary.entities:
        return name
    found = {mention.key for mention in glossary.mentions(name)}
    return found.pop() if len(found) == 1 else name


def _glossary(settings: Settings) -> Glossary:
    """The names that the live library knows."""
    from civicbot.generation import GLOSSARY, index_folder, live_generation
    from civicbot.language.glossary import Glossary

    return Glossary.load(live_generation(index_folder(settings.data))[0] / GLOSSARY)


def _end(until: str | None, lasting: str | None) -> datetime | None:
    from civicbot.records.facts import KOREA

    if until and lasting:
        raise typer.BadParameter("give --until or --for, not both")
    if lasting:
        span = _SPAN.fullmatch(lasting.strip())
        if span is None:
            raise typer.BadParameter(f"{lasting!r} is no span such as 30m, 2h or 1d", param_hint="--for")
        return datetime.now(UTC) + int(span[1]) * _UNITS[span[2]]
    if not until:
        return None
    try:
        moment = datetime.fromisoformat(until.strip())
    except ValueError:
        raise typer.BadParameter(f"{until!r} is no time such as '2026-11-23 09:00'", param_hint="--until") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=KOREA)


def _show(found: tuple[Switch, ...]) -> None:
    now = datetime.now(UTC)
    table = Table("id", "pauses", "since", "by", "reason", "state")
    for switch in found:
        state = "on" + _ending(switch) if switch.active(now) else _over(switch)
        table.add_row(str(switch.id), _named(switch), _local(switch.set_at), switch.set_by, switch.reason, state)
    Console(highlight=False, markup=False).print(table)


def _named(switch: Switch) -> str:
    return switch.scope.value if switch.value is None else f"{switch.scope.value} {switch.value}"


def _ending(switch: Switch) -> str:
    return f" until {_local(switch.until)}" if switch.until is not None else ""


def _over(switch: Switch) -> str:
    if switch.lifted_at is None:
        return f"ended {_local(switch.until)}" if switch.until is not None else "over"
    why = f" ({switch.lift_reason})" if switch.lift_reason else ""
    return f"lifted {_local(switch.lifted_at)} by {switch.lifted_by}{why}"


def _local(time: datetime) -> str:
    from civicbot.records.facts import KOREA

    return f"{time.astimezone(KOREA):%Y-%m-%d %H:%M} KST"


def _settings() -> Settings:
    settings = load_settings()
    logging.basicConfig(level=max(settings.log_level_number, logging.WARNING), format="%(levelname)s %(message)s")
    return settings


@contextlib.contextmanager
def _switches(settings: Settings) -> Iterator[Switches]:
    from civicbot.records.opening import opened
    from civicbot.review.live_rulings import LiveRulings
    from civicbot.review.switches import Switches

    with opened(settings) as database:
        database.upgrade()
        yield Switches(database, LiveRulings(database), lambda: _glossary(settings))


def _actor() -> Actor:
    from civicbot.review.accounts import command_line

    return command_line()


def _tell(text: str) -> None:
    Console(highlight=False).print(text, markup=False, soft_wrap=True)
