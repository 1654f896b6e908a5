"""Where a question begins to ask, and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civicbot.answering.saying import Rules

YES_NO = "?yesno"
SITE = "?site"
_VAGUE = (
    ("?which", frozenset({"?which"})),
    ("?what", frozenset({"?what"})),
    ("?when", frozenset(ask for ask in ("?when", "?where", "?who", "?why", "?how", "?value", "?what"))),
)
"""What counts as no more than a way of asking beside anything else that is asked; "when" only beside a period."""
_REACH = 12
"""Letters between what is asked for and the word that asks."""
_THERE = re.compile(r"\W*(?:is|are|was) there (?:already |yet )?(?:an?|any)\b", re.IGNORECASE)
_WHETHER = re.compile(r"[가-힣](?<!수 있)(?<!수있)(?:는지|인지|은지|을지|는가)(?=[\s?.도를]|$)")
_ASKS_ALREADY = re.compile(
    r"\W*(?:is|are|was|were|does|did|has|have|had|will|should)\s"
    r"(?!it possible|anyone|anybody|someone|somebody|there any)",
    re.IGNORECASE,
)
_ASKING_END = re.compile(
    r"(?:나요|까요?|가요|어요|아요|여요|해요|돼요|예요|에요|[하되있었겠맞았거]지|[하되있었겠는]나|냐|니|죠|[됐났았었했었갔왔]어|[한된난간인린]대|래)\s*[?？.~!]*\s*$"
)
_ASKING_START = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|should)\b", re.IGNORECASE
)


def asking_from(text: str, asks: Sequence[int], rules: Rules) -> int:
    """Where the first clause starts that asks; what stands before it only leads to the question.

    Args:
        text: the question.
        asks: where something is found that asks, or names a value.
        rules: of its language.
    """
    if not asks:
        return 0
    asking = [match.start() for match in rules.interrogative.finditer(text)]
    # "The road is so long, when does it open?" asks but once: "how long" is no question without an asking word.
    asks = [place for place in asks if any(_near(place, word) for word in asking)] or asks
    cuts = [m.end() for m in rules.prefaces.finditer(text) if not rules.narrowing.match(text[: m.start()])]
    # What begins like a question of its own is no preface.
    cuts = [cut for cut in cuts if "?" not in text[:cut] and not _ASKS_ALREADY.match(text[:cut])]
    # A sentence with a question mark asks before one that only sounds like asking.
    marked = text.find("?")
    sentences = [cut for cut in cuts if text[:cut].rstrip()[-1:] in ".!;" and 0 < cut <= marked]
    if sentences and any(place >= sentences[-1] for place in asks):
        return sentences[-1]
    # What comes after the first asking clause may narrow it, so only what comes before the last cut that still has
    # all the asking behind it is a preface.
    last = max(asks)
    return max((cut for cut in cuts if cut <= last and not any(place < cut for place in asks)), default=0)


def plain(asks: frozenset[str], asking: str, rules: Rules) -> frozenset[str]:
    """What is asked, without what says no more beside it, and with a yes or no for what has no asking word.

    Args:
        asks: what was found that asks, or names a value.
        asking: the part of the question that asks.
        rules: of its language.
    """
    korean = rules.language == "ko"
    if SITE in asks and asks - {SITE, "?which"}:
        # "Work on the site" is no question for where it is.
        asks -= {SITE}
    for vague, told in _VAGUE:
        if vague in asks and asks - told:
            asks -= {vague}
    yes_no = _wants_yes_or_no(asks, asking, rules)
    if SITE in asks:
        asks = asks - {SITE} or frozenset(() if yes_no else ("?where",))
    # "Is the budget fixed?" has the noun, but asks for no value.
    return (asks if not korean else frozenset()) | {YES_NO} if yes_no else asks


def _wants_yes_or_no(asks: frozenset[str], asking: str, rules: Rules) -> bool:
    korean = rules.language == "ko"
    sounds = (_ASKING_END if korean else _ASKING_START).search(asking)
    if korean and not sounds and _WHETHER.search(asking) is not None:
        return rules.interrogative.search(asking) is None
    # "Is there a date for it?" asks for the date.
    return sounds is not None and not (asks and _THERE.match(asking)) and rules.wh.search(asking) is None


def _near(place: int, word: int) -> bool:
    """Whether an asking word stands in what was found, or close behind it ("the length is how many metres")."""
    return -_REACH <= word - place <= _REACH
