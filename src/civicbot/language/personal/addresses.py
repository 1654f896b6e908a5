"""Korean addresses down to the building: road and number, lot number, block and flat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from civicbot.language.personal.around import before, is_official, is_public_place
from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.words import words

_SPACE = r"[ ,]{1,3}"
_NUMBER = r"(?:지하\s?)?\d{1,5}(?:\s?[\-–]\s?\d{1,4})?"
# 상무대로 / 하남산단8번로 / 첨단과기로208번길 / 죽봉대로119번안길 / 2순환로
_ROAD = (
    r"(?<![가-힣A-Za-z0-9·])(?P<road>(?:제?\d{1,2}|\d·\d{1,2})?[가-힣A-Za-z·]{1,10}?(?:\d{1,4}번?|"
    r"\d{1,2}[가-힣]{1,2})?(?:대로|로|길)(?:\d가)?"
    r"(?P<branch>\s?\d{1,4}\s?번?\s?[가나다라마바사안]?길)?)(?P<joint>\s?,?\s?)"
)
_LOT = (
    r"(?<![가-힣A-Za-z0-9])(?P<dong>[가-힣]{1,5}\d{0,2}(?:동|리)|[가-힣]{1,3}(?:로|동)\s?\d{1,2}가)\s?(?P<hill>산\s?)?"
)
_DETAIL = (
    r"(?:제?\d{1,4}동(?![가-힣])(?:[ ,]{0,3}(?:지하\s?|지상\s?|제)?\d{1,2}층)?(?:[ ,]{0,3}제?\d{1,5}호)?|"
    r"제?\d{1,4}동\s?제?\d{1,5}호|[가나다라마바사아자차카타파하A-Za-z]동\s?\d{1,4}호|"
    r"(?:지하\s?|지상\s?|B)?\d{1,2}층(?:[ ,]{0,3}\d{1,5}호)?|(?:제|지하\s?|B)?\d{1,5}호(?![가-힣]*선)|"
    r"\d{1,4}-\d{1,5}호?)"
)
_BLOCK = re.compile(
    r"(?<![\d.,\-])(?:제?\d{1,4}\s?동|[가나다라마바사아자차카타파하A-Za-z]\s?동)[ ,\-]{0,2}"
    r"(?:\d{1,2}층\s?)?제?\d{1,5}\s?호(?![가-힣]*선|\d)|"
    r"(?<![가-힣])[공영일이삼사오육칠팔구십백천]{2,6}\s?동\s?[공영일이삼사오육칠팔구십백천]{2,8}\s?호|"
    r"(?<![\d.,\-])\d{3,4}\s?호(?=(?:에|에서)?\s?(?:살|사는|거주|삽니다))|"
    r"(?<![\d.,\-제])(?<!제\s)(?:\d{3}|1[0-8]\d\d)\s?[\-/]\s?\d{3,4}\s?호(?!\d)"
)
_HOME = re.compile(
    r"[가-힣A-Za-z0-9]{0,10}(?:아파트|APT|빌라|오피스텔|맨션|원룸|연립|주택|타운|하우스|기숙사|고시원|"
    r"고시텔|관사|사택|빌딩|레지던스|빌리지|맨숀|푸르지오|"
    r"자이|래미안|힐스테이트|캐슬|더샵|"
    r"편한세상|아이파크|휴먼시아|주공)(?:\s?\d차)?,?\s?(?:(?:\d{1,4}|"
    r"[가나다라마바사아자차카타파하A-Z])동(?![가-힣]*까지)(?:\s?\d{1,4}호)?|"
    r"\d{2,4}호|\d{3,4}[-/]\d{3,4}(?!\d))(?!실)",
    re.IGNORECASE,
)
_PARENTHESIS = r"(?:\s?\([가-힣0-9A-Za-z, ]{2,25}\))?"
# What may stand between a house's number and the flat: the name of the building.
_NAME = r"[가-힣A-Za-z0-9&]{2,14}"
_FLAT = re.compile(
    rf"{_PARENTHESIS}(?:{_SPACE}{_NAME}){{0,3}}?{_SPACE}{_DETAIL}(?:[ ,]{{0,3}}{_DETAIL})?{_PARENTHESIS}|"
    rf"\s?번지{_PARENTHESIS}|{_PARENTHESIS}"
)
_LOT_MARK = re.compile(r"\s?번지(?:의\s?\d{1,4})?(?:\s?\d{1,3}호)?")
_BUILDING_BEFORE = re.compile(r"(?:[가-힣A-Za-z0-9]{2,14}[ ,]{1,2}){0,3}$")
_PARTICLE = re.compile(
    r"(?:은|는|이|가|을|를|에|에서|요|도|의|고|서|로|인데|면|까지|부터|한테|께|와|과|랑|데|곳|집|저|제|"
    r"주소|현재|우리|저희|지금|여기|거기)$"
)
_LIVING = re.compile(r"\s?(?:에|에서|으로|로|이|가|인)?\s?(?:사는|살|거주|이사|집|보내|배송|삽니다|배달)")
_MOVEMENT = re.compile(r"[가-힣]{2,}(?:운동|활동|이동|행동|노동|아동|공동|자동|변동|연동)$")
_MAY_BE_ROAD = re.compile(r"[로길가]\s?,?\s?(?:지하\s?)?\d")
_MAY_BE_LOT = re.compile(r"[동리가]\s?(?:산\s?)?\d")
_LEAST_STEM = 2
_LEAST_HOUSE, _LEAST_DONG = 2, 3
# Years, and numbers that one dials.
_NO_HOUSE = re.compile(r"(?:19|20)\d\d|110|112|113|119|120|129|182|13\d\d|15\d\d|16\d\d|18\d\d")
_BOUNDARY = re.compile(
    r"$|[,.!?)]|\s(?![가-힣]?\d)|(?:에|은|는|이|로|이고|입니다|이에요|예요|인데|앞|옆|번지|맞은편)(?![가-힣]{3})"
)


def find_addresses(text: str) -> Iterator[Candidate]:
    """Addresses that lead to a house; the names of roads, quarters and districts alone do not."""
    roads, lots, regions = _patterns()
    for match in roads.finditer(text) if _MAY_BE_ROAD.search(text) else ():
        if _is_road(text, match):
            yield _whole(text, match, regions)
    for match in lots.finditer(text) if _MAY_BE_LOT.search(text) else ():
        if _is_lot(text, match):
            yield _whole(text, match, regions)
    if "동" not in text and "호" not in text and "/" not in text and "-" not in text:
        return
    for match in chain(_BLOCK.finditer(text), _HOME.finditer(text)):
        start = _building(text, match.start())
        start = _with_regions(text, start, regions)
        yield Candidate(PersonalKind.ADDRESS, start, match.end(), official=is_official(text, start, match.end()))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    none = "|".join(sorted(words().no_region))
    sido = rf"(?:{words().regions})(?:특별자치시|특별자치도|특별시|광역시|시|도)?"
    city = rf"(?!(?:{none})[ ,])[가-힣]{{1,4}}(?:시|군|구)"
    return (
        re.compile(rf"{_ROAD}(?P<number>{_NUMBER})(?!\d|\s?번[가-힣]?길)"),
        re.compile(rf"{_LOT}(?P<number>\d{{1,4}}(?:\s?[\-–의]\s?\d{{1,4}})?)(?!\d)"),
        re.compile(
            rf"(?<![가-힣])(?:[(\[]?\d{{5}}[)\]]?[ ,]{{1,2}})?(?:대한민국\s)?(?:{sido}(?:[ ,]{{1,3}}|"
            rf"(?=[가-힣]{{1,3}}구[ ,])))?"
            rf"(?:{city}[ ,]{{1,3}}){{0,2}}(?:(?<=[군시구도] )[가-힣]{{1,4}}[읍면][ ,]{{1,3}})?"
            r"(?:(?:[가-힣]{1,4}\d?동|(?<=[읍면] )[가-힣]{1,4}리)[ ,]{1,3})?$"
        ),
    )


def _is_road(text: str, match: re.Match[str]) -> bool:
    road = re.sub(r"\d.*$", "", match["road"].replace(" ", "").lstrip("제0123456789·"))
    stem = re.sub(r"(?:대로|로|길)$", "", road)
    if road in words().no_road or stem.endswith("으"):
        return False
    if _LOT_MARK.match(text, match.end()):
        return True
    if words().unit.match(text, match.end()):
        return False
    numbered = match["branch"] is not None or "-" in match["number"] or re.search(r"\d번(?:로|길)", match["road"])
    wide = road.endswith("대로") and len(stem) >= _LEAST_STEM and len(match["number"]) >= _LEAST_STEM
    return bool(numbered) or wide or _lives(text, match) or (len(stem) >= _LEAST_STEM and _by_itself(text, match))


def _by_itself(text: str, match: re.Match[str]) -> bool:
    """Whether the number belongs to no word behind it, and can be a house's: no year, no short public number."""
    number = match["number"]
    if len(number) < _LEAST_HOUSE or _NO_HOUSE.fullmatch(number) or "," in text[match.start() : match.end()]:
        return False
    return _BOUNDARY.match(text, match.end()) is not None


def _is_lot(text: str, match: re.Match[str]) -> bool:
    dong = match["dong"]
    if dong in words().no_dong or _MOVEMENT.search(dong):
        return False
    if _LOT_MARK.match(text, match.end()):
        return True
    if words().unit.match(text, match.end()) or text[match.end() : match.end() + 1] in ("동", "호", "층"):
        return False
    lives = _lives(text, match)
    if dong.endswith("리"):
        return re.search(r"[가-힣](?:읍|면)[ ,]+$", before(text, match.start())) is not None
    return lives or "-" in match["number"] or (len(dong) >= _LEAST_DONG and _by_itself(text, match))


def _lives(text: str, match: re.Match[str]) -> bool:
    """Whether a region, a cue or a flat beside it says that it is an address."""
    _, _, regions = _patterns()
    ahead = before(text, match.start())
    if (found := regions.search(ahead)) and found.group():
        return True
    if words().address.search(ahead) or _LIVING.match(text, match.end()):
        return True
    flat = _FLAT.match(text, match.end())
    return flat is not None and any(letter.isdecimal() for letter in flat.group())


def _whole(text: str, match: re.Match[str], regions: re.Pattern[str]) -> Candidate:
    """The address with the regions before it and the flat behind it."""
    start, end = _with_regions(text, match.start(), regions), match.end()
    if lot := _LOT_MARK.match(text, end):
        end = lot.end()
    if flat := _FLAT.match(text, end):
        end = flat.end()
    official = _BLOCK.search(text, match.end(), end) is None and is_public_place(text, start, end)
    return Candidate(PersonalKind.ADDRESS, start, end, official=official)


def _with_regions(text: str, start: int, regions: re.Pattern[str]) -> int:
    ahead = before(text, start, 45)
    found = regions.search(ahead)
    return start - len(ahead) + found.start() if found else start


def _building(text: str, start: int) -> int:
    """Where the name of the building before a block and flat begins: at most three words that are names."""
    ahead = before(text, start, 45)
    found = _BUILDING_BEFORE.search(ahead)
    if found is None:
        return start
    place = len(ahead)
    for word in reversed(list(re.finditer(r"[가-힣A-Za-z0-9]+(?=[ ,]{1,2})", found.group()))):
        if _PARTICLE.search(word.group()) and not words().building.search(word.group()):
            break
        place = found.start() + word.start()
    return start - (len(ahead) - place)
