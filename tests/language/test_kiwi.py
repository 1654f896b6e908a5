import threading

import pytest

from civicbot.language.kiwi import LOCK, analyser


def nouns(words: tuple[str, ...], text: str) -> list[str]:
    with LOCK:
        return [token.form for token in analyser(words).tokenize(text) if token.tag == "NNP"]


@pytest.mark.slow
def test_an_analyser_is_loaded_once_for_its_words() -> None:
    assert analyser() is analyser(())
    assert analyser(("솔라시도",)) is analyser(("솔라시도",))
    assert analyser(("솔라시도",)) is not analyser()


def test_user_words_stay_whole() -> None:
    text = "솔라시도에 컴퓨팅센터를 짓습니다."
    assert nouns(("솔라시도",), text) == ["솔라시도"]
    assert "솔라시도" not in nouns((), text)


@pytest.mark.slow
def test_threads_share_one_analyser_and_load_it_while_another_one_works() -> None:
    """Opening a new index generation must not make questions wait, nor the other way round."""
    words = ("빛그린산단",)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(analyser(words))) for _ in range(4)]
    with LOCK:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(found) == 4
    assert all(each is found[0] for each in found)
