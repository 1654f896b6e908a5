"""The texts of the desk's frame, queue and items."""

from __future__ import annotations

from civicbot.web.page_texts import TextGroup


class FrameTexts(TextGroup):
    """What stands around the screens."""

    title: str
    about: str
    no_script: str
    loading: str
    skip: str
    screens: str
    tabs: dict[str, str]
    waiting: str
    other_language: str
    help: str
    account: str
    log_out: str
    lost: str
    failed: str
    restored: str
    expired_title: str
    expired: str
    log_in_again: str


class CommonTexts(TextGroup):
    """Words of several screens."""

    none: str
    all: str
    confirm: str
    cancel: str
    close: str
    apply: str
    clear: str
    language: str
    status: str
    site: str
    no_site: str
    channel: str
    since: str
    until: str
    pages: str
    page_of: str
    previous: str
    next: str
    just_now: str
    minutes_ago: str
    hours_ago: str
    days_ago: str


class HelpTexts(TextGroup):
    """Help, shortcuts and display."""

    title: str
    keys_title: str
    keys_on: str
    keys_note: str
    keys: dict[str, str]
    look_title: str
    roles_title: str
    roles: dict[str, str]


class WordsTexts(TextGroup):
    """How the words of the services are called; each group holds a text for every one."""

    roles: dict[str, str]
    languages: dict[str, str]
    channels: dict[str, str]
    statuses: dict[str, str]
    reasons: dict[str, str]
    reason_meanings: dict[str, str]
    states: dict[str, str]
    claims: dict[str, str]
    verdicts: dict[str, str]
    verdict_meanings: dict[str, str]
    ticket_states: dict[str, str]
    kinds: dict[str, str]
    scopes: dict[str, str]
    classes: dict[str, str]
    stages: dict[str, str]
    hindrances: dict[str, str]
    actions: dict[str, str]


class QueueTexts(TextGroup):
    """The queue."""

    heading: str
    lead: str
    fed: str
    refresh: str
    refreshed: str
    ticket_code: str
    find_ticket: str
    ticket_not_yet: str
    reasons: str
    all_reasons: str
    search: str
    state: str
    any_state: str
    claim: str
    verdict: str
    more: str
    bulk: str
    choose: str
    choose_all: str
    choose_item: str
    found: str
    claim_chosen: str
    release_chosen: str
    close_chosen: str
    close_confirm: str
    priority: str
    priority_meaning: str
    risk: str
    question: str
    why: str
    residents: str
    asked: str
    last: str
    who: str
    reopened: str
    confidence: str
    claim_until: str
    mine: str
    none: str
    none_filtered: str
    nothing_chosen: str
    claimed: str
    released: str
    closed: str
    refused: str


class ItemTexts(TextGroup):
    """One item."""

    title: str
    way: str
    back: str
    before: str
    after: str
    standalone: str
    risk: str
    asked: str
    last: str
    answer: str
    confidence: str
    when: str
    masked: str
    shared: str
    try_it: str
    evidence: str
    no_sentences: str
    sentence_confidence: str
    original: str
    quote_gone: str
    figures_missing: str
    passage_gone: str
    unused: str
    no_unused: str
    more_unused: str
    in_passage: str
    why_not: dict[str, str]
    conversation: str
    alike: str
    times: str
    answers: str
    versions: str
    version_app: str
    version_index: str
    older_index: str
    version_prompt: str
    version_model: str
    answer_id: str
    claim: str
    mine: str
    others: str
    free: str
    do_claim: str
    do_release: str
    do_take_over: str
    take_over_confirm: str
    do_reopen: str
    do_close: str
    close_confirm: str
    claimed: str
    taken_over: str
    released: str
    closed: str
    reopened: str
    verdict: str
    note: str
    advance: str
    judged: str
    no_next: str
    history: str
    correction: str
    correction_version: str
    compose: str
    ticket: str
    ticket_opened: str
    no_message: str
    replied_at: str
    reply: str
    new_reply: str
    reply_note: str
    and_close: str
    send_reply: str
    close_ticket: str
    close_ticket_confirm: str
    replied: str
    ticket_closed: str
    feedback: str
    helpful: str
    unhelpful: str


class ComposerTexts(TextGroup):
    """Writing a corrected answer."""

    title: str
    edit: str
    question: str
    variants: str
    variants_hint: str
    status: str
    owner: str
    valid_until: str
    sentences: str
    no_sentences: str
    sentence: str
    sound: str
    unsound: str
    problems: dict[str, str]
    uncite: str
    uncite_label: str
    up: str
    up_label: str
    down: str
    down_label: str
    remove: str
    remove_label: str
    save: str
    check: str
    leave: str
    note: str
    library: str
    query: str
    search: str
    target: str
    as_sentence: str
    as_citation: str
    nothing_found: str
    add_label: str
    too_many: str
    saved: str
