"""The backfill, as a script that an operator starts: `python -m examples.retired_reader.rewrite`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from examples.rolling_fleet.places import KINDS, open_stores
from examples.rolling_fleet.releases.release_3 import cities
from versioned_serde.backfill import Pace, Settings, backfill


@click.command()
@click.option("--place", type=click.Path(path_type=Path), required=True)
@click.option("--store", "kind", type=click.Choice(KINDS), required=True)
@click.option("--rate", type=float, required=True, help="Records a second.")
def main(place: Path, kind: str, rate: float) -> None:
    with open_stores(place, [kind]) as stores:
        settings = Settings(workers=2, batch=50, lease=5.0, pace=Pace(rate=rate))
        progress = backfill(cities, stores[kind], to=2, settings=settings)
    sys.exit(0 if progress.complete and not progress.books.quarantined else 1)


if __name__ == "__main__":
    main()
