"""What the operators do: which releases the fleet runs, stage after stage. Nothing else tells the two ways apart."""

from __future__ import annotations

from dataclasses import dataclass

_RELEASES = "examples.rolling_fleet.releases"
RELEASE_1 = f"{_RELEASES}.release_1"
RELEASE_2 = f"{_RELEASES}.release_2"
RELEASE_3 = f"{_RELEASES}.release_3"
RELEASE_4 = f"{_RELEASES}.release_4"


@dataclass(frozen=True)
class Stage:
    """Hosts are rolled, one by one, until each runs what the stage says.

    Attributes:
        title: what happens, in a few words.
        releases: the releases, as modules; with more than one, each gets an equal part of the fleet.
    """

    title: str
    releases: tuple[str, ...]

    def release(self, host: int, hosts: int) -> str:
        """The release of the host with this number, 0..hosts-1."""
        return self.releases[host * len(self.releases) // hosts]


@dataclass(frozen=True)
class Schedule:
    """The stages of one way to change the fleet, in order."""

    title: str
    stages: tuple[Stage, ...]


SAFE = Schedule(
    "The safe way",
    (
        Stage("all on release 1, XML", (RELEASE_1,)),
        Stage("prepare JSON", (RELEASE_2,)),
        Stage("roll that back", (RELEASE_1,)),
        Stage("prepare again", (RELEASE_2,)),
        Stage("activate JSON", (RELEASE_3,)),
        Stage("roll that back", (RELEASE_2,)),
        Stage("activate again", (RELEASE_3,)),
        Stage("add an attribute: half", (RELEASE_4, RELEASE_3)),
        Stage("add an attribute: all", (RELEASE_4,)),
        Stage("roll that back", (RELEASE_3,)),
    ),
)

SHORTCUT = Schedule(
    "The shortcut",
    (
        Stage("all on release 1, XML", (RELEASE_1,)),
        Stage("straight to JSON", (RELEASE_3,)),
        Stage("roll that back", (RELEASE_1,)),
    ),
)


def short_name(release: str) -> str:
    """`release_1` for the module of release 1."""
    return release.rpartition(".")[2]
