"""The counters as OpenTelemetry instruments.

    observe(opentelemetry.metrics.get_meter("my-service"), registry)

`versioned_serde.records` with the attributes `schema`, `version`, `outcome`: records since the process started.
`versioned_serde.write_version` with the attribute `schema`: the version that the process writes now, of a
schema or a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from versioned_serde.serializer.counters import Counted, total, write_versions


def observe(meter: Meter, *sources: Counted) -> None:
    """Registers observable instruments. They read the cells when a reader collects; in between they cost nothing.

    The number of series is bounded by the declarations: per schema, (listed versions + 3) x 6 outcomes, and one gauge.

    Args:
        meter: call this once for each; instruments cannot be registered twice, nor be removed.
        sources: schemas and registries to export; a schema either alone or within its registry, not both.
    """

    def records(_: CallbackOptions) -> Iterable[Observation]:
        for count in total(sources):
            yield Observation(count.value, {"schema": count.schema, "version": count.version, "outcome": count.outcome})

    def writes(_: CallbackOptions) -> Iterable[Observation]:
        for schema, version in write_versions(sources).items():
            yield Observation(version, {"schema": schema})

    meter.create_observable_counter(
        "versioned_serde.records",
        [records],
        unit="{record}",
        description="Records read, written, refused or converted, by schema, version and outcome.",
    )
    meter.create_observable_gauge(
        "versioned_serde.write_version", [writes], description="Version in which new records are written."
    )
