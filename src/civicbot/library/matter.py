"""Front matter: the YAML block at the head of a Markdown file, checked field by field with line numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from civicbot.library.problems import Problem
from civicbot.model import Figure, Language

_FENCE = "---"
FIELD = "front matter"
_Model = TypeVar("_Model", bound=BaseModel)


def _written_date(value: object) -> object:
    # Without this, pydantic would take the number 20251109 for seconds since 1970.
    if value is None or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)):
        return value
    raise ValueError("Input should be a date as YYYY-MM-DD")


_Date = Annotated[date, BeforeValidator(_written_date)]
_DateOrNull = Annotated[date | None, BeforeValidator(_written_date)]
_Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
_WebAddress = Annotated[str, Field(pattern=r"^https?://\S+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceMatter(_Strict):
    """Front matter of a digest; corpus/README.md."""

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")
    title: _Text
    language: Language
    publisher: _Text
    url: _WebAddress | None
    published: _DateOrNull
    accessed: _Date
    topics: tuple[_Text, ...]
    reliability: Literal["primary", "press", "secondary"]
    supersedes: tuple[_Text, ...]


class BriefMatter(_Strict):
    """Front matter of a brief; corpus/README.md."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: _Text
    language: Language
    entity: _Text
    topics: tuple[_Text, ...]
    updated: _Date
    figures: tuple[Figure, ...] = ()


class PlainMatter(BaseModel):
    """What is used of the front matter of any other Markdown file; fields of other programs are let through."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: _Text | None = None
    language: Language | None = None
    publisher: _Text | None = None
    url: _WebAddress | None = None
    published: _DateOrNull = None
    topics: tuple[_Text, ...] = ()


@dataclass(frozen=True)
class Matter:
    """Front matter as parsed, and the body below it.

    Attributes:
        values: the fields.
        node: the YAML nodes that know their lines; None when there is no front matter.
        body: the text below.
        body_line: 1-based line of the file on which the body starts.
    """

    values: dict[str, Any]
    node: yaml.MappingNode | None
    body: str
    body_line: int

    def line(self, location: Sequence[int | str]) -> int:
        """The 1-based line of a field, given as pydantic tells it; of the nearest thing above when it is not there."""
        return self._place(location)[1]

    def field(self, location: Sequence[int | str], *, missing: bool) -> str:
        """The dotted name of a field (``figures.0.value``), without what pydantic adds for a union's members."""
        depth = len(location) if missing else self._place(location)[0]
        return ".".join(str(part) for part in location[:depth])

    def _place(self, location: Sequence[int | str]) -> tuple[int, int]:
        """How many steps of a location the front matter has, and the line where they end."""
        node: yaml.Node | None = self.node
        line = 1
        for depth, part in enumerate(location):
            step = _child(node, part)
            if step is None:
                return depth, line
            node, line = step
        return len(location), line


class _Loader(yaml.SafeLoader):
    """YAML without surprises: dates stay text, which pydantic reads with a message that names the field."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# PyYAML takes 1.5e12 for text because YAML 1.1 wants a sign in the exponent.
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?\d[\d_]*(\.\d+)?[eE][-+]?\d+$"), list("-+0123456789")
)


def split_matter(text: str, file: str, *, required: bool) -> Matter | Problem:
    """Parts a Markdown file into front matter and body.

    Args:
        text: the whole file, LF line ends.
        file: its path, for the problem.
        required: whether a file without front matter is a problem.
    """
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE), None)
    if lines[0].rstrip() != _FENCE or end is None:
        if not required:
            return Matter({}, None, text, 1)
        what = "The file does not start with" if lines[0].rstrip() != _FENCE else "No second"
        return Problem(file=file, line=1, field=FIELD, message=f"{what} a line of three hyphens for its front matter.")
    body = "\n".join(lines[end + 1 :])
    head = "\n".join(lines[1:end])
    parsed = _parse(head, file)
    if isinstance(parsed, Problem):
        return parsed
    values, node = parsed
    if node is not None:
        return _repeated(node, file) or Matter(values, node, body, end + 2)
    if not required:  # text between two rules, no front matter
        return Matter({}, None, text, 1)
    return Problem(file=file, line=2, field=FIELD, message="The front matter holds no fields (`name: value`).")


def check(kind: type[_Model], matter: Matter, file: str) -> _Model | list[Problem]:
    """Checks front matter against its model.

    Returns:
        The model, or one problem for each field that cannot be used.
    """
    try:
        return kind.model_validate(matter.values)
    except ValidationError as error:
        problems: dict[str, Problem] = {}
        for details in error.errors(include_url=False):
            location = details["loc"]
            field = matter.field(location, missing=details["type"] == "missing")
            message = _message(details["type"], details["msg"], details["input"], kind)
            problems.setdefault(field, Problem(file=file, line=matter.line(location), field=field, message=message))
        return list(problems.values())


def _parse(head: str, file: str) -> tuple[dict[str, Any], yaml.MappingNode | None] | Problem:
    try:
        loader = _Loader(head)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            return {}, None
        return loader.construct_document(node), node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 2 + (mark.line if mark else 0)
        return Problem(file=file, line=line, field=FIELD, message=f"This is not valid YAML: {error.problem}.")
    # Explicit tags (`!!int x`) and absurd nesting leave PyYAML with plain Python errors.
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        return Problem(file=file, line=2, field=FIELD, message=f"The front matter cannot be read: {error}.")


def _repeated(node: yaml.MappingNode, file: str) -> Problem | None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            message = f"The field {key.value!r} stands there twice."
            return Problem(file=file, line=key.start_mark.line + 2, field=str(key.value), message=message)
        seen.add(key.value)
    return None


def _child(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, int] | None:
    """The node below ``node`` that a step of a location names, with its line in the file."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 2
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item, item.start_mark.line + 2
    return None


def _message(kind: str, text: str, found: object, model: type[BaseModel]) -> str:
    if kind == "missing":
        return "The field is missing."
    if kind == "extra_forbidden":
        return f"There is no such field; a file of this kind has {', '.join(model.model_fields)}."
    text = text.removeprefix("Value error, ")
    shown = repr(found)
    return f"{text} (found {shown if len(shown) <= 60 else shown[:57] + '...'})."
