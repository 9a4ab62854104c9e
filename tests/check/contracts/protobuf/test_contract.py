"""What comparing finds unless rules are asked for, and how sources are read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from tests.check.contracts.protobuf.side_by_side import image, set_of_protoc, write
from tests.check.witnessed import check_witnessed
from versioned_serde.check.contracts.contract import ContractError, Judgment, kinds
from versioned_serde.check.contracts.protobuf import compiling
from versioned_serde.check.contracts.protobuf.contract import compare, recognizes
from versioned_serde.check.finding import Finding

Compared = Callable[..., Judgment]
"""Compares two sides, each a file or name -> file, by the rules of that name."""

HEAD = 'syntax = "proto3";\npackage shop;\n'
P2 = 'syntax = "proto2";\npackage shop;\n'


@pytest.fixture
def compared(tmp_path: Path) -> Compared:
    def compared(old: str | Mapping[str, str], new: str | Mapping[str, str], *rules: str) -> Judgment:
        for name, side in (("old", old), ("new", new)):
            write(tmp_path / name, {"a.proto": side} if isinstance(side, str) else side)
        found = compare(tmp_path / "old", tmp_path / "new", rules)
        if not rules:  # otherwise everything is an error
            check_witnessed(found.findings)
        return found

    return compared


def only(judgment: Judgment) -> Finding:
    (found,) = [each for each in judgment.findings if each.severity != "note"]
    return found


def fields(text: str, head: str = HEAD) -> str:
    return f"{head}message Order {{ {text} }}\n"


@pytest.mark.parametrize(
    ("old", "new", "direction", "witness"),
    [
        # Old bytes in the new type are right where every value fits, and nowhere else.
        ("int32 a = 1;", "int64 a = 1;", "forward", "08ffffffffffffffff7f"),
        ("int64 a = 1;", "int32 a = 1;", "backward", "08ffffffffffffffff7f"),
        ("int32 a = 1;", "uint32 a = 1;", "full", "08ffffffffffffffffff01"),
        ("sint32 a = 1;", "int32 a = 1;", "full", "0802"),
        ("string a = 1;", "int32 a = 1;", "full", "0a0161"),
        ("bytes a = 1;", "string a = 1;", "full", "0a01ff"),
        ("string a = 1;", "bytes a = 1;", "full", "0a01ff"),  # which old readers refuse; JSON breaks both ways
        ("bool a = 1;", "int32 a = 1;", "full", "08ffffffffffffffffff01"),
        ("repeated int32 a = 1;", "int32 a = 1;", "full", "0a020101"),
        ("int32 a = 1; oneof o { int32 b = 2; }", "oneof o { int32 a = 1; int32 b = 2; }", "backward", "08011001"),
        ("oneof o { int32 a = 1; int32 b = 2; }", "int32 a = 1; oneof o { int32 b = 2; }", "forward", "08011001"),
        ("int32 a = 1;", "int32 a = 1 [json_name = 'b'];", "full", '{"a": 1}'),
        ("int32 a = 1;", "reserved 1;", "backward", None),
    ],
)
def test_a_change_breaks_one_way_or_both(
    compared: Compared, old: str, new: str, direction: str, witness: str | None
) -> None:
    judgment = compared(fields(old), fields(new))
    found = only(judgment)
    assert (found.severity, found.direction, found.schema) == ("error", direction, "shop.Order")
    assert found.witness == witness
    assert judgment.backward == ("compatible" if direction == "forward" else "incompatible")
    assert judgment.forward == ("compatible" if direction == "backward" else "incompatible")


@pytest.mark.parametrize(
    ("old", "new", "direction", "witness"),
    [
        (
            "optional int32 a = 1; required int32 b = 2;",
            "optional int32 a = 1; optional int32 b = 2;",
            "forward",
            "0801",
        ),
        ("optional int32 a = 1;", "optional int32 a = 1; required int32 b = 2;", "backward", "0801"),
        ("optional int32 a = 1 [default = 1];", "optional int32 a = 1 [default = 2];", "full", None),
    ],
)
def test_what_proto2_has(compared: Compared, old: str, new: str, direction: str, witness: str | None) -> None:
    found = [each for each in compared(fields(old, P2), fields(new, P2)).findings if each.severity == "error"]
    assert {each.direction for each in found} == {direction}
    assert witness in {each.witness for each in found}


def test_what_an_edition_requires(compared: Compared) -> None:
    head = 'edition = "2023";\npackage shop;\n'
    bare = fields("int32 a = 1; reserved 2; reserved b;", head)
    required = fields("int32 a = 1; int32 b = 2 [features.field_presence = LEGACY_REQUIRED];", head)
    added, gone = only(compared(bare.replace("reserved 2; reserved b;", ""), required)), only(compared(required, bare))
    assert (added.direction, added.witness, added.aliases) == ("backward", "0801", ())
    assert (gone.direction, gone.witness, gone.aliases) == ("forward", "0801", ())
    assert (
        compared(bare.replace("reserved 2; reserved b;", ""), required, "MESSAGE_SAME_REQUIRED_FIELDS").findings == ()
    )


@pytest.mark.parametrize(
    ("old", "new", "direction", "witness"),
    [
        ("A = 0; B = 1;", "A = 0; reserved 1; reserved 'B';", None, None),
        ("A = 0; B = 1;", "A = 0;", "backward", "0801"),
        ("A = 0; B = 1;", "A = 0; C = 1;", "full", '{"e": "B"}'),
    ],
)
def test_values_of_closed_enums(
    compared: Compared, old: str, new: str, direction: str | None, witness: str | None
) -> None:
    judgment = compared(f"{P2}enum E {{ {old} }}", f"{P2}enum E {{ {new} }}")
    assert [(each.direction, each.witness) for each in judgment.findings] == (
        [(direction, witness)] if direction else []
    )


def test_an_enum_that_is_closed_puts_unknown_numbers_aside(compared: Compared) -> None:
    edition = 'edition = "2023";\npackage shop;\n'
    closed = "option features.enum_type = CLOSED;"
    judgment = compared(f"{edition}enum E {{ A = 0; }}", f"{edition}enum E {{ {closed} A = 0; }}")
    assert (only(judgment).direction, only(judgment).witness) == ("backward", "0887ad4b")
    assert judgment.forward == "compatible"


def test_what_changes_nothing_for_readers_is_compatible(compared: Compared) -> None:
    old = HEAD + 'option go_package = "a";\nmessage Order { int32 a = 1; optional int32 b = 2; }\nmessage Line {}\n'
    new = "message Order { optional int32 a = 1; int32 b = 2; string c = 3; }\n"
    judgment = compared(
        {"a.proto": old, "b.proto": HEAD},
        {"a.proto": HEAD + 'option go_package = "b";\n' + new, "b.proto": HEAD + "message Line {}\n"},
    )
    assert (judgment.backward, judgment.forward) == ("compatible", "compatible")
    assert {each.severity for each in judgment.findings} == {"note"}
    assert {each.aliases for each in judgment.findings} == {("FILE_SAME_GO_PACKAGE",), ("FIELD_SAME_CARDINALITY",)}


def test_what_is_not_reserved_is_one_finding(compared: Compared) -> None:
    both = only(compared(fields("int32 a = 1;"), fields("")))
    assert both.aliases == ("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", "FIELD_NO_DELETE_UNLESS_NAME_RESERVED")
    name = only(compared(fields("int32 a = 1;"), fields("reserved 1;")))
    assert name.aliases == ("FIELD_NO_DELETE_UNLESS_NAME_RESERVED",)


def test_what_was_reserved_is_a_warning_until_it_is_used(compared: Compared) -> None:
    assert only(compared(fields("reserved 1;"), fields(""))).severity == "warning"
    used = only(compared(fields("reserved 1;"), fields("int32 a = 1;")))
    assert (used.severity, used.direction) == ("error", "full")


@pytest.mark.parametrize(
    ("before", "now", "severity"),
    [
        ("NO_SIDE_EFFECTS", "IDEMPOTENT", "error"),
        ("IDEMPOTENT", "NO_SIDE_EFFECTS", "warning"),
        ("IDEMPOTENCY_UNKNOWN", "IDEMPOTENT", "warning"),
        ("IDEMPOTENT", "IDEMPOTENCY_UNKNOWN", "error"),
    ],
)
def test_a_promise_about_calls_can_be_taken_back_or_given(
    compared: Compared, before: str, now: str, severity: str
) -> None:
    text = HEAD + "message M {{}} service S {{ rpc R(M) returns (M) {{ option idempotency_level = {}; }} }}"
    assert only(compared(text.format(before), text.format(now))).severity == severity


def test_asked_for_rules_are_errors(compared: Compared) -> None:
    old, new = HEAD + 'option go_package = "a";\n', HEAD
    assert only(compared(old, new, "buf:FILE")).severity == "error"
    assert [each.severity for each in compared(old, new).findings] == ["note"]


def test_an_import_that_is_not_needed_any_more_is_not_gone(compared: Compared) -> None:
    old = (
        HEAD + 'import "google/protobuf/timestamp.proto";\nmessage M { google.protobuf.Timestamp t = 1; reserved 2; }\n'
    )
    judgment = compared(old, HEAD + "message M { reserved 1, 2; reserved 't'; }\n")
    assert judgment.findings == ()
    asked = compared(old, HEAD + "message M { reserved 1, 2; reserved 't'; }\n", "FILE_NO_DELETE", "PACKAGE_NO_DELETE")
    assert [each.attribute or each.schema for each in asked.findings] == [
        "google/protobuf/timestamp.proto",
        "google.protobuf",
    ]


def test_single_files_are_the_same_file_whatever_they_are_called(tmp_path: Path) -> None:
    write(tmp_path, {"order-1.proto": fields("int32 a = 1;"), "order-2.proto": fields("string a = 1;")})
    (found,) = compare(tmp_path / "order-1.proto", tmp_path / "order-2.proto", ()).findings
    assert found.place is not None
    assert found.place.path == (tmp_path / "order-2.proto").as_posix()
    assert (found.place.line, found.place.column, found.place.end_line, found.place.end_column) == (3, 17, 3, 23)


def test_columns_are_characters_unless_rules_of_buf_are_asked_for(compared: Compared) -> None:
    old, new = fields("\n\t/* 漢 */ int32 a = 1;"), fields("\n\t/* 漢 */ int64 a = 1;")
    places = [only(compared(old, new, *rules)).place for rules in ((), ("FIELD_SAME_TYPE",))]
    assert [(each.line, each.column, each.end_column) for each in places if each] == [(4, 10, 15), (4, 14, 19)]


def test_a_finding_is_in_the_file_as_it_was_given(
    compared: Compared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"old/sub/a.proto": fields("int32 a = 1;"), "new/sub/a.proto": fields("string a = 1;")})
    found = only(compare(Path("old"), Path("new"), ()))
    assert found.place is not None
    assert found.place.path == "new/sub/a.proto"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("buf.yaml", "version: v2\nmodules:\n  - path: proto\n  - path: more\n"),
        ("buf.work.yaml", "version: v1\ndirectories: [proto, more]\n"),
    ],
)
def test_roots_are_those_of_the_configuration(tmp_path: Path, name: str, text: str) -> None:
    for side, kind in (("old", "int32"), ("new", "string")):
        write(
            tmp_path / side,
            {
                name: text,
                "proto/a.proto": HEAD + 'import "b.proto";\nmessage Order { Line line = 1; }\n',
                "more/b.proto": HEAD + f"message Line {{ {kind} id = 1; }}\n",
            },
        )
    found = only(compare(tmp_path / "old", tmp_path / "new", ()))
    assert found.place is not None
    assert found.place.path == (tmp_path / "new/more/b.proto").as_posix()


def test_images_and_sets_are_read(tmp_path: Path) -> None:
    write(tmp_path, {"old/a.proto": fields("int32 a = 1;"), "new/a.proto": fields("string a = 1;")})
    for make in (image, set_of_protoc):
        found = only(compare(make(tmp_path / "old"), make(tmp_path / "new"), ()))
        assert found.place is not None
        assert found.place.path == "a.proto"


def test_a_file_and_a_set_of_it_say_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"old/a.proto": fields("int32 a = 1;")})
    made, file = set_of_protoc(tmp_path / "old"), tmp_path / "old" / "a.proto"
    assert compare(file, made, ()).findings == compare(made, file, ()).findings == ()
    assert compare(file, made, ["FILE"]).findings == compare(tmp_path / "old", file, ["FILE"]).findings == ()


def test_a_set_that_leaves_out_names_in_json_says_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"old/a.proto": fields("int32 some_a = 1;")})
    full = set_of_protoc(tmp_path / "old")
    bare = tmp_path / "bare.binpb"
    files = FileDescriptorSet.FromString(full.read_bytes())
    files.file[0].message_type[0].field[0].ClearField("json_name")
    bare.write_bytes(files.SerializeToString())
    assert compare(full, bare, ()).findings == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'syntax = "proto3";\nmessage M {\n  Missing m = 1;\n}\n',
            r'a\.proto`, line 3, column 3: "Missing" is not defined',
        ),
        ('syntax = "proto3";\nimport "missing.proto";\n', r"missing.proto"),
        ("message {", r"a\.proto`, line 1, column 9"),
    ],
)
def test_what_does_not_compile_is_an_error_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    write(tmp_path, {"old/a.proto": HEAD, "new/a.proto": text})
    with pytest.raises(ContractError, match=told):
        compare(tmp_path / "old", tmp_path / "new", ())


def test_a_compiler_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_SECONDS", 0)
    write(tmp_path, {"a.proto": HEAD})
    with pytest.raises(ContractError, match=r"did not compile .*a\.proto"):
        compare(tmp_path / "a.proto", tmp_path / "a.proto", ())


@pytest.mark.parametrize(
    "data", [b"\x0a\xff\xff\x01x", b"\x0a\x02\x0a\x05", b"\x0b", b"\x0a\x00", b"\x0a\x05\x0a\x01a\x22\x01"]
)
def test_what_is_no_descriptor_set_is_an_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.binpb"
    path.write_bytes(data)
    with pytest.raises(ContractError, match=r"a\.binpb` is not a descriptor set"):
        compare(path, path, ())


def test_a_rule_that_there_is_not(tmp_path: Path) -> None:
    write(tmp_path, {"a.proto": HEAD})
    with pytest.raises(ContractError, match="no rule and no set of rules `buf:FIELD_NO_DELET`") as raised:
        compare(tmp_path / "a.proto", tmp_path / "a.proto", ["buf:FIELD_NO_DELET"])
    assert "FIELD_NO_DELETE" in raised.value.hint


def test_what_is_recognized(tmp_path: Path) -> None:
    write(tmp_path, {"old/a.proto": HEAD, "empty/x.txt": "", "json.binpb": "{}"})
    made = set_of_protoc(tmp_path / "old")
    for suffix in (".pb", ".desc", ".protoset", ".bin"):
        assert recognizes(Path(shutil.copy(made, made.with_suffix(suffix))))
    assert all(map(recognizes, (made, tmp_path / "old", tmp_path / "old" / "a.proto")))
    assert not any(
        map(
            recognizes, (tmp_path / "empty", tmp_path / "json.binpb", tmp_path / "gone.proto", tmp_path / "empty/x.txt")
        )
    )
    assert kinds()["protobuf"].recognizes is recognizes
