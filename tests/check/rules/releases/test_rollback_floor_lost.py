"""The rule `rollback-floor-lost`."""

from __future__ import annotations

from tests.check.releases import found, heartbeat, orders, prepared, release


def test_fails_where_an_older_release_cannot_read_what_is_written_now() -> None:
    now, beside, old = (
        release(name, orders(*said)) for name, said in (("v3", (1, 3, 3)), ("v2", (1, 3, 1)), ("v1", (1, 1, 1)))
    )
    (one,) = found("rollback-floor-lost", now, beside, supported=[old])
    assert (one.version, one.direction) == (3, "forward")
    assert one.message == "v1 cannot read version 3, which v3 writes; it could be gone back to so far."


def test_fails_where_this_release_cannot_read_what_an_older_one_would_write() -> None:
    now, beside, old = (
        release(name, orders(*said)) for name, said in (("v3", (3, 3, 3)), ("v2", (1, 3, 1)), ("v1", (1, 3, 1)))
    )
    (one,) = found("rollback-floor-lost", now, beside, supported=[old])
    assert (one.version, one.direction) == (1, "backward")


def test_fails_where_two_values_of_a_parameter_do_not_go_together() -> None:
    now = release("v3", heartbeat({2: 10.0}, 2))
    beside, old = release("v2", heartbeat({1: 5.0, 2: 10.0}, 1)), release("v1", heartbeat({1: 5.0}, 1))
    (one,) = found("rollback-floor-lost", now, beside, supported=[old])
    assert one.schema == "shop.heartbeat"


def test_fails_where_both_keep_something_of_one_name_in_older_records() -> None:
    now, beside, old = (release(name, prepared(type_)) for name, type_ in (("v3", int), ("v2", None), ("v1", str)))
    (one,) = found("rollback-floor-lost", now, beside, supported=[old])
    assert one.message == (
        "v1 and v3 keep something in records of older versions that the other misreads; it could be gone back to so"
        " far."
    )
    assert found("rollback-floor-lost", now, beside, supported=[release("v1", prepared(int))]) == []
    assert found("rollback-floor-lost", now, release("v2", prepared(int)), supported=[old]) == []


def test_passes_where_it_was_lost_before() -> None:
    now, beside, old = (
        release(name, orders(*said)) for name, said in (("v4", (1, 4, 4)), ("v3", (1, 3, 3)), ("v1", (1, 1, 1)))
    )
    assert found("rollback-floor-lost", now, beside, supported=[old]) == []
    heart = [release("v3", heartbeat({2: 10.0}, 2)), release("v2", heartbeat({2: 10.0}, 2))]
    assert found("rollback-floor-lost", *heart, supported=[release("v1", heartbeat({1: 5.0}, 1))]) == []


def test_passes_where_the_older_release_reads_it() -> None:
    now, beside, old = (
        release(name, orders(*said)) for name, said in (("v3", (1, 3, 3)), ("v2", (1, 3, 1)), ("v1", (1, 3, 1)))
    )
    assert found("rollback-floor-lost", now, beside, supported=[old]) == []
