"""What metrics say of a reader, through a real exposition and a server that answers as Prometheus does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from versioned_serde import Schema, Version, rename
from versioned_serde.backfill.reads import from_prometheus, from_scrapes
from versioned_serde.errors import BackfillError
from versioned_serde.metrics.prometheus import SerdeCollector


@dataclass
class Order:
    buyer: str


LINES = (Version(1, codec="json", framing="envelope"), Version(2, rename("customer", "buyer")))
OLD = Schema("shop.order", Order, *LINES, writes=1).dumps(Order("ada"))


class Host:
    """A process of the service, as its metrics show it."""

    def __init__(self) -> None:
        self.orders = Schema("shop.order", Order, *LINES, writes=2)
        self._registry = CollectorRegistry()
        self._registry.register(SerdeCollector(self.orders))

    def scrape(self, file: Path) -> None:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(generate_latest(self._registry))


def test_scrapes_show_who_reads(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    quiet, reading = Host(), Host()
    quiet.orders.loads(OLD)  # before the fence
    quiet.scrape(before / "quiet")
    reading.scrape(before / "reading")
    os.utime(before / "quiet", (1_000_000_000, 1_000_000_000))
    os.utime(before / "reading", (1_000_000_100, 1_000_000_100))
    reading.orders.loads(OLD)
    quiet.scrape(after / "quiet")
    reading.scrape(after / "reading")
    reads = from_scrapes(before, after, "shop.order", 1)
    assert reads.hosts == {"quiet": 0, "reading": 1}
    assert reads.since == datetime.fromtimestamp(1_000_000_100, UTC)
    assert from_scrapes(before, after, "shop.order", 2).hosts == {"quiet": 0, "reading": 0}


def test_a_host_that_was_started_again_counts_from_its_start(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    old = Host()
    for _ in range(5):
        old.orders.loads(OLD)
    old.scrape(before / "a")
    young = Host()
    young.orders.loads(OLD)
    young.scrape(after / "a")
    young.scrape(after / "b")
    assert from_scrapes(before, after, "shop.order", 1).hosts == {"a": 1, "b": 1}


def test_a_host_that_says_nothing_is_not_one_that_reads_nothing(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for name in ("gone", "other", "there"):
        Host().scrape(before / name)
    Host().scrape(after / "there")
    (after / "other").write_text("# nothing of ours\nup 1.0\n")
    assert from_scrapes(before, after, "shop.order", 1).hosts == {"gone": None, "other": None, "there": 0}
    assert from_scrapes(before, after, "shop.cart", 1).hosts == {"gone": None, "other": None, "there": None}


def test_folders_that_are_no_scrapes_are_refused(tmp_path: Path) -> None:
    full, empty, broken = tmp_path / "full", tmp_path / "empty", tmp_path / "broken"
    Host().scrape(full / "a")
    empty.mkdir()
    broken.mkdir()
    (broken / "a").write_text("<html>")
    for folders, told in (((empty, full), "holds no files"), ((full, tmp_path / "none"), "cannot be read")):
        with pytest.raises(BackfillError, match=told):
            from_scrapes(*folders, "shop.order", 1)
    with pytest.raises(BackfillError, match="not what a host exposes"):
        from_scrapes(full, broken, "shop.order", 1)


@contextmanager
def prometheus(answer: bytes, asked: list[str], status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.extend(parse_qs(urlsplit(self.path).query)["query"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_server_is_asked() -> None:
    asked: list[str] = []
    result = [
        {"metric": {"instance": "a:1"}, "value": [1, "0"]},
        {"metric": {"instance": "b:1"}, "value": [1, "2.5"]},
    ]
    answer = json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}).encode()
    with prometheus(answer, asked) as url:
        reads = from_prometheus(url, "shop.order", 1, timedelta(days=3))
    assert reads.hosts == {"a:1": 0.0, "b:1": 2.5}
    assert timedelta(days=3) <= datetime.now(UTC) - reads.since < timedelta(days=3, minutes=1)
    series = 'versioned_serde_records_total{schema="shop.order",version="1",outcome="read"}'
    grown = f"(increase({series}[259200s]) and ({series} offset 259200s)) or max_over_time({series}[259200s])"
    assert asked == [f"sum by (instance) ({grown})"]


@pytest.mark.parametrize("answer", [b"", b"<html>", b"{}", b'{"data": {"result": [{"metric": {}}]}}'])
def test_another_answer_is_an_error(answer: bytes) -> None:
    with prometheus(answer, []) as url, pytest.raises(BackfillError, match="did not answer the query"):
        from_prometheus(url, "shop.order", 1, timedelta(days=3))


def test_a_server_that_is_not_there_is_an_error() -> None:
    with prometheus(b"", []) as url:
        pass
    with pytest.raises(BackfillError, match="did not answer"):
        from_prometheus(url, "shop.order", 1, timedelta(days=3))
    with pytest.raises(BackfillError, match="no address"):
        from_prometheus("file:///etc/passwd", "shop.order", 1, timedelta(days=3))
