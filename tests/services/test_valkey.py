from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from tests.services.valkey import kill, port_of, server

WAITING = """
import signal, sys
from pathlib import Path
from tests.services.valkey import server

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have left it ignored
with server(Path(sys.argv[1])) as url:
    print(url, flush=True)
    signal.pause()
"""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_takes_commands_and_is_gone_at_the_end(tmp_path: Path) -> None:
    with server(tmp_path / "a") as one, server(tmp_path / "b") as other:
        for url in (one, other):
            with redis.Redis.from_url(url) as client:
                assert client.set("where", url)
        with redis.Redis.from_url(one) as client:
            assert client.get("where") == one.encode()
    assert not listens(port_of(one))
    assert not listens(port_of(other))


def test_it_is_gone_after_ctrl_c(tmp_path: Path) -> None:
    waiting = subprocess.Popen(
        [sys.executable, "-c", WAITING, tmp_path], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
    )
    with waiting:
        assert waiting.stdout is not None
        port = port_of(waiting.stdout.readline().strip())
        assert listens(port)
        waiting.send_signal(signal.SIGINT)
        waiting.wait(20)
    assert not listens(port)


def test_a_killed_server_is_gone_at_once_and_its_data_are_found_again(tmp_path: Path) -> None:
    kept = ("--appendonly", "yes", "--appendfsync", "always")
    with server(tmp_path, *kept) as url:
        with redis.Redis.from_url(url) as client:
            client.set("a", "one")
        kill(url)
        assert not listens(port_of(url))
        with server(tmp_path, *kept, port=port_of(url)) as again, redis.Redis.from_url(again) as client:
            assert client.get("a") == b"one"


def test_a_port_of_somebody_else_is_not_taken_for_the_servers(tmp_path: Path) -> None:
    with (
        server(tmp_path / "a") as url,
        pytest.raises(AssertionError, match="ends when it starts"),
        server(tmp_path / "b", port=port_of(url)),
    ):
        raise NotImplementedError
