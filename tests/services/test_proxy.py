from __future__ import annotations

import http.client
import http.server
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.services.proxy import Proxy, proxy_to


class _Lines(socketserver.StreamRequestHandler):
    """Answers each line with itself in capitals, and remembers it."""

    def handle(self) -> None:
        for line in self.rfile:
            self.server.heard.append(line.strip())  # type: ignore[attr-defined]
            self.wfile.write(line.upper())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Lines)

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: cut connections are what these tests are about."""


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server() -> Iterator[_Server]:
    server = _Server()
    with serving(server):
        yield server


@pytest.fixture
def proxy(server: _Server) -> Iterator[Proxy]:
    with proxy_to(server.server_address[1]) as proxy:
        yield proxy


@pytest.fixture
def client(proxy: Proxy) -> Iterator[socket.socket]:
    with connected(proxy) as client:
        yield client


def connected(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), 5)


def asked(client: socket.socket, line: bytes) -> bytes:
    client.sendall(line + b"\n")
    return answer(client)


def answer(client: socket.socket) -> bytes:
    """A line, or what came of it before the end."""
    said = b""
    while not said.endswith(b"\n") and (more := client.recv(65536)):
        said += more
    return said.rstrip(b"\n")


def heard(server: _Server, lines: list[bytes]) -> bool:
    end = time.monotonic() + 5
    while server.heard != lines and time.monotonic() < end:
        time.sleep(0.001)
    return server.heard == lines


def test_it_passes_what_it_is_not_told_to_stop(client: socket.socket, proxy: Proxy) -> None:
    for line in (b"one", b"two", b"x" * 1_000_000):
        assert asked(client, line) == line.upper()
    with connected(proxy) as other:
        assert asked(other, b"three") == b"THREE"
    assert proxy.accepted == 2


def test_a_delay_is_one_on_each_way(client: socket.socket, proxy: Proxy) -> None:
    proxy.delay = 0.05
    start = time.monotonic()
    assert asked(client, b"one") == b"ONE"
    assert time.monotonic() - start >= 0.1


def test_new_connections_are_dropped_and_others_stay(client: socket.socket, proxy: Proxy) -> None:
    assert asked(client, b"one") == b"ONE"
    proxy.dropping = True
    with connected(proxy) as other:
        assert other.recv(1) == b""
    assert asked(client, b"two") == b"TWO"
    proxy.dropping = False
    with connected(proxy) as other:
        assert asked(other, b"three") == b"THREE"


def test_all_connections_are_cut(client: socket.socket, proxy: Proxy) -> None:
    assert asked(client, b"one") == b"ONE"
    proxy.cut()
    assert client.recv(1) == b""


def test_a_request_is_cut_where_it_is_told(client: socket.socket, proxy: Proxy, server: _Server) -> None:
    struck = proxy.cut_request(after=2, containing=b"tw")
    assert asked(client, b"one") == b"ONE"
    assert not struck.is_set()
    assert asked(client, b"two") == b""
    assert struck.wait(5)
    assert heard(server, [b"one", b"tw"])
    # Once.
    with connected(proxy) as other:
        assert asked(other, b"two") == b"TWO"


def test_a_long_request_is_cut_in_a_later_piece(client: socket.socket, proxy: Proxy, server: _Server) -> None:
    struck = proxy.cut_request(after=300_000)
    with suppress(ConnectionError):  # a client that is still sending hears of a cut as an error
        assert asked(client, b"x" * 2_000_000) == b""
    assert struck.wait(5)
    assert heard(server, [b"x" * 300_000])


def test_an_answer_is_cut_where_it_is_told(client: socket.socket, proxy: Proxy, server: _Server) -> None:
    struck = proxy.cut_answer(after=2)
    assert asked(client, b"one") == b"ON"
    assert struck.wait(5)
    assert heard(server, [b"one"])


def test_an_answer_is_swallowed_though_the_server_did_it(client: socket.socket, proxy: Proxy, server: _Server) -> None:
    struck = proxy.swallow_answer()
    assert asked(client, b"one") == b""
    assert struck.wait(5)
    assert server.heard == [b"one"]


def test_an_answer_is_swallowed_in_silence(client: socket.socket, proxy: Proxy, server: _Server) -> None:
    struck = proxy.swallow_answer(silent=True)
    client.sendall(b"one\n")
    assert struck.wait(5)
    client.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.recv(1)
    client.settimeout(5)
    assert asked(client, b"two") == b"TWO"
    assert server.heard == [b"one", b"two"]


def test_faults_strike_in_the_order_of_their_requests(client: socket.socket, proxy: Proxy, server: _Server) -> None:
    second = proxy.swallow_answer(containing=b"b")
    first = proxy.swallow_answer(silent=True, containing=b"a")
    client.sendall(b"a\n")
    assert first.wait(5)
    assert not second.is_set()
    assert asked(client, b"b") == b""
    assert second.wait(5)


def test_a_client_that_is_told_of_the_end_is_still_heard(client: socket.socket, proxy: Proxy, server: _Server) -> None:
    assert asked(client, b"one") == b"ONE"
    proxy.half_close()
    assert client.recv(1) == b""
    client.sendall(b"two\n")
    assert heard(server, [b"one", b"two"])


def test_a_server_that_is_away_is_a_dropped_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with proxy_to(port) as proxy, connected(proxy) as client:
        assert client.recv(1) == b""


def test_no_thread_is_left() -> None:
    before = set(threading.enumerate())
    server = _Server()
    with serving(server) as port, proxy_to(port) as proxy, connected(proxy) as client:
        assert asked(client, b"one") == b"ONE"
    end = time.monotonic() + 5
    while not set(threading.enumerate()) <= before and time.monotonic() < end:
        time.sleep(0.001)
    assert set(threading.enumerate()) <= before


class _Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002 - the base class's name
        """Says nothing."""


def test_http_requests_are_answered_by_itself_or_pass() -> None:
    asked_for = []

    def answers(method: str, path: str) -> tuple[int, bytes] | None:
        asked_for.append((method, path))
        return {"/busy": (503, b"<Code>SlowDown</Code>"), "/lost": (409, b"")}.get(path)

    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Echo)) as port, proxy_to(port) as proxy:
        proxy.answers = answers
        client = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=5)
        seen = []
        for path in ("/a", "/busy", "/b", "/lost", "/c"):
            body = path.encode() * 200_000
            client.request("PUT", path, body=body)
            response = client.getresponse()
            said = response.read()
            seen.append((response.status, said if said != body else b"itself"))
        client.close()
    assert seen == [(200, b"itself"), (503, b"<Code>SlowDown</Code>"), (200, b"itself"), (409, b""), (200, b"itself")]
    assert asked_for == [("PUT", path) for path in ("/a", "/busy", "/b", "/lost", "/c")]
