"""Prepares an update in a process of its own, so that the server's answers need not wait for it.

The parent writes what is wanted as one line of JSON to the child's input and leaves it open; the child writes a line
for all that happens. When the parent goes, however it does, the child's input ends, and the child with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, TextIO

from civicbot.errors import CivicbotError, IngestError
from civicbot.library.ingest import Summary, prepare
from civicbot.library.progress import Progress
from civicbot.settings import Settings

_SETTINGS = ("corpus", "data", "embedder", "embedder_languages")
_NICE = 10
"""How far answering goes before: steps of the scheduler, 0..19."""


class ChildIngest:
    """Prepares updates, each in a child process; :meth:`stop` may be called from another thread.

    Args:
        settings: as for :func:`civicbot.library.ingest.prepare`.
    """

    def __init__(self, settings: Settings) -> None:
        told = settings.model_dump(mode="json", include=set(_SETTINGS))
        self._wanted = json.dumps(told | {name: str(Path(told[name]).resolve()) for name in ("corpus", "data")})
        self._child: subprocess.Popen[str] | None = None

    def __call__(self, progress: Progress) -> Summary:
        """Prepares an update.

        Raises:
            IngestError: the library cannot be indexed, another ingest is running, or the process ended early.
            CivicbotError: as the ingest says.
        """
        command = [sys.executable, "-m", "civicbot.library.child"]
        package = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
        ) as child:
            self._child = child
            try:
                return self._follow(child, progress)
            finally:
                self._child = None
                child.kill()

    def stop(self) -> None:
        """Ends the one that is running."""
        if (child := self._child) is not None:
            child.kill()

    def _follow(self, child: subprocess.Popen[str], progress: Progress) -> Summary:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(self._wanted + "\n")
        child.stdin.flush()
        for line in child.stdout:
            told = json.loads(line)
            if "stage" in told:
                progress.stage(told["stage"], told["total"])
            elif "advance" in told:
                progress.advance(told["advance"])
            elif "error" in told:
                raise CivicbotError(told["error"], hint=told["hint"], code=told["code"])
            else:
                return Summary.model_validate(told["summary"])
        raise IngestError("The process that indexes ended early.", hint="Try again; `civicbot ingest` shows more.")


class _Teller:
    """Writes progress as lines."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def stage(self, name: str, total: int) -> None:
        """Tells of a stage."""
        self.say(stage=name, total=total)

    def advance(self, steps: int) -> None:
        """Tells of steps."""
        self.say(advance=steps)

    def say(self, **told: Any) -> None:
        """Writes a line."""
        self._out.write(json.dumps(told) + "\n")
        self._out.flush()


def main() -> None:
    """What the child does."""
    # Packages that print must not be taken for us.
    teller = _Teller(os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8"))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.nice(_NICE)
    settings = Settings(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        summary = prepare(settings, progress=teller)
    except CivicbotError as error:
        teller.say(error=error.message, hint=error.hint, code=error.code)
    else:
        teller.say(summary=summary.model_dump(mode="json"))


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
