"""What the live hosts' metrics say of the reader of a version: from a Prometheus server, or from files of scrapes.

A host that reports nothing is not a host that reads nothing, so only hosts that report the counter count as evidence.
The counter exists from a process's start, with zero.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from versioned_serde.backfill.retirement import Reads
from versioned_serde.errors import BackfillError, MissingExtraError

_METRIC = "versioned_serde_records_total"
_SECONDS = 30.0


def from_prometheus(url: str, schema: str, version: int, span: timedelta) -> Reads:
    """Asks a Prometheus server by how much the counter grew on each instance.

    An instance whose series is younger than the span counts with all that it has read, so nothing is missed between its
    start and its first scrape.

    Args:
        url: of the server, such as `http://prometheus:9090`.
        schema: the schema's name.
        version: the version.
        span: how far back.

    Raises:
        BackfillError: the server does not answer, or with something else.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise BackfillError(f"`{url}` is no address of a Prometheus server.", hint="Give http:// or https://.")
    since = datetime.now(UTC) - span
    seconds = max(1, round(span.total_seconds()))
    series = f'{_METRIC}{{schema="{schema}",version="{version}",outcome="read"}}'
    grown = f"(increase({series}[{seconds}s]) and ({series} offset {seconds}s)) or max_over_time({series}[{seconds}s])"
    asked = f"{url.rstrip('/')}/api/v1/query?{urlencode({'query': f'sum by (instance) ({grown})'})}"
    try:
        with urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 - the scheme was looked at
            content = json.load(answer)
        result = content["data"]["result"]
        hosts = {str(each["metric"].get("instance", "?")): float(each["value"][1]) for each in result}
    except (URLError, OSError, ValueError, KeyError, TypeError) as error:
        raise BackfillError(
            f"The Prometheus server at `{url}` did not answer the query: {error}.", hint="Is the address right?"
        ) from error
    return Reads(since, hosts)


def from_scrapes(before: Path, after: Path, schema: str, version: int) -> Reads:
    """Compares what hosts exposed at two times: a folder of files each, one file for each host.

    A host that was started in between counts with all that it has read. One of which there is no later file, or none
    with the counter, does not report.

    Args:
        before: the earlier files; the time of the youngest is the beginning.
        after: the later ones, under the same names.
        schema: the schema's name.
        version: the version.

    Raises:
        BackfillError: a folder holds no files, or a file is not in the text format of Prometheus.
        MissingExtraError: prometheus_client is not installed.
    """
    earlier, later = _files(before), _files(after)
    hosts: dict[str, float | None] = {}
    for name in sorted(earlier.keys() | later.keys()):
        then = (_read(earlier[name], schema, version) if name in earlier else None) or 0.0
        now = _read(later[name], schema, version) if name in later else None
        # A counter that fell began anew.
        hosts[name] = None if now is None else now - then if now >= then else now
    since = max(datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in earlier.values())
    return Reads(since, hosts)


def _files(folder: Path) -> dict[str, Path]:
    try:
        found = {file.name: file for file in sorted(folder.iterdir()) if file.is_file()}
    except OSError as error:
        raise BackfillError(f"`{folder}` cannot be read: {error.strerror}.", hint="Give a folder of scrapes.") from None
    if not found:
        raise BackfillError(f"`{folder}` holds no files.", hint="Save what each host exposes in a file of its own.")
    return found


def _read(file: Path, schema: str, version: int) -> float | None:
    """The counter in a file, or None if it is not there."""
    values = [
        sample.value
        for sample in _samples(file)
        if sample.name == _METRIC
        and (sample.labels.get("schema"), sample.labels.get("version")) == (schema, str(version))
        and sample.labels.get("outcome") == "read"
    ]
    return sum(values) if values else None


def _samples(file: Path) -> Iterator[Any]:
    try:
        from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415 - an extra of its own
    except ImportError as error:  # pragma: no cover - tested in an environment without it
        raise MissingExtraError(
            "prometheus_client, which reads scrapes, is not installed.",
            hint="pip install 'versioned-serde[prometheus]'",
        ) from error
    try:
        for family in text_string_to_metric_families(file.read_text(encoding="utf-8")):
            yield from family.samples
    except (ValueError, OSError) as error:
        raise BackfillError(
            f"`{file}` is not what a host exposes to Prometheus.", hint="Save the answer of `/metrics` as it is."
        ) from error
