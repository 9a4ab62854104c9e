"""A record, read by the code of an earlier release: a program that `proof` runs in a process of its own.

It takes one JSON object on its standard input and prints another one as its last line.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from versioned_serde import plugins
from versioned_serde.check.witness import outcome, reader_of
from versioned_serde.errors import SerdeError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.lock.parsing import parsed_shape
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import Packed


def answered(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the code in `asked["path"]` makes of a record.

    Args:
        asked: `path`: folders to import from; `registries`: such as `shop.serde:registry`; `schema`: its name;
            `payload` and `headers`: the record; `shape`: the lines of its version as its writer has it, and `written`:
            what it holds, in the codec `json`. Bytes are in Base64.

    Returns:
        `misread`: path of an attribute or None, and `refused`: the error's text or empty; or `failed`: why the code
        could not be asked.
    """
    sys.path[:0] = asked["path"]
    try:
        schema = _found(asked["registries"], asked["schema"])
    except Exception as error:  # noqa: BLE001  another release's code raises what it likes
        return {"failed": f"{type(error).__name__}: {error}"}
    if schema is None:
        return {"failed": f"none of {', '.join(asked['registries'])} declares it"}
    shape = parsed_shape(asked["shape"])
    written = plugins.codec("json").payload(shape, DEFAULT_LIMITS).decode(b64decode(asked["written"]))
    record = Packed(b64decode(asked["payload"]), asked["headers"])
    misread, refused = outcome(shape, written, record, reader_of(schema))
    return {"misread": misread, "refused": refused}


def _found(places: Iterable[str], name: str) -> Schema[Any] | None:
    for place in places:
        module, _, attribute = place.partition(":")
        for declared in getattr(import_module(module), attribute):
            if isinstance(declared, Schema) and declared.name == name:
                return declared
    return None


def main() -> None:
    """The program."""
    try:
        answer = answered(json.loads(sys.stdin.read()))
    except SerdeError as error:
        answer = {"failed": str(error)}
    sys.stdout.write(f"\n{json.dumps(answer)}\n")


if __name__ == "__main__":
    main()
