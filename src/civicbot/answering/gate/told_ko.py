"""Acts of a Korean text, by the endings of its verbs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from civicbot.answering.gate.told import State, Told, named
from civicbot.answering.gate.words import gate_words


def _finals(index: int, without: str = "") -> str:
    """Hangul syllables with one final consonant, as a class of characters."""
    return "[" + "".join(c for n in range(399) if (c := chr(0xAC00 + 28 * n + index)) not in without) + "]"


_EOJEOL = re.compile(r"[가-힣A-Za-z0-9·~]+")
# A past ends a syllable in ㅆ: 했, 됐, 지었; "있" and "겠" do so too.
_PAST = re.compile(_finals(20, "있겠") + r"(?=[습어다고으지는던음을기]|$)")
_HAVING = re.compile(r"(?:한|된|진|난|낸|킨|친|린|뽑은|맺은|받은|얻은|지은|세운|들인|마친|고른|나온|들어선|열린)$")
_YET = re.compile(r"(?:할|될|질|릴|칠|낼|출|(?<!서)울|킬|열|쓸|둘|갈|올|뜰|[지맺뽑받얻넣]을|길|들어설|나설)$")
_PRESENT = re.compile(
    r"(?:한다|된다|는다|진다|간다|온다|선다|인다|운다|난다)(?:고|며|는)?|" + _finals(17) + r"니다|(?:해|돼|져)요$"
)
_NOT_YET = re.compile(
    r"예정|계획|목표|전망|방침|예상|기대|가능성|추진(?!했|됐|돼|하고|되고)|검토|요[구청]|건의|촉구|달라|기로|려[고던는]|겠[다습]|구상|약속|공약|"
    r"희망|앞[두둔]|바라|제안|논의|의논|필요|나서|위해|위한|도록|일정|순서|시[기점]|여부|되면|하면|전에|방안|추정|노[리린]"
)
# 승인을 받다, 서비스를 시작하다: the noun before names the act.
_LIGHT_VERB = re.compile(
    r"받|얻|했|됐|하고|되고|들어[갔가]|내[줬주]|냈|줬|이[뤄루]|마[쳤치]|끝[냈났]|시작|열렸|거[쳤뒀]|갖|가졌|나섰|당했|맡|이어"
)
_RESULT = re.compile(r"(?:돼|되어|져|려|(?<!들)어|아|여|워)$")
_STAYING = re.compile(r"있[습다으어고]")
_NO_ACT = ("있", "없", "아니", "않", "못", "어려")
_ASKED = ("는지", "은지", "을지")
_CONNECTED = re.compile(r"(?:하고|하며|하여|해|되고|돼|되며|고|며|아|어|여|쳐|려)$")
_NEAR, _FAR = 3, 9
"""Words behind a noun, and behind a verb that goes on, within which the verb stands that says whether it is done."""

Eojeols = Sequence[re.Match[str]]


def korean_acts(text: str) -> Iterator[Told]:
    """All acts of a text, verbs of reporting left out."""
    words = list(_EOJEOL.finditer(text))
    reporting = gate_words("ko").reporting
    for place, word in enumerate(words):
        names = named(word.group(), "ko")
        past = _PAST.search(word.group()) or _HAVING.search(word.group())
        if names or (past and not reporting.match(word.group())):
            yield Told(names, word.group(), *word.span(), _state(words, place))


def korean_happened(text: str) -> Iterator[Told]:
    """The acts that a text tells as done or going on, by a finite verb."""
    words = list(_EOJEOL.finditer(text))
    for place, word in enumerate(words):
        lasting = _lasting(words, place)
        if not (lasting or _past(word.group())) or not _event(words, place):
            continue
        start = words[place - 1].start() if place and _LIGHT_VERB.match(word.group()) else word.start()
        span = text[start : word.end()]
        if not _NOT_YET.search(span):
            going_on = lasting and word.group().endswith("고")
            yield Told(named(span, "ko"), span, start, word.end(), State.DONE, going_on)


def _past(word: str) -> bool:
    return bool(_PAST.search(word)) and not word.startswith(_NO_ACT)


def _lasting(words: Eojeols, place: int) -> bool:
    """Whether a verb and the next one say that a thing goes on, or has come to be (하고 있다, 돼 있다)."""
    told = words[place].group()
    if place + 1 == len(words) or not _STAYING.match(words[place + 1].group()):
        return False
    return told.endswith("고") or bool(_RESULT.search(told))


def _event(words: Eojeols, place: int) -> bool:
    """Whether a verb tells an act of its own."""
    told, known = words[place].group(), gate_words("ko")
    if known.reporting.match(told) or known.stative.search(told) or told.endswith(_ASKED):
        return False
    # "…라고 했습니다" tells that somebody said it, "…해야 했습니다" that it had to be.
    return not (told.startswith("했") and place and words[place - 1].group().endswith(("고", "야")))


def _state(words: Eojeols, place: int) -> State:
    """The state of an act at an eojeol: told by its own ending, or by the verbs that follow."""
    reach = _FAR if _CONNECTED.search(words[place].group()) else _NEAR
    reporting = gate_words("ko").reporting
    for word in words[place : place + 1 + reach]:
        text = word.group()
        if text.startswith(("않", "못")) or _NOT_YET.search(text) or _YET.search(text):
            return State.UNREAL
        if word is not words[place] and reporting.match(text):
            break
        if _PAST.search(text) or _HAVING.search(text) or (text.startswith("있") and word is not words[place]):
            return State.DONE
        if _PRESENT.search(text):
            return State.PRESENT
    return State.NAMED
