"""Placeholders and the words that tell personal data from the rest, read from a data file."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from civicbot.language.personal.kinds import PersonalKind
from civicbot.model import Language, Noun

# Behind a unit that stands apart: "3 개를", but not "3 개나리길".
_UNIT_PARTICLES = (
    "에서?|을|를|이|가|은|는|의|으?로|만|까지|부터|정도|이상|이하|쯤|짜리|당|마다|동안|간|째|선|구간|"
    "인데|이고|입니다|이에요|예요"
)


class _File(Noun):
    placeholders: dict[Language, dict[PersonalKind, str]]
    own: tuple[str, ...]
    send_to: tuple[str, ...]
    beside: tuple[str, ...]
    call_back: tuple[str, ...]
    official: tuple[str, ...]
    workplace: tuple[str, ...]
    phone: tuple[str, ...]
    registration: tuple[str, ...]
    other_number: tuple[str, ...]
    card: tuple[str, ...]
    account: tuple[str, ...]
    bank: tuple[str, ...]
    passport: tuple[str, ...]
    licence: tuple[str, ...]
    place: tuple[str, ...]
    car: tuple[str, ...]
    mail: tuple[str, ...]
    address: tuple[str, ...]
    unit: tuple[str, ...]
    unit_sign: tuple[str, ...]
    no_region: tuple[str, ...]
    no_road: tuple[str, ...]
    no_dong: tuple[str, ...]
    building: tuple[str, ...]
    regions: tuple[str, ...]
    surnames: tuple[str, ...]
    roman_surnames: tuple[str, ...]
    no_name: tuple[str, ...]
    no_name_en: tuple[str, ...]


class Words:
    """The words and patterns of the data file.

    Attributes:
        placeholders: by language and kind, what stands in the place of what was masked.
        placeholder: finds any of them.
        own: words of somebody who speaks of themselves or their family.
        call_back: what follows a number that one wants to be called at.
        official: words for public offices and their lines.
        unit: what follows a number that counts something.
        building: words with which the name of a block of flats ends.
    """

    def __init__(self, file: _File) -> None:
        self.placeholders = file.placeholders
        every = {text for by_kind in file.placeholders.values() for text in by_kind.values()}
        self.placeholder = re.compile("|".join(re.escape(text) for text in sorted(every)))
        self.own = any_of(file.own)
        self.send_to = any_of(file.send_to)
        self.beside = any_of(file.beside)
        self.call_back = any_of(file.call_back)
        self.official = any_of(file.official)
        self.workplace = any_of(file.workplace)
        self.phone = any_of(file.phone)
        self.registration = any_of(file.registration)
        self.other_number = any_of(
            tuple(
                rf"(?:{one})\s?(?:번호|코드|number|no\.?|id|code)?\s?(?:는|은|이|가|is|was|:|=|#|\()?\s*$"
                for one in file.other_number
            )
        )
        self.card = any_of(file.card)
        self.account = any_of(file.account)
        self.bank = any_of(tuple(rf"(?:{names})(?:은행|뱅크| ?bank)?\s?[:(]?\s?$" for names in file.bank))
        self.bank_behind = any_of(
            tuple(
                rf"\s?[(,]?\s?(?:{names})(?:은행|뱅크|입니다|이에요|이고|계좌|\)|(?![가-힣A-Za-z]))"
                for names in file.bank
            )
        )
        self.passport = any_of(file.passport)
        self.licence = any_of(file.licence)
        self.place = any_of(file.place)
        places = "|".join(f"(?:{one})" for one in (*file.official, *file.place))
        self.place_before = any_of((rf"(?:{places})(?:은|는|이|가|의|도|인|에서?|주소|위치|소재지|본관|[\s(:,])*$",))
        self.place_behind = any_of(
            (
                rf"(?:\s?[(,]\s?|에\s(?:있는|위치한|들어선|세운|짓는)\s|이?라는\s|의\s|인\s|\s)?[가-힣A-Z]{{0,6}}?"
                rf"(?:{places})",
            )
        )
        self.car = any_of(file.car)
        self.mail = any_of(file.mail)
        self.address = any_of(file.address)
        units = "|".join(file.unit)
        self.unit = any_of((rf"(?:{units})", rf"\s(?:{units})(?=(?:{_UNIT_PARTICLES})?(?![가-힣]))", *file.unit_sign))
        self.building = any_of(file.building)
        self.no_region = frozenset(file.no_region)
        self.no_road = frozenset(file.no_road)
        self.no_dong = frozenset(file.no_dong)
        self.regions = "|".join(file.regions)
        self.surnames = frozenset(file.surnames)
        self.roman_surnames = frozenset(file.roman_surnames)
        self.no_name = frozenset(file.no_name)
        self.no_name_en = frozenset(file.no_name_en)


def label(kind: PersonalKind, language: Language) -> str:
    """What a kind is called in a sentence: its placeholder without the brackets."""
    return words().placeholders[language][kind].strip("[]")


def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all of them, whatever the case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


@cache
def words() -> Words:
    """The words, read once."""
    resource = files("civicbot.language.personal") / "data" / "personal.yaml"
    return Words(_File.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8"))))
