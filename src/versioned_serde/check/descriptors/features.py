"""What editions call features, resolved for each element; files with `syntax` have those that it stands for.

The numbers, and what each edition starts with, are from descriptor.proto, cpp_features.proto and java_features.proto of
protobuf.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from versioned_serde.check.descriptors.wire import spans

PROTO2: Final = 998
PROTO3: Final = 999
EDITION_2023: Final = 1000
EDITION_2024: Final = 1001

EXPLICIT: Final = 1
IMPLICIT: Final = 2
LEGACY_REQUIRED: Final = 3
CLOSED: Final = 2
UTF8_VERIFY: Final = 2
UTF8_NONE: Final = 3
DELIMITED: Final = 2
JSON_ALLOW: Final = 1
CPP_CORD: Final = 2
CPP_STRING: Final = 3
JAVA_VERIFY: Final = 2


class Features(NamedTuple):
    """Numbers of enum values, as descriptor.proto has them; `cpp_string` and `java_utf8` are of the languages' own."""

    presence: int
    enum_type: int
    repeated_encoding: int
    utf8: int
    message_encoding: int
    json_format: int
    cpp_string: int
    java_utf8: int


_STANDARD = {1: "presence", 2: "enum_type", 3: "repeated_encoding", 4: "utf8", 5: "message_encoding", 6: "json_format"}
_OF_LANGUAGES = {1000: "cpp_string", 1001: "java_utf8"}
_LANGUAGE_FIELD: Final = 2  # of CppFeatures: string_type; of JavaFeatures: utf8_validation

_2023 = Features(EXPLICIT, 1, 1, UTF8_VERIFY, 1, JSON_ALLOW, CPP_STRING, 1)
_STARTS = {
    PROTO2: Features(EXPLICIT, CLOSED, 2, UTF8_NONE, 1, 2, CPP_STRING, 1),
    PROTO3: Features(IMPLICIT, 1, 1, UTF8_VERIFY, 1, JSON_ALLOW, CPP_STRING, 1),
    EDITION_2023: _2023,
}
_2024 = _2023._replace(cpp_string=1)


def features_of_edition(edition: int) -> Features:
    """What a file of an edition starts with. An edition newer than all known ones starts like the newest of them."""
    return _STARTS.get(edition, _2024)


def of_element(inherited: Features, proto: Any) -> Features:
    """What an element has that inherits some features and sets others in its options."""
    if not proto.HasField("options") or not proto.options.HasField("features"):
        return inherited
    data = proto.options.features.SerializeToString()
    own: dict[str, int] = {}
    for field in spans(data, 0, len(data)):
        if field.number in _STANDARD:
            own[_STANDARD[field.number]] = field.value
        elif field.number in _OF_LANGUAGES:
            for inner in spans(data, field.start, field.end):
                if inner.number == _LANGUAGE_FIELD:
                    own[_OF_LANGUAGES[field.number]] = inner.value
    return inherited._replace(**own)
