"""Enums and their values."""

from __future__ import annotations

P2 = 'syntax = "proto2";\n'
E23 = 'edition = "2023";\n'

CASES = (
    (
        "ENUM_NO_DELETE",
        True,
        "enum E { A = 0; } message M { enum F { B = 0; } message N { enum G { C = 0; } } }",
        "message M {}",
    ),
    (
        "ENUM_NO_DELETE",
        True,
        {"a.proto": "enum E { A = 0; } message M {}", "b.proto": "message N {}"},
        {"a.proto": "message M {}", "b.proto": "enum E { A = 0; } message N {}"},
    ),
    ("ENUM_NO_DELETE", False, "enum E { A = 0; }", "enum F { B = 0; } enum E { A = 0; }"),
    (
        "PACKAGE_ENUM_NO_DELETE",
        True,
        "enum E { A = 0; } message M { enum F { B = 0; } }",
        "enum G { A = 0; } message M {}",
    ),
    (
        "PACKAGE_ENUM_NO_DELETE",
        False,
        {"a.proto": "enum E { A = 0; } message M {}", "b.proto": "message N {}"},
        {"a.proto": "message M {}", "b.proto": "enum E { A = 0; } message N {}"},
    ),
    ("PACKAGE_ENUM_NO_DELETE", False, "enum E { A = 0; }", "message M {}"),
    (
        "PACKAGE_ENUM_NO_DELETE",
        True,
        {"a.proto": "enum E { A = 0; }", "b.proto": "message M { enum F { B = 0; } }"},
        {"b.proto": "message M { enum F { B = 0; } }"},
    ),
    ("ENUM_SAME_TYPE", True, P2 + "enum E { A = 0; }", "enum E { A = 0; }"),
    (
        "ENUM_SAME_TYPE",
        True,
        E23 + "enum E { A = 0; } message M { enum F { B = 0; } }",
        E23 + "enum E { option features.enum_type = CLOSED; A = 0; }"
        " message M { enum F { option features = { enum_type: CLOSED }; B = 0; } }",
    ),
    ("ENUM_SAME_TYPE", True, E23 + "enum E { A = 0; }", E23 + "option features.enum_type = CLOSED;\nenum E { A = 0; }"),
    ("ENUM_SAME_TYPE", False, "enum E { A = 0; }", E23 + "enum E { A = 0; }"),
    ("ENUM_SAME_JSON_FORMAT", True, "enum E { A = 0; }", P2 + "enum E { A = 0; }"),
    (
        "ENUM_SAME_JSON_FORMAT",
        True,
        E23 + "message M { enum E { A = 0; } enum F { B = 0; } }",
        E23 + "message M { option features.json_format = LEGACY_BEST_EFFORT; enum E { A = 0; }"
        " enum F { option features.json_format = LEGACY_BEST_EFFORT; B = 0; } }",
    ),
    ("ENUM_SAME_JSON_FORMAT", False, P2 + "enum E { A = 0; }", "enum E { A = 0; }"),
    (
        "ENUM_VALUE_NO_DELETE",
        True,
        "enum E { A = 0; B = 1; C = 2; }",
        "enum E { A = 0; reserved 1, 2; reserved 'B', 'C'; }",
    ),
    ("ENUM_VALUE_NO_DELETE", False, "enum E { A = 0; B = 1; }", "enum E { A = 0; C = 1; B = 2; }"),
    (
        "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        True,
        "enum E { A = 0; B = 9; C = -4; }",
        "enum E { A = 0; reserved 1 to 8; reserved 'B'; }",
    ),
    (
        "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        False,
        "enum E { A = 0; B = 9; C = -4; }",
        "enum E { A = 0; reserved 1 to 9, -5 to -4; }",
    ),
    (
        "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        True,
        "enum E { option allow_alias = true; A = 0; B = 1; C = 1; }",
        "enum E { A = 0; reserved 'B'; }",
    ),
    (
        "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        False,
        "enum E { option allow_alias = true; A = 0; B = 1; C = 1; }",
        "enum E { A = 0; reserved 'B', 'C'; }",
    ),
    ("ENUM_VALUE_SAME_NAME", True, "enum E { A = 0; B = 1; C = 2; }", "enum E { A = 0; C = 1; B = 2; }"),
    (
        "ENUM_VALUE_SAME_NAME",
        True,
        "enum E { option allow_alias = true; A = 0; B = 0; C = 0; }",
        "enum E { option allow_alias = true; C = 0; X = 0; B = 0; }",
    ),
    (
        "ENUM_VALUE_SAME_NAME",
        False,
        "enum E { A = 0; B = 1; }",
        "enum E { option allow_alias = true; C = 0; A = 0; B = 1; D = 1; }",
    ),
    (
        "RESERVED_ENUM_NO_DELETE",
        True,
        "enum E { A = 0; reserved 5 to 9, 20 to max, -3; reserved 'X', 'Y'; }",
        "enum E { A = 0; reserved 6 to 8, 21 to 30; reserved 'X'; }",
    ),
    (
        "RESERVED_ENUM_NO_DELETE",
        False,
        "enum E { A = 0; reserved 5 to 9, 12, -9 to -3; reserved 'X'; }",
        "enum E { A = 0; reserved 5 to 7, 8 to 12, -9 to -6, -5 to -3; reserved 'Y', 'X'; }",
    ),
    ("RESERVED_ENUM_NO_DELETE", True, "enum E { A = 0; reserved 5; reserved 'B'; }", "enum E { A = 0; B = 5; }"),
)
