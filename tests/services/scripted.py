"""A server that answers what a test says, and notes what it was asked."""

from __future__ import annotations

import socketserver
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler


@dataclass(frozen=True)
class Answer:
    """What is sent: `status`, `body` and `headers`. With the status 0 nothing is, and the connection is closed."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


HANG = Answer(-1)
"""Nothing is sent, and the connection stays open."""


def error(status: int, code: str) -> Answer:
    """An error as S3 words it."""
    return Answer(status, f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode())


def found(body: bytes, etag: str) -> Answer:
    """An object."""
    return Answer(200, body, {"ETag": etag, "Last-Modified": "Mon, 30 Nov 2026 09:00:00 GMT"})


@dataclass
class Scripted:
    """The server.

    Attributes:
        endpoint: its URL.
        answers: what it will answer, one each; then the connection is closed.
        asked: what it was asked: method, path, and the conditions in `If-Match` and `If-None-Match`.
        named: the headers that requests had, in small letters.
    """

    endpoint: str
    answers: deque[Answer] = field(default_factory=deque)
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def will_answer(self, *answers: Answer) -> None:
        """Begins anew."""
        self.answers.clear()
        self.answers.extend(answers)
        self.asked.clear()
        self.named.clear()


@contextmanager
def scripted(*answers: Answer) -> Iterator[Scripted]:
    """The server, until the context ends."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65_537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            conditions = self.headers.get("If-Match", ""), self.headers.get("If-None-Match", "")
            script.asked.append((self.command, self.path, *conditions))
            script.named.update(name.lower() for name in self.headers)
            answer = script.answers.popleft() if script.answers else Answer(0)
            if answer is HANG:
                over.wait()
            if answer.status <= 0:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            self.wfile.flush()
            # What promised more than it sent is over.
            self.close_connection |= "Content-Length" in answer.headers

        def log_message(self, *_: object) -> None:
            pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        script = Scripted(f"http://127.0.0.1:{server.server_address[1]}", deque(answers))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield script
        finally:
            over.set()
            server.shutdown()
            thread.join()
