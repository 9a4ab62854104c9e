"""Whether every instance that is valid under one JSON Schema is valid under another.

`incompatible` has an instance that the library `jsonschema` finds valid under the one and invalid under the other;
`compatible` has a proof; everything else is `undecided`, and says what could not be decided.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from versioned_serde.check.contracts.json_schema.documents import Document
from versioned_serde.check.contracts.json_schema.explaining import Explaining
from versioned_serde.check.contracts.json_schema.obstacles import UNDECIDED, Obstacle, Witness
from versioned_serde.check.finding import Verdict

__all__ = ["Inclusion", "Obstacle", "Witness", "included"]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Whether one schema includes another.

    Attributes:
        verdict: `compatible`: all that is valid under `sub` is valid under `sup`. `incompatible`: something is not.
        obstacles: at least one unless the verdict is `compatible`; those with a witness first. Notes on what is no
            obstacle, such as a changed `format`, are not here.
    """

    verdict: Verdict
    obstacles: tuple[Obstacle, ...]


def included(
    sub: Any, sup: Any, *, sub_root: Any = None, sup_root: Any = None, dialect: str | None = None
) -> Inclusion:
    """Whether every instance that is valid under `sub` is valid under `sup`.

    `format` and the keywords for content are annotations, as the specification has it by default: they exclude nothing.
    Regular expressions are those of ECMA-262, and numbers are those that are written, not the nearest floats.

    Args:
        sub: a schema as `json.loads` gives it: a dict or a bool.
        sup: the schema that must allow all that `sub` allows.
        sub_root: the document in which the references of `sub` are resolved, such as the OpenAPI document that it is
            a part of; `sub` itself by default. A `Document` is also taken, which may know others. References to
            documents that are not known are not followed: what depends on them is undecided.
        sup_root: the same for `sup`.
        dialect: address of the meta-schema that both follow where they have no `$schema`; 2020-12 by default.
    """
    try:
        ours = _document(sub if sub_root is None else sub_root, dialect)
        theirs = _document(sup if sup_root is None else sup_root, dialect)
        if sub_root is sup_root is None and _text(sub) == _text(sup):
            return Inclusion("compatible", ())
        obstacles = Explaining(ours.node(sub), theirs.node(sup)).obstacles()
    except RecursionError:
        message = "It is not decided whether all is allowed; the schemas are nested too deep"
        return Inclusion("undecided", (Obstacle(rule=UNDECIDED, message=message, sup_pointer=""),))
    if not obstacles:
        return Inclusion("compatible", ())
    sure = any(each.witness is not None for each in obstacles)
    return Inclusion("incompatible" if sure else "undecided", tuple(obstacles))


def _text(schema: Any) -> str:
    return json.dumps(schema, sort_keys=True, default=repr)


def _document(root: Any, dialect: str | None) -> Document:
    return root if isinstance(root, Document) else Document(root, dialect=dialect)
