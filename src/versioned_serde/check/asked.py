"""Which releases a run is asked to look at."""

from __future__ import annotations

from dataclasses import dataclass

from versioned_serde.check.git import commits
from versioned_serde.check.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of releases: git refs, folders or files.

    Attributes:
        against: those that run while this one is deployed; or, beside `live`, those that somebody may go back to.
        live: those that run.
        supported: those that somebody may go back to.
    """

    against: tuple[str, ...] = ()
    live: tuple[str, ...] = ()
    supported: tuple[str, ...] = ()

    def releases(self, settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Those beside, and the others, with what the settings say.

        If nobody says any, this one is held against the main branch of its origin, or else its last commit.
        """
        against = self.against or settings.against
        if not against and not self.live:
            known = commits(settings.root, ("origin/HEAD", "HEAD"))
            against = next(((ref,) for ref, commit in known.items() if commit), ())
        beside, further = (self.live, (*against, *self.supported)) if self.live else (against, self.supported)
        return beside, tuple(dict.fromkeys((*further, *settings.supported)))
