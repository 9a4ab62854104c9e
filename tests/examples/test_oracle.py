from __future__ import annotations

from examples.rolling_fleet.oracle import newer, unreadable
from examples.rolling_fleet.schedules import (
    RELEASE_1,
    RELEASE_2,
    RELEASE_3,
    RELEASE_4,
    SAFE,
    SHORTCUT,
    Schedule,
    Stage,
)


def schedule(*releases: str) -> Schedule:
    return Schedule("Of a test", tuple(Stage(release, (release,)) for release in releases))


def test_the_safe_way_has_nothing_to_fail() -> None:
    assert unreadable(SAFE, 4) == set()
    assert newer(SAFE, 4) == {("release_3", 3)}


def test_the_shortcut_fails_where_old_hosts_meet_the_new_version() -> None:
    assert unreadable(SHORTCUT, 4) == {("release_1", 2)}
    assert newer(SHORTCUT, 4) == set()


def test_the_first_host_of_the_shortcut_is_enough_to_break_the_others() -> None:
    assert unreadable(schedule(RELEASE_1, RELEASE_3), 4) == {("release_1", 2)}
    # With one host there is no moment in which two releases run.
    assert unreadable(schedule(RELEASE_1, RELEASE_3), 1) == set()


def test_each_phase_can_be_rolled_back_but_not_both() -> None:
    assert unreadable(schedule(RELEASE_1, RELEASE_2, RELEASE_1), 4) == set()
    assert unreadable(schedule(RELEASE_2, RELEASE_3, RELEASE_2), 4) == set()
    assert unreadable(schedule(RELEASE_1, RELEASE_2, RELEASE_3, RELEASE_2, RELEASE_1), 4) == {("release_1", 2)}


def test_an_added_attribute_needs_no_preparation_in_hosts_that_read_json() -> None:
    assert unreadable(schedule(RELEASE_3, RELEASE_4, RELEASE_3), 4) == set()
    assert newer(schedule(RELEASE_2, RELEASE_4), 4) == {("release_2", 3)}
    assert unreadable(schedule(RELEASE_1, RELEASE_4), 4) == {("release_1", 3)}
