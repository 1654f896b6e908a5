"""Texts that staff lay down for a class of questions; every change is in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicbot.answering.texts import texts
from civicbot.language.glossary import Glossary
from civicbot.model import LANGUAGES, Facet, Language
from civicbot.records.database import Database
from civicbot.records.tables import CannedRow
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.ruling_rows import (
    InvalidCannedError,
    UnknownCannedError,
    canned_of,
    checked_reason,
    checked_text,
)
from civicbot.review.switches import entity_choices
from civicbot.review.view_nouns import AnswerClass, Canned, Choice, NewCanned

_LOCK = 0x43414E4E
"""Of PostgreSQL: one text is laid down at a time, so that no class ever has two."""


class CannedTexts:
    """Lays texts down and takes them back, effective within a second in every process; thread-safe.

    Every method may raise SQLAlchemyError when the database cannot be used.

    Args:
        database: where they are kept.
        live: what the questions of this process go by.
        glossary: the names of what a text may be about; it may raise a CivicbotError while there is no library.
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
    def current(self, actor: Actor) -> tuple[Canned, ...]:
        """The texts that residents read now, the newest first."""
        del actor
        on = select(CannedRow).where(CannedRow.ended_at.is_(None)).order_by(CannedRow.id.desc())
        with self._database.reading() as session:
            return tuple(canned_of(row) for row in session.scalars(on))

    @guarded(Action.READ_SWITCHES)
    def history(self, actor: Actor, *, before: int | None = None, limit: int = 100) -> tuple[Canned, ...]:
        """All texts there ever were, the newest first.

        Args:
            actor: who reads.
            before: only those with a smaller id, for the next page.
            limit: how many at most.
        """
        del actor
        wanted = select(CannedRow).order_by(CannedRow.id.desc()).limit(limit)
        wanted = wanted if before is None else wanted.where(CannedRow.id < before)
        with self._database.reading() as session:
            return tuple(canned_of(row) for row in session.scalars(wanted))

    @guarded(Action.READ_SWITCHES)
    def usual(self, actor: Actor, answer_class: AnswerClass) -> dict[Language, str]:
        """The text that residents read without a canned one, by language."""
        del actor
        return {language: texts(language).status[answer_class.value] for language in LANGUAGES}

    @guarded(Action.READ_SWITCHES)
    def entities(self, actor: Actor) -> tuple[Choice, ...]:
        """What a text for ``no_evidence`` may be about."""
        del actor
        return entity_choices(self._glossary())

    @guarded(Action.READ_SWITCHES)
    def facets(self, actor: Actor) -> tuple[Choice, ...]:
        """The facets and how they are called; ``Choice.key`` is the value of :class:`civicbot.model.Facet`."""
        del actor
        korean, english = texts("ko").facets, texts("en").facets
        return tuple(Choice(key=facet.value, ko=korean[facet].label, en=english[facet].label) for facet in Facet)

    @guarded(Action.CANNED_TEXT)
    def lay_down(self, actor: Actor, new: NewCanned) -> Canned:
        """Lays a text down, in the place of the one of the same class, entity and facet if there is one.

        Raises:
            InvalidCannedError: saying what cannot be used.
        """
        self._check_class(new)
        with self._database.writing() as session:
            canned = self._lay(session, actor, new, change="lay_down")
        self._live.refresh()
        return canned

    @guarded(Action.CANNED_TEXT)
    def switch_off(self, actor: Actor, canned_id: int, reason: str) -> Canned:
        """Ends a text that is on.

        Raises:
            UnknownCannedError: there is none with this id that is on.
            InvalidCannedError: no reason is given.
        """
        why = checked_reason(reason, InvalidCannedError)
        with self._database.writing() as session:
            row = session.get(CannedRow, canned_id, with_for_update=True)
            if row is None or row.ended_at is not None:
                raise UnknownCannedError(f"No canned text {canned_id} is on.")
            row.ended_by, row.ended_at, row.end_reason = actor.name, self._now(), why
            note(session, actor, Action.CANNED_TEXT, f"canned:{row.id}", change="switch_off", **_told(row))
            canned = canned_of(row)
        self._live.refresh()
        return canned

    @guarded(Action.CANNED_TEXT)
    def switch_on(self, actor: Actor, canned_id: int, reason: str) -> Canned:
        """Lays an earlier text down again, as a new entry of the history.

        Raises:
            UnknownCannedError: there is none with this id.
            InvalidCannedError: no reason is given, or it cannot be used any more.
        """
        with self._database.writing() as session:
            row = session.get(CannedRow, canned_id)
            if row is None:
                raise UnknownCannedError(f"There is no canned text {canned_id}.")
            old = canned_of(row)
            if old.on:
                return old
            new = NewCanned.model_validate({name: getattr(old, name) for name in NewCanned.model_fields})
            new = new.model_copy(update={"reason": reason})
            self._check_class(new)
            canned = self._lay(session, actor, new, change="switch_on")
        self._live.refresh()
        return canned

    def _lay(self, session: Session, actor: Actor, new: NewCanned, *, change: str) -> Canned:
        if self._database.file is None:
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        now = self._now()
        row = CannedRow(
            answer_class=new.answer_class.value,
            entity=new.entity,
            facet=new.facet.value if new.facet else None,
            reason=checked_reason(new.reason, InvalidCannedError),
            text_ko=checked_text(new.text_ko, "Korean text", InvalidCannedError),
            text_en=checked_text(new.text_en, "English text", InvalidCannedError),
            set_by=actor.name,
            set_at=now,
        )
        same = (CannedRow.answer_class == row.answer_class) & CannedRow.ended_at.is_(None)
        for column, value in ((CannedRow.entity, row.entity), (CannedRow.facet, row.facet)):
            same &= column.is_(None) if value is None else column == value
        for old in session.scalars(select(CannedRow).where(same)):
            old.ended_by, old.ended_at = actor.name, now
        session.add(row)
        session.flush()
        note(session, actor, Action.CANNED_TEXT, f"canned:{row.id}", change=change, **_told(row))
        return canned_of(row)

    def _check_class(self, new: NewCanned) -> None:
        if new.answer_class is not AnswerClass.NO_EVIDENCE and (new.entity or new.facet):
            raise InvalidCannedError(
                f"Questions of the class {new.answer_class.value!r} are about nothing that we know.",
                hint="Leave the topic out; it goes with no_evidence alone.",
            )
        if new.facet is not None and new.entity is None:
            raise InvalidCannedError("A facet needs a topic whose facet it is.", hint="Choose a topic.")
        if new.entity is not None and new.entity not in self._glossary().entities:
            raise InvalidCannedError(f"There is no topic {new.entity!r}.", hint="Choose one of the list.")


def _told(row: CannedRow) -> dict[str, str | None]:
    """A canned text for the log; its reason and texts stand in its row, which nobody deletes."""
    return {"answer_class": row.answer_class, "entity": row.entity, "facet": row.facet}
