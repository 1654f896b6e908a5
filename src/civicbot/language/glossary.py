"""Names of projects, bodies, people and places in both languages, and finding them in text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, Field, ValidationError

from civicbot.errors import IngestError
from civicbot.language.folding import Folded, fold
from civicbot.model import LANGUAGES, Language, Noun

# What may stand inside a name or not: blanks, hyphens, middle dots (ㆍ is folded to a vowel), tildes, quotation marks.
_JOINTS = re.compile(r"[\s\-\u2010-\u2013~\u223c\u301c\u00b7\u2027\u2219\u2022\u30fb\u318d\u119e'‘’\"“”]")
_PREFIX = 2
# Ten times as fast where PyYAML was built with it, and as safe.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
EntityKind = Literal["project", "programme", "body", "person", "place", "law", "company", "facility", "school", "event"]


def _with_letters(wording: str) -> str:
    # A wording of marks alone would be found between any two letters.
    if not any(char.isalnum() for char in wording):
        raise ValueError(f"{wording!r} has neither letter nor digit")
    return wording


Wording = Annotated[str, AfterValidator(_with_letters)]


class Names(Noun):
    """How something is called in one language; the first name is the one that we write."""

    name: Wording
    aliases: tuple[Wording, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)


class Entity(Noun):
    """An entry of the glossary."""

    kind: EntityKind
    ko: Names
    en: Names
    brief: str | None = None
    note: str | None = None

    def names(self, language: Language) -> Names:
        """The names in one language."""
        return self.ko if language == "ko" else self.en


class Confusable(Noun):
    """Entities that are easily mixed up.

    Attributes:
        entities: their keys.
        wordings: what people say when it is not clear which of them they mean, in either language.
        ko: the difference in one Korean sentence.
        en: the same in English.
    """

    entities: tuple[str, ...] = Field(min_length=2)
    wordings: tuple[Wording, ...] = ()
    ko: str
    en: str


class Collective(Noun):
    """Who speaks for a body of which no single one is meant: the government and its ministers.

    Attributes:
        wordings: what it is called, in either language.
        members: keys of the persons and bodies whose words are its words.
    """

    wordings: tuple[Wording, ...] = Field(min_length=1)
    members: tuple[str, ...] = Field(min_length=1)


class _File(Noun):
    entities: dict[str, Entity] = Field(default_factory=dict)
    confusable: tuple[Confusable, ...] = ()
    collectives: tuple[Collective, ...] = ()
    words: tuple[str, ...] = ()
    synonyms: dict[Language, tuple[tuple[Wording, ...], ...]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Mention:
    """A name found in a text; ``start`` and ``end`` are offsets into that text."""

    key: str
    name: str
    start: int
    end: int


class Glossary:
    """The names that the library knows.

    Args:
        entities: entries by key.
        confusable: groups that are easily mixed up.
        collectives: bodies that several speak for.
        words: Korean words without blanks that the analyser must keep whole.
        synonyms: by language, groups of words that mean the same in this domain.
    """

    def __init__(
        self,
        entities: dict[str, Entity],
        confusable: Iterable[Confusable] = (),
        collectives: Iterable[Collective] = (),
        words: Iterable[str] = (),
        synonyms: Mapping[Language, Sequence[Sequence[str]]] | None = None,
    ) -> None:
        self.entities = dict(entities)
        self.confusable = tuple(confusable)
        self.user_words = tuple(words)
        self.synonyms = dict(synonyms or {})
        self._keys: dict[str, str] = {}
        for key, entity in self.entities.items():
            for language in LANGUAGES:
                for name in entity.names(language).all:
                    self._keys.setdefault(_squeeze(name), key)
        self._names = _Finder(self._keys)
        self.collectives = tuple(collectives)
        self._collective = _Finder(_squeeze(wording) for one in self.collectives for wording in one.wordings)
        self._members = {_squeeze(wording): one.members for one in self.collectives for wording in one.wordings}
        self._ambiguous = [(group, _Finder(map(_squeeze, group.wordings))) for group in self.confusable]

    @classmethod
    def load(cls, path: Path) -> Glossary:
        """Reads a glossary file; a missing one is an empty glossary.

        Raises:
            IngestError: the file is not what corpus/README.md describes; the message names file and field.
        """
        if not path.exists():
            return cls({})
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise IngestError(
                f"{path.name} cannot be read: {error}.", hint="It must be a text file in UTF-8."
            ) from error
        return cls.parse(text, path.name)

    @classmethod
    def parse(cls, text: str, name: str = "glossary.yaml") -> Glossary:
        """Reads a glossary from YAML text; ``name`` is used in messages.

        Raises:
            IngestError: as for :meth:`load`.
        """
        try:
            raw: Any = yaml.load(text, Loader=_LOADER) or {}
            file = _File.model_validate(raw)
        except yaml.YAMLError as error:
            raise IngestError(f"{name} is not valid YAML: {error}.", hint="Correct the file.") from error
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise IngestError(f"{name}: {field}: {first['msg']}.", hint="Correct the entry.") from error
        return cls(file.entities, file.confusable, file.collectives, file.words, file.synonyms)

    def mentions(self, text: str) -> list[Mention]:
        """The names in a text, longest first where they overlap, in order.

        Case, blanks, hyphens and middle dots inside a name do not matter; a Latin name must stand as whole words,
        a Korean one may be followed by particles.
        """
        return [
            Mention(self._keys[squeezed], text[start:end], start, end)
            for squeezed, start, end in self._names.find(fold(text))
        ]

    def members(self, text: str) -> list[Mention]:
        """Those who speak for the collectives that a text names, each where the collective's name stands.

        Unlike other names, a collective's must not continue a word: 지방정부 is not 정부.
        """
        return [
            Mention(key, text[start:end], start, end)
            for squeezed, start, end in self._collective.find(fold(text))
            if not (start and text[start - 1].isalnum())
            for key in self._members[squeezed]
        ]

    def ambiguous(self, text: str) -> Confusable | None:
        """The group that a wording of the text may mean, when no name in the text settles it; the first, or None."""
        named = {mention.key for mention in self.mentions(text)}
        folded = fold(text)
        for group, wordings in self._ambiguous:
            if not named & set(group.entities) and any(True for _ in wordings.find(folded)):
                return group
        return None


class _Finder:
    """Finds squeezed names in a text; a dictionary, since a pattern of thousands of names takes seconds to compile."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[:_PREFIX], set()).add(len(name))
        self._lengths = {prefix: sorted(found, reverse=True) for prefix, found in lengths.items()}

    def find(self, text: Folded) -> Iterator[tuple[str, int, int]]:
        """Squeezed names with their (start, end) in the original text, in order, the longest at each place."""
        letters = [
            (letter, place)
            for place, char in enumerate(text.text)
            if not _JOINTS.match(char)
            for letter in char.casefold()
        ]
        squeezed = "".join(letter for letter, _ in letters)
        position = 0
        while position < len(squeezed):
            name = self._at(squeezed, position, text.text, letters)
            if name is not None:
                first, last = letters[position][1], letters[position + len(name) - 1][1]
                yield (name, *text.span(first, last + 1))
            position += len(name or " ")

    def _at(self, squeezed: str, position: int, text: str, letters: Sequence[tuple[str, int]]) -> str | None:
        prefix = squeezed[position : position + _PREFIX]
        for length in (*self._lengths.get(prefix, ()), *self._lengths.get(prefix[:1], ())):
            name = squeezed[position : position + length]
            if len(name) == length and name in self._names:
                start, end = letters[position][1], letters[position + length - 1][1] + 1
                # A Latin name must stand as whole words.
                if not (_latin(name[0]) and start and _latin(text[start - 1])) and not (
                    _latin(name[-1]) and _latin(text[end : end + 1])
                ):
                    return name
        return None


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _squeeze(name: str) -> str:
    return _JOINTS.sub("", fold(name).text).casefold()
