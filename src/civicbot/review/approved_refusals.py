"""What staff are told when an approved answer cannot be published or changed."""

from __future__ import annotations

from civicbot.errors import CivicbotError


class UnknownApprovedError(CivicbotError):
    """There is no such approved answer, or nothing of it that this could be done to."""

    code = "unknown_approved"
    hint = "Look at the list again: somebody may have changed it meanwhile."


class DuplicateApprovedError(CivicbotError):
    """Another approved answer has one of the wordings.

    Args:
        wording: the wording.
        approved_id: the other one.
        question: its question.
    """

    code = "duplicate_approved"
    hint = "Change that one, or leave the wording out."

    def __init__(self, wording: str, approved_id: int, question: str) -> None:
        super().__init__(f"The wording {wording!r} belongs to the approved answer {approved_id}, {question!r}.")
        self.wording, self.approved_id, self.question = wording, approved_id, question


class PersonalWordingError(CivicbotError):
    """A wording holds personal data, which the city must not publish.

    Args:
        masked: the wording with the personal data masked, so that no message or log repeats it.
    """

    code = "personal_wording"
    hint = "Take the personal data out of the wording, or leave the wording out."

    def __init__(self, masked: str) -> None:
        super().__init__(f"A wording holds personal data: {masked!r}.")
        self.masked = masked


class SecondPersonError(CivicbotError):
    """It takes another person than the one who proposed it.

    Args:
        by: who proposed it.
    """

    code = "second_person"
    hint = "Ask another publisher to confirm or reject it."

    def __init__(self, by: str) -> None:
        super().__init__(f"{by!r} proposed it, so that somebody else must decide.")
        self.by = by
