"""Rewriting what is stored, while it is in use: `backfill(orders, store, to=2)`. And the proof that a reader may go."""

from __future__ import annotations

from versioned_serde.backfill.run import Settings as Settings
from versioned_serde.backfill.run import backfill as backfill
from versioned_serde.backfill.run import census as census
from versioned_serde.backfill.run import quarantined as quarantined
from versioned_serde.backfill.throttle import Pace as Pace
