"""A stored model holds a type whose shape somebody else decides, or nobody."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.shape_changes import bare
from versioned_serde.check.sources import Sources
from versioned_serde.lock.description import attributes
from versioned_serde.shape import AnyType, EnumType

RULE = Rule(
    name="foreign-type",
    severity="warning",
    finds="A stored model holds a type whose shape somebody else decides, or nobody.",
    why=(
        "A class of another distribution changes when that is upgraded, and no version of yours says so. `Any`"
        " holds whatever a host put in, and no change of it can be declared or converted. `arbitrary_types_allowed`"
        " lets in types that were never meant to be written."
    ),
    example="""\
```python
from vendor_sdk import Address

class Order(BaseModel):
    address: Address
    extras: Any
```""",
    instead="Declare a model of your own with the attributes that you need, and convert where the other type comes in.",
    references=("docs/how-to/nested-objects.md",),
)


_STANDARD = ("builtins", "google", "versioned_serde")
"""Packages whose types do not change: such as `google.protobuf.Timestamp`."""


def check(sources: Sources) -> Iterator[Finding]:
    """Every model and enum from elsewhere, every attribute of any type, every model that allows arbitrary types."""
    for schema in sources.schemas:
        place = sources.comparison.at(schema.name)
        told: set[type] = set()
        for path, attribute, owner in attributes(schema.lines[-1].shape):
            inner = bare(attribute.type)
            if isinstance(inner, AnyType):
                yield RULE.finding(
                    f"`{path}` holds values of any type.",
                    severity="note",
                    schema=schema.name,
                    attribute=path,
                    place=place,
                )
            enum_class = inner.cls if isinstance(inner, EnumType) else None
            for cls, where in ((owner.model, path.rpartition(".")[0]), (enum_class, path)):
                if not isinstance(cls, type) or cls in told:
                    continue
                told.add(cls)
                if _is_foreign(cls, sources):
                    yield RULE.finding(
                        f"`{cls.__qualname__}` comes from `{cls.__module__}`, which is not this project's.",
                        schema=schema.name,
                        attribute=where or None,
                        place=place,
                    )
                if getattr(cls, "model_config", {}).get("arbitrary_types_allowed"):
                    yield RULE.finding(
                        f"`{cls.__qualname__}` says `arbitrary_types_allowed`.",
                        schema=schema.name,
                        attribute=where or None,
                        place=place,
                    )


def _is_foreign(cls: type, sources: Sources) -> bool:
    package = (cls.__module__ or "").partition(".")[0]
    return bool(sources.packages) and bool(package) and package not in {*sources.packages, *_STANDARD}
