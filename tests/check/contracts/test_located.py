from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.contracts.located import Located

YAML: list[tuple[str, Any]] = [
    ("a: 1", {"a": 1}),
    ("200: x", {"200": "x"}),
    ("no: yes", {"no": "yes"}),
    ("a: 2031-01-31", {"a": "2031-01-31"}),
    ("a: 1:30", {"a": "1:30"}),
    ("a: [true, FALSE, null, ~, '', ]", {"a": [True, False, None, None, ""]}),
    ("a:", {"a": None}),
    ("[010, 0o10, 0x10, -5, +5]", [10, 8, 16, -5, 5]),
    ("[1.5, 1e3, -.5, .inf]", [1.5, 1000.0, -0.5, float("inf")]),
    ("a: '1'", {"a": "1"}),
    ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
    ("a: &x {b: 1, d: 2}\nc:\n  <<: *x\n  d: 3", {"a": {"b": 1, "d": 2}, "c": {"b": 1, "d": 3}}),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), YAML, ids=range(len(YAML)))
def test_yaml_is_read_as_its_version_1_2(text: str, value: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    assert Located(path).value == value


def test_many_aliases_are_no_large_value(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30))]
    path.write_text("\n".join(lines))
    value = Located(path).value
    assert value["a29"][0] is value["a28"]


JSON = '{"a": [1,\n\t{"b":true}], "c": "\\ud83d\\ude00\\/"}'


def test_places_in_json(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(JSON)
    found = Located(path)
    assert found.value == json.loads(JSON)
    places = {pointer: found.place(pointer) for pointer in [(), ("a",), ("a", 0), ("a", 1, "b"), ("a", 1, "x"), ("c",)]}
    assert {pointer: (place.line, place.column, place.end_column) for pointer, place in places.items()} == {
        (): (1, 1, None),
        ("a",): (1, 2, 5),
        ("a", 0): (1, 8, 9),
        ("a", 1, "b"): (2, 3, 6),
        ("a", 1, "x"): (2, 2, 12),
        ("c",): (2, 15, 18),
    }
    assert {place.path for place in places.values()} == {path.as_posix()}


def test_the_last_of_equal_names_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": 1,\n"a": 2}')
    found = Located(path)
    assert found.value == {"a": 2}
    assert found.place(("a",)).line == 2


def test_json_that_yaml_cannot_say_has_no_places(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"k" * 2000: 1}))
    found = Located(path)
    assert found.value == {"k" * 2000: 1}
    assert found.place().line is None


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[1]", encoding="utf-8-sig")
    assert Located(path).value == [1]


@pytest.mark.parametrize("text", ["1" * 5000, "a: " + "1" * 5000])
def test_a_number_of_too_many_digits(text: str, tmp_path: Path) -> None:
    path = tmp_path / ("a.yaml" if text.startswith("a") else "a.json")
    path.write_text(text)
    with pytest.raises(ContractError, match="cannot be read"):
        Located(path)


def test_places_in_json_with_tabs_and_by_the_texts_of_a_pointer(tmp_path: Path) -> None:
    file = tmp_path / "tabs.json"
    file.write_text('{\n\t"a":\t[\n\t\t{},\n\t\t{"b":\t1}\n\t]\n}\n')
    place = Located(file).place(["a", "1", "b"])
    assert (place.line, place.column) == (4, 4)
    assert place == Located(file).place(["a", 1, "b"])
