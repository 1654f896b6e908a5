"""Looks after library updates in the background, and puts their services together."""

from __future__ import annotations

import logging

from civicbot.answering.assistant import Assistant
from civicbot.errors import CivicbotError
from civicbot.generation import index_folder
from civicbot.library.child import ChildIngest
from civicbot.recurring import Recurring
from civicbot.retrieval.live import LiveIndex
from civicbot.review.impact_asking import Comparison, asking
from civicbot.review.store import Store
from civicbot.review.update_publishing import Publishing
from civicbot.review.update_work import UpdateWork
from civicbot.review.updates import LibraryUpdates
from civicbot.review.verified import VerifiedCases
from civicbot.settings import Settings

logger = logging.getLogger(__name__)

_LOOK_EVERY = 15.0
"""Seconds between two looks for what a dead process has left."""


class UpdateKeeper(Recurring):
    """Looks, at the start and every few seconds, for what a dead process has begun, and goes on with it.

    Args:
        publishing: goes on.
        work: to be ended with the server.
    """

    def __init__(self, publishing: Publishing, work: UpdateWork) -> None:
        super().__init__("update-keeper")
        self._publishing = publishing
        self._work = work

    def stop(self) -> None:
        """Ends it, and what is being prepared in this process."""
        # Work that goes on could hold up a turn that waits for it.
        self._work.stop()
        super().stop()

    def _turn(self) -> float:
        """Looks once; what goes wrong is tried again."""
        try:
            self._publishing.recover()
        except CivicbotError as error:
            logger.info("update_keeper_waits", extra={"fields": {"problem": error.code}})
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a thread that must go on
            logger.error("update_keeper_failed", extra={"fields": {"problem": type(error).__name__}})  # noqa: TRY400
        return _LOOK_EVERY


def open_updates(
    store: Store, index: LiveIndex, assistant: Assistant, settings: Settings, *, serving: bool = True
) -> tuple[LibraryUpdates, UpdateKeeper]:
    """The service of library updates, and what is to be started and stopped with the server; nothing is opened yet.

    Args:
        store: the database.
        index: the live index.
        assistant: the one that residents ask.
        settings: where corpus and index are, and what counts as a recent question.
        serving: whether residents ask here at the same time.
    """
    folder = index_folder(settings.data)
    publishing = Publishing(store, folder, settings)
    comparison = Comparison(
        store,
        asking(assistant),
        VerifiedCases(store),
        days=settings.impact_days,
        most=settings.impact_questions,
    )
    work = UpdateWork(store, folder, index, ChildIngest(settings), comparison, serving=serving)
    return LibraryUpdates(store, folder, publishing, work), UpdateKeeper(publishing, work)
