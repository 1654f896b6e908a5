"""The texts of library updates."""

from __future__ import annotations

from civicbot.web.page_texts import TextGroup


class UpdatesTexts(TextGroup):
    """Preparing, comparing and publishing updates of the library."""

    heading: str
    lead: str
    read_only: str
    serving: str
    live: str
    previous: str
    no_previous: str
    rolled_back: str
    generation: str
    roll_back_lead: str
    do_roll_back: str
    roll_back_confirm: str
    rolled: str
    reason: str
    prepare: str
    prepare_lead: str
    do_prepare: str
    running: str
    running_by: str
    stages: dict[str, str]
    steps: dict[str, str]
    progress: str
    do_stop: str
    stop_confirm: str
    stopped: str
    report: str
    stale: str
    states: dict[str, str]
    kinds: dict[str, str]
    begun: str
    decided: str
    by_ingest: str
    reason_given: str
    documents: str
    added: str
    changed: str
    removed: str
    no_documents: str
    problems: str
    concerns: dict[str, str]
    blocks: str
    warns: str
    nothing_against: str
    publish: str
    publish_lead: str
    why: str
    do_publish: str
    publish_confirm: str
    do_discard: str
    discard_confirm: str
    published: str
    discarded: str
    cases: str
    no_cases: str
    none_found: str
    none_changed: str
    all: str
    impacts: dict[str, str]
    meanings: dict[str, str]
    case_kinds: dict[str, str]
    kind: str
    before: str
    after: str
    outcomes: dict[str, str]
    approved: str
    asked: str
    cited: str
    sources: str
    source_now: str
    source_gone: str
    history: str
    no_history: str
    number: str
    what: str
    state: str
    started: str
    decision: str
    open: str


class UpdatesFile(TextGroup):
    """The file of these texts: beside the group what it adds to those of the desk."""

    tab: str
    updates: UpdatesTexts
    problems: dict[str, str]
