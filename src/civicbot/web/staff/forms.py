"""What the desk's script sends, read once and checked."""

from __future__ import annotations

from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from civicbot.errors import CivicbotError
from civicbot.model import Language

_F = TypeVar("_F", bound="Form")


class InvalidFormError(CivicbotError):
    """A form lacks something, or holds what cannot be used.

    Args:
        names: of its fields.
    """

    code = "invalid_form"
    hint = "Fill in what is marked."

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"These fields cannot be used: {', '.join(names) or 'the form'}.")
        self.names = names


class Sent(BaseModel):
    """Something that was done on the desk.

    Attributes:
        seq: the script's number of it, told back.
        language: of the desk.
        address: the query string that the browser shows.
        fields: of the form that was sent.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    seq: int = Field(0, ge=0)
    language: Language = "ko"
    address: str = Field("", max_length=2000)
    fields: dict[str, list[str]] = Field(default_factory=dict, max_length=100)


class Form(BaseModel):
    """Base of what an operation needs: fields that were left empty count as not sent."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _of_lists(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        read = {}
        for name, sent in data.items():
            field = cls.model_fields.get(name)
            if field is None:
                continue
            if get_origin(field.annotation) is tuple or not isinstance(sent, list):
                read[name] = sent
            elif sent and str(sent[-1]).strip():
                read[name] = sent[-1]
        return read


class NoFields(Form):
    """Of an operation that needs nothing but the address."""


def read_form(fields: dict[str, list[str]], kind: type[_F]) -> _F:
    """Reads a form.

    Raises:
        InvalidFormError: naming the fields that cannot be used.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        names = tuple(dict.fromkeys(str(one["loc"][0]) for one in error.errors() if one["loc"]))
        raise InvalidFormError(names) from None


def read_sent(data: object) -> Sent:
    """What the script sent; what cannot be read counts as nothing."""
    try:
        return Sent.model_validate(data)
    except ValidationError:
        return Sent()
