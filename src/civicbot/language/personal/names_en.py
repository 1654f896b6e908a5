"""Names in English sentences, only where words say that one follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.names import is_latin_name
from civicbot.language.personal.words import words

_RELATIVE = (
    "son|daughter|child|kid|wife|husband|mother|father|mom|mum|dad|brother|sister|grandmother|"
    "grandfather|granny|grandma|grandpa|partner"
)
_OWNER = rf"(?:my|(?:my |our )?(?:{_RELATIVE})(?:'s|’s))"
_NO_ADJECTIVE = (
    "company|street|team|dog|cat|pet|school|file|project|building|user|nick|brand|business|domain|"
    "display|screen|bus|stop|road|firm|shop"
)
_NAMES = rf"(?:(?!(?:{_NO_ADJECTIVE})\b)[a-z]{{2,12}} )?(?:name|surname)"
_ROLE = (
    "applicant|account holder|card ?holder|holder|guardian|contact person|signed|participant|tenant|"
    "payee|sender|recipient|depositor|"
    "booked by|submitted by|reported by"
)
# Words of the sentence that goes on behind a name.
_GOES_ON = (
    r"(?!(?-i:and|but|from|i|i'm|my|at|in|on|is|the|with|who|what|how|when|where|why|can|could|please|"
    r"so|for|of|born|living|here|speaking|"
    r"calling|or|not|a|an|aged|age|phone|mobile|tel|email|e-mail|mail|address|about|as|if|to|was|were|"
    r"has|have|had|will|would|do|does|did)(?![\w\-]))"
)
_WORD = r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏḀ-ỿ'\-]{0,20}"
_NAME = rf"(?P<name>{_GOES_ON}{_WORD}(?:(?: |(?<=\b[A-Z])\. ?){_GOES_ON}{_WORD}){{0,3}})"
_CALLED = re.compile(
    rf"\b(?:(?P<own>{_OWNER} {_NAMES})(?:'s|’s| is| was|:| =|(?P<comma>,))|"
    r"(?P<called>i go by|call me|i'm called|i am called|(?:i am|i'm) named|(?:the )?name(?:'s|’s)|my "
    rf"(?:{_RELATIVE}) is called|under the name(?: of)?)|"
    r"(?P<listed>in the name(?: of)?|name|(?:applicant|participant|holder|guardian|tenant|payee|sender|"
    r"patient|student)(?:'s name)? is|(?:it's|is|booked|registered|reserved) under|(?:reserved|"
    r"booked) for|(?:made out|payable|addressed) to|(?:address|know|list) me as|(?:spelt|spelled)"
    r"(?: as)?|my name \(?|my name (?:on|in) (?:the |my )?\w+ (?:is|was|should be|reads)|name of "
    r"(?:the )?(?:applicant|participant|holder|guardian|patient|student|child)(?: is)?|(?:it's|"
    r"it is) me,|signed,|i,|"
    r"surname|given name|family name|(?:registered|booked|signed up|listed|applied|filed) (?:as|under)|"
    r"(?:sign|put|list|book|register) me (?:up |down )?(?:as|under)|"
    rf"i'm the \w+,|name on (?:it|file|(?:the|my) (?:\w+ ){{1,2}})is|attn:?|(?:applicant|account holder|"
    rf"card ?holder|guardian|payee)(?: name)?))[ (]{{1,2}}"
    rf"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?{_NAME}",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"(?:^|(?<=[.,;:/(\n ]))(?:{_NAMES}|{_ROLE})(?: name)?(?: \([a-z ]{{2,12}}\)| (?:on|in|as in|as on|"
    rf"for|of) (?:the |my )?[a-z]{{2,12}})?(?: ?[:=] ?| [\-–] ){_NAME}",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(?:file|project|user|domain|brand|product|host|team|company|city|building|programme|program|"
    r"service|app|course|place|road|street|"
    r"station|stop|display|screen|field|column|table|variable|nick|user ?|screen|code|event|robot|model|"
    r"mayor'?s?|minister'?s?|its|the)\s$",
    re.IGNORECASE,
)
_CAPITALS = r"[A-Z][a-z]+(?:-[A-Za-z][a-z]*)?(?: (?:[A-Z]['’])?[A-Z][a-z]+(?:-[A-Za-z][a-z]*)?){1,2}"
_MYSELF = re.compile(
    rf"\b(?:(?:I am|I'm|I’m|Im|i am|i'm)\s(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s)?(?P<name>{_CAPITALS})(?!['’]s|[A-Za-z\-])|"
    rf"(?:[Tt]his is|[Ii]t's|[Hh]ere is)\s(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s)?(?P<caller>{_CAPITALS})"
    r"(?= speaking| here| calling| from)|"
    rf"^(?:Hello[,.!]? |Hi[,.!]? )?This is (?P<sender>{_CAPITALS})(?=[,.])|"
    rf"[Mm]y (?:{_RELATIVE}),? (?P<relative>{_CAPITALS})(?!['’]s|[A-Za-z\-]))"
)
_I_AM = re.compile(rf"\b(?:I am|I'm|I’m) (?P<name>{_CAPITALS})(?=[,.!;]| and | from | here|$)")
_SPEAKING = re.compile(rf"(?:^|(?<=[.!?,] ))(?P<name>{_CAPITALS})(?: speaking| here)(?=[,.!]|$)")
_IS_MY_NAME = re.compile(
    rf"(?:^|(?<=[.!?,] ))(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?(?P<name>{_CAPITALS}) is my (?:full |real |legal )?name\b"
)
_ROLE_OF = re.compile(
    r"(?:^|(?<=[.,;/(\n ]))(?i:contact|student|child|attendee|visitor|for|from|attn|participant) ?: ?"
    rf"(?P<name>{_CAPITALS})(?![A-Za-z])"
)
_GREETED = re.compile(
    r"\b(?:[Hh]i|[Hh]ello|[Hh]ey|HI)(?: there)?[,.!]? (?:I'm|I am|I’m|this is|it's) (?P<name>[A-Z][a-z]+"
    r"(?:-[a-z]+)?)(?=[,.!]| and| from| here)"
)
_SIGNED = re.compile(
    rf"(?:[Tt]hanks|[Tt]hank you|[Rr]egards|[Ss]incerely|[Yy]ours|[Bb]est)[,.! \n—\-]{{1,4}}"
    rf"(?P<name>{_CAPITALS})[. ]*$"
)
_NO_NAME_END = re.compile(r"(?:al|ic|ant|ent|ed|ing|ly|able|ible|ous|ful|less|ive|where|body)$")
# Behind a name in small letters the sentence ends or goes on anew; "my name is left off the list" does neither.
_ENDED = re.compile(r"\s?(?:$|[,.;:!?)(]|(?:and|but|i|i'm|born|from|aged?|who)\b)", re.IGNORECASE)
_TWO_WORDS = re.compile(r"[A-Z][a-z'\-]+(?: [A-Z][a-z'\-]+){1,2}")
_GIVEN = re.compile(r", [A-Z][a-z]+(?:[- ][A-Za-z][a-z]+)?(?=[;.,)\n]|$)")
_LOWER = re.compile(
    r"\b(?i:i am|i'm|im|this is) (?P<name>(?:kim|lee|choi|jung|jeong|kang|yoon|jang|shin|kwon|hwang|ahn|"
    r"seo) [a-z]{2,10}(?:-[a-z]{2,8})?)(?![a-z'’])"
)
# What a text must hold to be worth a closer look, in small letters.
_TELLING = (
    "name|call|go by|under|reserved for|booked|made out|payable|addressed|know me|list me|address me|"
    "spel|signed|it's me|it is me|i, |attn|"
    "applicant|holder|guardian|payee|participant is|tenant|sender|patient|student|register|sign |"
    "put me|applied|filed|listed|i'm the"
).split("|")
_MEETING = (
    "i am |i'm |i’m |im |this is |here is |my |speaking| here|thank|regards|sincerely|yours|best|"
    "contact|student|child|attendee|visitor|"
    "for:|for :|from|attn|participant|name"
).split("|")


def find_english_names(text: str) -> Iterator[Candidate]:
    """Names in Latin letters behind a clear cue."""
    lower = text.lower()
    if any(cue in lower for cue in _TELLING):
        yield from _told(text)
    if any(mark in text for mark in ":=-–"):
        yield from _labelled(text)
    if any(cue in lower for cue in _MEETING):
        yield from _met(text)


def _met(text: str) -> Iterator[Candidate]:
    for pattern in (_MYSELF, _SIGNED, _SPEAKING, _IS_MY_NAME, _LOWER, _ROLE_OF):
        for match in pattern.finditer(text):
            group = match.lastgroup or "name"
            if _has_surname(match[group]) and not _begins_as_sentence(match[group]):
                yield _candidate(match, group)
    for match in chain(_GREETED.finditer(text), _I_AM.finditer(text)):
        name = match["name"]
        if is_latin_name(name) and not (_NO_NAME_END.search(name) or _begins_as_sentence(name)):
            yield _candidate(match, "name")


def _told(text: str) -> Iterator[Candidate]:
    for match in _CALLED.finditer(text):
        if _of_thing(text, match) and match.group()[:4].lower() in ("name", "the "):
            continue
        own = (
            match["own"] is not None
            and match["comma"] is None
            and (_has_surname(match["name"]) or _ENDED.match(text, match.end()) is not None)
        )
        if _said(match["name"], own=own, listed=match["listed"] is not None):
            yield _with_given_name(text, match)


def _labelled(text: str) -> Iterator[Candidate]:
    for match in _LABEL.finditer(text):
        plain = "name" in match.group()[: match.start("name") - match.start()].lower()
        full = _has_surname(match["name"]) or _TWO_WORDS.fullmatch(match["name"]) is not None
        if (plain or full) and is_latin_name(match["name"]) and not _of_thing(text, match):
            yield _with_given_name(text, match)


def _of_thing(text: str, match: re.Match[str]) -> bool:
    """Whether the name is a file's, a project's or the like."""
    return _NO_PERSON.search(text[max(0, match.start() - 14) : match.start()]) is not None


def _said(name: str, *, own: bool, listed: bool) -> bool:
    """Whether what follows is a name: behind "my name is" nearly anything, elsewhere what is written as names are."""
    if not is_latin_name(name) or (listed and not _has_surname(name)):
        return False
    return name[0].isupper() or (own and _NO_NAME_END.search(name.split(maxsplit=1)[0]) is None)


def _begins_as_sentence(name: str) -> bool:
    return name.split(maxsplit=1)[0].lower() in words().no_name_en


def _has_surname(name: str) -> bool:
    parts = re.findall(r"[a-z]+", name.lower())
    return bool(words().roman_surnames & {*parts[:1], *parts[-1:]})


def _with_given_name(text: str, match: re.Match[str]) -> Candidate:
    """The name with what stands behind a comma where the family name comes first ("Kim, Min-su")."""
    end = match.end("name")
    if match["name"].lower() in words().roman_surnames and (given := _GIVEN.match(text, end)):
        end = given.end()
    return Candidate(PersonalKind.NAME, match.start("name"), end)


def _candidate(match: re.Match[str], group: str) -> Candidate:
    return Candidate(PersonalKind.NAME, *match.span(group))
