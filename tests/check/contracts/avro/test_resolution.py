"""Directed judgments over schema resolution, each with both directions. Witnesses are put to fastavro."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.check.contracts.avro.proofs import FAILURES, fails, judged, payload, read

OK, NO, ASK = "compatible", "incompatible", "undecided"


def record(*fields: Any, name: str = "R", **more: Any) -> dict[str, Any]:
    """A record; a field is a name with its type, and perhaps with more."""
    made = [{"name": each[0], "type": each[1], **(each[2] if len(each) > 2 else {})} for each in fields]
    return {"type": "record", "name": name, "fields": made, **more}


def enum(*symbols: str, name: str = "E", **more: Any) -> dict[str, Any]:
    return {"type": "enum", "name": name, "symbols": list(symbols), **more}


def fixed(size: int, name: str = "F", **more: Any) -> dict[str, Any]:
    return {"type": "fixed", "name": name, "size": size, **more}


def array(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def mapping(values: Any) -> dict[str, Any]:
    return {"type": "map", "values": values}


def logical(base: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": base, "logicalType": name, **more}


def decimal(precision: int, scale: int) -> dict[str, Any]:
    return logical("bytes", "decimal", precision=precision, scale=scale)


def node(*more: Any, value: Any = "int", name: str = "Node") -> dict[str, Any]:
    return record(("value", value), ("next", ["null", name]), *more, name=name)


INT = record(("a", "int"))
DEFAULT = {"default": 0}
BOTH = record(("a", "int"), ("b", "int"))
PRIMITIVE = [
    ("int", "int", OK, OK),
    ("int", "long", OK, NO),
    ("int", "float", OK, NO),
    ("int", "double", OK, NO),
    ("long", "float", OK, NO),
    ("long", "double", OK, NO),
    ("float", "double", OK, NO),
    ("string", "bytes", OK, OK),
    ("int", "string", NO, NO),
    ("int", "boolean", NO, NO),
    ("null", "int", NO, NO),
    ("null", "null", OK, OK),
    ("boolean", "string", NO, NO),
    ("double", "bytes", NO, NO),
    ("string", "null", NO, NO),
    ("bytes", fixed(4), NO, NO),
    ("string", enum("a"), NO, NO),
    ("int", array("int"), NO, NO),
    (array("int"), mapping("int"), NO, NO),
    (INT, mapping("int"), NO, NO),
    ({"type": "int"}, "int", OK, OK),
]
RECORDS = [
    (INT, INT, OK, OK),
    (BOTH, record(("b", "int"), ("a", "int")), OK, OK),
    (INT, BOTH, NO, OK),
    (INT, record(("a", "int"), ("b", "int", DEFAULT)), OK, OK),
    (INT, record(("a", "int"), ("b", ["null", "int"], {"default": None})), OK, OK),
    (INT, record(("a", "int"), ("b", ["null", "int"])), NO, OK),
    (INT, record(("a", "int"), ("b", ["null", "int"], DEFAULT)), OK, OK),
    (record(), INT, NO, OK),
    (INT, record(("b", "int", {"aliases": ["a"]})), OK, NO),
    (INT, record(("b", "int", {"aliases": ["x", "a"]})), OK, NO),
    (INT, record(("b", "int", {"aliases": ["x"]})), NO, NO),
    (INT, record(("b", "long", {"aliases": ["a"], "default": 1})), OK, NO),
    (record(("a", "int", DEFAULT)), record(("b", "int", {"aliases": ["a"]})), OK, OK),
    (INT, record(("b", "string", {"aliases": ["a"], "default": ""})), NO, NO),
    (BOTH, record(("c", "int", {"aliases": ["a", "b"]})), ASK, NO),
    (record(("a", "int", DEFAULT)), record(("a", "int"), ("b", "int", {"aliases": ["a"], **DEFAULT})), ASK, OK),
    (INT, record(("a", "long")), OK, NO),
    (INT, record(("a", "string")), NO, NO),
    (INT, record(("a", "int"), name="S"), NO, NO),
    (INT, record(("a", "int"), name="S", aliases=["R"]), OK, NO),
    (INT, record(("a", "int"), name="x.R"), OK, OK),
    (INT, record(("a", "int"), namespace="x.y"), OK, OK),
    (record(("a", "int"), name="x.R"), record(("a", "int"), name="x.S", aliases=["R"]), OK, NO),
    (record(("a", "int"), name="x.R"), record(("a", "int"), name="y.S", aliases=["x.R"]), OK, NO),
    (INT, {**INT, "type": "error"}, OK, OK),
    (INT, {**INT, "doc": "words"}, OK, OK),
    (record(("in", INT), name="O"), record(("in", BOTH), name="O"), NO, OK),
    (record(("in", INT), name="O"), record(("in", record(("a", "int"), name="S")), name="O"), NO, NO),
    (record(("in", INT), name="O"), record(("in", INT), ("too", "R", {"default": {"a": 1}}), name="O"), OK, OK),
]
ENUMS = [
    (enum("a"), enum("a"), OK, OK),
    (enum("a", "b"), enum("b", "a"), OK, OK),
    (enum("a"), enum("a", "b"), OK, NO),
    (enum("a", "b", default="a"), enum("a", "b", "c"), OK, OK),
    (enum("a", "b"), enum("a", default="a"), OK, OK),
    (enum("a", "b"), enum("a"), NO, OK),
    (enum("a"), enum("a", name="G"), NO, NO),
    (enum("a"), enum("a", name="G", aliases=["E"]), OK, NO),
    (enum("a"), enum("a", name="x.E"), OK, OK),
    (enum("a", "b", "c"), enum("d", default="d"), OK, NO),
    (record(("a", enum("x", "y"))), record(("a", enum("x"), {"default": "x"})), NO, OK),
    (enum("a"), record(name="E"), NO, NO),
]
FIXED = [
    (fixed(4), fixed(4), OK, OK),
    (fixed(4), fixed(8), NO, NO),
    (fixed(4), fixed(4, name="G"), NO, NO),
    (fixed(4), fixed(4, name="G", aliases=["F"]), OK, NO),
    (fixed(4), fixed(4, name="x.F"), OK, OK),
    (["null", fixed(4)], ["null", fixed(8)], NO, NO),
    (fixed(8), [fixed(4, "x.F"), fixed(8, "y.F")], OK, NO),
]
UNIONS = [
    (["null", "int"], ["int", "null"], OK, OK),
    ("int", ["null", "int"], OK, NO),
    ("int", ["null", "long"], OK, NO),
    ("int", ["null", "string"], NO, NO),
    (["int"], "int", OK, OK),
    (["int"], "long", OK, NO),
    (["int", "long"], "long", OK, OK),
    (["int", "long"], "double", OK, NO),
    (["int", "string"], "string", NO, OK),
    (["int", "string"], ["string", "boolean"], NO, NO),
    (["int", "string"], ["bytes", "double"], OK, NO),
    (["null", INT], ["null", BOTH], NO, OK),
    (["null", INT], ["null", record(("a", "int"), name="S")], NO, NO),
    (["null", INT], ["null", record(("a", "int"), name="S", aliases=["R"])], OK, NO),
    (["null", array("int")], ["null", array("long")], OK, NO),
    (["null", array("int")], ["null", array("string")], NO, NO),
    ([array("int"), mapping("int")], [mapping("int"), array("int")], OK, OK),
    (["null", enum("a", "b")], ["null", enum("a")], NO, OK),
    # The first branch that matches counts, though a later one could be resolved.
    (record(("a", "int"), name="x.R"), [record(("b", "int"), name="y.R"), record(("a", "int"), name="x.R")], NO, NO),
    (record(("a", "int"), name="x.R"), [record(("a", "int"), name="x.R"), record(("b", "int"), name="y.R")], OK, NO),
]
NESTED = [
    (array("int"), array("long"), OK, NO),
    (array("int"), array("string"), NO, NO),
    (mapping("int"), mapping("double"), OK, NO),
    (mapping("int"), mapping("string"), NO, NO),
    (array(INT), array(BOTH), NO, OK),
    (mapping(array(enum("a", "b"))), mapping(array(enum("a"))), NO, OK),
    (array(["null", "int"]), array("int"), NO, OK),
    (node(), node(), OK, OK),
    (node(), node(("more", "int", DEFAULT)), OK, OK),
    (node(), node(("more", "int")), NO, OK),
    (node(), node(value="long"), OK, NO),
    (node(), node(value="string"), NO, NO),
    (node(), node(name="x.Node"), OK, OK),
    # Two records that hold each other, against one that holds itself.
    (node(), record(("value", "int"), ("next", ["null", node(name="x.Node")]), name="Node"), OK, OK),
    # A record with no finite value: nothing is ever written, and the schemas differ all the same.
    (record(("a", "R"), ("b", "int")), record(("a", "R"), ("b", "string")), NO, NO),
    (record(("a", fixed(2)), ("b", "F")), record(("a", fixed(2)), ("b", fixed(3, name="x.F"))), NO, NO),
]
PRICE: dict[str, Any] = {"logicalType": "decimal", "precision": 4}
DEAR: dict[str, Any] = {**PRICE, "precision": 5}
LOGICAL = [
    (fixed(4, **PRICE), [fixed(4, "x.F", **DEAR), fixed(4, "y.F", **PRICE)], OK, NO),
    (fixed(4, **PRICE), [fixed(4, "x.F", **PRICE), fixed(4, "y.F", **PRICE)], OK, OK),
    (decimal(4, 2), decimal(4, 2), OK, OK),
    (decimal(4, 2), decimal(6, 2), NO, NO),
    (decimal(4, 2), decimal(4, 1), NO, NO),
    (logical("bytes", "decimal", precision=4), decimal(4, 0), OK, OK),
    (["null", decimal(4, 2)], ["null", decimal(6, 2)], NO, NO),
    (fixed(4, logicalType="decimal", precision=4), fixed(4, logicalType="decimal", precision=5), NO, NO),
    (decimal(4, 2), fixed(4, logicalType="decimal", precision=4, scale=2), NO, NO),
    (decimal(4, 2), "bytes", OK, OK),
    ("int", logical("int", "date"), OK, OK),
    (logical("long", "timestamp-millis"), logical("long", "timestamp-micros"), OK, OK),
    (logical("int", "date"), logical("long", "timestamp-millis"), OK, NO),
    (logical("int", "made-up"), logical("int", "date"), OK, OK),
    (logical("string", "uuid"), "string", OK, OK),
    (fixed(16, logicalType="uuid"), fixed(16), OK, OK),
    (logical("int", "decimal", precision=4), logical("int", "decimal", precision=5), OK, OK),
]
CASES = [*PRIMITIVE, *RECORDS, *ENUMS, *FIXED, *UNIONS, *NESTED, *LOGICAL]
NO_VALUE = record(("a", "R"), ("b", "int"))


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_judgment_and_its_witnesses(number: int, tmp_path: Path) -> None:
    old, new, backward, forward = CASES[number]
    judgment = judged(tmp_path, old, new)
    assert (judgment.backward, judgment.forward) == (backward, forward)
    for finding in judgment.findings:
        if finding.severity == "error" and old != NO_VALUE:
            assert fails(finding, old, new)


def test_there_are_enough_judgments() -> None:
    assert len(CASES) >= 100


LAXER = [
    (enum("a"), fixed(1, name="E"), NO, NO),  # named types of equal names, whatever they are
    ([], "int", OK, NO),  # a reader's union without branches is taken for no reader's schema at all
    (
        record(("a", "int"), name="x.R"),
        record(("a", "int"), name="y.S", aliases=["R"]),
        NO,
        NO,
    ),  # aliases without namespaces
    (decimal(4, 2), decimal(6, 3), NO, NO),  # the writer's scale is taken
]


@pytest.mark.parametrize("number", range(len(LAXER)))
def test_where_fastavro_reads_what_the_specification_forbids(number: int, tmp_path: Path) -> None:
    old, new, backward, forward = LAXER[number]
    judgment = judged(tmp_path, old, new)
    assert (judgment.backward, judgment.forward) == (backward, forward)
    read_all_the_same = []
    for finding in judgment.findings:
        writer, reader = (old, new) if finding.direction == "backward" else (new, old)
        with contextlib.suppress(*FAILURES):
            read(payload(finding), writer, reader)
            read_all_the_same.append(finding)
    assert read_all_the_same


RULES = [
    (INT, BOTH, ["avro-field-without-default"]),
    (INT, record(("a", "string")), ["avro-type-not-promotable"]),
    (INT, record(("a", "int"), name="S"), ["avro-name-changed"]),
    (enum("a", "b", "c"), enum("a"), ["avro-symbol-removed"]),
    (enum("a", "b"), enum("a", default="a"), ["avro-symbol-read-as-default"]),
    (["null", "int"], "int", ["avro-union-branch-missing"]),
    ("boolean", ["null", "int"], ["avro-union-branch-missing"]),
    (fixed(4), fixed(8), ["avro-fixed-size-changed"]),
    (["null", fixed(4)], ["null", fixed(8)], ["avro-fixed-size-changed"]),
    (["null", array("int")], ["null", array("string")], ["avro-type-not-promotable"]),
    (["null", decimal(4, 2)], ["null", decimal(6, 2)], ["avro-decimal-changed"]),
    (BOTH, record(("c", "int", {"aliases": ["a", "b"]})), ["avro-alias-ambiguous"]),
    (logical("int", "date"), logical("long", "timestamp-millis"), ["avro-logical-type-changed"]),
    (logical("int", "date"), logical("int", "time-millis"), ["avro-logical-type-changed"]),
    (fixed(8, logicalType="uuid"), fixed(8, logicalType="duration"), []),  # both need other sizes
    ("long", "double", ["avro-promotion-inexact"]),
    ("int", "double", []),
    ("int", "float", ["avro-promotion-inexact"]),
    ("bytes", "string", ["avro-bytes-as-string"]),
    ("string", "bytes", []),
    (node(value=enum("a", "b")), node(value=enum("a")), ["avro-symbol-removed"]),
    (record(("a", "int"), ("b", "int")), record(("a", "string"), ("b", "null")), ["avro-type-not-promotable"] * 2),
]


@pytest.mark.parametrize("number", range(len(RULES)))
def test_the_rules_that_speak_backward(number: int, tmp_path: Path) -> None:
    old, new, rules = RULES[number]
    found = judged(tmp_path, old, new).findings
    assert [each.rule for each in found if each.direction == "backward"] == rules


def test_the_attribute_is_the_way_to_it(tmp_path: Path) -> None:
    old, new = (
        record(("o", array(record(("i", record(("a", each), name="I")), name="O")))) for each in ("int", "null")
    )
    assert [each.attribute for each in judged(tmp_path, old, new).findings] == ["o[].i.a", "o[].i.a"]


def test_a_witness_of_types_outside_the_namespace_around_them(tmp_path: Path) -> None:
    old = record(("e", ["null", enum("a", "b", namespace="")]), ("f", "int"), name="x.R")
    new = record(("e", ["null", enum("a", namespace="")]), ("f", "int"), name="x.R")
    (finding,) = judged(tmp_path, old, new).findings
    assert finding.witness == '020200 = {"e": {"E": "b"}, "f": 0}'
    assert fails(finding, old, new)


def test_the_witness_of_another_scale_is_another_number(tmp_path: Path) -> None:
    old, new = decimal(4, 2), decimal(4, 1)
    for finding in judged(tmp_path, old, new).findings:
        assert finding.rule == "avro-decimal-changed"
        # A reader that goes by its own scale, as Java does, reads the bytes as if its own schema had written them.
        assert (read(payload(finding), old), read(payload(finding), new)) == (Decimal("0.01"), Decimal("0.1"))
