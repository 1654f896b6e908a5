"""The gate: all rules over one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from civicbot.answering.gate.case import Case
from civicbot.answering.gate.coverage import Coverage, coverage, not_covered
from civicbot.answering.gate.crossed import crossed
from civicbot.answering.gate.dates import wrong_dates
from civicbot.answering.gate.figures import wrong_figures
from civicbot.answering.gate.lexical import Lexical
from civicbot.answering.gate.links import invented_links
from civicbot.answering.gate.modality import wrong_modality
from civicbot.answering.gate.names import wrong_names
from civicbot.answering.gate.negation import wrong_negation
from civicbot.answering.gate.nouns import GateDecision, GateEvidence, GateFinding, GateRule
from civicbot.answering.gate.quotations import missing_quotations, squeezed
from civicbot.answering.gate.speakers import wrong_speaker
from civicbot.answering.gate.stitched import stitched
from civicbot.answering.gate.swapped import swapped
from civicbot.language.glossary import Glossary
from civicbot.language.thesaurus import Thesaurus
from civicbot.language.tokens import Tokenizer
from civicbot.model import Language


class SentenceGate:
    """Whether cited passages support a sentence; by rules and word lists, without a model.

    Args:
        glossary: names of both languages.
        tokenizer: the index's.
        thesauri: other words within each language.
    """

    def __init__(
        self, glossary: Glossary, tokenizer: Tokenizer, thesauri: Mapping[Language, Thesaurus] | None = None
    ) -> None:
        self._lexical = Lexical(glossary, tokenizer, thesauri or {})

    def check(
        self,
        sentence: str,
        language: Language,
        cited: Sequence[GateEvidence],
        *,
        given: Sequence[GateEvidence] = (),
    ) -> GateDecision:
        """Checks a sentence against the passages that it cites.

        Args:
            sentence: as a resident would read it, without citation marks.
            language: its language.
            cited: the passages whose numbers the sentence carries.
            given: the passages that the model was given, where any are: what is cited must be among them.
        """
        foreign = [passage for passage in cited if given and passage not in given]
        if not cited or foreign:
            return GateDecision(False, 0.0, (GateFinding(GateRule.NO_CITATION, ""),))
        if _verbatim(sentence, cited):
            return GateDecision(True, 1.0)
        case = Case(self._lexical, sentence, language, cited)
        words = coverage(case)
        findings = tuple(dict.fromkeys(self._findings(case, words)))
        return GateDecision(not findings, round(words.score, 4), findings)

    def exact(self, sentence: str, language: Language, cited: Sequence[GateEvidence]) -> tuple[GateFinding, ...]:
        """What is wrong by the rules that weigh nothing: citation, link, number, unit, date and quotation."""
        if not cited:
            return (GateFinding(GateRule.NO_CITATION, ""),)
        return () if _verbatim(sentence, cited) else tuple(_exactly(sentence, language, cited))

    def _findings(self, case: Case, words: Coverage) -> Iterator[GateFinding]:
        yield from _exactly(case.sentence.text, case.sentence.language, case.cited)
        yield from wrong_names(self._lexical, case.sentence, case.evidence)
        yield from swapped(case)
        yield from crossed(case)
        yield from wrong_negation(case)
        yield from wrong_modality(case)
        yield from wrong_speaker(case)
        yield from stitched(case)
        yield from not_covered(case, words)


def _exactly(sentence: str, language: Language, cited: Sequence[GateEvidence]) -> Iterator[GateFinding]:
    texts = [passage.text for passage in cited]
    yield from invented_links(sentence, "\n".join(texts))
    yield from wrong_figures(sentence, texts)
    yield from wrong_dates(sentence, cited)
    # What is translated cannot be compared letter by letter.
    if all(passage.language == language for passage in cited):
        yield from missing_quotations(sentence, "\n".join(texts))


def _verbatim(sentence: str, cited: Sequence[GateEvidence]) -> bool:
    bare = squeezed(sentence)
    return bool(bare) and any(
        bare == squeezed(line) for passage in cited for line in (*passage.text.splitlines(), passage.text)
    )
