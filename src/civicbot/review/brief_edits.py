"""Editing briefs from the desk: proposed, shown as a difference, checked, written in one step, and taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import select

from civicbot.errors import CivicbotError
from civicbot.language.glossary import Glossary
from civicbot.library.checks.papers import read_papers
from civicbot.library.files import GLOSSARY_FILE, CorpusFile
from civicbot.library.markdown import tidy
from civicbot.model import LANGUAGES, Language
from civicbot.records.tables import BriefEditRow
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.brief_checks import BriefChecks, difference
from civicbot.review.brief_files import BriefFiles, Held, Place, check_unchanged, digest_of
from civicbot.review.brief_nouns import (
    BriefCheck,
    BriefDraft,
    BriefEdit,
    BriefFile,
    BriefFileKind,
    BriefTitle,
    CorpusNotWritableError,
    EditKind,
    SentFile,
    Splice,
    UnknownBriefError,
    UnsoundBriefError,
)
from civicbot.review.brief_proposals import Proposals, slug_of
from civicbot.review.brief_rows import (
    UNDONE,
    WRITING,
    WRITTEN,
    add_row,
    edit_of,
    give_up,
    new_row,
    restored,
    row_of,
)
from civicbot.review.gaps_nouns import Gap
from civicbot.review.store import Store

MOST_EDITS = 50
_HASH = 12


class BriefEdits:
    """Edits briefs in the corpus folder; thread-safe, and safe beside other processes of this machine.

    Every method may raise RecordsUnavailableError.

    Args:
        store: the database, and the time.
        folder: the corpus folder.
        today: the day against which the corpus is checked.
        mask: takes personal data out of a text.
    """

    def __init__(
        self, store: Store, folder: Path, today: Callable[[], date], *, mask: Callable[[str, Language], str]
    ) -> None:
        self._store = store
        self._files = BriefFiles(folder)
        self._checks = BriefChecks(self._files, today)
        self._mask = mask

    @guarded(Action.EDIT_LIBRARY)
    def briefs(self, actor: Actor) -> tuple[BriefTitle, ...]:
        """The briefs that can be edited, by their file names."""
        del actor
        return tuple(self._title(slug, self._held(slug)) for slug in self._files.slugs())

    @guarded(Action.EDIT_LIBRARY)
    def open(self, actor: Actor, slug: str, *, gap: str | None = None) -> BriefDraft:
        """A brief as it is, in both languages, with its questions.

        Args:
            actor: who edits.
            slug: its file name without suffix.
            gap: the key of the gap that it is edited for.

        Raises:
            UnknownBriefError: there is none.
        """
        self._tidy(actor)
        return self._draft(slug, self._opened(slug), EditKind.TEXT, gap)

    @guarded(Action.EDIT_LIBRARY)
    def propose(self, actor: Actor, gap: Gap, kind: EditKind | None = None, *, slug: str | None = None) -> BriefDraft:
        """A brief with what is proposed for a gap in it already.

        Args:
            actor: who edits.
            gap: what was asked in vain.
            kind: the sort of edit; what the gap's next step asks for by default.
            slug: the brief; that of the nearest sentence by default.

        Raises:
            UnknownBriefError: there is none, or the gap has no brief.
        """
        self._tidy(actor)
        chosen = slug or slug_of(gap)
        if chosen is None:
            raise UnknownBriefError("No brief tells of what is asked for.", hint="Choose a brief, or write a new one.")
        held = self._opened(chosen)
        made = Proposals(held, self._files.read_digest, self._personal, self._name).of(gap, kind)
        sort = kind or (EditKind.WORDING if _only_wordings(made.texts, held) else EditKind.SENTENCE)
        draft = self._draft(chosen, held, sort if made.texts else EditKind.TEXT, gap.key, made.texts)
        return draft.model_copy(update={"advice": made.advice})

    @guarded(Action.EDIT_LIBRARY)
    def check(self, actor: Actor, slug: str, files: Sequence[SentFile]) -> BriefCheck:
        """What an edit changes and what is wrong with it; nothing is written.

        Raises:
            UnknownBriefError: there is no such brief, or a file is not one of its files.
            BriefChangedError: a file is not what it was when it was opened.
        """
        del actor
        held = self._opened(slug)
        return self._checked(slug, held, self._sent(slug, held, files))

    @guarded(Action.EDIT_LIBRARY)
    def save(
        self,
        actor: Actor,
        slug: str,
        files: Sequence[SentFile],
        *,
        kind: EditKind = EditKind.TEXT,
        gap: str | None = None,
    ) -> BriefEdit:
        """Writes an edit into the corpus folder; a library update makes it live.

        Args:
            actor: who edits.
            slug: the brief.
            files: its files as they are to be; those that are the same as before are left alone.
            kind: what sort of edit it is.
            gap: the key of the gap that it is made for.

        Raises:
            UnsoundBriefError: it would make the corpus wrong, or changes nothing.
            BriefChangedError: a file is not what it was when it was opened.
            CorpusNotWritableError: the corpus folder cannot be written.
            UnknownBriefError: there is no such brief.
        """
        self._tidy(actor)
        checked_against = self._opened(slug)
        check = self._checked(slug, checked_against, self._sent(slug, checked_against, files))
        if not check.sound:
            raise UnsoundBriefError(check)
        with self._files.alone():
            self._settle(actor)
            held = self._opened(slug)
            # What was checked is what is there.
            check_unchanged(held, {place: one.digest for place, one in checked_against.items()})
            changes = self._sent(slug, held, files)
            with self._files.staged(changes) as staged:
                row = new_row(slug, kind, gap, actor.name, self._store.now())
                edit_id = self._noted(actor, row, held, changes)
                try:
                    staged.replace()
                except CorpusNotWritableError:
                    self._withdrawn(actor, edit_id)
                    raise
            return self._finished(edit_id, WRITTEN)

    @guarded(Action.EDIT_LIBRARY)
    def undo(self, actor: Actor, edit_id: int) -> BriefEdit:
        """Puts back what stood in the files before an edit; nothing may have changed them since.

        Raises:
            UnknownBriefError: there is no such edit, or it was taken back already.
            BriefChangedError: a file was changed since.
            CorpusNotWritableError: the corpus folder cannot be written.
        """
        with self._files.alone():
            self._settle(actor)
            with self._store.reading() as session:
                row, files = row_of(session, edit_id)
                slug, before = row.slug, {Place.of(one.path): one for one in files}
                if row.state != WRITTEN:
                    raise UnknownBriefError(f"The edit {edit_id!r} was taken back already.")
            held = {place: self._read(place) for place in before}
            if any(held[place].digest != one.before_hash for place, one in before.items()):
                check_unchanged(held, {place: one.after_hash for place, one in before.items()})
            with self._store.writing() as session:
                row, _ = row_of(session, edit_id)
                row.state, row.undone_by, row.undone_at = UNDONE, actor.name, self._store.now()
                note(session, actor, Action.EDIT_LIBRARY, f"brief:{slug}", edit=edit_id, change="undo")
                # Last but for the commit: what cannot be put back stays told as it is.
                for place, one in before.items():
                    self._files.put_back(place, restored(one))
            return self._finished(edit_id, UNDONE)

    @guarded(Action.EDIT_LIBRARY)
    def edits(self, actor: Actor, *, slug: str | None = None) -> tuple[BriefEdit, ...]:
        """The newest edits first.

        Args:
            actor: who reads.
            slug: of this brief alone.
        """
        del actor
        found = select(BriefEditRow).where(BriefEditRow.state.in_((WRITTEN, UNDONE))).order_by(BriefEditRow.id.desc())
        if slug is not None:
            found = found.where(BriefEditRow.slug == slug)
        with self._store.reading() as session:
            rows = session.scalars(found.limit(MOST_EDITS)).all()
            return tuple(edit_of(row, row_of(session, row.id)[1]) for row in rows)

    def _opened(self, slug: str) -> dict[Place, Held]:
        """All files of a brief that is there."""
        held = self._held(slug)
        if not any(one.data is not None for place, one in held.items() if place.kind is BriefFileKind.BRIEF):
            raise UnknownBriefError(f"There is no brief {slug[:60]!r}.")
        return held

    def _held(self, slug: str) -> dict[Place, Held]:
        return {place: self._read(place) for place in _places(slug)}

    def _read(self, place: Place) -> Held:
        """A file; what lies in a folder that is not there, or is a link or the like, is none of ours."""
        try:
            return self._files.read(place)
        except UnknownBriefError:
            return Held(None)

    def _draft(
        self,
        slug: str,
        held: Mapping[Place, Held],
        kind: EditKind,
        gap: str | None,
        texts: Mapping[Place, str] | None = None,
    ) -> BriefDraft:
        told = texts or {}
        files = tuple(
            BriefFile(
                path=place.path,
                kind=place.kind,
                language=place.language,
                digest=one.digest,
                text=told.get(place, one.text),
                changed=place in told and told[place] != one.text,
            )
            for place, one in held.items()
            if one.data is not None or place in told
        )
        return BriefDraft(slug=slug, title=self._title(slug, held), kind=kind, gap=gap, files=files)

    def _sent(self, slug: str, held: Mapping[Place, Held], files: Sequence[SentFile]) -> dict[Place, bytes]:
        """The new contents of files that change."""
        places = {place.path: place for place in _places(slug)}
        changes: dict[Place, bytes] = {}
        for file in files:
            place = places.get(file.path)
            if place is None:
                raise UnknownBriefError(f"{file.path[:80]!r} is no file of the brief {slug!r}.")
            check_unchanged(held, {place: file.digest})
            one = held[place]
            text = file.text.within(one.text) if isinstance(file.text, Splice) else file.text
            if tidy(text).strip("\n") != one.text.strip("\n"):
                changes[place] = one.encoded(text)
        return changes

    def _checked(self, slug: str, held: Mapping[Place, Held], changes: Mapping[Place, bytes]) -> BriefCheck:
        before = {place: one.data for place, one in held.items()}
        problems, known = self._checks.added(slug, before, changes) if changes else ((), 0)
        diffs = tuple(difference(place, held[place], data) for place, data in changes.items())
        personal = (
            masked
            for diff in diffs
            for line in diff.lines
            if line.kind == "added" and (masked := self._mask(line.text, diff.language)) != line.text
        )
        return BriefCheck(diffs=diffs, problems=problems, known=known, personal=tuple(dict.fromkeys(personal)))

    def _personal(self, text: str, language: Language) -> bool:
        # What was masked when it came in has its place held by words in brackets.
        return self._mask(text, language) != text or "[" in text

    def _name(self, entity: str | None, language: Language) -> str:
        """How the glossary of the corpus calls an entity."""
        blank = "○○" if language == "ko" else "…"
        try:
            told = Glossary.parse((self._files.root / GLOSSARY_FILE).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, CivicbotError):
            return blank
        known = told.entities.get(entity or "")
        return known.names(language).name if known is not None else blank

    def _title(self, slug: str, held: Mapping[Place, Held]) -> BriefTitle:
        titles = {}
        for place, one in held.items():
            if place.kind is BriefFileKind.BRIEF and one.data is not None:
                papers = read_papers([CorpusFile(place.path, one.data, one.digest)])
                titles[place.language] = papers[0].document.title if papers else slug
        known = next(iter(titles.values()), slug)
        return BriefTitle(slug=slug, ko=titles.get("ko", known), en=titles.get("en", known))

    def _noted(
        self, actor: Actor, row: BriefEditRow, held: Mapping[Place, Held], changes: Mapping[Place, bytes]
    ) -> int:
        """Writes down what is about to be done, so that a killed process leaves nothing half done."""
        with self._store.writing() as session:
            edit_id = add_row(session, row, held, changes)
            note(
                session,
                actor,
                Action.EDIT_LIBRARY,
                f"brief:{row.slug}",
                edit=edit_id,
                kind=row.kind,
                gap=row.gap,
                files=[place.path for place in changes],
                before=[held[place].digest[:_HASH] for place in changes],
                after=[digest_of(data)[:_HASH] for data in changes.values()],
            )
            return edit_id

    def _withdrawn(self, actor: Actor, edit_id: int) -> None:
        """Takes back what could not be written to its end."""
        with self._store.reading() as session:
            row, files = row_of(session, edit_id)
            slug = row.slug
            for one in files:
                held = self._read(Place.of(one.path))
                if held.digest == one.after_hash:
                    with contextlib.suppress(CorpusNotWritableError):
                        self._files.put_back(Place.of(one.path), restored(one))
        with self._store.writing() as session:
            give_up(session, edit_id)
            note(session, actor, Action.EDIT_LIBRARY, f"brief:{slug}", edit=edit_id, change="failed")

    def _tidy(self, actor: Actor) -> None:
        """Looks after what a killed process left, before anybody builds on it."""
        with self._store.reading() as session:
            left = session.scalar(select(BriefEditRow.id).where(BriefEditRow.state == WRITING).limit(1))
        if left is not None:
            # Whoever is writing just now is waited for.
            with self._files.alone():
                self._settle(actor)

    def _settle(self, actor: Actor) -> None:
        """Ends what a killed process began: an edit whose files are all written is one, any other was none."""
        with self._store.reading() as session:
            left = session.scalars(select(BriefEditRow.id).where(BriefEditRow.state == WRITING)).all()
            told = {edit_id: row_of(session, edit_id)[1] for edit_id in left}
        for edit_id, files in told.items():
            if all(self._read(Place.of(one.path)).digest == one.after_hash for one in files):
                self._finished(edit_id, WRITTEN)
            else:
                self._withdrawn(actor, edit_id)

    def _finished(self, edit_id: int, state: str) -> BriefEdit:
        with self._store.writing() as session:
            row, files = row_of(session, edit_id)
            row.state = state
            return edit_of(row, files)


def _places(slug: str) -> Iterator[Place]:
    for kind in BriefFileKind:
        for language in LANGUAGES:
            yield Place(language, kind, slug)


def _only_wordings(texts: Mapping[Place, str], held: Mapping[Place, Held]) -> bool:
    """Whether no brief gets another sentence."""
    for place, text in texts.items():
        if place.kind is BriefFileKind.BRIEF:
            told = [
                read_papers([CorpusFile(place.path, data, "")]) for data in (text.encode(), held[place].data or b"")
            ]
            if any(not papers for papers in told):
                return False
            new, old = (tuple(one.text for one in papers[0].sentences) for papers in told)
            if new != old:
                return False
    return True
