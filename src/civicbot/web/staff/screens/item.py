"""One item: what was asked and answered, what supports each sentence, and what staff say and do about it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from civicbot.review.access import Action, Actor
from civicbot.review.approved import ApprovedAnswers
from civicbot.review.approved_nouns import ApprovedState
from civicbot.review.items import Items
from civicbot.review.nouns import ItemState, ItemView, TicketView, Verdict
from civicbot.review.queue import Queue
from civicbot.review.refusals import UnknownItemError
from civicbot.review.replies import Replies
from civicbot.review.verdicts import Verdicts
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.forms import Form
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.approved import changes_of
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation
from civicbot.web.staff.screens.composer import Composer
from civicbot.web.staff.screens.wanted import filter_values, page_number, wanted


class _Item(Form):
    """Which item it is about."""

    item: int


class _Judging(_Item):
    """A verdict; ``advance`` when the next item is to be shown after it."""

    verdict: Verdict
    note: str = ""
    answer: str | None = None
    advance: bool = False


class _Replying(_Item):
    """A reply to a ticket, which :func:`reference` names."""

    ticket: str
    answer: str | None = None
    reply: str = ""
    close: bool = False


class ItemScreen:
    """Shows an item.

    Args:
        painter: renders it.
        queue: for claims, and the way to the next item.
        items: opens it.
        verdicts: takes verdicts.
        replies: takes replies to tickets.
        composer: writes corrected answers.
        approved: the approved answers that belong to it.
    """

    name = "item"
    action = Action.READ_ITEM

    def __init__(
        self,
        painter: Painter,
        queue: Queue,
        items: Items,
        verdicts: Verdicts,
        replies: Replies,
        composer: Composer,
        approved: ApprovedAnswers,
    ) -> None:
        self._painter = painter
        self._queue = queue
        self._items = items
        self._verdicts = verdicts
        self._replies = replies
        self._composer = composer
        self._approved = approved

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (
            operation("claim_item", _Item, self._claim, Action.CLAIM),
            operation("take_over_item", _Item, self._take_over, Action.TAKE_OVER),
            operation("release_item", _Item, self._release, Action.RELEASE),
            operation("close_item", _Item, self._close, Action.CLOSE),
            operation("reopen_item", _Item, self._reopen, Action.REOPEN),
            operation("judge_item", _Judging, self._judge, Action.JUDGE),
            operation("reply_ticket", _Replying, self._reply, Action.REPLY),
            operation("close_ticket", _Replying, self._close_ticket, Action.REPLY),
            *self._composer.operations,
        )

    def show(self, sight: Sight) -> Shown:
        """The item of the address, looked at by the answer that it names."""
        values = sight.address.values
        number = self._number(sight)
        view = self._items.open(sight.actor, number, answer_id=values.get("answer"))
        before, after = self._neighbours(sight.actor, sight.address, number)
        approved = self._approved.of_item(sight.actor, number)
        main = self._painter.paint(
            "item",
            sight,
            view=view,
            item=view.item,
            back=Address("queue", filter_values(sight.address)),
            before=before,
            after=after,
            mine=view.item.claim is not None and view.item.claim.by == sight.actor.name,
            references={ticket.code: reference(ticket) for ticket in view.tickets},
            verdicts=list(Verdict),
            waits=view.item.state is ItemState.OPEN,
            cited=_numbers_shown(view),
            approved=approved,
            changed={one.id: changes_of(one) for one in approved},
            published={one.correction_id: one.version for one in approved if one.state is not ApprovedState.WITHDRAWN},
        )
        composing = values.get("compose") or values.get("correction")
        panel = self._composer.opened(sight, number) if composing else ""
        title = sight.texts.item.title.format(item=number)
        return Shown(title, main, panel)

    def _number(self, sight: Sight) -> int:
        """The item of the address, or the one that the answer of the address belongs to."""
        told, answer = sight.address.values.get("item", ""), sight.address.values.get("answer")
        found = self._items.find(sight.actor, answer) if answer and not told else None
        return item_number(told) if found is None else found

    def _neighbours(self, actor: Actor, address: Address, number: int) -> tuple[Address | None, Address | None]:
        """The items before and behind this one in the queue as it was filtered."""
        chosen, page = wanted(address), page_number(address)
        found = [item.id for item in self._queue.page(actor, chosen, number=page).items]
        carried = filter_values(address)

        def to(item: int | None) -> Address | None:
            return Address("item", {**carried, "item": str(item)}) if item is not None else None

        if number not in found:
            ahead = self._queue.next_free(actor, chosen, after=number)
            return None, to(next(iter(found), None) if ahead is None else ahead)
        place = found.index(number)
        before = found[place - 1] if place else None
        after = found[place + 1] if place + 1 < len(found) else self._queue.next_free(actor, chosen, after=number)
        return to(before), to(after)

    def _claim(self, sight: Sight, form: _Item) -> Done:
        self._queue.claim(sight.actor, form.item)
        return Done(sight.texts.item.claimed)

    def _take_over(self, sight: Sight, form: _Item) -> Done:
        self._queue.take_over(sight.actor, form.item)
        return Done(sight.texts.item.taken_over)

    def _release(self, sight: Sight, form: _Item) -> Done:
        self._queue.release(sight.actor, form.item)
        return Done(sight.texts.item.released)

    def _close(self, sight: Sight, form: _Item) -> Done:
        self._queue.close(sight.actor, form.item)
        return Done(sight.texts.item.closed, go=self._next(sight, form.item))

    def _reopen(self, sight: Sight, form: _Item) -> Done:
        self._queue.reopen(sight.actor, form.item)
        return Done(sight.texts.item.reopened)

    def _judge(self, sight: Sight, form: _Judging) -> Done:
        after = self._next(sight, form.item) if form.advance else None
        self._verdicts.judge(sight.actor, form.item, form.verdict, form.note, answer_id=form.answer)
        said = sight.texts.item.judged.format(verdict=sight.texts.words.verdicts[form.verdict])
        if form.advance and after is None:
            return Done(f"{said} {sight.texts.item.no_next}")
        return Done(said, go=after)

    def _next(self, sight: Sight, number: int) -> Address | None:
        return self._neighbours(sight.actor, sight.address, number)[1]

    def _reply(self, sight: Sight, form: _Replying) -> Done:
        ticket = self._ticket(sight.actor, form)
        self._replies.reply(sight.actor, ticket.code, form.reply, close=form.close)
        return Done(sight.texts.item.replied)

    def _close_ticket(self, sight: Sight, form: _Replying) -> Done:
        self._replies.close(sight.actor, self._ticket(sight.actor, form).code)
        return Done(sight.texts.item.ticket_closed)

    def _ticket(self, actor: Actor, form: _Replying) -> TicketView:
        view = self._items.open(actor, form.item, answer_id=form.answer)
        for ticket in view.tickets:
            if reference(ticket) == form.ticket:
                return ticket
        raise UnknownItemError(f"Item {form.item!r} has no such ticket.")


def item_number(told: str) -> int:
    """The number of an item in an address.

    Raises:
        UnknownItemError: it is none.
    """
    if not (told.isascii() and told.isdecimal() and len(told) < 19):
        raise UnknownItemError(f"There is no item {told[:20]!r}.")
    return int(told)


def reference(ticket: TicketView) -> str:
    """What the page calls a ticket: its code opens it for whoever has it, so the page does not hold that."""
    return hashlib.sha256(f"ticket {ticket.code}".encode()).hexdigest()[:16]


def _numbers_shown(view: ItemView) -> dict[int, int]:
    """Which sentence first cites each citation's number, so that its passage is shown once."""
    first: dict[int, int] = {}
    for place, sentence in enumerate(view.sentences):
        for evidence in sentence.evidence:
            first.setdefault(evidence.number, place)
    return first
