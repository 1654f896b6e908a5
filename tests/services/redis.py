"""A Redis of the tests' own, reached through a socket in a temporary folder."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

START_SECONDS = 60


class RedisServer:
    """A Redis server that can be stopped and started."""

    def __init__(self, program: str) -> None:
        self._program = program
        # Not below pytest's folder: the name of a socket may be 107 characters long.
        self.folder = Path(tempfile.mkdtemp(prefix="civicbot-redis-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"redis+unix://{self._socket}"

    @property
    def _socket(self) -> Path:
        return self.folder / "redis.sock"

    def start(self) -> None:
        options = f"--port 0 --unixsocket {self._socket} --save --appendonly no".split()
        options.insert(options.index("--save") + 1, "")
        self._process = subprocess.Popen(
            [self._program, *options], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._socket.exists():
            assert self._process.poll() is None, "redis-server ended"
            assert time.monotonic() < deadline, "redis-server does not listen"
            time.sleep(0.02)

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(START_SECONDS)
        self._socket.unlink(missing_ok=True)

    def remove(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder)
