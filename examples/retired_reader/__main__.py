"""The demo: `python -m examples.retired_reader`, or `make demo-backfill`."""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console

from examples.retired_reader.killing import RunFailedError
from examples.retired_reader.story import Telling, run
from examples.rolling_fleet.cities import largest
from examples.rolling_fleet.display import show_verdict
from examples.rolling_fleet.driver import Setting
from examples.rolling_fleet.fleet import HostDiedError
from examples.rolling_fleet.places import KINDS


@click.command()
@click.option("--store", type=click.Choice([*KINDS, "both"]), default="both", show_default=True, help="Where to store.")
@click.option(
    "--records", type=click.IntRange(100, 15_000), default=5_000, show_default=True, help="Cities at the start."
)
@click.option("--hosts", type=click.IntRange(2, 32), default=4, show_default=True, help="Processes of the fleet.")
@click.option("--seconds", type=click.FloatRange(0.1), default=2.0, show_default=True, help="Length of a stage.")
@click.option("--rate", type=click.FloatRange(1), default=1_500.0, show_default=True, help="Rewritten a second.")
@click.option("--keep", type=click.Path(path_type=Path), help="A new directory for the stores, to look at.")
def main(store: str, records: int, hosts: int, seconds: float, rate: float, keep: Path | None) -> None:
    """Old records are rewritten while a fleet works on them; the run is killed twice; then the old reader goes.

    Ends with 0 if nothing was lost, the books balance, the reader was kept as long as it was needed, and no host failed
    after it was gone.
    """
    console, start = Console(), time.monotonic()
    if keep is not None and keep.exists():
        raise click.BadParameter(f"{keep} is there already.", param_hint="--keep")
    cities = list(largest(2 * records).items())
    kinds = KINDS if store == "both" else (store,)
    setting = Setting(dict(cities[:records]), dict(cities[records:]), kinds, hosts, seconds)

    def tell(text: str) -> None:
        console.print(f"  {time.monotonic() - start:5.1f} s  {text}", markup=False, highlight=False, soft_wrap=True)

    try:
        with ExitStack() as stack:
            place = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="retired-reader-"))) / "run"
            checks = run(Telling(setting, rate, place, tell))
    except (HostDiedError, RunFailedError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        console.print("Stopped; all hosts have ended.")
        sys.exit(130)
    console.print()
    show_verdict(console, checks)
    ok = all(check.ok for check in checks)
    console.print("Everything went as theory says." if ok else "Something went otherwise than theory says.")
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
