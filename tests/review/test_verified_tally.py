from __future__ import annotations

from tests.review.test_verified_making import COST, answer, case, said

from civicbot.review.nouns import Verdict
from civicbot.review.verified_run_nouns import share_of
from civicbot.review.verified_tally import Tally


def test_open_cases_are_counted_apart() -> None:
    tally, given = Tally(), answer([said(COST)])
    known, unknown = case(Verdict.CORRECT, given), case(Verdict.WRONG, given)
    tally.add(known, "correct", given, 0.5)
    tally.add(known, "missed", given, 0.25)
    tally.add(unknown, "wrong", given, 0.25)
    assert (tally.asked, tally.seconds, list(tally.indexes)) == (3, 1.0, ["g1"])
    assert tally.counts() == {"correct": 1, "missed": 1}
    assert tally.counts(open_ones=True) == {"wrong": 1}
    assert tally.languages() == {"ko": {"correct": 1, "missed": 1}}
    assert tally.verdicts() == {Verdict.CORRECT: {"correct": 1, "missed": 1}}
    assert [outcome for _, outcome, _ in tally.failures] == ["missed", "wrong"]
    assert (share_of(tally.counts()).hits, share_of(tally.counts()).total) == (1, 2)
