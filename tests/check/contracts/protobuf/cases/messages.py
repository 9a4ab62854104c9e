"""Messages, their ranges, and what they require."""

from __future__ import annotations

P2 = 'syntax = "proto2";\n'
E23 = 'edition = "2023";\n'

CASES = (
    ("MESSAGE_NO_DELETE", True, "message M { message N { message O {} } } message P {}", "message M { message X {} }"),
    ("MESSAGE_NO_DELETE", True, "message M { map<string, int32> a = 1; }", "message M { repeated int32 a = 1; }"),
    ("MESSAGE_NO_DELETE", False, "message M { message N {} }", "message X {} message M { message Y {} message N {} }"),
    (
        "MESSAGE_NO_DELETE",
        True,
        {"a.proto": "message M {} message N {}", "b.proto": "message O {}"},
        {"a.proto": "message M {}", "b.proto": "message N {} message O {}"},
    ),
    ("PACKAGE_MESSAGE_NO_DELETE", True, "message M { message N { message O {} } } message P {}", "message M {}"),
    (
        "PACKAGE_MESSAGE_NO_DELETE",
        False,
        {"a.proto": "message M {} message N {}", "b.proto": "message O {}"},
        {"a.proto": "message M {}", "b.proto": "message N {} message O {}"},
    ),
    (
        "PACKAGE_MESSAGE_NO_DELETE",
        True,
        {"a.proto": "message M { message N {} }", "b.proto": "message O {}"},
        {"a.proto": "message X {}", "b.proto": "message M {}\nmessage O {}"},
    ),
    (
        "PACKAGE_MESSAGE_NO_DELETE",
        True,
        {"a.proto": "message M {}", "b.proto": "message O {}"},
        {"b.proto": "message O {}"},
    ),
    (
        "PACKAGE_MESSAGE_NO_DELETE",
        False,
        {"a.proto": "message M {}", "b.proto": "enum E { A = 0; }"},
        {"b.proto": "enum E { A = 0; }"},
    ),
    (
        "EXTENSION_NO_DELETE",
        True,
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 5; optional int32 f = 6; }",
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 f = 6; }",
    ),
    (
        "EXTENSION_NO_DELETE",
        True,
        P2 + "message M { extensions 5 to 9; message N { extend M { optional int32 e = 5; } } }",
        P2 + "message M { extensions 5 to 9; extend M { optional int32 e = 5; } }",
    ),
    (
        "EXTENSION_NO_DELETE",
        False,
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 5; }",
        P2 + "message M { extensions 5 to 9; } extend M { optional int32 e = 6; }",
    ),
    (
        "PACKAGE_EXTENSION_NO_DELETE",
        True,
        P2 + "message M { extensions 5 to 9; extend M { optional int32 e = 5; optional int32 f = 6; } }",
        P2 + "message M { extensions 5 to 9; extend M { optional int32 f = 6; } }",
    ),
    (
        "PACKAGE_EXTENSION_NO_DELETE",
        False,
        P2 + "message M { extensions 5 to 9; extend M { optional int32 e = 5; } }",
        P2 + "message M { extensions 5 to 9; }",
    ),
    (
        "EXTENSION_MESSAGE_NO_DELETE",
        True,
        P2 + "message M { extensions 5 to 9, 20 to max; }",
        P2 + "message M { extensions 6 to 8, 21 to 30; }",
    ),
    (
        "EXTENSION_MESSAGE_NO_DELETE",
        False,
        P2 + "message M { extensions 5 to 9, 12; }",
        P2 + "message M { extensions 5 to 7, 8 to 12; }",
    ),
    (
        "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
        True,
        "message M {}",
        "message M { option no_standard_descriptor_accessor = true; }",
    ),
    (
        "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
        False,
        "message M { option no_standard_descriptor_accessor = true; } message N {}",
        "message M {} message N { option no_standard_descriptor_accessor = false; }",
    ),
    (
        "MESSAGE_SAME_JSON_FORMAT",
        True,
        "message M { message N {} map<string, int32> m = 1; }",
        P2 + "message M { message N {} map<string, int32> m = 1; }",
    ),
    (
        "MESSAGE_SAME_JSON_FORMAT",
        True,
        E23 + "message M { message N {} }",
        E23 + "message M { option features.json_format = LEGACY_BEST_EFFORT; message N {} }",
    ),
    ("MESSAGE_SAME_JSON_FORMAT", False, P2 + "message M { optional int32 a = 1; }", "message M { int32 a = 1; }"),
    (
        "MESSAGE_SAME_REQUIRED_FIELDS",
        True,
        P2 + "message M { required int32 a = 1; optional int32 b = 2; }",
        P2 + "message M { optional int32 a = 1; required int32 b = 2; required int32 c = 3; }",
    ),
    (
        "MESSAGE_SAME_REQUIRED_FIELDS",
        False,
        P2 + "message M { required int32 a = 1; optional int32 b = 2; }",
        P2 + "message M { required int64 b = 1; repeated int32 a = 2; }",
    ),
    (
        "MESSAGE_SAME_REQUIRED_FIELDS",
        True,
        P2 + "message M { required int32 a = 1; }",
        P2 + "message M { reserved 1; }",
    ),
    (
        "MESSAGE_SAME_REQUIRED_FIELDS",
        False,
        E23 + "message M { int32 a = 1; }",
        E23 + "message M { int32 a = 1; int32 b = 2; }",
    ),
    (
        "MESSAGE_SAME_REQUIRED_FIELDS",
        True,
        E23 + "message M { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }",
        P2 + "message M { required int32 a = 1; }",
    ),
    (
        "RESERVED_MESSAGE_NO_DELETE",
        True,
        "message M { reserved 5 to 9, 20 to max; reserved 'a', 'b'; }",
        "message M { reserved 6 to 8, 21 to 30; reserved 'a'; }",
    ),
    (
        "RESERVED_MESSAGE_NO_DELETE",
        False,
        "message M { reserved 5 to 9, 12; reserved 'a', 'b'; }",
        "message M { reserved 5 to 7, 8 to 12; reserved 'b', 'c', 'a'; }",
    ),
    ("RESERVED_MESSAGE_NO_DELETE", True, "message M { reserved 2; reserved 'b'; }", "message M { int32 b = 2; }"),
)
