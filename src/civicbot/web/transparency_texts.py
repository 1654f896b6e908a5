"""The texts of the page about the service's work, one YAML file per language."""

from __future__ import annotations

import yaml

from civicbot.model import LANGUAGES, AnswerStatus, Language
from civicbot.review.nouns import Verdict
from civicbot.review.public_nouns import CorrectionState
from civicbot.review.view_nouns import SwitchScope
from civicbot.web.page_texts import Mark, TextGroup
from civicbot.web.phrases import FOLDER


class CountTexts(TextGroup):
    """Counts and shares."""

    number: str
    fewer: str
    between: str
    share: str
    under_one: str


class StateTexts(TextGroup):
    """Since when the figures are, or why there are none."""

    told: str
    old: str
    lost: str
    none: str


class JudgedTexts(TextGroup):
    """How right the answers were."""

    title: str
    lead: str
    chance_title: str
    chance: str
    all_title: str
    all: str
    which: str
    result: str
    sample: str
    recent: str
    ever: str
    both: str
    row: str
    right: str
    rest: str
    too_few: str
    withheld: str


class AskedTexts(TextGroup):
    """How questions ended; ``statuses`` holds a name and a meaning for every status."""

    title: str
    lead: str
    incomplete: str
    how: str
    questions: str
    statuses: dict[AnswerStatus, Mark]
    total: str
    languages_title: str
    sites_title: str
    language: str
    site: str
    own_pages: str
    share: str
    answered: str
    parts: str
    too_few: str
    untold: str


class PauseTexts(TextGroup):
    """When questions were not answered."""

    title: str
    lead: str
    never: str
    over: str
    open: str
    planned: str
    scopes: dict[SwitchScope, str]


class CorrectionTexts(TextGroup):
    """What staff have corrected; ``revised`` is what there is to say where no verdict led to it."""

    title: str
    lead: str
    none: str
    count: str
    newest: str
    earlier: str
    prepared: str
    kinds: dict[Verdict, str]
    revised: str
    states: dict[CorrectionState, str]
    other_topic: str
    question: str


class VersionTexts(TextGroup):
    """What answers, and from what."""

    title: str
    loading: str
    newest: str
    sources: str
    documents: str
    index: str
    indexed: str
    app: str
    prompt: str
    model: str
    no_prompt: str
    no_model: str


class TestTexts(TextGroup):
    """How well the service did in tests; the figures themselves are told as on ``/how-it-works``."""

    __test__ = False  # its name is no test's

    title: str
    verified: str
    verified_few: str
    verified_none: str


class EndTexts(TextGroup):
    """Limits, complaints, personal data."""

    limits_title: str
    limits: list[str]
    complain_title: str
    complain: list[str]
    no_contact: str
    personal_title: str
    personal: str
    personal_link: str
    how_link: str
    data: str


class TransparencyTexts(TextGroup):
    """All texts of the page in one language; ``time`` puts a date and a time of day together."""

    title: str
    lead: str
    time: str
    languages: dict[Language, str]
    counts: CountTexts
    state: StateTexts
    judged: JudgedTexts
    asked: AskedTexts
    pauses: PauseTexts
    corrections: CorrectionTexts
    versions: VersionTexts
    tests: TestTexts
    end: EndTexts


def load_transparency_texts() -> dict[Language, TransparencyTexts]:
    """Reads the texts of all languages.

    Raises:
        pydantic.ValidationError: naming the keys that are missing or unknown.
    """
    return {language: _load(language) for language in LANGUAGES}


def _load(language: Language) -> TransparencyTexts:
    text = (FOLDER / f"transparency.{language}.yaml").read_text(encoding="utf-8")
    return TransparencyTexts.model_validate(yaml.safe_load(text), strict=False)
