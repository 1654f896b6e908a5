"""What the desk shows of approved answers, over the real services and a library that changes."""

from __future__ import annotations

import pytest
from tests.records.conftest import address, address_of, cluster, database, kind, mask, opened
from tests.review.approvals import PARK, QUESTION, Approvals, Shelf, changing, open_approvals, shelf
from tests.review.desks import KIM

from civicbot.model import LANGUAGES, Language
from civicbot.review.access import Actor
from civicbot.review.approved_nouns import ApprovedState, EventKind, SuspensionReason
from civicbot.review.renewals import Renewals
from civicbot.web.phrases import load_all_phrases
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.differences import Piece, differences
from civicbot.web.staff.forms import InvalidFormError, read_form
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.approved import ApprovedScreen
from civicbot.web.staff.screens.base import Done, Sight
from civicbot.web.staff.texts import load_staff_texts
from civicbot.web.templates import load_templates

__all__ = ["address", "address_of", "changing", "cluster", "database", "kind", "opened", "shelf"]

TEXTS = load_staff_texts()
PAINTER = Painter(load_templates(), load_all_phrases())
CHOI = PARK.model_copy(update={"name": "choi"})


def screen_of(approvals: Approvals) -> ApprovedScreen:
    renewals = Renewals(approvals.desk.store, approvals.desk.index, mask=mask)
    return ApprovedScreen(PAINTER, approvals.answers, approvals.desk.corrections, renewals)


def seen(screen: ApprovedScreen, actor: Actor = PARK, language: Language = "ko", **values: object) -> str:
    address = Address("approved", {name: str(value) for name, value in values.items()})
    return screen.show(Sight(actor, language, TEXTS[language], address)).main


def done(screen: ApprovedScreen, name: str, actor: Actor = PARK, **fields: str | int) -> Done:
    chosen = next(one for one in screen.operations if one.name == name)
    form = read_form({key: [str(value)] for key, value in fields.items()}, chosen.form)
    return chosen.run(Sight(actor, "ko", TEXTS["ko"], Address("approved")), form)


def test_words_that_differ() -> None:
    assert differences("예산은 40억 원", "예산은 50억 원") == (
        Piece("same", "예산은 "),
        Piece("gone", "40억"),
        Piece("new", "50억"),
        Piece("same", " 원"),
    )
    assert differences("", "새 말") == (Piece("new", "새 말"),)
    assert differences("같음", "같음") == (Piece("same", "같음"),)


def test_there_is_a_text_for_every_word() -> None:
    for language in LANGUAGES:
        texts = TEXTS[language].approved
        assert set(texts.states) == set(texts.state_meanings) == {one.value for one in ApprovedState}
        assert set(texts.suspensions) == {one.value for one in SuspensionReason}
        assert set(texts.events) == {one.value for one in EventKind}


def test_published_suspended_and_seen(changing: Approvals, shelf: Shelf) -> None:
    screen, correction = screen_of(changing), changing.correct(variants=("<b>예산</b>",))
    assert "approved=" not in seen(screen)
    page = seen(screen, publishing=correction.id)
    assert 'data-op="publish_approved"' in page
    assert TEXTS["ko"].approved.wordings_hint in page
    assert "&lt;b&gt;예산" in page
    assert "<b>예산" not in page
    wordings = f" {QUESTION} \r\n\r\n"
    with pytest.raises(InvalidFormError):
        done(screen, "publish_approved", correction=correction.id, version=1, wordings=wordings)
    published = done(screen, "publish_approved", correction=correction.id, version=1, wordings=wordings, read="true")
    assert (published.said, str(published.go)) == (
        TEXTS["ko"].approved.said_published,
        "?screen=approved&approved=1",
    )
    assert changing.answers.get(KIM, 1).wordings == (QUESTION,)
    for actor, offered in ((PARK, True), (KIM, False)):
        page = seen(screen, actor, approved=1)
        assert ('data-op="withdraw_approved"' in page) is offered
        assert "publish_approved" not in seen(screen, KIM, publishing=correction.id)
    shelf.swap("40억", "50억")
    changing.follow()
    for language in LANGUAGES:
        page = seen(screen, KIM, language, approved=1)
        assert TEXTS[language].approved.suspensions["source_changed"] in page
        assert "40억</del>" in page
        assert "50억</ins>" in page
        assert TEXTS[language].approved.states["suspended"] in seen(screen, KIM, language, state="suspended")
    assert "approved=1" not in seen(screen, KIM, state="live")
    # A reviewer may write the new version, and is led to it; a publisher is led to where it is published.
    assert 'data-op="renew_approved"' in seen(screen, KIM, approved=1)
    item = changing.answers.get(KIM, 1).item_id
    renewed = done(screen, "renew_approved", KIM, approved=1)
    assert (renewed.said, str(renewed.go)) == (
        TEXTS["ko"].approved.said_renewed_only,
        f"?screen=item&item={item}&correction={correction.id}",
    )
    renewed = done(screen, "renew_approved", approved=1)
    assert (renewed.said, str(renewed.go)) == (
        TEXTS["ko"].approved.said_renewed,
        f"?screen=approved&publishing={correction.id}",
    )
    page = seen(screen, publishing=correction.id)
    assert "50억" in page
    assert "40억" not in page
    assert "approved=1" in seen(screen, KIM, state="odd", text="예산", owner="park")
    withdrawn = done(screen, "withdraw_approved", approved=1, reason="끝")
    assert withdrawn.said == TEXTS["ko"].approved.said_withdrawn


def test_two_persons_see_different_buttons(changing: Approvals, shelf: Shelf) -> None:
    approvals = open_approvals(changing.desk.database, shelf.index, two_persons=True)
    screen = screen_of(approvals)
    item = approvals.desk.item_of(approvals.desk.ask(QUESTION))
    assert TEXTS["ko"].approved.two_lead in seen(screen, item=item)
    entered = done(screen, "approve_as_is", item=item, wordings=QUESTION, read="true")
    assert entered.said == TEXTS["ko"].approved.said_proposed
    mine, others = seen(screen, approved=1), seen(screen, CHOI, approved=1)
    assert 'data-op="confirm_approved"' not in mine
    assert TEXTS["ko"].approved.own_proposal in mine
    assert 'data-op="confirm_approved"' in others
    assert done(screen, "confirm_approved", CHOI, approved=1, version=1).said == TEXTS["ko"].approved.said_confirmed
    assert "park → choi" in seen(screen, approved=1)
    reverted = done(screen, "revert_approved", approved=1, version=1)
    assert reverted.said == TEXTS["ko"].approved.said_proposed
    assert done(screen, "reject_approved", CHOI, approved=1).said == TEXTS["ko"].approved.said_rejected
