"""The texts of the gaps, and of editing briefs for them."""

from __future__ import annotations

from civicbot.web.page_texts import TextGroup


class GapsTexts(TextGroup):
    """What residents asked in vain."""

    heading: str
    lead: str
    period: str
    days: dict[str, str]
    topic: str
    no_topic: str
    step: str
    steps: dict[str, str]
    step_meanings: dict[str, str]
    facets: dict[str, str]
    kinds: dict[str, str]
    search: str
    csv: str
    jsonl: str
    export_note: str
    found: str
    waiting: str
    left_out: str
    none: str
    none_filtered: str
    question: str
    residents: str
    asked: str
    trend: str
    trend_told: str
    before: str
    nearest: str
    score: str
    what_to_do: str
    few: str
    few_meaning: str
    edited: str
    back: str
    examples: str
    times: str
    missing: str
    open_item: str
    try_it: str
    no_nearest: str
    no_sentence: str
    digest: str
    add_wording: str
    write: str
    write_unpublished: str
    edit_freely: str
    upload: str
    no_brief: str
    briefs: str
    history: str


class BriefsTexts(TextGroup):
    """Editing a brief."""

    heading: str
    lead: str
    choose: str
    choose_lead: str
    other_files: str
    kinds: dict[str, str]
    advice: dict[str, str]
    read_wordings: str
    check: str
    live: str
    save_prepare: str
    save: str
    difference: str
    nothing: str
    counts: str
    place: str
    added: str
    removed: str
    fine: str
    problems: str
    known: str
    personal: str
    saved: str
    saved_prepared: str
    saved_not_prepared: str
    edits: str
    no_edits: str
    edit: str
    edit_kinds: dict[str, str]
    undo: str
    undo_confirm: str
    undone: str
    undone_by: str
    to_updates: str


class GapsFile(TextGroup):
    """The file of these texts: beside the groups what it adds to those of the desk."""

    tab: str
    gaps: GapsTexts
    briefs: BriefsTexts
    problems: dict[str, str]
