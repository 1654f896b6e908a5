"""Plots: well-formed, told in words, and readable on light and dark."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from civicbot.review.plots import COLOURS, Series, svg

SVG = "{http://www.w3.org/2000/svg}"
DAYS = [f"11-{day:02}" for day in range(1, 31)]


def drawn(*series: Series, **fields: object) -> ET.Element:
    given = {"labels": DAYS, "kind": "line", "title": "질문 수"} | fields
    return ET.fromstring(svg(series, **given))  # type: ignore[arg-type]


def text_of(plot: ET.Element, tag: str) -> str:
    found = plot.find(f"{SVG}{tag}")
    assert found is not None
    return found.text or ""


def test_a_plot_is_an_image_with_a_name_and_its_values_in_words() -> None:
    plot = drawn(Series(name="질문", values=tuple(float(value) for value in range(30))))
    assert (plot.get("role"), text_of(plot, "title")) == ("img", "질문 수")
    assert text_of(plot, "desc") == "질문: 11-01 0, 11-30 29."
    ids = {element.get("id") for element in plot}
    assert set((plot.get("aria-labelledby") or "").split()) <= ids
    other = drawn(Series(name="질문", values=(None,) * 30))
    assert not ids & {element.get("id") for element in other} - {None}
    assert text_of(other, "desc") == "질문: 값 없음."


def test_a_gap_is_no_value() -> None:
    values = [1.0] * 10 + [None] + [2.0] * 19
    lines = drawn(Series(name="a", values=tuple(values))).findall(f"{SVG}polyline")
    assert [len((line.get("points") or "").split()) for line in lines] == [10, 19]


def test_lines_are_told_apart_without_colour() -> None:
    series = [Series(name=name, values=(1.0,) * 30) for name in "abcd"]
    lines = drawn(*series).findall(f"{SVG}polyline")
    assert len({(line.get("stroke-dasharray"), line.get("stroke")) for line in lines}) == 4
    assert len({line.get("stroke-dasharray") for line in lines}) == 4
    assert {"a", "b", "c", "d"} <= {text.text for text in drawn(*series).findall(f"{SVG}text")}


def test_bars_with_their_intervals() -> None:
    series = Series(name="비율", values=(0.8, None), low=(0.7, None), high=(0.9, None))
    plot = drawn(series, labels=["답변", "없음"], kind="bars", unit="%")
    assert len(plot.findall(f"{SVG}rect")) == 1
    assert len(plot.findall(f"{SVG}line")) == 1
    assert {"답변", "80%", "없음", "—"} <= {text.text for text in plot.findall(f"{SVG}text")}
    assert text_of(plot, "desc") == "비율: 답변 80%."


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", "\"&'<", "a" * 500, "가" * 200])
def test_names_are_nothing_but_text(nasty: str) -> None:
    for kind in ("line", "bars"):
        plot = drawn(Series(name=nasty, values=(1.0,)), labels=[nasty], kind=kind, title=nasty)
        assert {element.tag.removeprefix(SVG) for element in plot.iter()} <= {
            "svg", "title", "desc", "line", "text", "polyline", "circle", "rect",
        }  # fmt: skip
        assert text_of(plot, "title") == nasty


@pytest.mark.parametrize("most", [0, 1, 3, 4, 5, 13, 99, 100, 101, 1234, 50_000])
def test_counts_have_whole_numbers_beside_them(most: int) -> None:
    plot = drawn(Series(name="a", values=(float(most),)), labels=["11-01"])
    beside = [text.text or "" for text in plot.findall(f"{SVG}text") if text.get("text-anchor") == "end"]
    numbers = [int(text.replace(",", "")) for text in beside]
    assert len(set(numbers)) == 5
    assert numbers[-1] >= most
    assert {second - first for first, second in pairwise(numbers)} == {numbers[1]}


def test_an_empty_plot_is_a_plot() -> None:
    assert drawn(labels=[], kind="bars").tag == f"{SVG}svg"
    assert drawn(labels=[]).tag == f"{SVG}svg"


@pytest.mark.parametrize("ground", ["#ffffff", "#181c20"])
def test_colours_stand_out_on_light_and_dark(ground: str) -> None:
    for colour in COLOURS:
        lighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3.0


def _luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
