"""The prompts, one file for each purpose and language, and their version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from civicbot.answering.model.client import Message
from civicbot.answering.model.watch import Purpose
from civicbot.errors import SettingsError
from civicbot.model import LANGUAGES, Language

_PURPOSES: tuple[Purpose, ...] = ("answer", "rewrite")
_NEEDED: dict[Purpose, dict[str, frozenset[str]]] = {
    "answer": {
        "system": frozenset(),
        "user": frozenset({"question", "evidence", "today"}),
        "repair": frozenset({"reply"}),
    },
    "rewrite": {"system": frozenset(), "user": frozenset({"question", "earlier"})},
}
"""The sections of each file, and what each must have a place for."""
_SECTION = re.compile(r"^# (system|user|repair)\s*$", re.MULTILINE)
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_VERSION_DIGITS = 12
_HINT = "CIVICBOT_PROMPTS names the folder; docs/language-models.md describes the files."


@dataclass(frozen=True)
class Prompt:
    """A prompt's sections; ``{{name}}`` are places that are filled."""

    sections: Mapping[str, str]

    def messages(self, **values: str) -> list[Message]:
        """The system's and the user's message."""
        return [Message("system", self._filled("system", values)), Message("user", self._filled("user", values))]

    def repair(self, **values: str) -> Message:
        """What is said about a reply that could not be read."""
        return Message("user", self._filled("repair", values))

    def _filled(self, section: str, values: Mapping[str, str]) -> str:
        # In one go, so that nothing in a value is taken for a place.
        return _PLACE.sub(lambda match: values.get(match[1], ""), self.sections[section])


@dataclass(frozen=True)
class Prompts:
    """All prompts.

    Attributes:
        version: twelve hexadecimal digits of the SHA-256 over all files; told in ``versions.prompt``.
    """

    files: Mapping[tuple[Purpose, Language], Prompt]
    version: str

    def of(self, purpose: Purpose, language: Language) -> Prompt:
        """The prompt for a purpose in a language."""
        return self.files[purpose, language]


def load_prompts(folder: Path) -> Prompts:
    """Reads the prompts.

    Raises:
        SettingsError: a file is missing or lacks a section or a place.
    """
    files: dict[tuple[Purpose, Language], Prompt] = {}
    digest = hashlib.sha256()
    for purpose in _PURPOSES:
        for language in LANGUAGES:
            path = folder / f"{purpose}.{language}.md"
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"The prompt {str(path)!r} cannot be read: {error}.", hint=_HINT) from error
            digest.update(f"{path.name}\0{text}\0".encode())
            files[purpose, language] = _prompt(text, purpose, path)
    return Prompts(files, digest.hexdigest()[:_VERSION_DIGITS])


def _prompt(text: str, purpose: Purpose, path: Path) -> Prompt:
    pieces = _SECTION.split(text)
    sections = {name: body.strip() for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    for section, places in _NEEDED[purpose].items():
        if not sections.get(section):
            raise SettingsError(f"The prompt {str(path)!r} has no section '# {section}'.", hint=_HINT)
        missing = sorted(places - set(_PLACE.findall(sections[section])))
        if missing:
            raise SettingsError(f"The prompt {str(path)!r} has no place {missing[0]!r} in '# {section}'.", hint=_HINT)
    return Prompt(sections)
