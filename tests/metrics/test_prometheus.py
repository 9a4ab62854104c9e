from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from tests.metrics.sources import SERIES, Source, filled, numbers
from versioned_serde.metrics.prometheus import SerdeCollector
from versioned_serde.serializer.counters import Counters

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


@contextmanager
def served(*sources: Source | Counters) -> Iterator[str]:
    """The address of a real exporter."""
    registry = CollectorRegistry()
    registry.register(SerdeCollector(*sources))
    server, thread = start_http_server(0, addr="127.0.0.1", registry=registry)
    yield f"http://127.0.0.1:{server.server_address[1]}/metrics"
    server.shutdown()
    server.server_close()
    thread.join()


def scrape(address: str, accept: str = "text/plain") -> dict[str, Metric]:
    request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        text = response.read().decode()
    parse = parse_openmetrics if "openmetrics" in response.headers["Content-Type"] else parse_text
    return {family.name: family for family in parse(text)}


def records(families: dict[str, Metric]) -> dict[tuple[str, str, str], float]:
    found = {}
    for sample in families["versioned_serde_records"].samples:
        assert sample.name == "versioned_serde_records_total"
        assert set(sample.labels) == {"schema", "version", "outcome"}
        series = sample.labels["schema"], sample.labels["version"], sample.labels["outcome"]
        assert series not in found
        found[series] = sample.value
    return found


def write_versions(families: dict[str, Metric]) -> dict[str, float]:
    return {sample.labels["schema"]: sample.value for sample in families["versioned_serde_write_version"].samples}


@pytest.mark.parametrize("accept", ["text/plain", OPENMETRICS])
def test_a_scrape_gives_every_number_and_changes_none(accept: str) -> None:
    source = filled()
    before = numbers(source)
    assert len(set(before.values())) == SERIES
    with served(source) as address:
        first = scrape(address, accept)
        assert records(first) == before
        assert (first["versioned_serde_records"].type, first["versioned_serde_write_version"].type) == (
            "counter",
            "gauge",
        )
        assert write_versions(first) == {source.name: 2}
        assert numbers(source) == before
        source.counters.cell(2, "read").value += 5
        source.writes = 1
        second = scrape(address, accept)
        changed = (source.name, "2", "read")
        assert records(second) == {**before, changed: before[changed] + 5}
        assert write_versions(second) == {source.name: 1}


def test_registering_does_not_collect() -> None:
    source = filled()
    registry = CollectorRegistry()
    registry.register(SerdeCollector(source))
    assert source.asked == 0
    with pytest.raises(ValueError, match="Duplicated"):
        registry.register(SerdeCollector(source))


def test_several_sources_and_one_schema_in_two_of_them() -> None:
    one, same, other = Source("a"), Source("a", (2, 3), writes=3), Source("b")
    one.counters.cell(2, "read").value = 3
    same.counters.cell(2, "read").value = 4
    other.counters.cell(2, "read").value = 5
    with served(same, one, other) as address:
        families = scrape(address)
    found = records(families)
    assert (found["a", "2", "read"], found["b", "2", "read"]) == (7, 5)
    assert len(found) == SERIES + SERIES + 6
    assert write_versions(families) == {"a": 3, "b": 1}


def test_a_source_need_not_write() -> None:
    with served(Counters("a", (1,))) as address:
        families = scrape(address)
    assert len(records(families)) == 24
    assert write_versions(families) == {}


def test_the_number_of_series_does_not_grow_with_what_is_read() -> None:
    source = Source("a", tuple(range(1, 11)))
    for version in (*range(1, 11), "newer", "older", "none"):
        for _ in range(1_000):
            source.counters.cell(version, "refused").value += 1
    for stranger in (11, 2**31 - 1, 0, "gift"):
        with pytest.raises(KeyError):
            source.counters.cell(stranger, "read")
    with served(source) as address:
        assert len(records(scrape(address))) == 13 * 6
