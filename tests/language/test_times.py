import pytest

from civicbot.language.times import find_times


def times(text: str) -> list[str]:
    return sorted(value for value, _, _ in find_times(text))


@pytest.mark.parametrize(
    ("korean", "english", "values"),
    [
        ("18시부터 다음 날 8시 30분까지", "from 18:00 to 08:30", ["08:30", "18:00"]),
        ("오후 2시 반에", "at 2:30 p.m.", ["14:30"]),
        ("오전 9시~", "from 9 a.m.", ["09:00"]),
        ("낮 12시", "12 pm", ["12:00"]),
        ("밤 12시", "12:00 AM", ["00:00"]),
        ("밤 1시에", "1 a.m.", ["01:00"]),
        ("저녁 7시.", "7pm", ["19:00"]),
        ("오후 3:15", "3:15 pm", ["15:15"]),
    ],
)
def test_times_of_day(korean: str, english: str, values: list[str]) -> None:
    assert times(korean) == times(english) == values


@pytest.mark.parametrize(
    "text", ["24시간 운영", "3시간", "22개 시군", "광주시", "경쟁률 3:1", "25시 편의점", "at 12:99", "1:2:3"]
)
def test_what_is_no_time(text: str) -> None:
    assert times(text) == []
