"""Which rules count, and what a hit of each is worth."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from types import ModuleType
from typing import Final

from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.descriptors.hit import NOT_OF_BUF
from versioned_serde.check.rules.rule import of_family

_PREFIX: Final = "buf:"

_LEFT_OUT: Final = frozenset(
    {
        # A weaker or stronger measure of the same change is chosen: the exact direction says more than buf's groups do.
        "FIELD_NO_DELETE",
        "ENUM_VALUE_NO_DELETE",
        "FIELD_WIRE_COMPATIBLE_TYPE",
        "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        # What has moved to another file of its package is the same for every reader.
        "MESSAGE_NO_DELETE",
        "ENUM_NO_DELETE",
        "EXTENSION_NO_DELETE",
        "SERVICE_NO_DELETE",
    }
)
"""What is not looked for unless it is asked for."""


def rule_modules() -> tuple[ModuleType, ...]:
    """The rules about protobuf. Each has `RULE`, `BUF` (buf's ids and their categories), `LOOKS_AT` and `check`.

    `LOOKS_AT` has one or more of `files`, `messages`, `fields`, `enums`, `services`, `methods`: `check` is called with
    two of these, the old and the new one, and with the difference of the sets; for `sets`, with the difference alone.
    `all fields` are messages, too, but `check` for `messages` is not called where only their fields differ.
    """
    return of_family("protobuf")


def ids() -> dict[str, frozenset[str]]:
    """Each of buf's ids, with its categories."""
    return {name: frozenset(said.split()) for module in rule_modules() for name, said in module.BUF.items()}


def by_default() -> frozenset[str]:
    """What is looked for unless something is asked for."""
    return frozenset({*ids(), NOT_OF_BUF}) - _LEFT_OUT


def selected(rules: Sequence[str]) -> frozenset[str]:
    """The ids that `--rules` asks for, as `breaking: use:` of buf would.

    Args:
        rules: such as `buf:WIRE_JSON` or `FIELD_NO_DELETE`; the prefix may be left out.

    Raises:
        ContractError: there is no such id, and no such category.
    """
    known = ids()
    categories = frozenset().union(*known.values())
    found: set[str] = set()
    for rule in rules:
        name = rule.strip().removeprefix(_PREFIX)
        if name in known:
            found.add(name)
        elif name in categories:
            found |= {each for each, where in known.items() if name in where}
        else:
            close = get_close_matches(name, [*known, *categories], n=3)
            hint = f"Did you mean {', '.join(close)}?" if close else f"Sets are {', '.join(sorted(categories))}."
            raise ContractError(f"There is no rule and no set of rules `{rule}`.", hint=hint)
    return frozenset(found)
