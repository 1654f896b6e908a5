"""What residents do after an answer: say whether it helped, and leave the question for staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from civicbot.errors import CivicbotError, RecordsUnavailableError
from civicbot.model import Feedback, Ticket
from civicbot.web.acts import Leaving, Rating
from civicbot.web.metrics import Metrics
from civicbot.web.ports import ServicePort
from civicbot.web.tickets import TicketDesk


@dataclass(frozen=True)
class Mark:
    """What a resident has done about one answer.

    Attributes:
        helpful: what they said; None before.
        told: whether nothing more is asked of them.
        rating_problem: why that could not be kept, a key of the texts' ``problems``.
        ticket: the question as it was left for staff from this page, with its code.
        left: whether it had been left for staff before the page was opened; its code is not shown again.
        ticket_problem: why it could not be left, a key of the texts' ``problems``.
    """

    helpful: bool | None = None
    told: bool = False
    rating_problem: str | None = None
    ticket: Ticket | None = None
    left: bool = False
    ticket_problem: str | None = None


Marks = Mapping[str, Mark]
"""By the answer's id; codes of tickets are in here for as long as the page is open, and nowhere else."""

NO_MARKS: Marks = {}


class Afterwards:
    """Takes feedback and tickets from the page; errors become marks, nothing is raised for them.

    Args:
        service: keeps the feedback.
        tickets: opens tickets, limited and counted.
        metrics: counts the feedback.
    """

    def __init__(self, service: ServicePort, tickets: TicketDesk, metrics: Metrics) -> None:
        self._service = service
        self._tickets = tickets
        self._metrics = metrics

    def earlier(self, answer_ids: Sequence[str]) -> Marks:
        """What the records hold of some answers: everything but what opens a ticket.

        Nothing where they cannot be read just now, since the answers themselves may well be shown.
        """
        if not answer_ids:
            return NO_MARKS
        try:
            said, left = self._service.records.feedback_on(answer_ids), self._service.records.tickets_on(answer_ids)
        except RecordsUnavailableError:
            return NO_MARKS
        return {each: _recorded(said.get(each), each in left) for each in answer_ids if each in said or each in left}

    def rate(self, marks: Marks, rating: Rating) -> Marks:
        """Keeps whether an answer helped; a no is kept at once, and again with its reasons."""
        before = marks.get(rating.answer, Mark())
        comment = (rating.comment or "").strip() or None
        try:
            self._service.records.add_feedback(
                rating.answer, Feedback(helpful=rating.helpful, reasons=rating.reasons, comment=comment)
            )
        except CivicbotError as error:
            return {**marks, rating.answer: replace(before, rating_problem=error.code)}
        if before.helpful is None:
            self._metrics.feedback(rating.helpful)
        # A second no comes with the reasons, or says that there are none.
        told = rating.helpful or before.helpful is not None
        return {**marks, rating.answer: replace(before, helpful=rating.helpful, told=told, rating_problem=None)}

    def leave(self, marks: Marks, leaving: Leaving, client: str) -> Marks:
        """Leaves the question of an answer for staff."""
        before = marks.get(leaving.answer, Mark())
        try:
            ticket = self._tickets.open(leaving.answer, leaving.message, client)
        except CivicbotError as error:
            return {**marks, leaving.answer: replace(before, ticket_problem=error.code)}
        return {**marks, leaving.answer: replace(before, ticket=ticket, ticket_problem=None)}


def _recorded(said: Feedback | None, left: bool) -> Mark:
    if said is None:
        return Mark(left=left)
    return Mark(helpful=said.helpful, told=said.helpful or bool(said.reasons or said.comment), left=left)
