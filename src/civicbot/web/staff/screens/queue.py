"""The queue: what staff should look at and why, with filters, search, claims and bulk actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civicbot.model import LANGUAGES, AnswerStatus
from civicbot.review.access import Action, may
from civicbot.review.approved import ApprovedAnswers
from civicbot.review.nouns import BulkResult, ItemState, Reason, Verdict
from civicbot.review.overview import Overview
from civicbot.review.queue import Queue
from civicbot.review.replies import Replies
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.forms import Form, NoFields
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation
from civicbot.web.staff.screens.wanted import ANY, NO_SITE, PAGE, filter_values, is_filtered, page_number, wanted

CHANNELS = ("page", "widget", "embed", "api", "mcp", "command", "desk")


class _Chosen(Form):
    """Items that were ticked."""

    items: tuple[int, ...] = ()


class _Code(Form):
    """A ticket's code, as a resident reads it out."""

    code: str


class QueueScreen:
    """Shows the queue.

    Args:
        painter: renders it.
        queue: holds the items.
        replies: finds tickets by their code.
        overview: knows the sites to choose from.
        approved: knows the approved answers that their owner must look at, and what waits for a publisher.
    """

    name = "queue"
    action = Action.READ_QUEUE

    def __init__(
        self, painter: Painter, queue: Queue, replies: Replies, overview: Overview, approved: ApprovedAnswers
    ) -> None:
        self._painter = painter
        self._queue = queue
        self._replies = replies
        self._overview = overview
        self._approved = approved

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (
            operation("refresh_queue", NoFields, self._refresh, Action.READ_QUEUE),
            operation("claim_items", _Chosen, self._claim, Action.CLAIM),
            operation("release_items", _Chosen, self._release, Action.RELEASE),
            operation("close_items", _Chosen, self._close, Action.CLOSE),
            operation("find_ticket", _Code, self._find_ticket, Action.READ_TICKET),
        )

    def show(self, sight: Sight) -> Shown:
        """A page of the queue."""
        actor, address = sight.actor, sight.address
        found = self._queue.page(actor, wanted(address), number=page_number(address))
        carried = {**filter_values(address), PAGE: str(found.number)}
        main = self._painter.paint(
            "queue",
            sight,
            found=found,
            counts=self._queue.counts(actor),
            suspended=self._approved.mine(actor),
            unpublished=self._approved.unpublished(actor) if may(actor, Action.PUBLISH) else (),
            complaints=sum(one.answers for one in self._approved.complaints(actor)),
            links={item.id: Address("item", {**carried, "item": str(item.id)}) for item in found.items},
            filtered=is_filtered(address),
            sites=self._overview.sites(actor),
            any_state=ANY,
            no_site=NO_SITE,
            states=[state for state in ItemState if state is not ItemState.QUIET],
            reasons=list(Reason),
            verdicts=list(Verdict),
            statuses=list(AnswerStatus),
            channels=CHANNELS,
            languages=LANGUAGES,
        )
        return Shown(sight.texts.frame.tabs["queue"], main)

    def _refresh(self, sight: Sight, _: NoFields) -> Done:
        looked = self._queue.refresh(sight.actor)
        return Done(sight.texts.queue.refreshed.format(count=looked))

    def _claim(self, sight: Sight, form: _Chosen) -> Done:
        return self._bulk(sight, form, self._queue.claim_many, sight.texts.queue.claimed)

    def _release(self, sight: Sight, form: _Chosen) -> Done:
        return self._bulk(sight, form, self._queue.release_many, sight.texts.queue.released)

    def _close(self, sight: Sight, form: _Chosen) -> Done:
        return self._bulk(sight, form, self._queue.close_many, sight.texts.queue.closed)

    def _bulk(self, sight: Sight, form: _Chosen, act: Callable[..., BulkResult], said: str) -> Done:
        texts = sight.texts.queue
        if not form.items:
            return Done(texts.nothing_chosen, warns=True)
        result = act(sight.actor, form.items)
        told = [said.format(count=len(result.done))] if result.done else []
        told += [
            texts.refused.format(item=one.item_id, why=sight.texts.refusal(one.code, one.claim))
            for one in result.refused
        ]
        return Done(" ".join(told), warns=bool(result.refused))

    def _find_ticket(self, sight: Sight, form: _Code) -> Done:
        ticket = self._replies.read(sight.actor, form.code)
        if ticket.item_id is None:
            return Done(sight.texts.queue.ticket_not_yet, warns=True)
        return Done(go=Address("item", {"item": str(ticket.item_id), "answer": ticket.answer_id}))
