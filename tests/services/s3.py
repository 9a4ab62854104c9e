"""Services that speak S3, each a child process on a port of this machine, with one bucket.

`ministack` and `moto` look at the conditions of writes. `nanio` takes a conditional write and ignores its condition: it
is what a store must not be trusted on.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_PATIENCE = 60.0
"""Seconds in which a service must answer."""
Command = tuple[list[str], Mapping[str, str]]
"""A program of our environment with its arguments, and variables for it."""
_KEY, _SECRET = "an-access-key", "a-secret-of-16-characters"


@dataclass(frozen=True, eq=False)
class Service:
    """A service that runs.

    Attributes:
        url: its bucket; a test takes a prefix of its own in it.
        options: where it is, and credentials, as `S3Store` takes them.
        process: the child process.
    """

    url: str
    options: Mapping[str, Any]
    process: subprocess.Popen[bytes] = field(repr=False)


@contextmanager
def ministack() -> Iterator[Service]:
    """In memory; of many of Amazon's services the one."""
    environment = {"SERVICES": "s3", "LOG_LEVEL": "ERROR", "MINISTACK_HOST": "127.0.0.1"}
    with _running(lambda port: (["ministack"], environment | {"GATEWAY_PORT": str(port)})) as service:
        make_bucket(service, "records")
        yield service


@contextmanager
def moto() -> Iterator[Service]:
    """In memory."""
    with _running(lambda port: (["moto_server", "-H", "127.0.0.1", "-p", str(port)], {})) as service:
        make_bucket(service, "records")
        yield service


@contextmanager
def nanio(folder: Path) -> Iterator[Service]:
    """Files in the folder. It ignores `If-Match`."""
    (folder / "records").mkdir(parents=True, exist_ok=True)

    def command(port: int) -> Command:
        place = ["--host", "127.0.0.1", "--port", str(port), "--data-dir", str(folder)]
        keys = {"NANIO_ACCESS_KEY": _KEY, "NANIO_SECRET_KEY": _SECRET}
        return ["nanio", "serve", *place, "--no-access-log"], keys

    with _running(command) as service:
        yield service


def make_bucket(service: Service, name: str) -> None:
    """Makes one more bucket, in `ministack` and `moto`, which ask nobody who they are."""
    assert ask(service, "PUT", f"/{name}").status == 200


def ask(service: Service, method: str, path: str, body: bytes = b"") -> HTTPResponse:
    """Sends one request as it is, and reads the answer; only `ministack` and `moto` take it without credentials."""
    return _asked(int(service.options["endpoint_url"].rpartition(":")[2]), method, path, body)


@contextmanager
def _running(command: Callable[[int], Command]) -> Iterator[Service]:
    """The service that a command for a port starts, until the context ends, however it does."""
    port = _free_port()
    (program, *arguments), environment = command(port)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name(program)), *arguments],
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - it takes no lock
        )
        try:
            _wait(process, port, output)
            options = {
                "endpoint_url": f"http://127.0.0.1:{port}",
                "region_name": "us-east-1",
                "aws_access_key_id": _KEY,
                "aws_secret_access_key": _SECRET,
            }
            yield Service("s3://records", options, process)
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _asked(port: int, method: str, path: str, body: bytes = b"") -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def _wait(process: subprocess.Popen[bytes], port: int, output: Any) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            _asked(port, "GET", "/")
        except OSError:
            ended = process.poll() is not None
            if ended or time.monotonic() > end:
                output.seek(0)
                said = output.read()[-2_000:].decode(errors="replace")
                raise RuntimeError(f"The service {'ended' if ended else 'does not answer'}:\n{said}") from None
            time.sleep(0.02)
        else:
            return


def _end_with_parent() -> None:
    """So that nothing is left behind by a run of the tests that was killed, either."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
