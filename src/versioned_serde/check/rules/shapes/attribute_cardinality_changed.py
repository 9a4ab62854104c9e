"""An attribute of a released version holds one value where it held a list or map, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import around, changes

RULE = Rule(
    name="attribute-cardinality-changed",
    severity="error",
    finds="An attribute of a released version holds one value where it held a list or map, or the other way round.",
    why=(
        "A reader that expects one value refuses a list, and the other way round. In formats that repeat an"
        " element instead of writing a list, it takes one of the values and loses the others."
    ),
    example="""\
```python
class Order(BaseModel):
    emails: list[str]            # was: str
```""",
    instead=(
        'Declare it with both ways: `Version(n, retype("emails", was=str, up=lambda one: [one], down=lambda all:'
        " all[0]))`, or add the list as a new attribute."
    ),
    aliases=(
        "FIELD_SAME_CARDINALITY",
        "FIELD_SAME_LABEL",
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
    ),
    references=("docs/how-to/rename-and-retype.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute with other lists and maps around its values."""
    for change in changes(comparison):
        if change.types is not None and around(change.types[0]) != around(change.types[1]):
            old, new = (_told(around(type_)) for type_ in change.types)
            yield undeclared(change, comparison, RULE, f"`{change.path}` was {old} and is {new}")


def _told(containers: tuple[str, ...]) -> str:
    return " of ".join(["a " + containers[0], *(f"{each}s" for each in containers[1:])]) if containers else "one value"
