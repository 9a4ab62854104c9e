"""Whether every instance that is valid under one JSON Schema is valid under another.

`incompatible` has an instance that the library `jsonschema` finds valid under the one and invalid under the other;
`compatible` has a proof; everything else is `undecided`, and says what could not be decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from versioned_serde.check.finding import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """An instance that is valid under the one schema and invalid under the other.

    Attributes:
        instance: as `json.loads` gives it.
    """

    instance: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why one schema does not include another, or why that could not be decided.

    Attributes:
        rule: name of a rule of the family `json_schema`, such as `json-schema-property-required`;
            `json-schema-undecided` where there is neither a proof nor a witness.
        message: one sentence.
        sup_pointer: JSON pointer, in the document of `sup` (its root, where one was given), of the keyword that fails.
        sub_pointer: JSON pointer, in the document of `sub`, of what stands at the same place there; None if nothing does.
        attribute: path in the instance, such as `lines[].sku`; empty for the instance itself.
        witness: an instance that is valid under `sub` and invalid under `sup`; None where the rule is
            `json-schema-undecided`.
    """

    rule: str
    message: str
    sup_pointer: str
    sub_pointer: str | None = None
    attribute: str = ""
    witness: Witness | None = None


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

    Args:
        sub: a schema as `json.loads` gives it: a dict or a bool.
        sup: the schema that must allow all that `sub` allows.
        sub_root: the document in which the references of `sub` are resolved, such as the OpenAPI document that it is
            a part of; `sub` itself by default. References to other documents are not followed: what depends on them is undecided.
        sup_root: the same for `sup`.
        dialect: address of the meta-schema that both follow where they have no `$schema`; 2020-12 by default.
    """
    raise NotImplementedError
