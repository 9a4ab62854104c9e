"""Files and folders with Avro schemas: what is one, what is wrong with it, and where findings point."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.check.contracts.avro.proofs import judged
from versioned_serde.check.contracts.avro.contract import compare, recognizes
from versioned_serde.check.contracts.contract import ContractError

ORDER = {"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long"}]}
OLD = """\
{"type": "record", "name": "Order", "namespace": "shop", "fields": [
\t{"name": "total", "type": "long"},
\t{"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
\t\t{"name": "sku", "type": "string"}
\t]}}}
]}
"""


def write(folder: Path, **schemas: Any) -> Path:
    folder.mkdir()
    for name, schema in schemas.items():
        (folder / f"{name}.avsc").write_text(schema if isinstance(schema, str) else json.dumps(schema))
    return folder


def test_a_finding_points_at_the_field_in_the_new_file(tmp_path: Path) -> None:
    old = tmp_path / "old.avsc"
    new = tmp_path / "new.avsc"
    old.write_text(OLD)
    new.write_text(
        OLD.replace('"sku", "type": "string"}', '"sku", "type": "string"},\n\t\t{"name": "n", "type": "int"}')
    )
    (finding,) = compare(old, new, ()).findings
    assert finding.place is not None
    assert (finding.place.path, finding.place.line, finding.place.column) == (new.as_posix(), 5, 3)
    assert (finding.place.end_line, finding.place.end_column) == (5, 31)
    assert finding.schema == "shop.Order"
    assert finding.attribute == "lines[].n"
    assert finding.direction == "backward"
    assert finding.message == ("`lines[].n`: `Line.n` is not in the old schema, and has no default in the new schema.")
    assert finding.witness == '00020000 = {"total": 0, "lines": [{"sku": ""}]}'
    assert finding.help.startswith("Give the field a default")


def test_forward_a_finding_points_at_the_new_file_too(tmp_path: Path) -> None:
    judgment = judged(tmp_path, {"type": "array", "items": "int"}, {"type": "array", "items": "string"})
    assert {each.place.path for each in judgment.findings if each.place} == {(tmp_path / "new.avsc").as_posix()}
    assert [each.place.line for each in judgment.findings if each.place] == [3, 3]
    assert [each.attribute for each in judgment.findings] == ["[]", "[]"]


BROKEN = {
    "{": "is no JSON: Expecting property name enclosed in double quotes, line 1, column 2",
    '"Order"': "names the type `Order`, which is not defined before",
    "3": "is no Avro schema",
    "{}": "'type' is missing",
    '{"type": "record", "name": "R"}': "'fields' is missing",
    '{"type": "record", "name": "R", "fields": [{"name": "a"}]}': "is missing 'type'",
    '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "R2"}]}': "names the type `R2`",
    '{"type": "record", "name": "a-b", "fields": []}': "line 1, column 1: `a-b` is no name",
    '{"type": "enum", "name": "E", "symbols": ["a"], "default": "b"}': "line 1, column 1: the default `b` is no symbol",
    '{"type": "enum", "name": "E", "symbols": ["a", "a"]}': "is no Avro schema",
    '{"type": "fixed", "name": "F", "size": -1}': "the size of `F` is no number",
    '{"type": "fixed", "name": "F", "size": true}': "the size of `F` is no number",
    '["int", "int"]': "a union holds `int` twice",
    '[{"type": "array", "items": "int"}, {"type": "array", "items": "null"}]': "a union holds `array` twice",
    '["null", ["int"]]': "a union holds a union",
    '{"type": "array", "items": {"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 3}}': "precision",
    '{"type": "record", "name": "R", "fields": [\n {"name": "a", "type": "int"},\n {"name": "a", "type": "int"}]}': (
        "two fields of `R` have the same name"
    ),
    "[" * 100_000: "nested deeper",
}


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_schema(text: str, tmp_path: Path) -> None:
    broken, good = tmp_path / "broken.avsc", tmp_path / "good.avsc"
    broken.write_text(text)
    good.write_text('"int"')
    with pytest.raises(ContractError) as error:
        compare(good, broken, ())
    assert str(broken) in str(error.value)
    assert BROKEN[text] in str(error.value)


FITTING: list[tuple[Any, Any, bool]] = [
    ("null", None, True),
    ("null", 0, False),
    ("boolean", True, True),
    ("boolean", 1, False),
    ("int", 2**31 - 1, True),
    ("int", 2**31, False),
    ("int", True, False),
    ("int", 1.5, False),
    ("long", 2**63, False),
    ({"type": "double"}, 1, True),
    ("float", "NaN", True),
    ("float", "many", False),
    ("float", True, False),
    ("bytes", "\xff", True),
    ("bytes", "\u0100", False),
    ("string", "\u0100", True),
    ("string", 1, False),
    ({"type": "fixed", "name": "F", "size": 2}, "ab", True),
    ({"type": "fixed", "name": "F", "size": 2}, "a", False),
    ({"type": "enum", "name": "E", "symbols": ["a"]}, "a", True),
    ({"type": "enum", "name": "E", "symbols": ["a"]}, "b", False),
    ({"type": "array", "items": "int"}, [1], True),
    ({"type": "array", "items": "int"}, ["1"], False),
    ({"type": "map", "values": "int"}, {"a": 1}, True),
    ({"type": "map", "values": "int"}, {"a": "1"}, False),
    (["null", "int"], 1, True),
    (["null", "int"], "1", False),
    (ORDER, {"total": 1}, True),
    (ORDER, {}, False),
    (ORDER, {"total": "1"}, False),
]


@pytest.mark.parametrize("number", range(len(FITTING)))
def test_a_default_is_a_value_of_its_type(number: int, tmp_path: Path) -> None:
    type_, default, fits = FITTING[number]
    schema = {"type": "record", "name": "R", "fields": [{"name": "a", "type": type_, "default": default}]}
    if fits:
        assert judged(tmp_path, schema, schema).findings == ()
    else:
        with pytest.raises(ContractError, match=r"line 5, column 3: the default of `R.a` is no value of its type"):
            judged(tmp_path, schema, schema)


def test_a_default_of_a_record_needs_no_member_that_has_one(tmp_path: Path) -> None:
    inner = {"type": "record", "name": "I", "fields": [{"name": "b", "type": "int", "default": 1}]}
    schema = {"type": "record", "name": "R", "fields": [{"name": "a", "type": inner, "default": {}}]}
    assert judged(tmp_path, schema, schema).backward == "compatible"


def test_schemas_of_a_folder_name_each_other_and_are_found_by_their_names(tmp_path: Path) -> None:
    cart = {"type": "record", "name": "Cart", "fields": [{"name": "first", "type": "Order"}]}
    old = write(tmp_path / "old", a=cart, b=ORDER)
    more = {"name": "note", "type": "string"}
    new = write(tmp_path / "new", x={**ORDER, "fields": [*ORDER["fields"], more]}, y=cart)
    judgment = compare(old, new, ())
    assert [(each.schema, each.attribute) for each in judgment.findings] == [("Cart", "first.note"), ("Order", "note")]
    assert judgment.backward == "incompatible"
    assert judgment.forward == "compatible"


def test_schemas_of_a_folder_may_name_each_other_in_a_circle(tmp_path: Path) -> None:
    one = {"type": "record", "name": "One", "fields": [{"name": "two", "type": ["null", "Two"]}]}
    two = {"type": "record", "name": "Two", "fields": [{"name": "one", "type": ["null", "One"]}]}
    folder = write(tmp_path / "old", a=one, b=two)
    assert compare(folder, folder, ()).findings == ()


def test_a_schema_that_is_gone_breaks_backward_alone(tmp_path: Path) -> None:
    old = write(tmp_path / "old", a=ORDER, b={**ORDER, "name": "Cart"})
    new = write(tmp_path / "new", a=ORDER)
    judgment = compare(old, new, ())
    assert (judgment.backward, judgment.forward) == ("incompatible", "compatible")
    (finding,) = judgment.findings
    assert finding.rule == "avro-schema-removed"
    assert finding.place is not None
    assert finding.place.path == (old / "b.avsc").as_posix()


def test_a_schema_that_was_renamed_is_found_by_its_alias(tmp_path: Path) -> None:
    old = write(tmp_path / "old", a=ORDER, b={**ORDER, "name": "Cart"})
    new = write(tmp_path / "new", a=ORDER, b={**ORDER, "name": "Basket", "aliases": ["Cart"]})
    judgment = compare(old, new, ())
    assert [(each.rule, each.direction) for each in judgment.findings] == [("avro-name-changed", "forward")]


def test_schemas_without_names_are_found_by_their_files(tmp_path: Path) -> None:
    old = write(tmp_path / "old", a='"int"', b='"string"')
    new = write(tmp_path / "new", a='"long"', b='"string"')
    judgment = compare(old, new, ())
    assert (judgment.backward, judgment.forward) == ("compatible", "incompatible")


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"no `\.avsc` file"):
        compare(tmp_path, tmp_path, ())


def test_there_are_no_rules_to_select(tmp_path: Path) -> None:
    folder = write(tmp_path / "old", a=ORDER)
    with pytest.raises(ContractError, match="nothing for --rules"):
        compare(folder, folder, ["buf:WIRE"])


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("a.avsc", "not even JSON", True),
        ("a.json", json.dumps(ORDER), True),
        ("a.json", json.dumps(["null", ORDER]), True),
        ("a.json", '{"type": "fixed", "name": "F", "size": 2}', True),
        ("a.json", '{"type": "object", "properties": {}}', False),
        ("a.json", '{"type": "array", "items": {"type": "string"}}', False),
        ("a.json", '{"enum": ["a"]}', False),
        ("a.json", "{", False),
        ("a.json", "[" * 100_000, False),
        ("a.proto", json.dumps(ORDER), False),
    ],
)
def test_what_is_recognized(name: str, text: str, is_one: bool, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert recognizes(tmp_path / name) is is_one
    assert recognizes(tmp_path) is (name == "a.avsc")


def test_a_file_that_is_not_there_is_not_recognized(tmp_path: Path) -> None:
    assert not recognizes(tmp_path / "gone.json")
