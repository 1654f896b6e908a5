"""E-mail addresses, also as people spell them out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.language.personal.around import said_before
from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.words import words

_LOCAL = r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}"
_LABEL = r"[A-Za-z0-9가-힣][A-Za-z0-9가-힣\-]{0,30}"
_TOP = r"(?:com|net|org|kr|co|go|or|ac|re|pe|io|gov|edu|info|biz|me|jp|cn|uk|us|de|vn|dev|ai|app)"
_DOT = r"(?:\s?[(\[{]\s?(?:dot|점|닷)\s?[)\]}]\s?|\s?\.\s?|\s(?:dot|점|닷|쩜)\s|(?:점|닷|쩜)\s?)"
_AT_SIGN = r"\s{0,2}@\s{0,2}"
_SPELLED_AT = r"\s?(?:[(\[{<]\s?(?:at|a|앳|엣|에트|애트|골뱅이|@)\s?[)\]}>]|골뱅이|앳|엣|에트|애트)(?:표시)?\s?"
_PROVIDERS = (
    "gmail|naver|daum|hanmail|nate|kakao|hotmail|outlook|yahoo|icloud|korea|지메일|네이버|다음|한메일|네이트|카카오|"
    "핫메일|아웃룩|야후|아이클라우드|구글"
)
_DOMAIN = (
    rf"(?:(?:{_PROVIDERS})(?:\s?닷컴|\s?닷넷)|[A-Za-z0-9\-]{{1,30}}"
    rf"(?:{_DOT}[A-Za-z0-9\-]{{1,30}}){{0,2}}{_DOT}{_TOP}(?![A-Za-z0-9])"
    rf"|(?:{_PROVIDERS}){_DOT}(?:{_TOP}(?![A-Za-z])|컴|넷|씨오점케이알))"
)
_PLAIN = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL}){{0,4}}")
_SPACED = re.compile(rf"{_LOCAL}{_AT_SIGN}{_DOMAIN}", re.IGNORECASE)
_SPELLED = re.compile(
    rf"(?:{_LOCAL}(?:\s?(?:dot|점|닷)\s?[A-Za-z0-9]{{1,20}})?|(?<![가-힣])[가-힣]{{1,20}}"
    rf"(?=\s?골뱅이)){_SPELLED_AT}(?:{_DOMAIN}|(?:{_PROVIDERS}))",
    re.IGNORECASE,
)
# "at" between blanks is a word of its own: only with a spelled dot, or behind a cue.
_WORDS = re.compile(
    rf"(?P<local>(?:(?<![A-Za-z0-9])[A-Za-z0-9._\-]{{1,30}}\s(?:dot|underscore|"
    rf"dash)\s){{0,2}}{_LOCAL})\sat\s(?P<domain>[A-Za-z0-9\-]{{1,30}}"
    rf"(?:(?P<dot>\s?[(\[]?dot[)\]]?\s?|\s?\.\s?)[A-Za-z0-9\-]{{2,20}}){{1,3}})",
    re.IGNORECASE,
)
_NO_LOCAL = frozenset(
    "look is was are be me us it available here there found meet work working works live arrive mail email".split()
)
_NEAR = 30
_HINT = re.compile(r"@|골뱅이|앳|엣|에트|애트|\bat\b|[(\[{<]\s?a\s?[)\]}>]", re.IGNORECASE)


def find_emails(text: str) -> Iterator[Candidate]:
    """E-mail addresses: "a@b.kr", "a (at) b.kr", "a 골뱅이 네이버 닷컴", "a at b dot com"."""
    if not _HINT.search(text):
        return
    for pattern in (_PLAIN, _SPACED, _SPELLED):
        for match in pattern.finditer(text):
            end = match.start() + len(match.group().rstrip(".-"))
            yield _candidate(text, match.start(), _without_particle(text, match.start(), end))
    for match in _WORDS.finditer(text):
        local = match["local"].split()[-1].lower()
        spelled = "dot" in match["dot"].lower()
        if local not in _NO_LOCAL and (spelled or said_before(words().mail, text, match.start(), _NEAR)):
            yield _candidate(text, *match.span())


def plain_email(written: str) -> str:
    """An address without blanks, in small letters."""
    return "".join(written.split()).lower()


def _candidate(text: str, start: int, end: int) -> Candidate:
    return Candidate(PersonalKind.EMAIL, start, end, contact=plain_email(text[start:end]))


def _without_particle(text: str, start: int, end: int) -> int:
    """Without the Korean letters glued behind a Latin domain ("…@naver.com으로")."""
    place = text.find("@", start, end)
    domain = text[place + 1 : end] if place >= 0 else ""
    latin = re.match(r"[A-Za-z0-9.\-]+", domain)
    if latin is None or not latin.group().strip(".-"):
        return end
    return place + 1 + len(latin.group().rstrip(".-"))
