"""Files, packages and options of files."""

from __future__ import annotations

from collections.abc import Iterator

P2 = 'syntax = "proto2";\n'

_TEXTS = (
    "csharp_namespace",
    "go_package",
    "java_outer_classname",
    "java_package",
    "objc_class_prefix",
    "php_class_prefix",
    "php_metadata_namespace",
    "php_namespace",
    "ruby_package",
    "swift_prefix",
)
_SWITCHES = {  # and their defaults
    "cc_enable_arenas": "true",
    "cc_generic_services": "false",
    "java_generic_services": "false",
    "java_multiple_files": "false",
    "py_generic_services": "false",
}


def _options() -> Iterator[tuple[str, bool, str, str]]:
    for name in _TEXTS:
        rule = f"FILE_SAME_{name.upper()}"
        yield rule, True, f'option {name} = "a";', f'option {name} = "b";'
        yield rule, True, f'option {name} = "a";', ""
        yield rule, True, "", f'option {name} = "a";'
        yield rule, False, f'option {name} = "a";', f'option deprecated = true; option {name} = "a" "";'
    for name, default in _SWITCHES.items():
        rule, other = f"FILE_SAME_{name.upper()}", "false" if default == "true" else "true"
        yield rule, True, f"option {name} = {other};", f"option {name} = {default};"
        yield rule, True, f"option {name} = {other};", ""
        yield rule, False, "", f"option {name} = {default};"


CASES = (
    *_options(),
    ("FILE_SAME_OPTIMIZE_FOR", True, "option optimize_for = CODE_SIZE;", "option optimize_for = SPEED;"),
    ("FILE_SAME_OPTIMIZE_FOR", True, "option optimize_for = CODE_SIZE;", ""),
    ("FILE_SAME_OPTIMIZE_FOR", False, "", "option optimize_for = SPEED;"),
    ("FILE_SAME_SYNTAX", True, P2 + "message M {}", "message M {}"),
    ("FILE_SAME_SYNTAX", True, "message M {}", 'edition = "2023";\nmessage M {}'),
    ("FILE_SAME_SYNTAX", False, "message M {}", 'syntax = "proto3";\n\nmessage M {}'),
    ("FILE_SAME_SYNTAX", False, 'edition = "2023";\nmessage M {}', 'edition = "2024";\nmessage M {}'),
    (
        "FILE_SAME_PACKAGE",
        True,
        "package PKG; message M {} enum E { A = 0; } service S {}",
        "package PKG.v2; message M {} enum E { A = 0; } service S {}",
    ),
    ("FILE_SAME_PACKAGE", False, "package PKG; message M {}", "// moved\npackage PKG; message M {}"),
    (
        "FILE_NO_DELETE",
        True,
        {"a.proto": "message M {}", "b.proto": "message N {}"},
        {"a.proto": "message M {} message N {}"},
    ),
    ("FILE_NO_DELETE", True, {"a.proto": "message M {}"}, {"sub/a.proto": "message M {}"}),
    ("FILE_NO_DELETE", False, {"a.proto": "message M {}"}, {"a.proto": "", "b.proto": "message M {}"}),
    (
        "PACKAGE_NO_DELETE",
        True,
        {"a.proto": "package PKG; message M {}", "b.proto": "package PKG.v2; message N {} enum E { A = 0; }"},
        {"a.proto": "package PKG; message M {}"},
    ),
    (
        "PACKAGE_NO_DELETE",
        False,
        {"a.proto": "package PKG; message M {}", "b.proto": "package PKG.v2; message N {}"},
        {"a.proto": "package PKG; message M {}", "c.proto": "package PKG.v2; enum E { A = 0; }"},
    ),
)
