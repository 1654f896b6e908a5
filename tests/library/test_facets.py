import re

from civicbot.library.facets import facet_headings, facet_of, other_language_facet
from civicbot.model import Facet
from civicbot.settings import REPOSITORY


def test_headings_are_those_of_the_editorial_guide_in_its_order() -> None:
    guide = (REPOSITORY / "corpus" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (.+?) \| (.+?) \|$", guide, re.MULTILINE)
    rows = [row for row in rows if row[0] not in {"key", "folder"}]
    assert len(rows) == len(Facet)
    assert list(facet_headings("ko").items()) == [(korean, Facet(key)) for key, korean, _ in rows]
    assert list(facet_headings("en").items()) == [(english, Facet(key)) for key, _, english in rows]


def test_heading_counts_only_in_its_language() -> None:
    assert facet_of("일정", "ko") is Facet.SCHEDULE
    assert facet_of("일정", "en") is None
    assert other_language_facet("일정", "en")
    assert not other_language_facet("일정", "ko")
    assert facet_of("schedule", "en") is None
