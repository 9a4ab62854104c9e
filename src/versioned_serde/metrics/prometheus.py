"""The counters as Prometheus metrics.

    prometheus_client.REGISTRY.register(SerdeCollector(registry))

`versioned_serde_records_total{schema, version, outcome}`: records since the process started.
`versioned_serde_write_version{schema}`: the version that the process writes now, of a
schema or a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from versioned_serde.serializer.counters import Counted, total, write_versions


class SerdeCollector(Collector):
    """Reads the cells when it is scraped; in between it costs nothing.

    The number of series is bounded by the declarations: per schema, (listed versions + 3) x 6 outcomes, and one gauge.
    Several processes behind one port need their own target each: the cells are the process's.
    """

    def __init__(self, *sources: Counted) -> None:
        """Args: the schemas and registries to export; a schema either alone or within its registry, not both."""
        self._sources = sources

    def describe(self) -> Iterable[Metric]:
        """The metrics without their samples, so that registering does not collect."""
        return _families()

    def collect(self) -> Iterable[Metric]:
        """The metrics with every cell's value now."""
        records, writes = _families()
        for count in total(self._sources):
            records.add_metric((count.schema, count.version, count.outcome), count.value)
        for schema, version in write_versions(self._sources).items():
            writes.add_metric((schema,), version)
        return records, writes


def _families() -> tuple[CounterMetricFamily, GaugeMetricFamily]:
    return (
        CounterMetricFamily(
            "versioned_serde_records",
            "Records read, written, refused or converted, by schema, version and outcome.",
            labels=("schema", "version", "outcome"),
        ),
        GaugeMetricFamily(
            "versioned_serde_write_version", "Version in which new records are written.", labels=("schema",)
        ),
    )
