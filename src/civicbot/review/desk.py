"""The staff desk's services, put together in one place; screens and commands bind to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from civicbot.answering.retrieve import Retrieve
from civicbot.model import Language
from civicbot.records.database import Database
from civicbot.retrieval.live import LiveIndex
from civicbot.review.accounts import Accounts
from civicbot.review.approved import ApprovedAnswers
from civicbot.review.audit import AuditLog
from civicbot.review.brief_edits import BriefEdits
from civicbot.review.canned import CannedTexts
from civicbot.review.corrections import Corrections
from civicbot.review.feeder import Feeder
from civicbot.review.gaps import Gaps
from civicbot.review.items import Items
from civicbot.review.library_view import LibraryView
from civicbot.review.overview import Overview
from civicbot.review.people import People
from civicbot.review.queue import Queue
from civicbot.review.queue_feed import Feed
from civicbot.review.renewals import Renewals
from civicbot.review.replies import Replies
from civicbot.review.sessions import Sessions
from civicbot.review.sites_desk import SitesDesk
from civicbot.review.store import Store
from civicbot.review.switches import Switches
from civicbot.review.trying import Trying
from civicbot.review.updates import LibraryUpdates
from civicbot.review.verdicts import Verdicts
from civicbot.review.verified_runs import VerifiedRuns
from civicbot.review.views import Views
from civicbot.settings import Settings


@dataclass(frozen=True)
class ReviewDesk:
    """All services of the staff desk; each of their actions takes the actor first, and checks what they may do.

    Attributes:
        feeder: brings the queue up to date in the background; to be started and stopped.
    """

    people: People
    sessions: Sessions
    audit: AuditLog
    queue: Queue
    items: Items
    verdicts: Verdicts
    corrections: Corrections
    replies: Replies
    approved: ApprovedAnswers
    renewals: Renewals
    switches: Switches
    canned: CannedTexts
    sites: SitesDesk
    overview: Overview
    library: LibraryView
    trying: Trying
    gaps: Gaps
    briefs: BriefEdits
    updates: LibraryUpdates
    verified: VerifiedRuns
    feeder: Feeder


def open_desk(
    database: Database,
    index: LiveIndex,
    settings: Settings,
    accounts: Accounts,
    views: Views,
    updates: LibraryUpdates,
    *,
    mask: Callable[[str, Language], str],
) -> ReviewDesk:
    """Puts the desk together; nothing is opened yet.

    Args:
        database: of the records.
        index: the live index.
        settings: the settings.
        accounts: users, sessions and the log.
        views: the services that need no queue.
        updates: of the library.
        mask: takes personal data out of what staff write about residents' questions.
    """
    store = Store(database)
    feed = Feed(store, index, sample=settings.review_sample)
    retrieve = Retrieve(settings.dense_languages, asked_as=settings.asked_as)
    return ReviewDesk(
        people=accounts.people,
        sessions=accounts.sessions,
        audit=accounts.audit,
        queue=Queue(store, feed, claim_minutes=settings.claim_minutes),
        items=Items(store, index),
        verdicts=Verdicts(store, mask=mask),
        corrections=Corrections(store, index, retrieve, mask=mask),
        replies=Replies(store),
        approved=ApprovedAnswers(
            store,
            index,
            mask=mask,
            two_persons=settings.two_persons,
            today=settings.current_date,
            changed=views.rulings.refresh,
        ),
        renewals=Renewals(store, index, mask=mask),
        switches=views.switches,
        canned=views.canned,
        sites=views.sites,
        overview=views.overview,
        library=views.library,
        trying=views.trying,
        gaps=Gaps(store, index),
        briefs=BriefEdits(store, settings.corpus, settings.current_date, mask=mask),
        updates=updates,
        verified=views.verified,
        feeder=Feeder(feed),
    )
