"""The texts of the log-in page and of one's own account, one YAML file per language."""

from __future__ import annotations

from pathlib import Path

import yaml

from civicbot.model import LANGUAGES, Language
from civicbot.web.page_texts import TextGroup

FOLDER = Path(__file__).parents[1] / "texts"


class PageTexts(TextGroup):
    """The frame of the pages."""

    title: str
    service: str
    lead: str
    skip: str
    other_language: str
    error: str
    home: str


class FormTexts(TextGroup):
    """The log-in form."""

    name: str
    password: str
    log_in: str
    provider: str
    forgotten: str


class FirstTexts(TextGroup):
    """What is said while there is no account."""

    title: str
    text: str
    command: str


class NoticeTexts(TextGroup):
    """What is said when something went well, or a session ended."""

    left: str
    everywhere: str
    ended: str
    changed: str


class ProblemTexts(TextGroup):
    """Why somebody cannot log in, or a password cannot be changed."""

    empty: str
    log_in: str
    log_in_locked: str
    locked_out: str
    too_many: str
    form: str
    foreign: str
    cookies: str
    unavailable: str
    provider: str
    flow: str
    refused: str
    no_role: str
    disabled: str
    name_taken: str
    user: str
    again: str
    wrong_password: str
    different: str
    password: str


class RoleTexts(TextGroup):
    """What roles are called."""

    reviewer: str
    publisher: str
    admin: str


class AccountTexts(TextGroup):
    """The page of one's own account."""

    title: str
    desk: str
    name: str
    role: str
    roles: RoleTexts
    sessions: str
    started: str
    used: str
    address: str
    this_one: str
    change: str
    old: str
    new: str
    hint: str
    repeat: str
    save: str
    log_out: str
    log_out_everywhere: str


class LoginTexts(TextGroup):
    """All of them in one language."""

    page: PageTexts
    form: FormTexts
    first: FirstTexts
    notices: NoticeTexts
    problems: ProblemTexts
    account: AccountTexts


def load_login_texts() -> dict[Language, LoginTexts]:
    """Reads the texts of all languages.

    Raises:
        pydantic.ValidationError: naming the keys that are missing or unknown.
    """
    return {language: _load(language) for language in LANGUAGES}


def _load(language: Language) -> LoginTexts:
    text = (FOLDER / f"staff-login.{language}.yaml").read_text(encoding="utf-8")
    return LoginTexts.model_validate(yaml.safe_load(text))
