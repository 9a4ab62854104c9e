"""Pairs of schemas, each judged in both directions from the specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from versioned_serde.check.contracts.json_schema.inclusion import included

DRAFT_4: Final = "http://json-schema.org/draft-04/schema#"
DRAFT_6: Final = "http://json-schema.org/draft-06/schema#"
DRAFT_7: Final = "http://json-schema.org/draft-07/schema#"
DRAFT_2019: Final = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020: Final = "https://json-schema.org/draft/2020-12/schema"

Relation = Literal["<", "=", "x"]
"""`<`: all of the left is in the right, and not the other way round. `x`: neither is in the other."""


@dataclass(frozen=True)
class Pair:
    name: str
    left: Any
    relation: Relation
    right: Any
    dialect: str = DRAFT_2020


def object_of(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    """An object with properties; the rest are keywords."""
    return {"type": "object", "properties": properties, "required": [*required], **more}


def closed(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    """The same without any other properties."""
    return object_of(properties, *required, additionalProperties=False, **more)


def check(pair: Pair) -> None:
    """Both verdicts are those of the relation."""
    there = included(pair.left, pair.right, dialect=pair.dialect).verdict
    back = included(pair.right, pair.left, dialect=pair.dialect).verdict
    assert "undecided" not in (there, back)
    assert (there == "compatible", back == "compatible") == (pair.relation in "<=", pair.relation == "=")
