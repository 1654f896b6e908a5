"""The texts of the regression set."""

from __future__ import annotations

from civicbot.web.page_texts import TextGroup


class VerifiedTexts(TextGroup):
    """The regression set: its cases, its runs, and what failed."""

    heading: str
    lead: str
    run: str
    do_run: str
    do_run_hint: str
    started: str
    running: str
    progress: str
    export: str
    export_lead: str
    do_export: dict[str, str]
    none: str
    cases: str
    cases_lead: str
    verdict: str
    number: str
    of_them_open: str
    whole: str
    trend: str
    trend_lead: str
    all_languages: str
    no_runs: str
    runs: str
    at: str
    by: str
    state: str
    states: dict[str, str]
    correct: str
    failed: str
    seconds: str
    index: str
    look: str
    problem: str
    failures: str
    failures_lead: str
    no_failures: str
    outcomes: dict[str, str]
    outcome_meanings: dict[str, str]
    open: str
    case: str
    open_item: str
    approved: str
    before: str
    wanted: str
    got: str
    refusal_wanted: str
    open_wanted: str
    not_again: str
    changed: str
    share: str


class VerifiedFile(TextGroup):
    """A file of these texts: the tab's name and what goes wrong are put to those of the other screens."""

    tab: str
    problems: dict[str, str]
    verified: VerifiedTexts
