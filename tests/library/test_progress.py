from rich.console import Console
from rich.progress import Progress as RichProgress

from civicbot.library.progress import NoProgress, Progress


class Bar:
    def __init__(self, bar: RichProgress) -> None:
        self.bar = bar
        self.task = bar.add_task("")

    def stage(self, name: str, total: int) -> None:
        self.bar.reset(self.task, description=name, total=total)

    def advance(self, steps: int) -> None:
        self.bar.advance(self.task, steps)


def test_a_rich_progress_bar_fulfils_the_protocol() -> None:
    bar = Bar(RichProgress(console=Console(quiet=True)))
    watchers: list[Progress] = [bar, NoProgress()]
    for watcher in watchers:
        watcher.stage("read", 4)
        watcher.advance(4)
    assert bar.bar.finished
