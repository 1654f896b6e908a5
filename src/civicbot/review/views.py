"""The switches and views of the staff desk, put together once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civicbot.answering.assistant import Assistant
from civicbot.language.glossary import Glossary
from civicbot.records.database import Database
from civicbot.records.facts import Facts
from civicbot.retrieval.live import LiveIndex
from civicbot.review.background import Background
from civicbot.review.canned import CannedTexts
from civicbot.review.library_view import LibraryView
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.overview import Overview
from civicbot.review.public_figures import PublicFigures
from civicbot.review.sites_desk import SitesDesk
from civicbot.review.store import Store
from civicbot.review.switches import Switches
from civicbot.review.trying import Trying
from civicbot.review.verified import VerifiedCases
from civicbot.review.verified_runs import VerifiedRuns
from civicbot.settings import Settings

_TOPIC_KINDS = frozenset({"project", "programme", "facility", "school", "event", "law"})
"""What counts as a topic: bodies, persons, companies and places are named beside nearly everything."""


@dataclass(frozen=True)
class Views:
    """The services of the staff desk that need no queue; each of their actions takes the actor first.

    Attributes:
        facts: what the overview counts; its background work is to be started and stopped.
        rulings: what the questions of this process go by.
        verified: runs of the regression set.
        work: where these go on; to be stopped.
        figures: what everybody may read; no actor is asked for.
    """

    switches: Switches
    canned: CannedTexts
    sites: SitesDesk
    overview: Overview
    library: LibraryView
    trying: Trying
    facts: Facts
    verified: VerifiedRuns
    work: Background
    rulings: LiveRulings
    figures: PublicFigures


def open_views(
    database: Database, rulings: LiveRulings, index: LiveIndex, assistant: Assistant, settings: Settings
) -> Views:
    """Puts the views together; nothing is opened yet.

    Args:
        database: of the records.
        rulings: what the assistant goes by.
        index: the live index.
        assistant: the one that residents ask.
        settings: the settings.
    """

    def glossary() -> Glossary:
        with index.reader() as generation:
            return generation.glossary

    def topics(text: str) -> Iterable[str]:
        known = glossary()
        return {one.key for one in known.mentions(text) if known.entities[one.key].kind in _TOPIC_KINDS}

    facts = Facts(database, topics)
    store, work = Store(database), Background()
    return Views(
        switches=Switches(database, rulings, glossary),
        canned=CannedTexts(database, rulings, glossary),
        sites=SitesDesk(database),
        overview=Overview(database, facts, index, settings),
        library=LibraryView(database, index, settings),
        trying=Trying(assistant),
        facts=facts,
        verified=VerifiedRuns(store, VerifiedCases(store), assistant, work),
        work=work,
        rulings=rulings,
        figures=PublicFigures(database, topics, glossary, retention_days=settings.retention_days),
    )
