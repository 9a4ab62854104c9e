"""An option of a file that decides what code is generated from it is another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import File
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

_OPTIONS = {
    "cc_enable_arenas": 31,
    "cc_generic_services": 16,
    "csharp_namespace": 37,
    "go_package": 11,
    "java_generic_services": 17,
    "java_multiple_files": 10,
    "java_outer_classname": 8,
    "java_package": 1,
    "objc_class_prefix": 36,
    "optimize_for": 9,
    "php_class_prefix": 40,
    "php_metadata_namespace": 44,
    "php_namespace": 41,
    "py_generic_services": 18,
    "ruby_package": 45,
    "swift_prefix": 39,
}
"""Option -> its number in FileOptions."""

BUF: Mapping[str, str] = {f"FILE_SAME_{name.upper()}": "FILE PACKAGE" for name in _OPTIONS}
LOOKS_AT: tuple[str, ...] = ("files",)
RULE = Rule(
    name="protobuf-file-option-changed",
    severity="note",
    finds="An option of a file that decides what code is generated from it is another one.",
    why=(
        "Nothing changes in the bytes. But generated code has other packages, names or services, so code that uses it"
        " no longer compiles. Each option is a rule of its own elsewhere; they differ in the language alone."
    ),
    example="""\
```proto
option go_package = "example.com/shop/v2";   // was: "example.com/shop"
```""",
    instead="Change it together with the code that is built from it, in all repositories that build from this file.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
)


def check(old: File, new: File, _: Difference) -> Iterator[Hit]:
    """Each such option that has another value; one that is absent has its default."""
    before, now = old.proto.options, new.proto.options
    for name, number in _OPTIONS.items():
        if getattr(before, name) != getattr(now, name):
            text = f"The option `{name}` has another value."
            yield Hit(f"FILE_SAME_{name.upper()}", text, new, None, ((8, number),), attribute=name)
