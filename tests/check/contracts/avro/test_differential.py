"""Random schemas, changed at random: the judgment is what fastavro does with random values."""

from __future__ import annotations

import copy
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import fastavro
from hypothesis import given
from hypothesis import strategies as st

from tests.check.contracts.avro.proofs import fails, judged, read

PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
NAMES = ("a", "b", "c")
SYMBOLS = ("x", "y", "z")
DEFAULTS = {
    "null": None,
    "boolean": True,
    "int": 1,
    "long": 2,
    "float": 0.5,
    "double": 1.5,
    "bytes": "b",
    "string": "s",
}


class Schemas:
    """One random schema. Named types are defined once, and perhaps named again."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.defined: list[str] = []
        self.count = 0

    def schema(self, depth: int = 0) -> Any:
        kinds = ["primitive", "primitive", "enum", "fixed", "array", "map", "union", "record", "named"]
        kind = self.draw(st.sampled_from(kinds[:2] if depth > 3 else kinds))
        if kind == "named" and self.defined:
            return self.draw(st.sampled_from(self.defined))
        match kind:
            case "enum":
                size = self.draw(st.integers(1, 3))
                more = {"default": "x"} if self.draw(st.booleans()) else {}
                return self.named({"type": "enum", "name": self.name(), "symbols": list(SYMBOLS[:size]), **more})
            case "fixed":
                return self.named({"type": "fixed", "name": self.name(), "size": self.draw(st.integers(1, 3))})
            case "array":
                return {"type": "array", "items": self.schema(depth + 1)}
            case "map":
                return {"type": "map", "values": self.schema(depth + 1)}
            case "union" if depth:
                return self.union(depth)
            case "record":
                return self.record(depth)
            case _:
                return self.draw(st.sampled_from(PRIMITIVES))

    def union(self, depth: int) -> Any:
        branches: dict[str, Any] = {}
        for _ in range(self.draw(st.integers(1, 3))):
            branch = self.schema(depth + 1)
            if not isinstance(branch, list):
                label = branch if isinstance(branch, str) else branch.get("name", branch["type"])
                branches.setdefault(label, branch)
        return list(branches.values()) or ["null"]

    def record(self, depth: int) -> Any:
        name = self.name()
        fields = []
        for field in NAMES[: self.draw(st.integers(0, 3))]:
            type_ = self.schema(depth + 1)
            more = {}
            if isinstance(type_, str) and type_ in DEFAULTS and self.draw(st.booleans()):
                more = {"default": DEFAULTS[type_]}
            if self.draw(st.integers(0, 3)) == 0:  # a record may hold itself where that may end
                type_, more = ["null", name], {"default": None}
            fields.append({"name": field, "type": type_, **more})
        return self.named({"type": "record", "name": name, "fields": fields})

    def name(self) -> str:
        self.count += 1
        return f"T{self.count}"

    def named(self, schema: dict[str, Any]) -> dict[str, Any]:
        self.defined.append(schema["name"])
        return schema


def parts(schema: Any) -> list[Any]:
    """Everything in a schema that can be changed in place."""
    found = [schema]
    if isinstance(schema, list):
        return found + [each for branch in schema for each in parts(branch)]
    if isinstance(schema, dict):
        for field in schema.get("fields", ()):
            found += [field, *parts(field["type"])]
        for key in ("items", "values"):
            if key in schema:
                found += parts(schema[key])
    return [each for each in found if isinstance(each, dict | list)]


def changed(draw: st.DrawFn, schema: Any) -> Any:
    """The same schema with one thing else, which may leave it as it is."""
    schema = {"wrapped": copy.deepcopy(schema)}
    at = draw(st.sampled_from([schema, *parts(schema["wrapped"])]))
    other = draw(st.sampled_from(PRIMITIVES))
    fresh = next(name for name in ("d", "e", "f", "g") if f"'{name}'" not in str(schema))
    if isinstance(at, list):
        if other in at and other != "null":  # a record that always holds itself has no values to try
            at.remove(other)
        elif other not in at:
            at.insert(draw(st.integers(0, len(at))), other)
    elif "wrapped" in at or ("name" in at and not at.keys() & {"fields", "symbols", "size"}):
        key = "wrapped" if "wrapped" in at else "type"
        type_ = at[key]
        if key == "type" and draw(st.booleans()):
            at["aliases"], at["name"] = [at["name"]], fresh
        elif isinstance(type_, str) and type_ in PRIMITIVES:
            at[key] = other if draw(st.booleans()) else list(dict.fromkeys([type_, other]))
            at.pop("default", None)
        elif not isinstance(type_, list):
            at[key] = ["null", type_]
            at.pop("default", None)
    elif at["type"] == "record":
        if at["fields"] and draw(st.booleans()):
            at["fields"].pop(draw(st.integers(0, len(at["fields"]) - 1)))
        else:
            more = {"default": DEFAULTS[other]} if draw(st.booleans()) else {}
            at["fields"].insert(0, {"name": fresh, "type": other, **more})
    elif at["type"] == "enum":
        at["symbols"] = list(draw(st.sampled_from([SYMBOLS, SYMBOLS[:1], (*SYMBOLS, "w")])))
    elif at["type"] == "fixed":
        at["size"] = draw(st.integers(1, 3))
    return schema["wrapped"]


def valid(schema: Any) -> bool:
    try:
        fastavro.parse_schema(copy.deepcopy(schema))
    except (fastavro.schema.UnknownType, fastavro.schema.SchemaParseException):
        return False  # the definition went with what was removed
    return True


class Values:
    """Random values of a schema, in the notation of fastavro that names a union's branch."""

    def __init__(self, draw: st.DrawFn, schema: Any) -> None:
        self.draw = draw
        definitions = (each for each in parts(schema) if isinstance(each, dict))
        self.named = {each["name"]: each for each in definitions if each.keys() & {"fields", "symbols", "size"}}

    def value(self, schema: Any, depth: int = 0) -> Any:
        if isinstance(schema, list):
            ends = [each for each in schema if each in PRIMITIVES]
            branch = self.draw(st.sampled_from(ends if depth > 5 and ends else schema))
            label = branch if isinstance(branch, str) else branch.get("name", branch["type"])
            return label, self.value(branch, depth + 1)
        if isinstance(schema, str) and schema in self.named:
            return self.value(self.named[schema], depth + 1)
        match schema if isinstance(schema, str) else schema["type"]:
            case "record":
                return {each["name"]: self.value(each["type"], depth + 1) for each in schema["fields"]}
            case "array" | "map" as kind:
                inner = schema["items"] if kind == "array" else schema["values"]
                size = 0 if depth > 5 else self.draw(st.integers(0, 2))
                values = [self.value(inner, depth + 1) for _ in range(size)]
                return values if kind == "array" else {str(index): each for index, each in enumerate(values)}
            case "enum":
                return self.draw(st.sampled_from(schema["symbols"]))
            case "fixed":
                return bytes(schema["size"])
            case name:
                return self.draw(PRIMITIVE_VALUES[name])


PRIMITIVE_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "bytes": st.text().map(str.encode),  # `avro-bytes-as-string` speaks of all others
    "string": st.text(),
}


@given(st.data())
def test_what_is_compatible_is_read_and_witnesses_are_not(data: st.DataObject) -> None:
    old = data.draw(st.composite(lambda draw: Schemas(draw).schema())())
    new = old
    for _ in range(data.draw(st.integers(1, 3))):
        new = data.draw(st.composite(changed)(new))
    if not valid(old) or not valid(new) or [] in (old, new, *parts(old), *parts(new)):
        return
    with tempfile.TemporaryDirectory() as folder:
        judgment = judged(Path(folder), old, new)
    for direction, verdict, writer, reader in (
        ("backward", judgment.backward, old, new),
        ("forward", judgment.forward, new, old),
    ):
        errors = [each for each in judgment.findings if each.direction == direction and each.severity == "error"]
        assert (verdict == "incompatible") == bool(errors)
        for each in errors:
            assert fails(each, old, new)
        if verdict == "compatible":
            for _ in range(3):
                value = data.draw(st.composite(lambda draw, of: Values(draw, of).value(of))(writer))
                written = BytesIO()
                fastavro.schemaless_writer(written, writer, value)
                read(written.getvalue(), writer, reader)
