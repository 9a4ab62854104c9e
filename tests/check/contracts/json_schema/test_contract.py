from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from versioned_serde.check.contracts.contract import ContractError, kinds
from versioned_serde.check.contracts.json_schema import contract
from versioned_serde.check.rules.rule import all_rules, of_family
from versioned_serde.cli.check.command import main

DIALECT = "https://json-schema.org/draft/2020-12/schema"

OLD = """\
{
\t"$schema": "https://json-schema.org/draft/2020-12/schema",
\t"title": "Order",
\t"type": "object",
\t"properties": {
\t\t"id": {"type": "string"},
\t\t"lines": {"type": "array", "items": {"properties": {"sku": {"type": "string"}}}}
\t},
\t"required": ["id"]
}
"""
NEW = OLD.replace('"sku": {"type": "string"}', '"sku": {"type": "string", "maxLength": 40}').replace(
    '["id"]', '["id", "lines"]'
)


def write(folder: Path, **files: Any) -> Path:
    """Schemas as `NAME.schema.json`; texts are written as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
    return folder


def pair(tmp_path: Path, old: Any, new: Any) -> tuple[Path, Path]:
    return (
        write(tmp_path / "old", order=old) / "order.schema.json",
        write(tmp_path / "new", order=new) / "order.schema.json",
    )


def test_it_is_found_as_a_kind() -> None:
    assert kinds()["json-schema"].NAME == "json-schema"


def test_findings_say_where_what_and_with_which_witness(tmp_path: Path) -> None:
    old, new = pair(tmp_path, OLD, NEW)
    judgment = contract.compare(old, new, [])
    assert (judgment.backward, judgment.forward) == ("incompatible", "compatible")
    length, required = judgment.findings
    assert (length.rule, length.attribute, length.direction, length.schema) == (
        "json-schema-length-narrowed",
        "lines[].sku",
        "backward",
        "Order",
    )
    assert length.place is not None
    assert length.place.path == new.as_posix()
    assert (length.place.line, length.place.column) == (7, NEW.splitlines()[6].index('"maxLength"') + 1)
    assert json.loads(length.witness or "") == {"id": "a", "lines": [{"sku": "a" * 41}]}
    assert "`#/properties/lines/items/properties/sku/maxLength` of the new schema" in length.message
    assert (required.rule, required.attribute) == ("json-schema-property-required", "lines")
    assert required.place is not None
    assert required.place.line == 9


def test_forward_findings_are_placed_in_the_new_file(tmp_path: Path) -> None:
    old, new = pair(tmp_path, NEW, OLD)
    judgment = contract.compare(old, new, [])
    assert (judgment.backward, judgment.forward) == ("compatible", "incompatible")
    assert {each.direction for each in judgment.findings} == {"forward"}
    length, required = judgment.findings
    assert length.place is not None
    assert (length.place.path, length.place.line) == (new.as_posix(), 7)
    assert required.place is not None
    assert required.place.line == 9


def test_a_format_that_changes_is_a_note(tmp_path: Path) -> None:
    old, new = pair(tmp_path, {"properties": {"a": {"format": "date"}}}, {"properties": {"a": {"format": "date-time"}}})
    judgment = contract.compare(old, new, [])
    assert (judgment.backward, judgment.forward) == ("compatible", "compatible")
    (note,) = judgment.findings
    assert (note.rule, note.severity, note.attribute) == ("json-schema-format-changed", "note", "a")


def test_formats_of_recursive_schemas_are_told_once(tmp_path: Path) -> None:
    def tree(form: str) -> Any:
        return {"properties": {"at": {"format": form}, "kids": {"items": {"$ref": "#"}}}}

    old, new = pair(tmp_path, tree("date"), tree("time"))
    assert [each.attribute for each in contract.compare(old, new, []).findings] == ["at"]


def test_folders_are_compared_file_by_file(tmp_path: Path) -> None:
    old = write(tmp_path / "old", kept={"type": "integer"}, gone={"type": "integer"})
    new = write(tmp_path / "new", kept={"type": "number"}, added={"type": "integer"})
    judgment = contract.compare(old, new, [])
    assert (judgment.backward, judgment.forward) == ("incompatible", "incompatible")
    assert [(each.rule, each.direction) for each in judgment.findings] == [
        ("json-schema-removed", "backward"),
        ("json-schema-type-narrowed", "forward"),
    ]


def test_files_refer_to_their_neighbours(tmp_path: Path) -> None:
    old = write(tmp_path / "old", order={"properties": {"a": {"$ref": "line.schema.json"}}}, line={"type": "integer"})
    new = write(tmp_path / "new", order={"properties": {"a": {"$ref": "line.schema.json"}}}, line={"type": "number"})
    judgment = contract.compare(old / "order.schema.json", new / "order.schema.json", [])
    assert (judgment.backward, judgment.forward) == ("compatible", "incompatible")
    (finding,) = judgment.findings
    assert finding.attribute == "a"
    assert finding.place is not None
    assert finding.place.line == 1


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path, secret={"type": "integer"})
    old, new = pair(tmp_path, {"$ref": "../secret.schema.json"}, {"type": "number"})
    judgment = contract.compare(old, new, [])
    assert judgment.backward == "undecided"
    assert "leads nowhere" in judgment.findings[0].message
    assert judgment.findings[0].severity == "warning"


def test_yaml_is_read_as_json_is(tmp_path: Path) -> None:
    old, new = tmp_path / "old.schema.yaml", tmp_path / "new.schema.yaml"
    old.write_text("type: object\nproperties:\n  a: {type: string}\n", encoding="utf-8")
    new.write_text("type: object\nproperties:\n  a:\n    type: string\n    maxLength: 3\n", encoding="utf-8")
    (finding,) = contract.compare(old, new, []).findings
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (5, 5)


def test_a_schema_may_be_a_boolean(tmp_path: Path) -> None:
    old, new = pair(tmp_path, False, True)
    judgment = contract.compare(old, new, [])
    assert (judgment.backward, judgment.forward) == ("compatible", "incompatible")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON: "),
        ("[1]", "neither an object nor a boolean"),
        ("[" * 100_000, "nested deeper than it can be followed"),
        ('{"minimum": "1"}', "no valid JSON Schema: at `#/minimum`"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    old, new = pair(tmp_path, text, {"type": "integer", "minimum": 2})
    with pytest.raises(ContractError, match=message.replace("(", "\\(")) as raised:
        contract.compare(old, new, [])
    assert str(old) in str(raised.value)


def test_yaml_is_that_of_version_1_2(tmp_path: Path) -> None:
    """As in OpenAPI: `no` is a text, as in the JSON beside it, and so is a date."""
    old, new = tmp_path / "old.schema.yaml", tmp_path / "new.schema.json"
    old.write_text("enum: [no, 2026-11-30]\n", encoding="utf-8")
    new.write_text('{"enum": ["no", "2026-11-30"]}', encoding="utf-8")
    judgment = contract.compare(old, new, [])
    assert (judgment.backward, judgment.forward, judgment.findings) == ("compatible", "compatible", ())


def test_yaml_with_aliases_is_refused(tmp_path: Path) -> None:
    old, new = tmp_path / "old.schema.yaml", tmp_path / "new.schema.yaml"
    old.write_text("a: &a [1]\nb: [*a, *a]\n", encoding="utf-8")
    new.write_text("{}", encoding="utf-8")
    with pytest.raises(ContractError, match="aliases"):
        contract.compare(old, new, [])


def test_a_folder_and_a_file_are_not_compared(tmp_path: Path) -> None:
    old, new = pair(tmp_path, {}, {})
    with pytest.raises(ContractError, match="folder"):
        contract.compare(old.parent, new, [])


def test_the_program_compares_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = pair(tmp_path, {"type": "integer"}, {"type": "number"})
    arguments = ["compare", "--format", "json", "--direction"]
    assert main([*arguments, "backward", str(old), str(new)]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == {"backward": "compatible"}
    assert main([*arguments, "full", str(old), str(new)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == {"backward": "compatible", "forward": "incompatible"}
    assert [each["rule"] for each in report["findings"]] == ["json-schema-type-narrowed"]


def test_sets_of_rules_are_not_for_this_kind(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="buf:WIRE"):
        contract.compare(*pair(tmp_path, {}, {}), ["buf:WIRE"])


@pytest.mark.parametrize(
    ("name", "text", "recognized"),
    [
        ("a.schema.json", "", True),
        ("a.schema.yaml", "", True),
        ("a.json", f'{{"$schema": "{DIALECT}"}}', True),
        ("a.yaml", f"$schema: {DIALECT}\n", True),
        ("a.json", '{"type": "object"}', True),
        ("a.json", "{}", True),
        ("a.json", "false", True),
        ("a.json", '{"name": "ada"}', False),
        ("a.json", '{"type": "record", "name": "A", "fields": []}', False),
        ("a.json", '{"type": ', False),
        ("a.json", f'{{"openapi": "3.1.0", "x": {{"$schema": "{DIALECT}"}}}}', False),
        ("a.txt", f'{{"$schema": "{DIALECT}"}}', False),
        ("a.json", "\udcff", False),
    ],
)
def test_a_schema_is_recognized_by_its_name_its_dialect_or_a_keyword(
    tmp_path: Path, name: str, text: str, recognized: bool
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    assert contract.recognizes(path) is recognized
    assert contract.recognizes(tmp_path) is recognized


def test_what_is_not_there_is_not_recognized(tmp_path: Path) -> None:
    assert not contract.recognizes(tmp_path / "nothing.schema.json")


def test_each_rule_is_named_for_its_family_and_says_all() -> None:
    for module in of_family("json_schema"):
        rule = module.RULE
        assert module.__name__.endswith(rule.name.replace("-", "_"))
        assert all_rules()[rule.name] is rule
        assert all([rule.finds, rule.why, rule.example, rule.instead, rule.references])
