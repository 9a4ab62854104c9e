"""A plain value under two phases."""

from __future__ import annotations

from versioned_serde import Parameter


def test_the_written_value_is_emitted_and_every_listed_one_is_tolerated() -> None:
    prepared = Parameter("shop.heartbeat", {1: 5.0, 2: 10.0}, kind="at_most", writes=1)
    assert prepared.value == 5.0
    assert prepared.tolerance == 10.0
    assert prepared.tolerates(10.0)
    assert not prepared.tolerates(10.1)
    assert prepared.versions == (1, 2)


def test_before_it_is_prepared_the_new_value_is_not_tolerated() -> None:
    before = Parameter("shop.heartbeat", {1: 5.0}, kind="at_most", writes=1)
    after = Parameter("shop.heartbeat", {1: 5.0, 2: 10.0}, kind="at_most", writes=2)
    assert not before.tolerates(after.value)


def test_at_least_tolerates_down_to_the_smallest() -> None:
    rate = Parameter("shop.rate", {1: 100, 2: 50}, kind="at_least", writes=1)
    assert rate.tolerance == 50
    assert rate.tolerates(50)
    assert not rate.tolerates(49)


def test_one_of_tolerates_the_listed_values() -> None:
    mode = Parameter("shop.mode", {1: "plain", 2: "tls"}, kind="one_of", writes=1)
    assert mode.tolerance == frozenset({"plain", "tls"})
    assert mode.tolerates("tls")
    assert not mode.tolerates("quic")


def test_a_tolerance_can_be_derived() -> None:
    timeout = Parameter("shop.heartbeat", {1: 5.0, 2: 10.0}, kind="at_most", writes=1, accept=lambda value: 3 * value)
    assert timeout.value == 5.0
    assert timeout.tolerance == 30.0
    assert timeout.tolerates(29)


def test_a_retired_version_is_not_tolerated_any_more() -> None:
    retired = Parameter("shop.mode", {2: "tls"}, kind="one_of", writes=2)
    assert not retired.tolerates("plain")
