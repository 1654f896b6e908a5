"""The texts of approved answers."""

from __future__ import annotations

from civicbot.web.page_texts import TextGroup


class ApprovedTexts(TextGroup):
    """The list, one approved answer, publishing, and what is said of them elsewhere on the desk."""

    heading: str
    lead: str
    states: dict[str, str]
    state_meanings: dict[str, str]
    suspensions: dict[str, str]
    events: dict[str, str]
    state: str
    owner: str
    mine: str
    search: str
    waiting: str
    question: str
    checked: str
    given: str
    until: str
    open_end: str
    none: str
    none_filtered: str
    title: str
    back: str
    to_item: str
    item_gone: str
    answer: str
    no_sentences: str
    wordings: str
    wordings_lead: str
    facts: str
    language: str
    version: str
    proposed: str
    published: str
    confirmed: str
    index: str
    changed: str
    changed_lead: str
    then: str
    now: str
    nothing_now: str
    expired: str
    sentence: str
    fix: str
    renew: str
    renew_lead: str
    proposal: str
    proposal_lead: str
    own_proposal: str
    confirm: str
    confirm_sure: str
    reject: str
    reject_reason: str
    withdraw: str
    withdraw_title: str
    withdraw_reason: str
    withdraw_sure: str
    again: str
    versions: str
    version_by: str
    current: str
    compared: str
    first_version: str
    added: str
    removed: str
    revert: str
    revert_sure: str
    history: str
    by_itself: str
    publish_title: str
    publish_lead: str
    as_is_title: str
    as_is_lead: str
    two_lead: str
    one_line_each: str
    wordings_hint: str
    read: str
    publish: str
    propose: str
    publish_version: str
    approve: str
    of_item: str
    said_published: str
    said_proposed: str
    said_confirmed: str
    said_rejected: str
    said_withdrawn: str
    said_reverted: str
    said_renewed: str
    said_renewed_only: str
    mine_suspended: str
    mine_complaints: str
    unpublished: str
    unpublished_lead: str
    unpublished_count: str
    look: str
    trial: str


class ApprovedFile(TextGroup):
    """The file of these texts: beside the group what it adds to those of the desk."""

    tab: str
    approved: ApprovedTexts
    problems: dict[str, str]
