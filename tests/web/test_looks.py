from __future__ import annotations

import pytest
from tests.web.conftest import Running

from civicbot.web.looks import Look


@pytest.mark.parametrize(
    ("look", "address", "carried"),
    [
        (Look(), "/about?lang=ko", "/about?lang=ko"),
        (Look("dark"), "/about", "/about?theme=dark"),
        (Look("contrast", "large"), "/about?lang=ko", "/about?lang=ko&theme=contrast&size=large"),
        (Look(size="largest"), "/documents/a?quote=%26#quote", "/documents/a?quote=%26&size=largest#quote"),
    ],
)
def test_an_address_carries_the_look(look: Look, address: str, carried: str) -> None:
    assert look.carried(address) == carried


@pytest.mark.parametrize("path", ["/about", "/privacy", "/documents/S012-ko", "/documents/none", "/t/0000-0000-0000"])
def test_a_page_has_the_look_of_its_address_and_hands_it_on(site: Running, path: str) -> None:
    plain = site.client.get(path).text
    assert "data-theme" not in plain
    assert "theme=" not in plain
    chosen = site.client.get(path, params={"theme": "contrast", "size": "large"}).text
    assert 'data-theme="contrast" data-size="large"' in chosen
    assert 'href="/privacy?lang=ko&amp;theme=contrast&amp;size=large"' in chosen
    assert "theme=contrast" not in chosen.split("<footer")[1]  # the chat page knows by itself


def test_what_is_no_look_of_ours_is_left_out(site: Running) -> None:
    for value in ("<script>", '"><script>x', "auto", "normal", ""):
        page = site.client.get("/about", params={"theme": value, "size": value}).text
        assert "data-theme" not in page
        assert "data-size" not in page
        assert "theme=" not in page


def test_one_page_leaves_no_look_to_the_next(site: Running) -> None:
    assert 'data-theme="dark"' in site.client.get("/about?theme=dark").text
    assert "data-theme" not in site.client.get("/about").text
