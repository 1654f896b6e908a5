"""The editor of briefs: the texts above, and below them what changes and what the checks say of it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Protocol

from pydantic import ValidationError

from civicbot.errors import CivicbotError
from civicbot.review.access import Action, Actor
from civicbot.review.brief_edits import BriefEdits
from civicbot.review.brief_nouns import (
    BriefCheck,
    BriefDraft,
    BriefFileKind,
    EditKind,
    SentFile,
    Splice,
    UnsoundBriefError,
)
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.forms import Form, InvalidFormError
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Sight, operation

UPDATES = "updates"
"""The screen on which a library update is decided on."""


class PreparesUpdates(Protocol):
    """Prepares a library update in the background."""

    def prepare(self, actor: Actor, /) -> object:
        """Begins; raises CivicbotError where it cannot."""


class _Editing(Form):
    """A brief as it stands in the editor: its files in the screen's order, each as the lines that are new."""

    slug: str
    kind: EditKind = EditKind.TEXT
    gap: str | None = None
    path_0: str = ""
    digest_0: str = ""
    text_0: str = ""
    path_1: str = ""
    digest_1: str = ""
    text_1: str = ""
    path_2: str = ""
    digest_2: str = ""
    text_2: str = ""
    path_3: str = ""
    digest_3: str = ""
    text_3: str = ""
    prepare: bool = False

    def files(self) -> tuple[SentFile, ...]:
        """The files that were sent.

        Raises:
            InvalidFormError: what is new in one cannot be read.
        """
        told = (
            (self.path_0, self.digest_0, self.text_0),
            (self.path_1, self.digest_1, self.text_1),
            (self.path_2, self.digest_2, self.text_2),
            (self.path_3, self.digest_3, self.text_3),
        )
        return tuple(
            SentFile(path=path, digest=digest, text=_splice(text, f"text_{number}"))
            for number, (path, digest, text) in enumerate(told)
            if path
        )


class _Undoing(Form):
    """Which edit is taken back."""

    edit: int


class BriefEditor:
    """Shows a brief for editing, checks what is typed, and saves it.

    Args:
        painter: renders it.
        briefs: checks and saves.
        updates: makes what is saved live; None where there is nothing that does.
    """

    def __init__(self, painter: Painter, briefs: BriefEdits, updates: PreparesUpdates | None) -> None:
        self._painter = painter
        self._briefs = briefs
        self._updates = updates

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done in it."""
        return (
            operation("check_brief", _Editing, self._check, Action.EDIT_LIBRARY),
            operation("save_brief", _Editing, self._save, Action.EDIT_LIBRARY),
            operation("undo_brief", _Undoing, self._undo, Action.EDIT_LIBRARY),
        )

    def opened(self, sight: Sight, draft: BriefDraft, back: Address) -> tuple[str, str]:
        """The editor with a draft, and what stands below it.

        Args:
            sight: who edits.
            draft: the brief; what is proposed stands first, else the brief itself.
            back: where one came from.
        """
        base = {file.path: file for file in self._briefs.open(sight.actor, draft.slug).files}
        first = [file for file in draft.files if file.changed]
        first = first or [file for file in draft.files if file.kind is BriefFileKind.BRIEF]
        main = self._painter.paint(
            "brief-edit",
            sight,
            draft=draft,
            first=first,
            rest=[file for file in draft.files if file not in first],
            base={path: file.text for path, file in base.items()},
            places={file.path: _place(file.text, base[file.path].text) for file in draft.files if file.path in base},
            version=sha256("".join(file.digest for file in draft.files).encode()).hexdigest()[:12],
            back=back,
        )
        sent = [SentFile(path=file.path, digest=file.digest, text=file.text) for file in draft.files]
        return main, self._panel(sight, self._briefs.check(sight.actor, draft.slug, sent))

    def chooser(self, sight: Sight) -> str:
        """The briefs to choose from, and the last edits."""
        chosen = sight.address.values.get("gap")
        return self._painter.paint(
            "briefs",
            sight,
            briefs=self._briefs.briefs(sight.actor),
            links=lambda slug: Address("gaps", {"brief": slug, **({"gap": chosen} if chosen else {})}),
            edits=self._briefs.edits(sight.actor),
            titled=lambda one: one.ko if sight.language == "ko" else one.en,
            back=Address("gaps"),
        )

    def _check(self, sight: Sight, form: _Editing) -> Done:
        check = self._briefs.check(sight.actor, form.slug, form.files())
        return Done(panel=self._panel(sight, check), settled=False)

    def _save(self, sight: Sight, form: _Editing) -> Done:
        try:
            self._briefs.save(sight.actor, form.slug, form.files(), kind=form.kind, gap=form.gap)
        except UnsoundBriefError as error:
            panel = self._panel(sight, error.check)
            return Done(sight.texts.problem(error), panel=panel, settled=False, warns=True)
        title = self._briefs.open(sight.actor, form.slug).title
        named = title.ko if sight.language == "ko" else title.en
        back = Address("gaps")
        if not form.prepare or self._updates is None:
            return Done(sight.texts.briefs.saved.format(title=named), go=back)
        try:
            self._updates.prepare(sight.actor)
        except CivicbotError as error:
            reason = sight.texts.problem(error)
            said = sight.texts.briefs.saved_not_prepared.format(title=named, reason=reason)
            return Done(said, go=back, warns=True)
        known = UPDATES in sight.texts.frame.tabs
        said = sight.texts.briefs.saved_prepared.format(title=named)
        return Done(said, go=Address(UPDATES) if known else back)

    def _undo(self, sight: Sight, form: _Undoing) -> Done:
        self._briefs.undo(sight.actor, form.edit)
        return Done(sight.texts.briefs.undone)

    def _panel(self, sight: Sight, check: BriefCheck) -> str:
        return self._painter.paint("brief-check", sight, check=check, prepares=self._updates is not None)


def _splice(told: str, name: str) -> Splice:
    try:
        return Splice.model_validate_json(told)
    except ValidationError:
        raise InvalidFormError((name,)) from None


def _place(text: str, base: str) -> float:
    """How far down a text the first line stands that its base has not, 0..1."""
    new, old = text.split("\n"), base.split("\n")
    same = next((n for n, (a, b) in enumerate(zip(new, old, strict=False)) if a != b), min(len(new), len(old)))
    return same / max(1, len(new)) if same < len(new) else 0.0
