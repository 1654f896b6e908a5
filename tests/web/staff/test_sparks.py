"""Small plots in a line of text."""

from __future__ import annotations

import re

from civicbot.web.staff.sparks import spark


def test_a_spark_shows_each_count_and_tells_them() -> None:
    drawn = spark((0, 1, 4), 'weeks: <0, 1, 4> "now"')
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert len(heights) == 3
    assert heights[0] < heights[1] < heights[2] == 22
    assert 'role="img" aria-label="weeks: &lt;0, 1, 4&gt; &#34;now&#34;"' in drawn
    assert spark((), "none").count("<rect") == 0
