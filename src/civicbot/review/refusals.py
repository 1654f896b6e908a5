"""What staff are told when something cannot be done."""

from __future__ import annotations

from civicbot.errors import CivicbotError
from civicbot.review.correction_nouns import CheckedSentence
from civicbot.review.nouns import Claim


class UnknownItemError(CivicbotError):
    """There is no such item in the queue (any more)."""

    code = "unknown_item"
    hint = "Open the queue again; an item goes when the questions in it are deleted."


class ClaimedError(CivicbotError):
    """Somebody else is at an item.

    Args:
        claim: who, since when and until when.
    """

    code = "claimed"

    def __init__(self, claim: Claim) -> None:
        since, until = (f"{time:%Y-%m-%d %H:%M} UTC" for time in (claim.since, claim.until))
        super().__init__(
            f"{claim.by!r} has been at this item since {since}.",
            hint=f"Take another one, wait until {until}, or ask a publisher to take it over.",
        )
        self.claim = claim


class InvalidReviewError(CivicbotError):
    """What staff sent cannot be stored as it is."""

    code = "invalid_review"


class UnsoundCorrectionError(CivicbotError):
    """Sentences of a corrected answer are not supported by what is cited for them.

    Args:
        checked: all sentences, with what is missing.
    """

    code = "unsound_correction"
    hint = "Cite a passage that holds what is missing, or leave it out of the sentence."

    def __init__(self, checked: tuple[CheckedSentence, ...]) -> None:
        wrong = [str(number) for number, each in enumerate(checked, 1) if not each.sound]
        super().__init__(f"Sentences that are not supported by what they cite: {', '.join(wrong)}.")
        self.checked = checked


class ChangedMeanwhileError(CivicbotError):
    """Somebody else has stored a newer version.

    Args:
        version: the newest one's number.
        by: who stored it.
    """

    code = "changed_meanwhile"
    hint = "Open it again, and bring your changes into the newest version."

    def __init__(self, version: int, by: str) -> None:
        super().__init__(f"{by!r} has stored version {version} meanwhile.")
        self.version, self.by = version, by


class UnknownCorrectionError(CivicbotError):
    """There is no such corrected answer."""

    code = "unknown_correction"
    hint = "Open the item again."
