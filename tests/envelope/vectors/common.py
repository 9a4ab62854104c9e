"""What all vectors share: one schema, one payload, the bounds of an integer."""

from __future__ import annotations

import hashlib
from typing import Any

SCHEMA = "shop.order"
ID = hashlib.sha256(SCHEMA.encode()).digest()[:4]
PAYLOAD = b'{"id":7}'
MAX = 2**31 - 1

Vector = dict[str, Any]
