"""The demo: `python -m examples.rolling_fleet`, or `make demo`."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console

from examples.rolling_fleet.audit import audit, records_in
from examples.rolling_fleet.cities import largest
from examples.rolling_fleet.display import Display, show_verdict
from examples.rolling_fleet.driver import Setting, drive
from examples.rolling_fleet.fleet import HostDiedError
from examples.rolling_fleet.journal import changes
from examples.rolling_fleet.places import KINDS, journals
from examples.rolling_fleet.schedules import SAFE, SHORTCUT, Schedule
from examples.rolling_fleet.verdict import Check, judge


def run(schedule: Schedule, setting: Setting, place: Path, console: Console) -> list[Check]:
    """Takes a fleet through a schedule in an empty directory, then checks what it left there."""
    with Display(schedule, console) as display:
        did = drive(schedule, setting, place, display.watch)
    told = list(changes(journals(place)))
    audits = {
        kind: audit(
            setting.cities, setting.new, [change for change in told if change.store == kind], records_in(place, kind)
        )
        for kind in setting.kinds
    }
    return judge(schedule, setting.hosts, did, audits)


@click.command()
@click.option("--store", type=click.Choice([*KINDS, "both"]), default="both", show_default=True, help="Where to store.")
@click.option(
    "--records", type=click.IntRange(10, 15_000), default=5_000, show_default=True, help="Cities at the start."
)
@click.option("--hosts", type=click.IntRange(2, 32), default=4, show_default=True, help="Processes of the fleet.")
@click.option("--seconds", type=click.FloatRange(0.1), default=2.0, show_default=True, help="Length of a stage.")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="A new directory for the stores and journals, to look at."
)
def main(store: str, records: int, hosts: int, seconds: float, keep: Path | None) -> None:
    """A fleet changes its stored format from XML to JSON and goes back, while it works. Then it takes the shortcut.

    Ends with 0 if everything went as theory says: nothing fails and nothing is lost on the safe way; on the shortcut
    exactly the old hosts fail, and nothing is lost either.
    """
    console = Console()
    cities = list(largest(2 * records).items())
    kinds = KINDS if store == "both" else (store,)
    setting = Setting(dict(cities[:records]), dict(cities[records:]), kinds, hosts, seconds)
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise click.BadParameter(f"{keep} is not empty.", param_hint="--keep")
    try:
        with ExitStack() as stack:
            place = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rolling-fleet-")))
            ok = True
            for schedule in (SAFE, SHORTCUT):
                checks = run(schedule, setting, place / schedule.title.replace(" ", "-").lower(), console)
                show_verdict(console, checks)
                console.print()
                ok = ok and all(check.ok for check in checks)
    except HostDiedError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        console.print("Stopped; all hosts have ended.")
        sys.exit(130)
    console.print("Everything went as theory says." if ok else "Something went otherwise than theory says.")
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
