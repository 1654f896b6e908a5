"""Small plots that stand in a line of text: the shape for the eye, the values for a screen reader."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

_BAR, _GAP, _HEIGHT = 6, 2, 22
_LEAST = 1.5


def spark(values: Sequence[int], told: str) -> Markup:
    """Bars of some counts, the latest on the right.

    Args:
        values: the counts.
        told: what they are, with the values in words: the plot's name.
    """
    most = max([*values, 1])
    width = max(1, len(values)) * (_BAR + _GAP) - _GAP
    bars = Markup("").join(
        Markup('<rect x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
            place * (_BAR + _GAP), _HEIGHT - height, _BAR, height
        )
        for place, height in enumerate(max(_LEAST, _HEIGHT * value / most) if value else _LEAST for value in values)
    )
    return Markup(
        '<svg class="sd-spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>'
    ).format(width, _HEIGHT, width, _HEIGHT, escape(told), bars)
