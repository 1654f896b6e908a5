"""Approved answers: the list, one of them with its history, and publishing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from civicbot.model import LANGUAGES
from civicbot.review.access import Action, may
from civicbot.review.approved import ApprovedAnswers
from civicbot.review.approved_nouns import (
    MOST_REASON,
    Approved,
    ApprovedFilter,
    ApprovedState,
    CitationChange,
    EventKind,
)
from civicbot.review.approved_reading import PublishedVersion
from civicbot.review.approved_refusals import UnknownApprovedError
from civicbot.review.corrections import Corrections
from civicbot.review.renewals import Renewals
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.differences import Piece, differences
from civicbot.web.staff.forms import Form, InvalidFormError
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation

NAME = "approved"
_FILTERS = ("state", "language", "owner", "waiting", "text")


class _Wordings(Form):
    """Wordings, one a line, which the publisher says to have read."""

    wordings: str = ""
    read: bool = False

    def lines(self) -> tuple[str, ...]:
        """The wordings.

        Raises:
            InvalidFormError: nobody says to have read them.
        """
        if not self.read:
            raise InvalidFormError(("read",))
        return tuple(line.strip() for line in self.wordings.splitlines() if line.strip())


class _Publishing(_Wordings):
    """A version of a corrected answer."""

    correction: int
    version: int


class _AsIs(_Wordings):
    """An answer as it was given."""

    item: int
    answer: str | None = None


class _Approved(Form):
    """Which approved answer it is about."""

    approved: int
    reason: str = ""


class _Version(Form):
    """Which version of it."""

    approved: int
    version: int


@dataclass(frozen=True)
class _Change:
    """A citation then and now."""

    change: CitationChange
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class _Past:
    """A published version with what differs from the one before it."""

    version: PublishedVersion
    before: int | None
    answer: tuple[Piece, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    given: bool


class ApprovedScreen:
    """Shows and publishes them.

    Args:
        painter: renders it.
        approved: publishes.
        corrections: knows what is to be published.
        renewals: writes the new version of what its sources have changed.
    """

    name = NAME
    action = Action.READ_APPROVED

    def __init__(
        self, painter: Painter, approved: ApprovedAnswers, corrections: Corrections, renewals: Renewals
    ) -> None:
        self._painter = painter
        self._approved = approved
        self._corrections = corrections
        self._renewals = renewals
        self._two = approved.two_persons

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (
            operation("publish_approved", _Publishing, self._publish, Action.PUBLISH),
            operation("approve_as_is", _AsIs, self._as_is, Action.PUBLISH),
            operation("confirm_approved", _Version, self._confirm, Action.PUBLISH),
            operation("reject_approved", _Approved, self._reject, Action.PUBLISH),
            operation("withdraw_approved", _Approved, self._withdraw, Action.PUBLISH),
            operation("revert_approved", _Version, self._revert, Action.PUBLISH),
            operation("renew_approved", _Approved, self._renew, Action.CORRECT),
        )

    def show(self, sight: Sight) -> Shown:
        """The list, one approved answer, or what is to be published."""
        values = sight.address.values
        if values.get("approved"):
            return self._one(sight, _number(values["approved"]))
        if may(sight.actor, Action.PUBLISH) and (values.get("publishing") or values.get("item")):
            return self._to_publish(sight)
        return self._list(sight)

    def _list(self, sight: Sight) -> Shown:
        chosen = _wanted(sight.address)
        main = self._painter.paint(
            "approved-list",
            sight,
            found=self._approved.list(sight.actor, wanted=chosen),
            counts=self._approved.counts(sight.actor),
            given=self._approved.given(sight.actor),
            unpublished=self._approved.unpublished(sight.actor),
            states=list(ApprovedState),
            languages=LANGUAGES,
            filtered=any(sight.address.values.get(name) for name in _FILTERS),
        )
        return Shown(sight.texts.approved.heading, main)

    def _one(self, sight: Sight, number: int) -> Shown:
        one, versions = self._approved.get(sight.actor, number), self._approved.versions(sight.actor, number)
        history = self._approved.history(sight.actor, number)
        proposed = next(
            (version for version in versions if one.proposal and version.version == one.proposal.version), None
        )
        main = self._painter.paint(
            "approved-one",
            sight,
            one=one,
            changes=changes_of(one),
            proposed=proposed,
            own=one.proposal is not None and one.proposal.by == sight.actor.name and self._two,
            versions=_pasts(versions, {event.version for event in history if event.kind in _GIVEN}),
            history=history,
            given=self._approved.given(sight.actor).get(one.id, 0),
            most_reason=MOST_REASON,
        )
        return Shown(sight.texts.approved.title.format(number=number), main)

    def _to_publish(self, sight: Sight) -> Shown:
        values = sight.address.values
        texts = sight.texts.approved
        if values.get("publishing"):
            newest = self._corrections.versions(sight.actor, _number(values["publishing"]))[0]
            wordings = [told for told in (newest.question, *newest.variants) if told]
            main = self._painter.paint(
                "approved-publish", sight, correction=newest, draft=newest, wordings=wordings, two=self._two
            )
            return Shown(texts.publish_title.format(number=newest.id, version=newest.version), main)
        draft = self._corrections.prefill(sight.actor, _number(values["item"]), answer_id=values.get("answer"))
        main = self._painter.paint(
            "approved-publish",
            sight,
            correction=None,
            draft=draft,
            wordings=[draft.question, *draft.variants],
            two=self._two,
        )
        return Shown(texts.as_is_title, main)

    def _publish(self, sight: Sight, form: _Publishing) -> Done:
        return self._entered(sight, self._approved.publish(sight.actor, form.correction, form.version, form.lines()))

    def _as_is(self, sight: Sight, form: _AsIs) -> Done:
        found = self._approved.approve_as_is(sight.actor, form.item, answer_id=form.answer, wordings=form.lines())
        return self._entered(sight, found)

    def _entered(self, sight: Sight, approved: Approved) -> Done:
        texts = sight.texts.approved
        said = texts.said_published if approved.proposal is None else texts.said_proposed
        return Done(said, go=Address(NAME, {"approved": str(approved.id)}))

    def _confirm(self, sight: Sight, form: _Version) -> Done:
        self._approved.confirm(sight.actor, form.approved, form.version)
        return Done(sight.texts.approved.said_confirmed)

    def _reject(self, sight: Sight, form: _Approved) -> Done:
        self._approved.reject(sight.actor, form.approved, form.reason)
        return Done(sight.texts.approved.said_rejected)

    def _withdraw(self, sight: Sight, form: _Approved) -> Done:
        self._approved.withdraw(sight.actor, form.approved, form.reason)
        return Done(sight.texts.approved.said_withdrawn)

    def _revert(self, sight: Sight, form: _Version) -> Done:
        reverted = self._approved.revert(sight.actor, form.approved, form.version)
        texts = sight.texts.approved
        return Done(texts.said_reverted if reverted.proposal is None else texts.said_proposed)

    def _renew(self, sight: Sight, form: _Approved) -> Done:
        """Writes the new version; a publisher reads it where it is published, others where it was written."""
        written = self._renewals.renew(sight.actor, form.approved)
        texts = sight.texts.approved
        if may(sight.actor, Action.PUBLISH):
            return Done(texts.said_renewed, go=Address(NAME, {"publishing": str(written.id)}))
        values = {"item": str(written.item_id), "correction": str(written.id)}
        return Done(texts.said_renewed_only, go=Address("item", values))


_GIVEN = (EventKind.PUBLISHED, EventKind.REVERTED)


def changes_of(one: Approved) -> tuple[_Change, ...]:
    """What a suspension changed, with the words that differ."""
    return tuple(
        _Change(change, differences(change.before, change.after) if change.after is not None else ())
        for change in one.changes
    )


def _pasts(versions: Sequence[PublishedVersion], given: set[int]) -> list[_Past]:
    """Published versions, the newest first, each with what differs from the one before it."""
    found = []
    for place, version in enumerate(versions):
        before = versions[place + 1] if place + 1 < len(versions) else None
        found.append(
            _Past(
                version=version,
                before=before.version if before is not None else None,
                answer=differences(_text(before), _text(version)) if before is not None else (),
                added=_only(version, before),
                removed=_only(before, version),
                given=version.version in given,
            )
        )
    return found


def _only(one: PublishedVersion | None, other: PublishedVersion | None) -> tuple[str, ...]:
    """The wordings of the one that the other lacks; none where there is no other."""
    if one is None or other is None:
        return ()
    return tuple(wording for wording in one.wordings if wording not in other.wordings)


def _text(version: PublishedVersion) -> str:
    return " ".join(sentence.text for sentence in version.sentences)


def _wanted(address: Address) -> ApprovedFilter:
    """The filter of an address; a choice that cannot be read is like none."""
    told = {name: address.values[name] for name in _FILTERS if address.values.get(name)}
    try:
        return ApprovedFilter.model_validate(told)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
        return ApprovedFilter.model_validate({name: value for name, value in told.items() if name not in wrong})


def _number(told: str) -> int:
    """A number of an address.

    Raises:
        UnknownApprovedError: it is none.
    """
    if not (told.isascii() and told.isdecimal() and len(told) < 19):
        raise UnknownApprovedError(f"There is no approved answer {told[:20]!r}.")
    return int(told)
