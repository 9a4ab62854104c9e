"""Rewriting what is stored, while it is in use; and the proof that an old reader may go.

from versioned_serde.backfill import backfill

backfill(orders, store, to=2)
"""

from __future__ import annotations

from versioned_serde.backfill.run import backfill as backfill
from versioned_serde.backfill.run import census as census
