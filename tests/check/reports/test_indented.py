from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.check.reports.indented import indented

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(_VALUES)
def test_it_is_what_the_library_writes(value: Any) -> None:
    assert indented(value) == json.dumps(value, indent=2)


@given(st.lists(_VALUES, max_size=4))
def test_an_iterator_is_a_list(values: list[Any]) -> None:
    assert indented({"all": iter(values)}) == json.dumps({"all": values}, indent=2)
