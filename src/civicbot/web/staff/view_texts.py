"""The texts of the desk's other screens."""

from __future__ import annotations

from civicbot.web.page_texts import TextGroup


class TryingTexts(TextGroup):
    """Asking as a resident would."""

    heading: str
    lead: str
    question: str
    detected: str
    despite: str
    follow: str
    ask: str
    done: str
    answer: str
    earlier: str
    rulings: dict[str, str]
    degraded: str
    stages: str
    stage: str
    time: str
    share: str
    thresholds: str
    part: str
    entities: str
    facets: str
    kinds: str
    terms: str
    candidates: str
    sentence: str
    score: str
    confidence: str
    needed: str
    outcome: str
    features: str
    used: str
    too_low: str
    outranked: str
    more_candidates: str
    hits: str
    passage: str
    lexical: str
    wording: str
    dense: str
    not_kept: str


class LibraryTexts(TextGroup):
    """The library."""

    heading: str
    parts: str
    documents: str
    search: str
    ingests: str
    text: str
    kind: str
    only_stale: str
    found: str
    document: str
    publisher: str
    published: str
    age: str
    days: str
    stale: str
    cited: str
    cited_at: str
    none: str
    query: str
    do_search: str
    search_lead: str
    no_ingests: str
    live: str
    ingest: str
    added: str
    changed: str
    removed: str
    unchanged: str
    problems: str
    about: str
    id: str
    updated: str
    read: str
    passages: str
    document_text: str
    open_page: str
    citing: str
    no_citing: str


class SwitchesTexts(TextGroup):
    """Switches and standing texts."""

    heading: str
    lead: str
    read_only: str
    now: str
    nothing: str
    set_by: str
    ends: str
    reason: str
    lift_reason: str
    do_lift: str
    lift_confirm: str
    edit: str
    new: str
    new_lead: str
    what: str
    text_ko: str
    text_en: str
    until: str
    do_pause: str
    pause_confirm: str
    do_change: str
    change_confirm: str
    paused: str
    changed: str
    lifted: str
    history: str
    no_history: str
    lifted_by: str
    canned: str
    canned_lead: str
    no_canned: str
    new_canned: str
    class_: str
    entity: str
    facet: str
    do_lay_down: str
    lay_down_confirm: str
    laid_down: str
    why_off: str
    do_off: str
    text_off: str
    canned_history: str
    ended_by: str
    why_on: str
    do_on: str
    text_on: str


class SitesTexts(TextGroup):
    """The register of sites."""

    heading: str
    lead: str
    new: str
    back: str
    none: str
    name: str
    name_hint: str
    origins: str
    origins_lines: str
    allow_http: str
    languages: str
    accent: str
    per_minute: str
    title: str
    greeting: str
    examples: str
    save: str
    add: str
    state: str
    on: str
    off: str
    paused: str
    questions: str
    last: str
    use: str
    enable: str
    disable: str
    disable_confirm: str
    remove: str
    remove_confirm: str
    snippet: str
    snippet_lead: str
    added: str
    edited: str
    enabled: str
    disabled: str
    removed: str


class OverviewTexts(TextGroup):
    """The numbers."""

    heading: str
    lead: str
    uncounted: str
    period: str
    days: dict[str, str]
    csv: str
    asked: str
    answered: str
    no_evidence: str
    refused: str
    wrong: str
    wrong_meaning: str
    helpful: str
    helpful_meaning: str
    interval: str
    of: str
    latency: str
    p95: str
    freshness: str
    documents: str
    indexed: str
    nothing: str
    plot_volume: str
    plot_outcome: str
    plot_helpful: str
    plot_latency: str
    plot_topics: str
    series: dict[str, str]
    statuses: str
    topics: str
    verdicts: str
    languages: str
    sites: str
    channels: str


class LogTexts(TextGroup):
    """The log."""

    heading: str
    lead: str
    verify: str
    whole: str
    broken: str
    person: str
    action: str
    subject: str
    none: str
    number: str
    time: str
    details: str
    newest: str
    older: str


class UsersTexts(TextGroup):
    """Members of staff."""

    heading: str
    lead: str
    name: str
    you: str
    external: str
    role: str
    role_of: str
    set_role: str
    state: str
    on: str
    off: str
    last: str
    actions: str
    manage: str
    new_password: str
    set_password: str
    end_sessions: str
    end_confirm: str
    unlock: str
    enable: str
    disable: str
    disable_confirm: str
    remove: str
    remove_confirm: str
    new: str
    password: str
    password_hint: str
    add: str
    added: str
    role_set: str
    password_set: str
    disabled: str
    enabled: str
    unlocked: str
    sessions_ended: str
    removed: str
