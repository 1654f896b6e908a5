"""The switches that pause the assistant, as staff set and lift them; every change is in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicbot.language.glossary import Glossary
from civicbot.model import LANGUAGES, Language
from civicbot.records.database import Database
from civicbot.records.rows import storable
from civicbot.records.sites import list_sites
from civicbot.records.tables import SiteRow, SwitchRow
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.ruling_rows import (
    InvalidSwitchError,
    UnknownSwitchError,
    checked_reason,
    checked_text,
    switch_of,
)
from civicbot.review.ruling_texts import pause_texts
from civicbot.review.view_nouns import MOST_REASON, Choice, NewSwitch, Switch, SwitchScope


class Switches:
    """Sets and lifts switches, effective within a second in every process; thread-safe.

    Every method may raise SQLAlchemyError when the database cannot be used.

    Args:
        database: where they are kept.
        live: what the questions of this process go by.
        glossary: the names of topics; it may raise a CivicbotError while there is no library.
        now: the time, aware; the clock by default.
    """

    def __init__(
        self,
        database: Database,
        live: LiveRulings,
        glossary: Callable[[], Glossary],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._live = live
        self._glossary = glossary
        self._now = now

    @guarded(Action.READ_SWITCHES)
    def current(self, actor: Actor) -> tuple[Switch, ...]:
        """The switches that pause something now, the newest first."""
        del actor
        now = self._now()
        left = select(SwitchRow).where(SwitchRow.lifted_at.is_(None)).order_by(SwitchRow.id.desc())
        with self._database.reading() as session:
            return tuple(switch for row in session.scalars(left) if (switch := switch_of(row)).active(now))

    @guarded(Action.READ_SWITCHES)
    def history(self, actor: Actor, *, before: int | None = None, limit: int = 100) -> tuple[Switch, ...]:
        """All switches there ever were, the newest first.

        Args:
            actor: who reads.
            before: only those with a smaller id, for the next page.
            limit: how many at most.
        """
        del actor
        wanted = select(SwitchRow).order_by(SwitchRow.id.desc()).limit(limit)
        wanted = wanted if before is None else wanted.where(SwitchRow.id < before)
        with self._database.reading() as session:
            return tuple(switch_of(row) for row in session.scalars(wanted))

    @guarded(Action.READ_SWITCHES)
    def suggested(self, actor: Actor, scope: SwitchScope, value: str | None = None) -> dict[Language, str]:
        """Public texts to begin with, by language.

        Raises:
            InvalidSwitchError: nothing of this scope has this value.
        """
        del actor
        with self._database.reading() as session:
            value = self._checked_value(session, scope, value)
        return {language: self._text(scope, value, language) for language in LANGUAGES}

    @guarded(Action.READ_SWITCHES)
    def choices(self, actor: Actor, scope: SwitchScope) -> tuple[Choice, ...]:
        """What can be paused of a scope: the sites, the languages, the topics; nothing for everything."""
        del actor
        if scope is SwitchScope.EVERYTHING:
            return ()
        if scope is SwitchScope.SITE:
            with self._database.reading() as session:
                sites = list_sites(session)
            return tuple(Choice(key=one.name, ko=one.name, en=one.name) for one in sites)
        if scope is SwitchScope.LANGUAGE:
            korean, english = pause_texts("ko").languages, pause_texts("en").languages
            return tuple(Choice(key=key, ko=korean[key], en=english[key]) for key in LANGUAGES)
        return entity_choices(self._glossary())

    @guarded(Action.SWITCH)
    def set(self, actor: Actor, new: NewSwitch) -> Switch:
        """Pauses.

        Raises:
            InvalidSwitchError: saying what cannot be used.
        """
        with self._database.writing() as session:
            row = self._add(session, actor, new)
            note(session, actor, Action.SWITCH, f"switch:{row.id}", change="set", **_told(row))
            switch = switch_of(row)
        self._live.refresh()
        return switch

    @guarded(Action.SWITCH)
    def change(self, actor: Actor, switch_id: int, new: NewSwitch) -> Switch:
        """Replaces an active switch by another without a moment between; the old one stays in the history.

        Raises:
            UnknownSwitchError: there is none with this id, or it pauses nothing any more.
            InvalidSwitchError: saying what cannot be used.
        """
        with self._database.writing() as session:
            old = self._active(session, switch_id)
            row = self._add(session, actor, new)
            old.lifted_by, old.lifted_at, old.lift_reason = actor.name, row.set_at, f"→ {row.id}"
            note(session, actor, Action.SWITCH, f"switch:{row.id}", change="replace", old=old.id, **_told(row))
            switch = switch_of(row)
        self._live.refresh()
        return switch

    @guarded(Action.SWITCH)
    def lift(self, actor: Actor, switch_id: int, reason: str | None = None) -> Switch:
        """Lifts an active switch.

        Raises:
            UnknownSwitchError: there is none with this id, or it pauses nothing any more.
        """
        with self._database.writing() as session:
            row = self._active(session, switch_id)
            row.lifted_by, row.lifted_at = actor.name, self._now()
            row.lift_reason = storable((reason or "").strip()[:MOST_REASON]) or None
            note(session, actor, Action.SWITCH, f"switch:{row.id}", change="lift", **_told(row))
            switch = switch_of(row)
        self._live.refresh()
        return switch

    def _add(self, session: Session, actor: Actor, new: NewSwitch) -> SwitchRow:
        now = self._now()
        if new.until is not None and new.until <= now:
            raise InvalidSwitchError(f"The pause would end at {new.until:%Y-%m-%d %H:%M %Z}, which is over.")
        row = SwitchRow(
            scope=new.scope.value,
            value=self._checked_value(session, new.scope, new.value),
            reason=checked_reason(new.reason, InvalidSwitchError),
            text_ko=checked_text(new.text_ko, "Korean text", InvalidSwitchError),
            text_en=checked_text(new.text_en, "English text", InvalidSwitchError),
            until=new.until,
            set_by=actor.name,
            set_at=now,
        )
        session.add(row)
        session.flush()
        return row

    def _active(self, session: Session, switch_id: int) -> SwitchRow:
        row = session.get(SwitchRow, switch_id, with_for_update=True)
        if row is None or not switch_of(row).active(self._now()):
            raise UnknownSwitchError(f"No switch {switch_id} pauses anything.")
        return row

    def _checked_value(self, session: Session, scope: SwitchScope, value: str | None) -> str | None:
        """What a switch pauses of its scope; only what is there can be paused."""
        if scope is SwitchScope.EVERYTHING:
            return None
        known = {
            SwitchScope.SITE: lambda: bool(value) and session.get(SiteRow, value) is not None,
            SwitchScope.LANGUAGE: lambda: value in LANGUAGES,
            SwitchScope.TOPIC: lambda: value in self._glossary().entities,
        }
        if value is None or not value.isprintable() or not known[scope]():
            raise InvalidSwitchError(f"There is no {scope.value} {value!r}.", hint="Choose one of the list.")
        return value

    def _text(self, scope: SwitchScope, value: str | None, language: Language) -> str:
        texts = pause_texts(language)
        if scope is SwitchScope.LANGUAGE:
            return texts.language["ko" if value == "ko" else "en"]
        if scope is SwitchScope.TOPIC:
            return texts.topic.format(topic=self._glossary().entities[value or ""].names(language).name)
        return texts.everything if scope is SwitchScope.EVERYTHING else texts.site


def entity_choices(glossary: Glossary) -> tuple[Choice, ...]:
    """The entries of a glossary to choose from, those with a brief of their own first, by their Korean names."""
    named = sorted(glossary.entities.items(), key=lambda one: (one[1].brief is None, one[1].ko.name))
    return tuple(Choice(key=key, ko=entity.ko.name, en=entity.en.name) for key, entity in named)


def _told(row: SwitchRow) -> dict[str, str | None]:
    """A switch for the log; its reason and texts stand in its row, which nobody deletes."""
    return {"scope": row.scope, "value": row.value, "until": row.until.isoformat() if row.until else None}
