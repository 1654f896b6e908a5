"""The texts of the staff desk, one YAML file per language, checked for completeness when they are read."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import yaml

from civicbot.errors import CivicbotError
from civicbot.model import LANGUAGES, Language
from civicbot.review.nouns import Claim
from civicbot.review.refusals import ChangedMeanwhileError, ClaimedError
from civicbot.web.page_texts import TextGroup
from civicbot.web.phrases import FOLDER
from civicbot.web.staff.approved_texts import ApprovedFile, ApprovedTexts
from civicbot.web.staff.gaps_texts import BriefsTexts, GapsFile, GapsTexts
from civicbot.web.staff.model_texts import ModelTexts
from civicbot.web.staff.update_texts import UpdatesFile, UpdatesTexts
from civicbot.web.staff.verified_texts import VerifiedFile, VerifiedTexts
from civicbot.web.staff.view_texts import (
    LibraryTexts,
    LogTexts,
    OverviewTexts,
    SitesTexts,
    SwitchesTexts,
    TryingTexts,
    UsersTexts,
)
from civicbot.web.staff.work_texts import (
    CommonTexts,
    ComposerTexts,
    FrameTexts,
    HelpTexts,
    ItemTexts,
    QueueTexts,
    WordsTexts,
)

KOREA = ZoneInfo("Asia/Seoul")

_FILES: dict[str, type[ApprovedFile | GapsFile | UpdatesFile | VerifiedFile]] = {
    "approved": ApprovedFile,
    "gaps": GapsFile,
    "updates": UpdatesFile,
    "verified": VerifiedFile,
}
"""Screens with a file of texts of their own."""

_OF_ALL = frozenset({"tab", "problems"})


class StaffTexts(TextGroup):
    """All texts of the desk in one language; ``problems`` holds an ``other`` for errors without a text of their own."""

    frame: FrameTexts
    common: CommonTexts
    help: HelpTexts
    words: WordsTexts
    queue: QueueTexts
    item: ItemTexts
    composer: ComposerTexts
    trying: TryingTexts
    library: LibraryTexts
    switches: SwitchesTexts
    sites: SitesTexts
    overview: OverviewTexts
    log: LogTexts
    users: UsersTexts
    gaps: GapsTexts
    briefs: BriefsTexts
    updates: UpdatesTexts
    verified: VerifiedTexts
    approved: ApprovedTexts
    model: ModelTexts
    problems: dict[str, str]

    def problem(self, error: CivicbotError) -> str:
        """What staff are told of an error."""
        if isinstance(error, ClaimedError):
            return self.refusal(error.code, error.claim)
        text = self.problems.get(error.code, self.problems["other"])
        if isinstance(error, ChangedMeanwhileError):
            return text.format(by=error.by, version=error.version)
        return text.format(message=error.message, hint=error.hint).strip()

    def refusal(self, code: str, claim: Claim | None) -> str:
        """What staff are told of an item that was left alone."""
        text = self.problems.get(code, self.problems["other"])
        until = f"{claim.until.astimezone(KOREA):%H:%M}" if claim else ""
        return text.format(by=claim.by if claim else "", until=until, message=code, hint="").strip()


def load_staff_texts() -> dict[Language, StaffTexts]:
    """Reads the texts of all languages.

    Raises:
        pydantic.ValidationError: naming the keys that are missing or unknown.
    """
    return {language: _load(language) for language in LANGUAGES}


def _load(language: Language) -> StaffTexts:
    told = _read("staff", language)
    for name, kind in _FILES.items():
        part = kind.model_validate(_read(f"staff-{name}", language))
        told["frame"]["tabs"][name] = part.tab
        told["problems"] |= part.problems
        told |= {group: getattr(part, group) for group in kind.model_fields if group not in _OF_ALL}
    told["model"] = _read("staff-model", language)
    return StaffTexts.model_validate(told)


def _read(name: str, language: Language) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.{language}.yaml").read_text(encoding="utf-8"))
    return told
