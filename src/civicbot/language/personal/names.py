"""Names behind a clear cue in Korean: "제 이름은 …", "저는 …입니다", "신청인: …", "… 올림"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.words import words

_RELATIVE = (
    "딸|아들|아이|애|남편|아내|와이프|어머니|아버지|어머님|아버님|엄마|아빠|할머니|할아버지|동생|형|"
    "누나|언니|오빠|친구|손자|손녀|"
    "부모님|장모님|장인어른|시어머니|시아버지|배우자|자녀|아기|조카|이모|삼촌|고모"
)
_PAYEE = "예금주|입금자|수취인|수령인|받는\\s?(?:사람|분)|보내는\\s?(?:사람|분)|세대주"
_ROLE = (
    f"{_PAYEE}|보호자|신청인|신청자|민원인|대리인|작성자|의뢰인|수신인|발신인|계약자|문의자|제보자|"
    "제출자|예약자|주문자|계좌주|송금인|명의인|접수자|요청자|응답자|탑승자|운전자|추천인|동반자"
)
# These stand before a name only with a mark or another label behind them: "참가자: …", "대표자 성명 …".
_WIDER_ROLE = (
    "대표자|참가자|참여자|참석자|방문자|소유자|차주|명의자|회원|학생|수강생|교육생|수료생|지원자|환자|"
    "대상자|피해자|임차인|임대인|이용자|"
    "가입자|당첨자|구매자"
)
_SELF = "제|저의|저|내|나의|본인|저희|우리"
_CALLED = r"(?:이름|성함|성명|실명|본명|존함)"
_STRONG = (
    r"(?:입니다|입니당|이에요|예요|이예요|에요|이에여|예여|이여요|이고|이구|인데|이라고|라고|이라는|"
    r"이라서|이며|이랍니다|이십니다|이세요|이야|이지만|이거든|"
    r"이?라\s?(?:합|하|해)|임(?![가-힣]))"
)
_WEAK = r"(?:고요|구요|고|요|이요|로|으로|씨|님|야|이라|이니)(?![가-힣])"
_RIGHT = r"(?:이|가)?\s(?:맞|아니|아닙|아닌)"
_STOP = r"(?=\s*(?:$|[,.!/()\[\]\n·;~…'\"”’?]))"
# What stands behind a name in a form.
_FIELD = (
    r"(?=\s(?:나이|성별|국적|직업|만\s?\d|여자|남자|연락처|전화|휴대|핸드폰|폰|주소|생년|주민|여권|면허|"
    r"계좌|이메일|메일|차량|서명|\d|[가-힣]{2,4}은행|"
    r"농협|국민|신한|카카오))"
)
_SYLLABLES = r"(?P<apart>[가-힣] [가-힣] [가-힣])(?![가-힣])"
_FOREIGN = r"(?P<foreign>[가-힣]{2,7}?(?:[ ·\-][가-힣]{1,7}?){0,2}?)"
_LATIN = (
    r"(?P<latin>[A-Za-zÀ-ɏ][A-Za-zÀ-ɏḀ-ỿ'\-]{1,20}(?:(?: |(?<=\b[A-Z])\. ?)[A-Za-zÀ-ɏ][A-Za-zÀ-ɏḀ-ỿ'\-]{0,20}){0,3})"
)
_QUOTE = r"['\"”’)]?"
_MARK = (
    r"(?:\s?석\s?자)?(?:\s(?:한글|영문|영어)(?:으?로는?|은|표기)?)?(?:\s?(?:칸|란)에는?|은요?|는|이|을|"
    r"를|가)?\s?[:：=,\-]?\s*['\"“‘(]?"
)
_PARTICLE_END = re.compile(
    r"(?:에|을|를|는|의|로|게|에서|까지|부터|도|만|으|하|되|없|있|않|했|됐|않은|한|된|할|될|면|서|지|려|던|봐|줘)$"
)
# "저는 육십대예요", "제가 고민중인데요".
_COUNT = re.compile(r"(?:년차|개월|년째|달째|틀째|주째|주차|십대|학년|번째|시간|세대|천원|만원|호선|째|[가-힣]중)$")
# "저는 계약직입니다", "저는 구독자예요"; of names only those of older women end in 자.
_CALLING = re.compile(r"^..(?:직|맘|객|족|버|업|꾼|러)$|^.[^영순미정숙춘경명옥말혜화복선금연애희은남문봉덕점필인]자$")
_ASKED = re.compile(r"^.(?:뭐|뭔|왜|어떻|어디|무엇|누구|얼마|언제|있|없)")
_ASKING = re.compile(r"[나까지네데면죠래가]$")
_BEHIND_NOUNS = frozenset("건들님요도만란된될됨용별측적가은시후전중일률금비권증표자료안함해돼되했하고한할")
# Who publishes a statement (성명) is mostly a body.
_BODY_END = re.compile(
    r"(?:련|연대|협회|학회|위원회|의회|대책위|단체|노조|연합|센터|재단|공사|공단|학교|회사|정당|시청|구청|군청|모임|본부|시|구|군)$"
)
_NO_KOREAN_END = re.compile(r"(?:에|을|를|는|의|로|게|에서|까지|부터|만|으|란|였|했|됐|보여|나와|나오)$")
_VERB_END = re.compile(r"(?:요|다|까|죠|네|고|며|면|데|게|라|음|함|나요|니)$")
# "시장 이름은 …": the name of somebody in office, or of a thing.
_OFFICE = re.compile(
    r"(?:[가-힣]장|감독|박사|교수|기자|총리|수석|후보|대변인|의원|대통령|장관|위원장|지사|구청장|군수|"
    r"사업|도시|센터|서비스|회사|건물|학교|챗봇|앱|버스|로봇|단지|기관|"
    r"정책|담당자|공무원|과장|비서|파일|"
    r"과목|제품|상품|폴더|계정|정류장|노선|아파트|동네|도로|거리|행사|과정|프로그램|시스템|모델|팀|부서|"
    r"단체|업체|법|조례)(?:님)?(?:의)?\s?$"
)
_RELATED = re.compile(_RELATIVE)
_SAID = re.compile(rf"(?<![가-힣])(?:저는|제가|전)\s{_FOREIGN}이?라고\s(?:합니다|해요)")
_LABELS = re.compile(rf"{_CALLED}|{_ROLE}|{_WIDER_ROLE}|[:：]|[자인주생객원]명")
_OF_ONESELF = frozenset("제저내나본우")
_TOLD = re.compile(rf"{_CALLED}\s?(?:은|는|[:：=])")
_HINT = re.compile(
    rf"{_CALLED}|{_ROLE}|{_WIDER_ROLE}|{_RELATIVE}|저는|전\s|나는|난\s|저\s|나\s|본인|제가|안녕|앞으로|"
    r"바뀌|바꿨|개명|사는|거주|여기|"
    r"올림|드림|배상|명의|라고|입니다|이에요|예요|인데|이고"
)


@dataclass(frozen=True)
class _Patterns:
    own: re.Pattern[str]
    label: re.Pattern[str]
    payee: re.Pattern[str]
    introduced: re.Pattern[str]
    others: tuple[re.Pattern[str], ...]


@cache
def _patterns() -> _Patterns:
    surnames = "|".join(sorted(words().surnames, key=len, reverse=True))
    # A family name and a given one of one to three syllables, with or without a blank; "안 보여요" is no Mr Ahn.
    name = rf"(?P<korean>(?:{surnames})[가-힣]{{1,3}}?|(?!안)(?:{surnames})\s[가-힣]{{2}})"
    saying = (
        r"(?:이?라고?\s?(?:합니다|해요|하는데|불러|전해|하네|하오|하는\s(?:사람|시민|주민|학생|직장인|청년|"
        r"민원인))|이?라[고구]요|이?라는\s?[가-힣]{2,4})"
    )
    # Not in the middle of a sentence about something: "저는 사업비가 추경이라고 …".
    said = r"(?![가-힣A-Za-z0-9]*(?:[이가을를은만]|에서|라고|보다|처럼|까지|부터)\s)"
    return _Patterns(
        own=re.compile(
            rf"(?<![가-힣])(?:(?:{_SELF})\s?(?:(?:{_RELATIVE}|{_ROLE})의?\s?)?|(?:{_RELATIVE}|{_ROLE}|"
            rf"{_WIDER_ROLE})의?\s?|(?<=[,./(\n])\s?|(?<=[데고며서만]\s)|^)"
            rf"(?:(?:한글|영문|영어|정식|전체)\s?)?{_CALLED}{_MARK}(?:(?<![가-힣])|(?<=[은는]))(?:{_SYLLABLES}|"
            rf"{name}{_QUOTE}\s?(?:{_STRONG}|{_WEAK}|님으로|에서|{_RIGHT}|{_STOP}|{_FIELD})|"
            rf"{_FOREIGN}{_QUOTE}(?:{_STRONG}|(?P<stop>(?=\s*(?:$|[,.!/)\n]))))|{_LATIN})"
        ),
        label=re.compile(
            rf"(?<![가-힣])(?:(?:{_ROLE})\s?(?:{_CALLED}|명)?\s?(?P<colon>[:：=\-(]|은|는)?|"
            rf"(?:{_WIDER_ROLE})\s?(?:(?:{_CALLED}|명)\s?[:：=]?|[:：=])|[가-힣]{{1,4}}[자인주원생객]명\s?[:：=]?|"
            rf"[가-힣]{{1,6}}[자인주생객원]\s?[:：]|(?:한글|영문)?\s?{_CALLED}(?:\s?\([가-힣]{{2,4}}\))?"
            rf"(?:\s?[/,·]\s?[가-힣]{{2,4}}){{0,3}}\s?(?:[:：=\-]|은|는|이)?)(?:\s|(?<![가-힣])|(?<=[은는]))"
            rf"(?:{_SYLLABLES}|{name}(?:{_STRONG}|(?:으로|로|씨|님|고요|구요)(?![가-힣])|님(?:으로|이|께|은)|"
            rf"{_STOP}|{_FIELD})|{_LATIN})"
        ),
        payee=re.compile(rf"(?<![가-힣])(?:{_PAYEE})(?:명|\s?{_CALLED})?\s{name}(?=\s)"),
        introduced=re.compile(
            rf"(?<![가-힣])(?:저는요?|전|나는|난|저|제가|안녕하세요|안녕하십니까|여기는?)[,.!~]{{0,2}}\s"
            rf"(?:{said}[가-힣A-Za-z0-9]{{1,12}},?\s){{0,3}}?"
            rf"{name}(?P<ending>{saying}|입니다|이에요|예요|인데요?|이고요?|고(?=\s)|거든요|이거든요)"
        ),
        others=(
            re.compile(rf"(?<![가-힣])(?:저는|나는|저|나)\s{name}(?=[,(])"),
            re.compile(rf"(?<![가-힣]){name}(?:이|가)?\s?(?:제|내|저의)\s이름"),
            re.compile(
                rf"(?<![가-힣])(?:저|나|본인)\s(?P<korean>(?:{surnames})[가-힣]{{2}})(?=(?:은|는|이|가|인데)[\s,])"
            ),
            re.compile(
                rf"(?<![가-힣])(?:사는|거주하는|거주|다니는|사시는)\s{name}(?=입니다|이에요|예요|인데|이?라는|이?라고)"
            ),
            re.compile(rf"(?<![가-힣])(?:{_WIDER_ROLE})\s{name}(?=$|[,(])"),
            re.compile(rf"(?<![가-힣]){name}\s앞으로\s?(?:온|왔|발송|보내)"),
            re.compile(rf"(?<![가-힣]){name}(?=으?로\s(?:바뀌|바꿨|개명))"),
            re.compile(
                rf"(?<![가-힣])(?:제|저의|내|본인)\s?(?:(?:{_RELATIVE})\s?)?{_CALLED}(?:은|이)?\s(?P<korean>"
                rf"(?:{surnames})[가-힣]{{2}})(?=\s)"
            ),
            re.compile(rf"^{name}(?:이?라고?\s?(?:합니다|해요)|입니다)(?=[\s.,!]|$)"),
            re.compile(
                r"(?<![가-힣])(?:제|저희|우리|내)\s(?:딸|아들|남편|아내|와이프|동생|친구|손자|손녀|조카)\s"
                rf"(?P<korean>(?:{surnames})[가-힣]{{2}})"
                r"(?=(?:이가|이는|이를|이의|이도|이|가|은|는|을|를)\s|한테|에게|,)"
            ),
            re.compile(rf"(?<![가-힣]){name}\s(?:올림|드림|배상)(?![가-힣])"),
            re.compile(
                rf"(?<![가-힣]){name}\s?(?:(?:씨|님)\s?)?(?:(?:명의|이름|성함)으?로\s?(?:신청|예약|등록|가입|접수|된|"
                r"되어|돼|했|조회)|이?라는\s이름으로\s"
                r"(?:신청|예약|등록|가입|접수))"
            ),
        ),
    )


def find_names(text: str) -> Iterator[Candidate]:
    """Korean names behind a clear cue, and others behind a Korean cue."""
    if _HINT.search(text) is None:
        return
    patterns = _patterns()
    if _LABELS.search(text):
        yield from _labelled(text, patterns)
    for match in patterns.introduced.finditer(text):
        ahead = text[max(0, match.start("korean") - 10) : match.start("korean")]
        if not _OFFICE.search(ahead) and not _CALLING.search(match["korean"]):
            yield from _named(match, short=re.search(r"라고?\s?(?:합니다|해요)", match["ending"]) is not None)
    for match in _SAID.finditer(text):
        if _is_foreign_name(match["foreign"], stop=False):
            yield Candidate(PersonalKind.NAME, *match.span("foreign"))
    for pattern in (patterns.payee, *patterns.others):
        for match in pattern.finditer(text):
            if match["korean"][:2] not in words().no_name:
                yield from _named(match, short=False)


def _labelled(text: str, patterns: _Patterns) -> Iterator[Candidate]:
    for match in patterns.own.finditer(text):
        # "이름 나이 주소": a list of fields holds words that are as short as some names.
        oneself = match.group()[0] in _OF_ONESELF or _TOLD.search(match.group()) is not None
        if not _of_another(text, match):
            yield from _named(match, short=oneself or match["korean"] is None)
    for match in patterns.label.finditer(text):
        marked = re.search(r"[:：=\-]", match.group()) is not None
        if not _of_another(text, match) and (marked or not match["latin"]):
            yield from _named(match, short=match["colon"] == ":")


def is_korean_name(name: str, *, short: bool = False) -> bool:
    """Whether it is a family name with a given name of two syllables, or of one or three where the cue is clear."""
    joined = name.replace(" ", "")
    known = words()
    apart = {piece for piece in name.split() if len(piece) > 1}
    if joined in _no_names() or apart & known.no_name or joined.endswith("들") or _NO_KOREAN_END.search(joined):
        return False
    # A noun with a syllable that often follows one: 정보란, 이용별.
    if any(joined[:length] in known.no_name and joined[length:] in _BEHIND_NOUNS for length in (2, 3)):
        return False
    if len(joined) > 3 and joined[:2] in known.no_name:
        return False
    if _COUNT.search(joined) or _ASKED.search(joined):
        return False
    for length in (2, 1):
        given = len(joined) - length
        least = 1 if short or length == 2 else 2
        if joined[:length] in known.surnames and least <= given <= (3 if short and not _ASKING.search(joined) else 2):
            return True
    return False


@cache
def _no_names() -> frozenset[str]:
    roles = f"{_RELATIVE}|{_ROLE}|{_WIDER_ROLE}".replace("\\s?", "")
    return (
        words().no_name | frozenset(roles.split("|")) | {"본인", "당사자", "여동생", "남동생", "형제", "자매", "가족들"}
    )


def is_latin_name(name: str) -> bool:
    """Whether words in Latin letters are a name: the first is no word of a sentence, or a family name is there."""
    parts = re.findall(r"[^\W\d_]+", name)
    if not parts:
        return False
    lower = [part.lower() for part in parts]
    surname = words().roman_surnames & set(lower)
    if lower[0] in words().no_name_en:
        return parts[0][0].isupper() and len(parts) > 1 and bool(surname)
    return bool(surname) or not words().no_name_en & set(lower[1:])


def _of_another(text: str, match: re.Match[str]) -> bool:
    return _OFFICE.search(text[max(0, match.start() - 10) : match.start()]) is not None


def _named(match: re.Match[str], *, short: bool) -> Iterator[Candidate]:
    groups = match.groupdict()
    for group in ("apart", "korean"):
        if groups.get(group) and is_korean_name(groups[group], short=short):
            yield Candidate(PersonalKind.NAME, *match.span(group))
            return
    if groups.get("latin") and is_latin_name(groups["latin"]):
        yield Candidate(PersonalKind.NAME, *match.span("latin"))
    plainly = (
        match.group()[0] in _OF_ONESELF
        or match.string[max(0, match.start() - 2) : match.start()].strip() in set("데고며서만")
        or _RELATED.match(match.group())
        or re.search(r"[:：=]", match.group())
    )
    if groups.get("foreign") and plainly and _is_foreign_name(groups["foreign"], stop=groups.get("stop") is not None):
        yield Candidate(PersonalKind.NAME, *match.span("foreign"))


def _is_foreign_name(name: str, *, stop: bool) -> bool:
    """Whether words behind "my name is" may be a name: no word of a question about names."""
    known = words().no_name
    pieces = name.split()
    if any({piece, piece[:-1], piece[:2], piece[:3]} & known for piece in pieces):
        return False
    if stop and (len(pieces) > 2 or _VERB_END.search(name) or _BODY_END.search(name)):
        return False
    return not any(_PARTICLE_END.search(piece) for piece in pieces)
