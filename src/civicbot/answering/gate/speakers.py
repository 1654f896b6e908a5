"""Speakers: who said, argued or reported something, and no opinion as the assistant's own fact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from civicbot.answering.gate.acts import happened
from civicbot.answering.gate.case import Case, covered
from civicbot.answering.gate.lexical import Words
from civicbot.answering.gate.measures import measures
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.answering.gate.words import gate_words
from civicbot.model import Language

_MET, _PART = 0.5, 0.7
_ANOTHER, _WHOLE = 2, 8
"""Words of a voice that make it another one than the place's; words from which it is a whole passage."""
# A city that is named may be the place of a thing and not the one who tells it.
_NO_VOICES = frozenset({"place", "project", "programme", "facility", "event", "law"})
# "이는 예산안이라고 쓴 X의 보도": what stands before is not the speaker's name.
_BEFORE = re.compile(r"^.*(?:은|는|이|가|쓴|적은|나온|[0-9]일|[0-9]월|[0-9]년|에서|보도된)\s")
# "…고 2026년 2월 2일 동아일보가 보도했다": the one beside the verb speaks, not the topic.
_BESIDE = re.compile(
    r"고\s(?:[0-9]+년\s?|[0-9]+월\s?|[0-9]+일(?:에)?\s?)*(?P<who>[^\s,]+(?:\s[^\s,]+){0,3}?)(?:이|가)\s(?:[0-9]+년\s?|[0-9]+월\s?|[0-9]+일(?:에)?\s?)*"
    r"(?:보도|전|밝|말|설명|주장|지적|비판|적었|썼|예상)"
)

_CLAUSE_START = re.compile(r";\s|\bthat\s|\b(?:while|whereas|but|and)\s(?=[A-Z])")
_OPENING = re.compile(
    r"(?:(?:On|In|Under|As of)\s(?:an?\s|the\s)?(?:[A-Z][\w-]+\s)*(?:report\sof\s)?(?:[0-9]{1,2}\s)?"
    r"[A-Z][a-z]+\s[0-9]{4}\s(?!,)|(?:In|On|At|As|Under|After|When|According|During|For|By|Before)\b[^,]*,\s)+"
)
_ADVERBIAL = re.compile(r"(?:In|On|At|As|Under|After|When|During|For|By|Before|Whether|How|Where)\b")
# A speaker tells what another one said.
_RETOLD = re.compile(r"(?:말|언급|약속|주장|공약)한\s|발언|\b(?:had said|told|quoted)\b")
# "…, said Haenam County head Myung Hyun-gwan."
_INVERTED = ("said", "says", "argued", "reported", "wrote", "explained", "announced", "warned")
_BEHIND = re.compile(
    r"\s(?P<who>(?:the\s|an?\s)?(?!On\b|In\b)(?:[a-z]+\s){0,2}[A-Z][^,.;]{2,70}?)(?=(?:\s(?:on|in)\s[^,]{3,30})?[.]?$)"
)
_PASSIVE = re.compile(r"\b(?:is|was|were|are|been|being)\s(?:not\s|\w+ly\s)?$")
# "…, the city explained.", "…, KBC said on 3 December 2025."
_TAIL = re.compile(r"\s*(?:(?:on|in)\s(?:[0-9A-Z]\S*\s?){1,3})?[.]?$")
# "... could be the centre and promised help": the subject of the second verb stands further off.
_NO_SPEAKER = re.compile(r"(?:^|\s)(?:and|he|she|they|it|who|which|also|but)$", re.IGNORECASE)


@dataclass(frozen=True)
class Speaker:
    """Who says something in a text; the span is that of the words that name them."""

    text: str
    start: int
    end: int


def wrong_speaker(case: Case) -> Iterator[GateFinding]:
    """A speaker whom the passages do not have speak, or an opinion without one."""
    own = gate_words(case.sentence.language)
    text, language = case.sentence.text, case.sentence.language
    said = [speaker for speaker in speakers(text, language) if _somebody(case, speaker.text, language)]
    for speaker in said:
        if not _speaks(case, speaker):
            yield GateFinding(GateRule.SPEAKER, speaker.text.strip(), (speaker.start, speaker.end))
    if said or own.said.search(text) or own.opinion.search(text):
        return
    figures = any(not measure.dated for measure in measures(text))
    for line in case.lines:
        words = gate_words(line.language)
        opinion = words.opinion.search(line.text)
        # A figure or an event that a body has announced may be told without it; what somebody thinks may not.
        if not opinion and (figures or any(act.names for act in happened(line.text, line.language))):
            continue
        who = [s for s in speakers(line.text, line.language) if _somebody(case, s.text, line.language)]
        who = [speaker for speaker in who if not _publisher(case, speaker.text)]
        if any(_told(case, speaker, line.language) for speaker in who):
            continue
        if who and _retells(case, line, who):
            yield GateFinding(GateRule.SPEAKER, who[0].text.strip())
            return


def speakers(text: str, language: Language) -> tuple[Speaker, ...]:
    """Those who say something in a sentence, by its verbs of speech."""
    words = gate_words(language)
    found = []
    for match in words.according.finditer(text):
        name = next(name for name, value in match.groupdict().items() if value)
        found.append(_speaker(match, name))
    if language == "ko":
        beside = _BESIDE.search(text)
        match_ = beside or (words.subject.search(text) if words.verb.search(text) else None)
        if match_:
            found.append(_speaker(match_, "who"))
    else:
        active = (verb for verb in words.verb.finditer(text) if not _PASSIVE.search(text[: verb.start()]))
        found += [speaker for verb in active if (speaker := _before(text, verb))]
    return tuple(found)


def _before(text: str, verb: re.Match[str]) -> Speaker | None:
    """Whose verb of speech it is in English: the clause before it, or what stands between the last comma and it."""
    behind = _BEHIND.match(text, verb.end())
    if behind and verb.group() in _INVERTED and text[: verb.start()].rstrip().endswith((",", "”", '"')):
        return Speaker(behind["who"], *behind.span("who"))
    start = max((match.end() for match in _CLAUSE_START.finditer(text, 0, verb.start())), default=0)
    opening = _OPENING.match(text, start, verb.start())
    start = opening.end() if opening else start
    if _TAIL.match(text, verb.end()):
        start = max(start, text.rfind(", ", start, verb.start()) + 2 if ", " in text[start : verb.start()] else start)
    who = text[start : verb.start()].rstrip()
    if _ADVERBIAL.match(who) or text.startswith(" by ", verb.end()):
        return None
    if len(who) < 2 or _NO_SPEAKER.search(who):
        return None
    return Speaker(who, start, start + len(who))


def _speaker(match: re.Match[str], name: str) -> Speaker:
    text, start = match[name], match.start(name)
    before = _BEFORE.match(text)
    cut = before.end() if before and before.end() < len(text) else 0
    return Speaker(text[cut:], start + cut, match.end(name))


def _without(text: str, speakers_: list[Speaker]) -> str:
    """What is said, without those who say it."""
    for speaker in speakers_:
        text = text.replace(speaker.text, " ", 1)
    return text


def _retells(case: Case, line: Words, who: list[Speaker]) -> bool:
    """Whether a sentence tells what somebody says: most of that, or nothing but a part of an opinion."""
    if case.met(_without(line.text, who), line.language) >= _MET:
        return True
    if not gate_words(line.language).opinion.search(line.text):
        return False
    hits, total = covered(case.lexical, case.sentence.words, case.sentence.language, [line])
    return total > 0 and hits / total >= _PART


def _somebody(case: Case, speaker: str, language: Language) -> bool:
    """Whether words name one who can speak: not a plan, a report or a date."""
    words = case.lexical.words(speaker, language)
    titles = gate_words(language).titles
    return (
        bool(words.mentions)
        or any(
            word.name or word.text in titles or any(word.text.endswith(title) for title in titles if len(title) > 1)
            for word in words.words
        )
        or (language == "en" and any(word.strip("'’s,.").lower() in titles for word in speaker.split()))
    )


def _told(case: Case, speaker: Speaker, language: Language) -> bool:
    """Whether the sentence names a speaker of the passage, in whatever construction."""
    words = case.lexical.words(speaker.text, language)
    entities = case.lexical.glossary.entities
    if any(entities[key].kind not in _NO_VOICES for key in words.keys & case.sentence.keys):
        return True
    if _begins(case, words):
        return True
    titled = [word.text for word in words.words if word.text in gate_words(language).titles]
    if titled and not words.mentions and not any(word.name for word in words.words):
        return any(case.lexical.covers([case.sentence], word, language) for word in titled)
    names = [word.text for word in words.words if word.name]
    return (
        bool(names)
        and not words.mentions
        and all(case.lexical.covers([case.sentence], name, language) for name in names)
    )


def _begins(case: Case, speaker: Words) -> bool:
    """Whether the sentence begins with the speaker, as the subject of another verb."""
    text = case.sentence.text
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    mentions = [m for m in case.sentence.mentions if m.key in speaker.keys]
    return any(m.start <= start + 4 and not re.match(r"['’]s|의|\s?AI", text[m.end :]) for m in mentions)


def _publisher(case: Case, speaker: str) -> bool:
    names = [passage.publisher for passage in case.cited if passage.publisher]
    bare = speaker.replace(" ", "").casefold()
    return any(name.split("(")[0].strip().replace(" ", "").casefold() in bare for name in names)


def _speaks(case: Case, speaker: Speaker) -> bool:
    """Whether a passage has this one speak: a content word of theirs stands among its speaker's words."""
    who = case.lexical.words(speaker.text, case.sentence.language)
    names = [word for word in who.words if not word.light]
    voices = list(_voices(case))
    entities = case.lexical.glossary.entities
    same = who.keys & frozenset().union(*(voice.keys for voice in voices))
    if any(entities[key].kind not in _NO_VOICES for key in same):
        return True
    found = [word for word in names if case.lexical.covers(voices, word.text, case.sentence.language) is not False]
    found += [word for word in names if case.lexical.sounds_like(voices, word.text)]
    if not found:
        return False
    return not all(_place(case, word.text) for word in found) or any(
        _only_place(case, who, voice) for voice in _voices(case, publishers=False)
    )


def _place(case: Case, word: str) -> bool:
    entities = case.lexical.glossary.entities
    return any(entities[mention.key].kind == "place" for mention in case.lexical.glossary.mentions(word))


def _only_place(case: Case, who: Words, voice: Words) -> bool:
    """Whether a voice is that of a place too, and not of another body there ("Gwangju Chamber of Commerce")."""
    titles = gate_words(voice.language).titles
    rest = [w.text for w in voice.words if not w.light and not _place(case, w.text) and w.text not in titles]
    names = [word for word in rest if case.lexical.covers([who], word, voice.language) is False]
    return len(names) < _ANOTHER or len(voice.words) > _WHOLE


def _voices(case: Case, *, publishers: bool = True) -> Iterator[Words]:
    for passage, read in zip(case.cited, case.evidence, strict=True):
        said = [s for s in speakers(passage.text, passage.language) if _somebody(case, s.text, passage.language)]
        yield from (case.lexical.words(each.text, passage.language) for each in said)
        if not said or _RETOLD.search(passage.text):
            yield read
        elif passage.publisher and publishers:
            yield case.lexical.words(passage.publisher, passage.language)
