"""A PostgreSQL of the tests' own: a new cluster in a temporary folder, reached through a socket there."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg

USER = "postgres"
PORT = 5432  # it only names the socket: nothing listens on TCP


def programs() -> Path | None:
    """The folder of Debian's newest PostgreSQL server programs, None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    anywhere = shutil.which("initdb")
    return Path(anywhere).resolve().parent if anywhere else None


class Cluster:
    """A PostgreSQL server that can be stopped and started; the server refuses to run as root, so another user does."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        # Not below pytest's folder: only its owner may enter that one.
        self.folder = Path(tempfile.mkdtemp(prefix="civicbot-pg-"))
        self._as: dict[str, str] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(USER)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._as = {"user": USER, "group": str(account.pw_gid)}
        self._numbers = count(1)
        self._run("initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -p {PORT} -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "fast", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def new_database(self) -> str:
        """Makes an empty database and returns its address."""
        name = f"records{next(self._numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.address(name)

    def address(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}&port={PORT}"

    def _run(self, program: str, *arguments: str) -> None:
        # The server inherits its outputs: were they pipes, reading them would never end.
        with (self.folder.parent / f"{self.folder.name}.out").open("w+b") as out:
            command = [str(self._binaries / program), *arguments]
            done = subprocess.run(
                command, stdout=out, stderr=out, cwd="/", check=False, timeout=60,
                user=self._as.get("user"), group=int(self._as["group"]) if self._as else None,
                extra_groups=[] if self._as else None,
            )  # fmt: skip
            out.seek(0)
            assert done.returncode == 0, out.read().decode(errors="replace")
        Path(out.name).unlink()
