"""The regression set: how many cases there are, their runs, and which failed with what was wanted and what came."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from civicbot.model import LANGUAGES, Language
from civicbot.review.access import Action, Actor
from civicbot.review.nouns import Verdict
from civicbot.review.plots import Series, svg
from civicbot.review.verified_run_nouns import (
    CaseCount,
    ExportFormat,
    RunState,
    VerifiedRun,
    share_of,
)
from civicbot.review.verified_runs import VerifiedRuns
from civicbot.statistics import Share
from civicbot.web.staff.forms import Form
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation
from civicbot.web.staff.texts import KOREA

EXPORT_PATH = "/staff/verified"
AGAIN_MS = 2000
"""After how long a screen with a run under way looks how far it is."""
MOST_FAILURES = 100
"""Failed cases that are shown; an export or the command tells all."""


class VerifiedScreen:
    """Shows and runs the regression set.

    Args:
        painter: renders it.
        verified: the runs.
    """

    name = "verified"
    action = Action.READ_VERIFIED

    def __init__(self, painter: Painter, verified: VerifiedRuns) -> None:
        self._painter = painter
        self._verified = verified

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (operation("run_verified", Form, self._run, Action.RUN_VERIFIED),)

    def show(self, sight: Sight) -> Shown:
        """The cases and runs, and what failed in the newest run, or the one that the address names."""
        runs = self._verified.runs(sight.actor)
        running = next((run for run in runs if run.state is RunState.RUNNING), None)
        # Cases are made anew for each count, some milliseconds each: not while the screen looks again and again.
        counts = self._verified.counts(sight.actor) if running is None else ()
        shown = _chosen(runs, sight.address.values.get("run"), running)
        failures = self._verified.failures(sight.actor, shown.id) if shown is not None else ()
        done = [run for run in reversed(runs) if run.state is RunState.DONE]
        main = self._painter.paint(
            "verified",
            sight,
            table=_table(counts),
            total=CaseTotal(counts),
            languages=LANGUAGES,
            runs=runs,
            running=running,
            again=AGAIN_MS,
            shown=shown,
            failures=failures[:MOST_FAILURES],
            share=share_text,
            share_of=share_of,
            plot=trend(done, sight) if done else None,
            exports=[(form.value, f"{EXPORT_PATH}.jsonl?format={form.value}") for form in ExportFormat],
        )
        return Shown(sight.texts.frame.tabs["verified"], main)

    def file(self, actor: Actor, form: str) -> tuple[str, str]:
        """A file's name and its content, for whoever reads this format."""
        chosen = ExportFormat.RAGAS if form == ExportFormat.RAGAS else ExportFormat.CIVICBOT
        return f"verified-{chosen.value}.jsonl", self._verified.export(actor, chosen)

    def _run(self, sight: Sight, form: Form) -> Done:
        del form
        run = self._verified.start(sight.actor)
        return Done(sight.texts.verified.started.format(count=run.total))


class CaseTotal:
    """All cases together.

    Args:
        counts: those of each verdict and language.
    """

    def __init__(self, counts: Sequence[CaseCount]) -> None:
        self.cases = sum(one.cases for one in counts)
        self.open = sum(one.open for one in counts)


def trend(runs: Sequence[VerifiedRun], sight: Sight) -> Markup:
    """The share of right answers over runs, all together and in each language, with the interval of the first.

    Args:
        runs: that came to their end, the oldest first.
        sight: whose language and words it is drawn in.
    """
    texts = sight.texts
    shares = [run.share for run in runs]
    ends = [share.interval if share.total else (None, None) for share in shares]
    series = [
        Series(
            name=texts.verified.all_languages,
            values=tuple(_value(share) for share in shares),
            low=tuple(low for low, _ in ends),
            high=tuple(high for _, high in ends),
        )
    ]
    lines = {
        language: tuple(_value(share_of(run.languages.get(language, {}))) for run in runs) for language in LANGUAGES
    }
    # A single language's line would hide the one of all.
    if all(any(value is not None for value in values) for values in lines.values()):
        series += [Series(name=texts.words.languages[language], values=values) for language, values in lines.items()]
    labels = [f"{run.at.astimezone(KOREA):%m-%d}" for run in runs]
    drawn = svg(series, labels, kind="line", title=texts.verified.trend, unit="%", language=sight.language)
    return Markup(drawn)


def share_text(share: Share, template: str) -> str:
    """A share in words, with its interval; empty where nothing was counted."""
    if not share.total:
        return ""
    low, high = (f"{100 * end:.0f}%" for end in share.interval)
    return template.format(hits=share.hits, total=share.total, low=low, high=high)


def _chosen(runs: Sequence[VerifiedRun], named: str | None, running: VerifiedRun | None) -> VerifiedRun | None:
    """The run whose failures are shown: none while one is under way, since each look at them stands in the log."""
    done = [run for run in runs if run.state is RunState.DONE]
    if named is not None:
        return next((run for run in done if str(run.id) == named), None)
    return done[0] if done and running is None else None


def _table(counts: Sequence[CaseCount]) -> list[tuple[Verdict, dict[Language, CaseCount]]]:
    """A row for each verdict, by language."""
    found: dict[Verdict, dict[Language, CaseCount]] = {}
    for one in counts:
        found.setdefault(one.verdict, {})[one.language] = one
    return [(verdict, found[verdict]) for verdict in Verdict if verdict in found]


def _value(share: Share) -> float | None:
    return share.value if share.total else None
