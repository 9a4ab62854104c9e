"""Fields and extensions."""

from __future__ import annotations

P2 = 'syntax = "proto2";\n'
E23 = 'edition = "2023";\n'
E24 = 'edition = "2024";\n'
CPP = 'import "google/protobuf/cpp_features.proto";\n'
JAVA = 'import "google/protobuf/java_features.proto";\n'


def _message(fields: str) -> str:
    return f"message M {{ {fields} }}"


def _both(rule: str, fires: bool, old: str, new: str, head: str = "") -> tuple[str, bool, str, str]:
    return rule, fires, head + _message(old), head + _message(new)


CASES = (
    # Deleted
    _both("FIELD_NO_DELETE", True, "int32 a = 1; int32 b = 2;", "int32 a = 1; reserved 2; reserved 'b';"),
    _both("FIELD_NO_DELETE", False, "int32 a = 1; int32 b = 2;", "int32 c = 3; int32 b = 2; int32 x = 1;"),
    _both("FIELD_NO_DELETE", True, "map<string, int32> a = 1; oneof o { int32 b = 2; }", "int32 z = 9;"),
    (
        "FIELD_NO_DELETE",
        False,
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 5; }",
        P2 + "message M { extensions 5 to 9; }",
    ),
    _both("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", True, "int32 a = 1; int32 b = 2;", "int32 a = 1; reserved 'b';"),
    _both(
        "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", False, "int32 a = 1; int32 b = 7;", "int32 a = 1; reserved 3 to 7;"
    ),
    _both("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", True, "int32 a = 1; int32 b = 8;", "int32 a = 1; reserved 3 to 7;"),
    _both("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", True, "int32 a = 1; int32 b = 2;", "int32 a = 1; reserved 2;"),
    _both("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", False, "int32 a = 1; int32 b = 2;", "int32 a = 1; reserved 'b';"),
    _both("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", False, "int32 a = 1; int32 b = 2;", "int32 a = 1; reserved b;", E23),
    # Types
    _both("FIELD_SAME_TYPE", True, "int32 a = 1;", "int64 a = 1;"),
    _both("FIELD_SAME_TYPE", True, "M a = 1; repeated string s = 2;", "string a = 1; repeated M s = 2;"),
    _both("FIELD_SAME_TYPE", True, "map<string, int32> a = 1;", "map<string, string> a = 1;"),
    _both("FIELD_SAME_TYPE", True, "map<int32, M> a = 1;", "map<int32, N> a = 1; message N {}"),
    _both("FIELD_SAME_TYPE", False, "int32 a = 1;", "optional int32 a = 1;"),
    _both("FIELD_SAME_TYPE", True, "M a = 1;", "M a = 1 [features.message_encoding = DELIMITED];", E23),
    _both("FIELD_SAME_TYPE", False, "map<string, M> a = 1;", "map<string, M> a = 1;", E23),
    (
        "FIELD_SAME_TYPE",
        True,
        E23 + "message M { M a = 1; map<string, M> m = 2; repeated M r = 3; }",
        E23 + "option features.message_encoding = DELIMITED;\n"
        "message M { M a = 1; map<string, M> m = 2; repeated M r = 3; }",
    ),
    _both(
        "FIELD_SAME_TYPE",
        True,
        "optional group G = 1 { optional int32 a = 1; }",
        "message G { optional int32 a = 1; } optional G g = 1;",
        P2,
    ),
    _both(
        "FIELD_SAME_TYPE",
        True,
        "optional group G = 1 { optional int32 a = 1; }",
        "optional group H = 1 { optional int32 a = 1; }",
        P2,
    ),
    (
        "FIELD_SAME_TYPE",
        True,
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 5; }",
        P2 + "message M { extensions 5 to 9; } message N { extend M { optional string e = 5; } }",
    ),
    ("FIELD_SAME_TYPE", True, "message M { E e = 1; } enum E { A = 0; }", "message M { F e = 1; } enum F { A = 0; }"),
    _both("FIELD_WIRE_JSON_COMPATIBLE_TYPE", True, "int32 a = 1;", "int64 a = 1;"),
    _both("FIELD_WIRE_JSON_COMPATIBLE_TYPE", True, "string a = 1;", "bytes a = 1;"),
    _both("FIELD_WIRE_JSON_COMPATIBLE_TYPE", False, "int32 a = 1; fixed64 b = 2;", "uint32 a = 1; sfixed64 b = 2;"),
    (
        "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        False,
        "message M { E e = 1; } enum E { A = 0; }",
        "message M { N.E e = 1; } message N { enum E { A = 0; B = 1; } }",
    ),
    (
        "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        True,
        "message M { E e = 1; } enum E { A = 0; C = 2; }",
        "message M { N.E e = 1; } message N { enum E { A = 0; C = 1; } }",
    ),
    _both(
        "FIELD_WIRE_COMPATIBLE_TYPE",
        True,
        "int32 a = 1; bytes b = 2; sint32 c = 3;",
        "sint32 a = 1; string b = 2; int32 c = 3;",
    ),
    _both(
        "FIELD_WIRE_COMPATIBLE_TYPE",
        False,
        "int32 a = 1; string b = 2; sint32 c = 3; bool d = 4;",
        "int64 a = 1; bytes b = 2; sint64 c = 3; uint32 d = 4;",
    ),
    _both(
        "FIELD_WIRE_COMPATIBLE_TYPE",
        True,
        "E a = 1; enum E { A = 0; } float b = 2;",
        "int32 a = 1; enum E { A = 0; } double b = 2;",
    ),
    # Cardinality
    _both(
        "FIELD_SAME_CARDINALITY",
        True,
        "int32 a = 1; optional int32 b = 2; repeated int32 c = 3;",
        "optional int32 a = 1; int32 b = 2; int32 c = 3;",
    ),
    _both(
        "FIELD_SAME_CARDINALITY",
        False,
        "optional M a = 1; M b = 2; oneof o { int32 c = 3; }",
        "M a = 1; optional M b = 2; optional int32 c = 3;",
    ),
    _both(
        "FIELD_SAME_CARDINALITY",
        True,
        "int32 a = 1;",
        "int32 a = 1 [features.field_presence = IMPLICIT]; int32 b = 2;",
        E23,
    ),
    _both(
        "FIELD_SAME_CARDINALITY",
        True,
        "int32 a = 1; M b = 2;",
        "int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; M b = 2 [features.field_presence = LEGACY_REQUIRED];",
        E23,
    ),
    _both(
        "FIELD_SAME_CARDINALITY",
        True,
        "map<string, int32> a = 1;",
        "message AEntry { string key = 1; int32 value = 2; } repeated AEntry a = 1;",
    ),
    (
        "FIELD_SAME_CARDINALITY",
        True,
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 5; }",
        P2 + "message M { extensions 5 to 9; } extend M { repeated int32 e = 5; }",
    ),
    (
        "FIELD_SAME_CARDINALITY",
        False,
        P2 + "message M { map<string, int32> a = 1; }",
        "message M { map<string, int32> a = 1; }",
    ),
    _both(
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        True,
        "map<string, int32> a = 1;",
        "message AEntry { string key = 1; int32 value = 2; } repeated AEntry a = 1;",
    ),
    _both("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", False, "int32 a = 1;", "optional int32 a = 1;"),
    _both(
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        True,
        "int32 a = 1; repeated string b = 2;",
        "repeated int32 a = 1; string b = 2;",
    ),
    _both(
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        False,
        "map<string, int32> a = 1;",
        "message AEntry { string key = 1; int32 value = 2; } repeated AEntry a = 1;",
    ),
    _both("FIELD_WIRE_COMPATIBLE_CARDINALITY", True, "optional int32 a = 1;", "required int32 a = 1;", P2),
    # Names
    _both("FIELD_SAME_NAME", True, "int32 a = 1; string b = 2;", "string b = 1; int32 a = 2;"),
    _both("FIELD_SAME_NAME", False, "int32 a = 1;", "int32 a = 1 [json_name = 'x'];"),
    (
        "FIELD_SAME_NAME",
        True,
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 5; }",
        P2 + "message M { extensions 5 to 9; } message N { extend M { optional int32 e = 5; } }",
    ),
    (
        "FIELD_SAME_NAME",
        True,
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 5; }",
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 f = 5; }",
    ),
    _both(
        "FIELD_SAME_JSON_NAME",
        True,
        "int32 foo_bar = 1; int32 b = 2;",
        "int32 foo_bar = 1 [json_name = 'foo']; int32 c = 2;",
    ),
    _both("FIELD_SAME_JSON_NAME", False, "int32 foo_bar = 1;", "int32 fooBar = 1;"),
    (
        "FIELD_SAME_JSON_NAME",
        False,
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 5; }",
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 f = 5; }",
    ),
    # Defaults
    _both(
        "FIELD_SAME_DEFAULT",
        True,
        "optional int32 a = 1 [default = 1]; optional string b = 2;",
        "optional int32 a = 1; optional string b = 2 [default = 'x'];",
        P2,
    ),
    _both(
        "FIELD_SAME_DEFAULT",
        False,
        "optional float a = 1 [default = 1]; optional float b = 2 [default = nan]; optional bool c = 3;"
        " optional float d = 4 [default = 0.1]; optional bytes e = 5 [default = '\\x00a']; optional float f = 6;",
        "optional float a = 1 [default = 1.0]; optional float b = 2 [default = nan]; "
        "optional bool c = 3 [default = false]; optional double d = 4 [default = 0.1];"
        " optional bytes e = 5 [default = '\\000\\141'];"
        " optional float f = 6 [default = -0.0];",
        P2,
    ),
    _both(
        "FIELD_SAME_DEFAULT",
        True,
        "optional double a = 1 [default = 0.1]; optional int32 b = 2 [default = 1]; optional uint64 c = 3;"
        " optional bytes d = 4 [default = 'a']; optional double e = 5 [default = inf];",
        "optional double a = 1 [default = 0.10000001]; optional string b = 2 [default = '1'];"
        " optional uint64 c = 3 [default = 18446744073709551615]; optional string d = 4 [default = 'b'];"
        " optional double e = 5 [default = -inf];",
        P2,
    ),
    _both(
        "FIELD_SAME_DEFAULT",
        False,
        "optional int32 a = 1 [default = 1]; optional bytes d = 4 [default = 'a']; optional float f = 5 [default = 2];",
        "optional bool a = 1 [default = true]; optional string d = 4 [default = 'a'];"
        " optional uint64 f = 5 [default = 2];",
        P2,
    ),
    (
        "FIELD_SAME_DEFAULT",
        True,
        P2 + "message M { optional E e = 1; } message X { repeated E e = 1; } enum E { A = 1; B = 2; }",
        P2 + "message M { optional E e = 1; } message X { repeated E e = 1; } enum E { B = 2; A = 1; }",
    ),
    (
        "FIELD_SAME_DEFAULT",
        True,
        {
            "a.proto": P2 + "package PKG; import 'PKG/b.proto'; message M { optional E e = 1; extensions 5 to 9; }"
            " extend M { optional E x = 5; }",
            "b.proto": P2 + "package PKG; enum E { A = 1; B = 2; }",
        },
        {
            "a.proto": P2 + "package PKG; import 'PKG/b.proto'; message M { optional E e = 1; extensions 5 to 9; }"
            " extend M { optional E x = 5; }",
            "b.proto": P2 + "package PKG; enum E { B = 2; A = 1; }",
        },
    ),
    (
        "FIELD_SAME_DEFAULT",
        False,
        P2 + "message M { optional E e = 1 [default = A]; } enum E { A = 1; B = 2; }",
        P2 + "message M { optional E e = 1; } enum E { A = 1; B = 2; }",
    ),
    _both(
        "FIELD_SAME_DEFAULT",
        True,
        "\n\toptional int32 a = 1 [default = 1];\n /* é 漢 */ \toptional int32 b = 2 [default = /* x */ 1];\n",
        "\n\toptional int32 a = 1 [default = 2];\n /* é 漢 */ \toptional int32 b = 2 [default = /* x */ 2];\n",
        P2,
    ),
    _both(
        "FIELD_SAME_TYPE",
        True,
        "\n \tint32 a = 1;\n/* 😀 é */ int32\tb = 2;",
        "\n \tint64 a = 1;\n/* 😀 é */ int64\tb = 2;",
    ),
    # Oneofs
    _both(
        "FIELD_SAME_ONEOF",
        True,
        "int32 a = 1; oneof o { int32 b = 2; int32 c = 3; }",
        "int32 b = 2; oneof o { int32 a = 1; } oneof p { int32 c = 3; }",
    ),
    _both("FIELD_SAME_ONEOF", True, "oneof o { int32 b = 2; }", "oneof p { int32 b = 2; }"),
    _both(
        "FIELD_SAME_ONEOF",
        False,
        "optional int32 a = 1; int32 b = 2; oneof o { int32 c = 3; }",
        "int32 a = 1; optional int32 b = 2; oneof o { int32 c = 3; int32 d = 4; }",
    ),
    _both("ONEOF_NO_DELETE", True, "oneof o { int32 b = 2; }", "int32 b = 2;"),
    _both(
        "ONEOF_NO_DELETE",
        False,
        "optional int32 a = 1; oneof o { int32 b = 2; }",
        "int32 a = 1; oneof o { int32 c = 2; }",
    ),
    # Options and features
    _both(
        "FIELD_SAME_JSTYPE",
        True,
        "int64 a = 1; uint64 b = 2 [jstype = JS_NUMBER];",
        "int64 a = 1 [jstype = JS_STRING]; uint64 b = 2;",
    ),
    _both(
        "FIELD_SAME_JSTYPE",
        False,
        "int64 a = 1; int64 b = 2 [jstype = JS_STRING];",
        "int64 a = 1 [jstype = JS_NORMAL]; string b = 2;",
    ),
    _both(
        "FIELD_SAME_CPP_STRING_TYPE",
        True,
        "bytes a = 1; string b = 2 [ctype = CORD];",
        "bytes a = 1 [ctype = CORD]; string b = 2;",
    ),
    _both(
        "FIELD_SAME_CPP_STRING_TYPE",
        False,
        "bytes a = 1; string b = 2 [ctype = STRING_PIECE]; string c = 3 [ctype = CORD];",
        "bytes a = 1 [ctype = STRING]; string b = 2; int32 c = 3;",
    ),
    _both(
        "FIELD_SAME_CPP_STRING_TYPE",
        True,
        "string a = 1; string b = 2; string c = 3 [features.(pb.cpp).string_type = VIEW];",
        "string a = 1 [features.(pb.cpp).string_type = CORD]; "
        "string b = 2 [features = { [pb.cpp] { string_type: VIEW } }];"
        " string c = 3;",
        E23 + CPP,
    ),
    (
        "FIELD_SAME_CPP_STRING_TYPE",
        True,
        E23 + CPP + _message("string a = 1; map<string, string> m = 2;"),
        E23
        + CPP
        + "option features.(pb.cpp).string_type = CORD;\n"
        + _message("string a = 1; map<string, string> m = 2;"),
    ),
    _both("FIELD_SAME_CPP_STRING_TYPE", True, "string a = 1 [ctype = STRING_PIECE];", "string a = 1 [ctype = CORD];"),
    (
        "FIELD_SAME_JAVA_UTF8_VALIDATION",
        True,
        P2 + _message("optional string a = 1;"),
        P2 + "option java_string_check_utf8 = true;\n" + _message("optional string a = 1; map<string, string> m = 2;"),
    ),
    (
        "FIELD_SAME_JAVA_UTF8_VALIDATION",
        False,
        _message("string a = 1; bytes b = 2;"),
        "option java_string_check_utf8 = true;\n" + _message("string a = 1; bytes b = 2;"),
    ),
    _both(
        "FIELD_SAME_JAVA_UTF8_VALIDATION",
        True,
        "string a = 1 [features.utf8_validation = NONE];",
        "string a = 1 [features.utf8_validation = NONE, features.(pb.java).utf8_validation = VERIFY];",
        E23 + JAVA,
    ),
    _both(
        "FIELD_SAME_JAVA_UTF8_VALIDATION",
        False,
        "string a = 1;",
        "string a = 1 [features.(pb.java).utf8_validation = VERIFY];",
        E23 + JAVA,
    ),
    _both(
        "FIELD_SAME_UTF8_VALIDATION",
        True,
        "string a = 1; map<string, string> m = 2; bytes b = 3;",
        "string a = 1 [features.utf8_validation = NONE]; map<string, string> m = 2 [features.utf8_validation = NONE];"
        " bytes b = 3;",
        E23,
    ),
    (
        "FIELD_SAME_UTF8_VALIDATION",
        True,
        P2 + _message("optional string a = 1; optional bytes b = 2;"),
        _message("optional string a = 1; optional bytes b = 2;"),
    ),
    (
        "FIELD_SAME_UTF8_VALIDATION",
        False,
        E23 + _message("string a = 1;"),
        E23 + "option features.utf8_validation = VERIFY;\n" + _message("string a = 1 [features = {}];"),
    ),
)
