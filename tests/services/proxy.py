"""A TCP proxy on loopback that fails as a test tells it to.

    with proxy_to(port) as proxy:
        client = connect("127.0.0.1", proxy.port)
        struck = proxy.swallow_answer(containing=b"EVALSHA")  # applied by the server; the client never hears of it
        ...
        assert struck.wait(5)

It knows no protocol. A request begins with the first bytes that a client sends after an answer, or first of all; its
answer, with the first that the server sends after that.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus

Answers = Callable[[str, str], tuple[int, bytes] | None]
"""Method and path of an HTTP request -> status and body with which the proxy itself answers; None: it goes through."""


@dataclass
class Fault:
    """What happens once, to the next request that has `containing` in its first bytes.

    Attributes:
        request: after how many bytes the connection is cut while the request is under way; None: it goes through.
        answer: the same of the answer.
        silent: whether the answer is swallowed and the connection stays open.
        struck: set when it has happened.
    """

    containing: bytes
    request: int | None = None
    answer: int | None = None
    silent: bool = False
    struck: threading.Event = field(default_factory=threading.Event)


class Proxy:
    """What a test controls; attributes count for whatever comes next, on all connections.

    Attributes:
        port: where it listens, on 127.0.0.1.
        delay: seconds that each piece of a request and of an answer waits.
        dropping: whether new connections are closed at once.
        answers: by itself instead of the server, for HTTP.
        accepted: how many connections were made so far.
    """

    def __init__(self, host: str, port: int) -> None:
        self.delay = 0.0
        self.dropping = False
        self.answers: Answers | None = None
        self.accepted = 0
        self._server = (host, port)
        self._faults: list[Fault] = []
        self._lines: set[_Line] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def cut(self) -> None:
        """Ends all connections now."""
        for line in self._open():
            line.cut()

    def half_close(self) -> None:
        """Tells all clients that no more answers come; what they send still reaches the server."""
        for line in self._open():
            with suppress(OSError):
                line.client.shutdown(socket.SHUT_WR)

    def cut_request(self, *, after: int = 0, containing: bytes = b"") -> threading.Event:
        """Cuts the connection when the server has that many bytes of the next request."""
        return self._arm(Fault(containing, request=after))

    def cut_answer(self, *, after: int = 0, containing: bytes = b"") -> threading.Event:
        """Cuts the connection when the client has that many bytes of the next answer."""
        return self._arm(Fault(containing, answer=after))

    def swallow_answer(self, *, silent: bool = False, containing: bytes = b"") -> threading.Event:
        """The server does what it is asked next, and the client hears nothing; it is cut off, or waits if `silent`."""
        return self._arm(Fault(containing, answer=0, silent=silent))

    def close(self) -> None:
        """Ends the connections and the proxy's threads."""
        self.dropping = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes `accept`, which `close` alone does not
        self._listener.close()
        self._acceptor.join(5)
        for line in self._open():
            line.cut()
            line.join()

    def fault_for(self, start: bytes) -> Fault | None:
        """What is to happen to a request that begins so; not to another one any more."""
        with self._lock:
            found = next((fault for fault in self._faults if fault.containing in start), None)
            if found is not None:
                self._faults.remove(found)
            return found

    def _arm(self, fault: Fault) -> threading.Event:
        with self._lock:
            self._faults.append(fault)
        return fault.struck

    def _open(self) -> list[_Line]:
        with self._lock:
            return list(self._lines)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.accepted += 1
                try:
                    server = None if self.dropping else socket.create_connection(self._server, 5)
                except OSError:  # nobody listens there
                    server = None
                if server is None:
                    client.close()
                    continue
                server.settimeout(None)
                line = _Line(self, client, server)
                with self._lock:
                    self._lines = {each for each in self._lines if each.is_open()} | {line}
                line.start()


class _Line:
    """One connection of a client, and the one to the server that belongs to it."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self._server = server
        self._proxy = proxy
        self._fault: Fault | None = None
        self._between_requests = True
        self._threads = [threading.Thread(target=self._run, args=(way,), daemon=True) for way in (self._up, self._down)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(5)

    def is_open(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def cut(self) -> None:
        for end in (self.client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _run(self, way: Callable[[], None]) -> None:
        with suppress(OSError):
            way()
        if threading.current_thread() is self._threads[1]:  # the last word is the server's
            self.cut()
            self._threads[0].join(5)
            self.client.close()
            self._server.close()

    def _up(self) -> None:
        while data := self.client.recv(65536):
            if self._between_requests:
                if self._proxy.answers is not None:
                    data += self._rest_of_head(data)
                    if self._answered(data, self._proxy.answers):
                        return
                self._fault = self._proxy.fault_for(data)
                self._between_requests = False
            time.sleep(self._proxy.delay)
            if (fault := self._fault) is not None and fault.request is not None:
                self._server.sendall(data[: fault.request])
                fault.request -= len(data)
                if fault.request <= 0:
                    self.cut()
                    fault.struck.set()
            else:
                self._server.sendall(data)
        self._server.shutdown(socket.SHUT_WR)

    def _down(self) -> None:
        while data := self._server.recv(65536):
            self._between_requests = True
            time.sleep(self._proxy.delay)
            if (fault := self._fault) is not None and fault.answer is not None:
                self.client.sendall(data[: fault.answer])
                fault.answer = max(0, fault.answer - len(data))
                if not fault.answer:
                    if not fault.silent:
                        self.cut()
                    fault.struck.set()
            else:
                self.client.sendall(data)

    def _rest_of_head(self, data: bytes) -> bytes:
        rest = b""
        while b"\r\n\r\n" not in data + rest and (more := self.client.recv(65536)):
            rest += more
        return rest

    def _answered(self, head: bytes, answers: Answers) -> bool:
        """Whether the proxy has answered an HTTP request itself, and with that ended the connection."""
        method, path, _ = head.partition(b"\r\n")[0].decode("latin-1").split(" ", 2)
        answer = answers(method, path)
        if answer is None:
            return False
        status, body = answer
        start = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.client.sendall(start.encode() + body)
        self.client.shutdown(socket.SHUT_WR)
        while self.client.recv(65536):  # a close before the client is done sending would take the answer from it
            pass
        self.cut()
        return True


@contextmanager
def proxy_to(port: int, host: str = "127.0.0.1") -> Iterator[Proxy]:
    """A proxy to a server; all its connections are cut at the end."""
    proxy = Proxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
