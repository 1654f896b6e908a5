"""Measures the sentence gate on labelled sentences: how many wrong ones it catches, how many right ones it drops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError

from civicbot.answering.gate.decide import SentenceGate
from civicbot.answering.gate.nouns import GateEvidence
from civicbot.errors import QuestionSetError
from civicbot.evaluation.questions import Split
from civicbot.model import LANGUAGES, Language, Noun
from civicbot.statistics import Share, share

FOLDER = "gate"
LEAST_CAUGHT, MOST_DROPPED = 0.97, 0.08
"""The targets: shares of the corrupted sentences and of the faithful ones."""
FAITHFUL = "faithful"


class GivenPassage(Noun):
    """A passage of a labelled sentence; see evals/gate/README.md."""

    document_id: str
    text: str = Field(min_length=1)
    language: Language | None = None
    published: date | None = None
    publisher: str | None = None

    def evidence(self) -> GateEvidence:
        """The passage as the gate takes it; its language ends the document's id."""
        language: Language = self.language or ("en" if self.document_id.endswith("-en") else "ko")
        return GateEvidence(self.document_id, self.text, language, self.published, self.publisher)


class LabelledSentence(Noun):
    """A sentence with the passages that it cites and what people say of it."""

    id: str
    lang: Language
    split: Split
    sentence: str
    evidence: tuple[GivenPassage, ...]
    cites: tuple[int, ...]
    faithful: bool
    corruption: str = ""


@dataclass(frozen=True)
class Judged:
    """A labelled sentence and what the gate did with it.

    Attributes:
        rules: what it was dropped by.
        same: whether it is in the language of all the passages that it cites.
    """

    item: LabelledSentence
    dropped: bool
    rules: tuple[str, ...]
    same: bool


@dataclass(frozen=True)
class GateScores:
    """Shares of sentences that the gate dropped: right for corrupted ones, wrong for faithful ones.

    Attributes:
        kinds: by kind of corruption.
        groups: by label, language and whether the passages are in the same one.
        rules: how many faithful sentences each rule has dropped.
    """

    caught: Share
    dropped: Share
    kinds: dict[str, Share]
    groups: dict[str, Share]
    rules: dict[str, int]

    @property
    def met(self) -> bool:
        """Whether both targets are reached."""
        caught = not self.caught.total or self.caught.value >= LEAST_CAUGHT
        return caught and (not self.dropped.total or self.dropped.value <= MOST_DROPPED)


def read_gate_set(folder: Path) -> tuple[LabelledSentence, ...]:
    """The labelled sentences of both languages.

    Raises:
        QuestionSetError: a file is missing or holds something else; the message names file and line.
    """
    return tuple(item for language in LANGUAGES for item in _read(folder / FOLDER / f"{language}.jsonl"))


def _read(path: Path) -> Iterator[LabelledSentence]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}.", hint="Set CIVICBOT_EVALS.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = LabelledSentence.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise QuestionSetError(
                f"{path.name}, line {number}: {where}: {first['msg']}.", hint="Correct it as evals/gate/README.md says."
            ) from error
        if any(not 0 <= cited < len(item.evidence) for cited in item.cites):
            raise QuestionSetError(f"{path.name}, line {number}: cites no passage of its own.", hint="Correct `cites`.")
        yield item


def judge(gate: SentenceGate, items: Iterable[LabelledSentence]) -> tuple[Judged, ...]:
    """What the gate does with each sentence."""
    return tuple(_judged(gate, item) for item in items)


def _judged(gate: SentenceGate, item: LabelledSentence) -> Judged:
    given = [passage.evidence() for passage in item.evidence]
    cited = [given[place] for place in item.cites]
    decision = gate.check(item.sentence, item.lang, cited, given=given)
    rules = tuple(dict.fromkeys(finding.rule.value for finding in decision.findings))
    return Judged(item, not decision.passed, rules, all(passage.language == item.lang for passage in cited))


def gate_scores(judged: Sequence[Judged]) -> GateScores:
    """The figures of a run."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    groups: dict[str, list[bool]] = defaultdict(list)
    rules: dict[str, int] = defaultdict(int)
    for one in judged:
        label = FAITHFUL if one.item.faithful else "corrupted"
        groups[f"{label}, {one.item.lang}, {'same' if one.same else 'cross'} language"].append(one.dropped)
        if not one.item.faithful:
            kinds[one.item.corruption].append(one.dropped)
        for rule in one.rules if one.item.faithful else ():
            rules[rule] += 1
    return GateScores(
        caught=share([one.dropped for one in judged if not one.item.faithful]),
        dropped=share([one.dropped for one in judged if one.item.faithful]),
        kinds={kind: share(kinds[kind]) for kind in sorted(kinds)},
        groups={group: share(groups[group]) for group in sorted(groups)},
        rules=dict(sorted(rules.items(), key=lambda rule: -rule[1])),
    )


def as_data(scores: GateScores) -> dict[str, object]:
    """The figures as they go into JSON: shares with their counts and Wilson 95 % intervals."""
    return {
        "caught": _share(scores.caught),
        "dropped": _share(scores.dropped),
        "kinds": {kind: _share(part) for kind, part in scores.kinds.items()},
        "groups": {group: _share(part) for group, part in scores.groups.items()},
        "dropped_by_rule": scores.rules,
        "targets": {"caught": LEAST_CAUGHT, "dropped": MOST_DROPPED},
        "met": scores.met,
    }


def _share(part: Share) -> dict[str, object]:
    low, high = part.interval
    return {"hits": part.hits, "total": part.total, "share": round(part.value, 4), "interval": [low, high]}
