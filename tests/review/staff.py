"""Members of staff, names that a library knows, and questions with answers, for the tests of switches and views."""

from __future__ import annotations

from datetime import UTC, datetime

from civicbot.language.glossary import Entity, Glossary, Names
from civicbot.review.access import Actor, Role

ADMIN = Actor(name="kim", role=Role.ADMIN, session="s1")
PUBLISHER = Actor(name="lee", role=Role.PUBLISHER, session="s2")
REVIEWER = Actor(name="park", role=Role.REVIEWER, session="s3")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

GLOSSARY = Glossary(
    {
        "city_hall": Entity(kind="body", ko=Names(name="광주광역시청"), en=Names(name="Gwangju City Hall")),
        "npu": Entity(kind="project", ko=Names(name="NPU센터"), en=Names(name="NPU Centre"), brief="npu-centre"),
        "ai_city": Entity(kind="project", ko=Names(name="AI 시티"), en=Names(name="AI City"), brief="ai-city"),
    }
)


def glossary() -> Glossary:
    return GLOSSARY


class Clock:
    """A time that tests set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
