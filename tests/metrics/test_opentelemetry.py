from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE, Metric
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

from tests.metrics.sources import SERIES, Source, filled, numbers
from versioned_serde.metrics.opentelemetry import observe
from versioned_serde.serializer.counters import Counted


class Receiver:
    """An OTLP receiver over HTTP that keeps what it gets."""

    def __init__(self) -> None:
        self.requests: list[ExportMetricsServiceRequest] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.path == "/v1/metrics"
                assert self.headers["Content-Type"] == "application/x-protobuf"
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.requests.append(ExportMetricsServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.end_headers()
                self.wfile.write(ExportMetricsServiceResponse().SerializeToString())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/v1/metrics"

    def last(self) -> dict[str, Metric]:
        """The metrics of the last request by name."""
        return {
            metric.name: metric
            for resource in self.requests[-1].resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def provider(receiver: Receiver) -> Iterator[MeterProvider]:
    exporter = OTLPMetricExporter(endpoint=receiver.address, timeout=10)
    # No export but the forced ones.
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
    provider = MeterProvider([reader], shutdown_on_exit=False)
    yield provider
    provider.shutdown()


def export(provider: MeterProvider, receiver: Receiver) -> dict[str, Metric]:
    assert provider.force_flush()
    return receiver.last()


def records(metrics: dict[str, Metric]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for point in metrics["versioned_serde.records"].sum.data_points:
        labels = {attribute.key: attribute.value.string_value for attribute in point.attributes}
        series = tuple(labels.pop(key) for key in ("schema", "version", "outcome"))
        assert not labels
        assert series not in found
        found[series] = point.as_int
    return found


def write_versions(metrics: dict[str, Metric]) -> dict[str, int]:
    points = metrics["versioned_serde.write_version"].gauge.data_points
    return {point.attributes[0].value.string_value: point.as_int for point in points}


def test_an_export_gives_every_number_and_changes_none(provider: MeterProvider, receiver: Receiver) -> None:
    source = filled()
    before = numbers(source)
    observe(provider.get_meter("test"), source)
    assert source.asked == 0
    first = export(provider, receiver)
    assert len(before) == SERIES
    assert records(first) == before
    assert numbers(source) == before
    total = first["versioned_serde.records"]
    assert total.sum.is_monotonic
    assert total.sum.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE
    assert total.unit == "{record}"
    assert write_versions(first) == {source.name: 2}
    source.counters.cell(2, "read").value += 5
    source.writes = 1
    second = export(provider, receiver)
    changed = (source.name, "2", "read")
    assert records(second) == {**before, changed: before[changed] + 5}
    assert write_versions(second) == {source.name: 1}


def test_several_sources_and_one_schema_in_two_of_them(provider: MeterProvider, receiver: Receiver) -> None:
    one, same, other = Source("a"), Source("a", (2, 3), writes=3), Source("b")
    one.counters.cell(2, "read").value = 3
    same.counters.cell(2, "read").value = 4
    other.counters.cell(2, "read").value = 5
    sources: tuple[Counted, ...] = (same, one, other)
    observe(provider.get_meter("test"), *sources)
    metrics = export(provider, receiver)
    found = records(metrics)
    assert (found["a", "2", "read"], found["b", "2", "read"]) == (7, 5)
    assert len(found) == SERIES + SERIES + 6
    assert write_versions(metrics) == {"a": 3, "b": 1}


def test_a_source_need_not_write(provider: MeterProvider, receiver: Receiver) -> None:
    observe(provider.get_meter("test"), Source("a").counters)
    metrics = export(provider, receiver)
    assert len(records(metrics)) == SERIES
    assert "versioned_serde.write_version" not in metrics


def test_the_number_of_series_does_not_grow_with_what_is_read(provider: MeterProvider, receiver: Receiver) -> None:
    source = Source("a", tuple(range(1, 11)))
    observe(provider.get_meter("test"), source)
    export(provider, receiver)
    for version in (*range(1, 11), "newer", "older", "none"):
        for _ in range(1_000):
            source.counters.cell(version, "refused").value += 1
    assert len(records(export(provider, receiver))) == 13 * 6
