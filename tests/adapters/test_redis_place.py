from __future__ import annotations

import pytest
from redis.crc import key_slot

from versioned_serde.adapters.redis_place import has_tag


@pytest.mark.parametrize("prefix", ["{orders}:", "a{b}", "a{b}{", "{{}", "{a}{}"])
def test_a_prefix_with_a_hash_tag(prefix: str) -> None:
    assert has_tag(prefix)
    assert (
        len({key_slot(f"{start}{prefix}{key}".encode()) for start in ("", "x:") for key in ("", "a", "{b}", "}")}) == 1
    )


@pytest.mark.parametrize("prefix", ["orders:", "{}", "{orders", "orders}", "}{", "{}{orders}"])
def test_a_prefix_without_one(prefix: str) -> None:
    assert not has_tag(prefix)
    assert (
        len({key_slot(f"{start}{prefix}{key}".encode()) for start in ("", "x:") for key in ("", "a", "{b}", "}")}) > 1
    )
