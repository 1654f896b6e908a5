"""Masks personal data, and collects the contacts that need no masking."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache

from civicbot.language.personal.accounts import find_accounts, find_cards
from civicbot.language.personal.addresses import find_addresses
from civicbot.language.personal.addresses_en import find_english_addresses
from civicbot.language.personal.documents import find_licences, find_passports, find_plates
from civicbot.language.personal.emails import find_emails
from civicbot.language.personal.kinds import Candidate, Found, Masked
from civicbot.language.personal.names import find_names
from civicbot.language.personal.names_en import find_english_names
from civicbot.language.personal.phones import find_phones
from civicbot.language.personal.reading import OPAQUE, read
from civicbot.language.personal.registration import find_registration_numbers
from civicbot.language.personal.words import words
from civicbot.model import Language

Detector = Callable[[str], Iterator[Candidate]]

# The most specific first: of two that find the same, the first one names the kind.
_BY_DIGITS: tuple[Detector, ...] = (
    find_registration_numbers,
    find_cards,
    find_phones,
    find_licences,
    find_accounts,
)
_SHORT: tuple[Detector, ...] = (find_passports, find_plates)
_BY_WORDS: tuple[Detector, ...] = (find_emails, find_addresses, find_english_addresses, find_names, find_english_names)
# Six digits with little between them, and a plate's or passport's last ones: what most questions do not have.
_MAY_BE_NUMBER = re.compile(r"\d(?:(?:[^\w\n]|[_xXOㅡᅳㅇ국에의번\s]){0,6}\d){5}")
_MAY_BE_SHORT = re.compile(r"\d{3}|[공영일이삼사오육칠팔구]{4}")
_LOOSE_MARK = re.compile(r"\s+([.,!?])")
_PARTICLES = (
    r"(?:(?:번?으로|번?로|번|은|는|이|가|을|를|에|에서|의|도|입니다|이에요|예요|이고|인데요?|이며)(?![가-힣]))?"
)
# Written as documents write them; what people make of such a number is found all the same.
_MAY_HOLD_CONTACT = re.compile(r"[@＠]|(?<!\d)[(（]?[0０]\d{1,3}\s?[)）\-‐-―.·\s]\s?\d{3}|\+\s?82")
_MOST_ROUNDS = 6


def mask_personal(text: str, language: Language, public: Collection[str] = frozenset()) -> Masked:
    """Puts a placeholder in the place of everything personal.

    What is left is looked at again until nothing is found, so that masking a masked text changes nothing.

    Args:
        text: any text, cleaned or not.
        language: of the placeholders; both languages are looked for.
        public: phone numbers and e-mail addresses that may stay, as :func:`public_contacts` gives them.
    """
    found: list[Found] = []
    masked = text
    for _ in range(_MOST_ROUNDS):
        new = _original(_detect(masked, public), found, language)
        if not new:
            break
        found = sorted([*found, *new], key=lambda one: one.start)
        masked = _with_placeholders(text, found, language)
    return Masked(masked, tuple(found))


def without_placeholders(text: str) -> str:
    """A masked text without its placeholders and the words that belong to them, for what is searched and understood."""
    return _LOOSE_MARK.sub(r"\1", " ".join(_glued().sub(" ", text).split())).lstrip(" .,!?")


@cache
def _glued() -> re.Pattern[str]:
    known = words()
    ahead = rf"(?:(?:(?<![가-힣])(?:제|내|저희|우리)\s?)?(?:{known.beside.pattern})\s?)?"
    behind = rf"(?:(?:{known.call_back.pattern})[가-힣]{{0,5}}[.!]?|{_PARTICLES})"
    return re.compile(rf"{ahead}(?:{known.placeholder.pattern}){behind}", re.IGNORECASE)


def public_contacts(texts: Iterable[str]) -> frozenset[str]:
    """The phone numbers (digits only) and e-mail addresses that stand in the library's own documents."""
    found: set[str] = set()
    for text in texts:
        for line in filter(_MAY_HOLD_CONTACT.search, text.split("\n")):
            view = read(line).text
            found |= {c.contact for detector in (find_phones, find_emails) for c in detector(view) if c.contact}
    return frozenset(found)


def _detect(text: str, public: Collection[str]) -> list[Found]:
    """What is found in one look, by its place in ``text``."""
    view = read(text)
    detectors = _BY_WORDS
    if _MAY_BE_SHORT.search(view.text):
        detectors = _SHORT + detectors
    if _MAY_BE_NUMBER.search(view.text):
        detectors = _BY_DIGITS + detectors
    ranked = [
        (_weight(rank, candidate), candidate)
        for rank, detector in enumerate(detectors)
        for candidate in detector(view.text)
        if OPAQUE not in view.text[candidate.start : candidate.end]
    ]
    free = [True] * len(view.text)
    found = []
    for _, candidate in sorted(ranked, key=lambda pair: pair[0]):
        # What stays takes its place as well: no part of it is anything else.
        stays = candidate.official or candidate.contact in public
        for start, end in _runs(free, candidate.start, candidate.end):
            if not stays and any(letter.isalnum() for letter in view.text[start:end]):
                found.append(Found(candidate.kind, *view.span(start, end)))
        free[candidate.start : candidate.end] = [False] * (candidate.end - candidate.start)
    return _apart(sorted(found, key=lambda one: (one.start, one.end)))


def _weight(rank: int, candidate: Candidate) -> tuple[bool, int, int]:
    """Numbers before words, the longer before the shorter, the more specific before the less."""
    by_words = candidate.kind in {"address", "name"}
    return by_words, candidate.start - candidate.end, rank


def _runs(free: list[bool], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a span that nothing has taken yet."""
    begin = None
    for place in range(start, end):
        if free[place] and begin is None:
            begin = place
        elif not free[place] and begin is not None:
            yield begin, place
            begin = None
    if begin is not None:
        yield begin, end


def _apart(found: list[Found]) -> list[Found]:
    """Without overlaps, which letters that stand for several of the original may make."""
    apart: list[Found] = []
    for one in found:
        start = max(one.start, apart[-1].end) if apart else one.start
        if start < one.end:
            apart.append(Found(one.kind, start, one.end))
    return apart


def _original(new: list[Found], found: list[Found], language: Language) -> list[Found]:
    """Places in the masked text as places in the text that ``found`` was found in."""
    if not found:
        return new
    # For each stretch behind a placeholder: where it begins in the masked text, and how far it has moved.
    begins, moved, shift = [0], [0], 0
    for one in found:
        shift += len(words().placeholders[language][one.kind]) - (one.end - one.start)
        begins.append(one.end + shift)
        moved.append(shift)
    places = [moved[bisect_right(begins, one.start) - 1] for one in new]
    return [Found(one.kind, one.start - by, one.end - by) for one, by in zip(new, places, strict=True)]


def _with_placeholders(text: str, found: list[Found], language: Language) -> str:
    pieces, done = [], 0
    for one in found:
        pieces += [text[done : one.start], words().placeholders[language][one.kind]]
        done = one.end
    return "".join([*pieces, text[done:]])
