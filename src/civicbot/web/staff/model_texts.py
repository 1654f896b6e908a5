"""The texts about the language model's part in an answer."""

from __future__ import annotations

from civicbot.web.page_texts import TextGroup


class ModelTexts(TextGroup):
    """What the language model did, beside an answer; ``outcomes`` holds an ``other`` for those without a text.

    Attributes:
        rules: what a sentence fails by, for each rule of the sentence gate.
    """

    heading: str
    facts: str
    rewritten: str
    told: str
    kept_back: str
    dropped: str
    score: str
    token: str
    nothing: str
    outcomes: dict[str, str]
    rules: dict[str, str]

    def outcome(self, name: str) -> str:
        """What is said of an outcome."""
        return self.outcomes.get(name, self.outcomes["other"].format(outcome=name))
