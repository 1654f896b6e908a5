"""Korean persons in English: "Park Su-gi" is 박수기, by the family name and the sound of the given one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.answering.gate.sounds import sound_alike

_ENGLISH = re.compile(r"\b(?:(?P<family>[A-Z][a-z]+)\s)?(?P<given>[A-Z][a-z]+-[a-z]{1,6})\b")
_HANGUL = re.compile(r"[가-힣]{2,}")
# The commonest family names and their usual spellings.
_FAMILIES = {
    "김": "Kim Gim", "이": "Lee Yi Rhee I", "박": "Park Pak Bak", "정": "Jung Jeong Chung",
    "최": "Choi Choe", "조": "Cho Jo", "강": "Kang Gang", "윤": "Yoon Yun", "장": "Jang Chang",
    "임": "Lim Im Yim", "한": "Han", "오": "Oh O", "서": "Seo Suh", "신": "Shin Sin",
    "권": "Kwon Gwon", "황": "Hwang", "안": "Ahn An", "송": "Song", "류": "Ryu Yoo Yu",
    "유": "Yoo Yu Ryu", "홍": "Hong", "전": "Jeon Chun Jun", "고": "Ko Koh Go", "문": "Moon Mun",
    "손": "Son Sohn", "양": "Yang", "배": "Bae Pae", "백": "Baek Paik", "허": "Heo Hur", "남": "Nam",
    "노": "Noh Roh No", "하": "Ha", "주": "Joo Ju", "우": "Woo U", "민": "Min", "나": "Na",
    "변": "Byun Byeon", "구": "Koo Gu Ku", "차": "Cha", "심": "Shim Sim", "곽": "Kwak Gwak",
    "성": "Sung Seong", "진": "Jin", "지": "Ji Chi", "엄": "Um Eom", "채": "Chae", "원": "Won",
    "천": "Chun Cheon", "방": "Bang", "공": "Kong Gong", "현": "Hyun Hyeon", "함": "Ham",
    "여": "Yeo", "추": "Choo Chu", "도": "Do", "석": "Seok Suk", "선": "Sun Seon", "설": "Seol",
    "마": "Ma", "길": "Gil", "위": "Wi", "표": "Pyo", "명": "Myung", "기": "Ki Gi", "반": "Ban",
    "왕": "Wang", "금": "Keum", "옥": "Ok", "육": "Yook", "인": "In", "맹": "Maeng", "제": "Je",
    "모": "Mo", "탁": "Tak", "국": "Kook", "은": "Eun", "편": "Pyeon", "용": "Yong",
}  # fmt: skip
_SPELLINGS = {spelling: family for family, all_ in _FAMILIES.items() for spelling in all_.split()}


def persons(english: str) -> Iterator[tuple[int, int, str, str]]:
    """The names with a hyphen of an English text: span, family name (empty if not told) and given name."""
    for match in _ENGLISH.finditer(english):
        family = match["family"] or ""
        start = match.start() if family in _SPELLINGS else match.start("given")
        yield start, match.end(), family if family in _SPELLINGS else "", match["given"].replace("-", "")


def in_korean(family: str, given: str, korean: str) -> bool:
    """Whether a Korean text has such a person or place; a family name must be the right one."""
    for word in _HANGUL.finditer(korean):
        text = word.group()
        if not family:
            if sound_alike(text, given):
                return True
            continue
        for start in range(len(text) - 2):
            if text[start] in _families(family) and sound_alike(text[start + 1 : start + 3], given):
                return True
    return False


def _families(spelling: str) -> frozenset[str]:
    return frozenset(family for family, all_ in _FAMILIES.items() if spelling in all_.split())


def korean_spans(korean: str, english: str) -> Iterator[tuple[int, int]]:
    """Where a Korean text names persons of an English one."""
    for _, _, family, given in persons(english):
        for word in _HANGUL.finditer(korean) if family else ():
            text = word.group()
            for start in range(len(text) - 2):
                if text[start] in _families(family) and sound_alike(text[start + 1 : start + 3], given):
                    yield word.start() + start, word.start() + start + 3
