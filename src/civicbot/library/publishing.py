"""Which generation is live, which was before it, and which one is prepared: every change of that, one at a time.

The files are written in an order that leaves one of the two states whenever the process is killed: first ``HISTORY``,
which names the generations in the order in which they were live and means the same before and after, then ``CURRENT``,
then what is left over goes.
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from civicbot.errors import IndexDamagedError, IndexMissingError, IngestError
from civicbot.generation import (
    MANIFEST,
    Manifest,
    current_name,
    generation_folder,
    publish,
    read_manifest,
    write_pointer,
)
from civicbot.library.housekeeping import newest_older, only_writer, remove_unneeded
from civicbot.model import Noun

HISTORY, PREPARED = "HISTORY", "PREPARED"
_LOCK = "publishing.lock"
_WAIT_SECONDS = 10.0
_STEP_SECONDS = 0.02


class OtherLibraryError(IngestError):
    """The live generation is not the one that was to be replaced."""

    code = "other_library"
    hint = "Prepare the update again."


class _History(Noun):
    """What was live.

    Attributes:
        names: the newest first; a name may stand twice.
        rolled_back: whether the first one was brought back in the place of a newer one.
    """

    names: tuple[str, ...] = ()
    rolled_back: bool = False


@contextlib.contextmanager
def only_publisher(index: Path) -> Iterator[None]:
    """Holds the right to change what is live; a killed process leaves no lock behind.

    Raises:
        IngestError: another process has held it for too long.
    """
    index.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + _WAIT_SECONDS
    with (index / _LOCK).open("a", encoding="utf-8") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise IngestError(
                        "Another process is just changing the live library.", hint="Try again in a few seconds."
                    ) from None
                time.sleep(_STEP_SECONDS)
        yield


def previous_name(index: Path) -> str | None:
    """The generation that was live before the one that is; None when there is none.

    Where nobody has noted it, as earlier versions did not, it is the newest one that is older.
    """
    live, names = current_name(index), _history(index).names
    if live is None or live not in names:
        return newest_older(index, live)
    after = names[names.index(live) + 1 :][:1]
    return next((name for name in after if name != live and _there(index, name)), None)


def rolled_back(index: Path) -> bool:
    """Whether the live generation was brought back in the place of a newer one."""
    history = _history(index)
    return history.rolled_back and history.names[:1] == (current_name(index),)


def prepared_name(index: Path) -> str | None:
    """The generation that may be published; None when there is none, or it is live by now."""
    try:
        name = (index / PREPARED).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return name if name and name != current_name(index) and _there(index, name) else None


def set_prepared(index: Path, name: str | None) -> None:
    """Says which generation may be published."""
    if name is not None:
        write_pointer(index, PREPARED, name)
    else:
        (index / PREPARED).unlink(missing_ok=True)


def put_in_place(index: Path, name: str, *, instead_of: str | None, back: bool = False) -> None:
    """Makes a generation live; doing it twice does it once. Call it as :func:`only_publisher`.

    Args:
        index: the folder of all generations.
        name: the generation's name.
        instead_of: the one that must be live now, unless ``name`` is already.
        back: whether this is a roll-back.

    Raises:
        OtherLibraryError: another one is live.
        IndexMissingError: it is not there.
        IndexDamagedError: it was never finished, or is of another format.
    """
    live = current_name(index)
    if live != name:
        if live != instead_of:
            raise OtherLibraryError(f"The live library is {live!r} by now, not {instead_of!r}.")
        read_manifest(generation_folder(index, name))
        before = _history(index).names
        if live is not None and before[:1] != (live,):
            before = (live, *before[before.index(live) + 1 :]) if live in before else (live,)
        # Going back a second time goes forth again.
        history = _History(names=(name, *before)[:3], rolled_back=back and not rolled_back(index))
        write_pointer(index, HISTORY, history.model_dump_json())
        publish(index, name)
    if _prepared_is(index, name):
        set_prepared(index, None)


def discard(index: Path, name: str) -> None:
    """Forgets a prepared generation; its files go now, or with the next ingest when one is running.

    Whoever calls it holds neither lock.
    """
    if _prepared_is(index, name):
        set_prepared(index, None)
    tidy(index)


def tidy(index: Path) -> None:
    """Deletes what nobody can want any more, unless an ingest is running, which does it itself.

    Whoever calls it holds neither lock.
    """
    with contextlib.suppress(IngestError), only_writer(index):
        clear_up(index)


def clear_up(index: Path) -> None:
    """Deletes what nobody can want any more; call it as the only writer."""
    # Were something published between two of these looks, it could be missed by all of them.
    with only_publisher(index):
        remove_unneeded(index, current_name(index), previous_name(index), prepared_name(index))


def held(index: Path, name: str | None) -> Manifest | None:
    """The manifest of a generation; None when it is not there or not whole."""
    if name is None:
        return None
    try:
        return read_manifest(generation_folder(index, name))
    except (IndexMissingError, IndexDamagedError):
        return None


def _history(index: Path) -> _History:
    try:
        return _History.model_validate_json((index / HISTORY).read_bytes())
    except (FileNotFoundError, ValidationError):
        return _History()


def _prepared_is(index: Path, name: str) -> bool:
    try:
        return (index / PREPARED).read_text(encoding="utf-8").strip() == name
    except (FileNotFoundError, UnicodeDecodeError):
        return False


def _there(index: Path, name: str) -> bool:
    return (generation_folder(index, name) / MANIFEST).exists()
