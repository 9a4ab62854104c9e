from __future__ import annotations

import gc

import pytest

from versioned_serde.check.collector import without_collector


def test_it_is_put_off_and_comes_back_whatever_happens() -> None:
    seen: list[bool] = []

    @without_collector()
    def failing() -> None:
        seen.append(gc.isenabled())
        raise KeyError

    assert gc.isenabled()
    with pytest.raises(KeyError):
        failing()
    assert (seen, gc.isenabled()) == ([False], True)


def test_who_has_put_it_off_keeps_it_so() -> None:
    gc.disable()
    try:
        with without_collector():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
