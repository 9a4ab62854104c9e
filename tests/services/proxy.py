"""A TCP proxy on loopback that fails as a test tells it to.

    with proxy_to(port) as proxy:
        client = connect("127.0.0.1", proxy.port)
        struck = proxy.swallow_answer(containing=b"EVALSHA")  # applied by the server; the client never hears of it
        ...
        assert struck.wait(5)

It knows no protocol: a request begins with the first bytes of a client after an answer, or first of all.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

Answers = Callable[[str, str], tuple[int, bytes] | None]
"""Method and path of an HTTP request -> status and body with which the proxy itself answers; None: it goes through."""


@dataclass
class Fault:
    """What happens once, to the next request that has `containing` in its first bytes."""

    containing: bytes
    request: int | None = None  # how many bytes the server gets before the connection is cut; None: all, and it stays
    answer: int | None = None  # the same of the client and the answer
    silent: bool = False  # the connection stays open all the same
    struck: threading.Event = field(default_factory=threading.Event)


class Proxy:
    """What a test controls; attributes count for whatever comes next, on all connections."""

    def __init__(self, server: int | Path) -> None:
        self.delay = 0.0  # seconds that each piece of a request and of an answer waits
        self.dropping = False  # new connections are closed at once
        self.answers: Answers | None = None  # for HTTP
        self.accepted = 0  # connections so far
        self._server = server
        self._faults: list[Fault] = []
        self._lines: list[_Line] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def cut(self) -> None:
        """Ends all connections now."""
        for line in list(self._lines):
            line.cut()

    def half_close(self) -> None:
        """Tells all clients that no more answers come; what they send still reaches the server."""
        for line in list(self._lines):
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
        for line in list(self._lines):
            line.cut()
            line.threads[1].join(5)  # which waits for the other; the acceptor, which starts them, has ended

    def fault_for(self, start: bytes) -> Fault | None:
        """What is to happen to a request that begins so; not to another one any more."""
        with self._lock:
            found = next((fault for fault in self._faults if fault.containing in start), None)
            if found is not None:
                self._faults.remove(found)
            return found

    def _arm(self, fault: Fault) -> threading.Event:
        self._faults.append(fault)
        return fault.struck

    def _connected(self) -> socket.socket:
        if isinstance(self._server, int):
            return socket.create_connection(("127.0.0.1", self._server))
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(self._server))
        except OSError:
            connection.close()
            raise
        return connection

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.accepted += 1
                with suppress(OSError):  # nobody listens there
                    if not self.dropping:
                        line = _Line(self, client, self._connected())
                        self._lines.append(line)
                        line.start()  # not before `cut` knows of it
                        continue
                client.close()


class _Line:
    """One connection of a client, and the one to the server that belongs to it."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self._server = server
        self._proxy = proxy
        self._fault: Fault | None = None
        self._between_requests = True
        self.threads = [threading.Thread(target=run, daemon=True) for run in (self._run_up, self._run_down)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def cut(self) -> None:
        for end in (self.client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _run_up(self) -> None:
        with suppress(OSError):
            self._up()

    def _run_down(self) -> None:
        with suppress(OSError):
            self._down()
        self.cut()
        self.threads[0].join(5)
        self.client.close()
        self._server.close()

    def _up(self) -> None:
        while data := self.client.recv(65536):
            if self._between_requests:
                if self._proxy.answers is not None:
                    while b"\r\n\r\n" not in data and (more := self.client.recv(65536)):
                        data += more
                    if self._answered(data, self._proxy.answers):
                        return
                self._fault = self._proxy.fault_for(data)
                self._between_requests = False
            time.sleep(self._proxy.delay)
            if (fault := self._fault) is None or fault.request is None:
                self._server.sendall(data)
                continue
            self._server.sendall(data[: fault.request])
            fault.request -= len(data)
            if fault.request <= 0:
                self.cut()
                fault.struck.set()
        self._server.shutdown(socket.SHUT_WR)

    def _down(self) -> None:
        while data := self._server.recv(65536):
            self._between_requests = True
            time.sleep(self._proxy.delay)
            if (fault := self._fault) is None or fault.answer is None:
                self.client.sendall(data)
                continue
            self.client.sendall(data[: fault.answer])
            fault.answer = max(0, fault.answer - len(data))
            if not fault.answer:
                if not fault.silent:
                    self.cut()
                fault.struck.set()

    def _answered(self, head: bytes, answers: Answers) -> bool:
        """Whether the proxy has answered an HTTP request itself, and with that ended the connection."""
        method, path, _ = head.partition(b"\r\n")[0].decode("latin-1").split(" ", 2)
        if (answer := answers(method, path)) is None:
            return False
        line = f"HTTP/1.1 {answer[0]} {HTTPStatus(answer[0]).phrase}\r\n"
        fields = f"Content-Length: {len(answer[1])}\r\nConnection: close\r\n\r\n"
        self.client.sendall((line + fields).encode() + answer[1])
        self.client.shutdown(socket.SHUT_WR)
        while self.client.recv(65536):  # a close before the client is done sending would take the answer from it
            pass
        self.cut()
        return True


@contextmanager
def proxy_to(server: int | Path) -> Iterator[Proxy]:
    """A proxy to a server on a port of this machine or a socket of it; all its connections are cut at the end."""
    proxy = Proxy(server)
    try:
        yield proxy
    finally:
        proxy.close()
