"""Schemas in their documents: dialects, references, JSON pointers, and what `jsonschema` says of instances."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend, validator_for
from jsonschema_specifications import REGISTRY as SPECIFICATIONS
from referencing import Registry, Specification
from referencing.exceptions import Unresolvable
from referencing.jsonschema import lookup_recursive_ref, specification_with

from versioned_serde.check.contracts.json_schema.patterns import NotRegularError, is_risky
from versioned_serde.check.contracts.json_schema.values import fraction_of

_WHOLE_REF: Final = ("draft-03", "draft-04", "draft-06", "draft-07")
"""Dialects in which `$ref` is the only keyword beside which nothing counts."""
_RISKY_TEXT: Final = 20


class UnresolvableError(ValueError):
    """A reference leads nowhere."""


@dataclass(frozen=True, slots=True)
class Node:
    """A schema at its place.

    Attributes:
        schema: a mapping or a bool; anything else is no schema.
        document: that it is in.
        resolver: of its references, with the scopes that led to it.
        pointer: to it, in its document; None if it is in another one.
    """

    schema: Any
    document: Document
    resolver: Any
    pointer: str | None

    def child(self, *keys: str | int) -> Node:
        """The schema below a keyword, and below names or indexes in that."""
        schema: Any = self.schema
        pointer = self.pointer
        for key in keys:
            schema = schema[key]
            if pointer is not None:
                pointer = f"{pointer}/{escaped(str(key))}"
        return Node(schema, self.document, self.document.entered(self.resolver, schema), pointer)

    def target(self, keyword: str) -> Node:
        """The schema that a `$ref` or the like leads to.

        Raises:
            UnresolvableError: there is none.
        """
        try:
            if keyword == "$recursiveRef":
                resolved = lookup_recursive_ref(self.resolver)
            else:
                resolved = self.resolver.lookup(self.schema[keyword])
        except (Unresolvable, ValueError, TypeError, AttributeError, LookupError) as error:
            raise UnresolvableError(f"`{self.schema[keyword]}` leads nowhere") from error
        reference = self.schema[keyword]
        spelled = reference[1:] if isinstance(reference, str) and reference.startswith("#/") else None
        pointer = self.document.pointers.get(id(resolved.contents), spelled if _is_bool(resolved.contents) else None)
        return Node(resolved.contents, self.document, resolved.resolver, pointer)

    @property
    def identity(self) -> tuple[Any, ...]:
        """Equal for nodes that mean the same: dynamic references also depend on the scopes that were entered."""
        scopes: tuple[str, ...] = ()
        if self.document.is_dynamic:
            scopes = tuple(dict.fromkeys(uri for uri, _ in self.resolver.dynamic_scope()))
        return (id(self.document), id(self.schema), scopes)


class Document:
    """A document that schemas are in.

    Attributes:
        content: as `json.loads` gives it.
        validator: the class of `jsonschema` for its dialect.
        keywords: that its dialect knows.
        pointers: identity of each object in it -> its JSON pointer.
        declared: the names of all properties that its schemas have a schema for.
        whole_ref: whether nothing counts beside `$ref`.
        is_dynamic: whether it has dynamic references.
    """

    def __init__(
        self, content: Any, *, uri: str = "", dialect: str | None = None, registry: Registry[Any] | None = None
    ) -> None:
        """Of a document.

        Args:
            content: as `json.loads` gives it.
            uri: its address, against which its references are resolved; empty if it has none.
            dialect: address of its meta-schema where it has no `$schema`; 2020-12 by default.
            registry: other documents that it may refer to; nothing is ever fetched.
        """
        self.content: Any = content
        named = content.get("$schema") if isinstance(content, Mapping) else None
        chosen = named if isinstance(named, str) else dialect
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # a dialect of one's own is read as the default one
            self.validator: type[Validator] = validator_for({"$schema": chosen or ""}, default=Draft202012Validator)
        meta = cast(Mapping[str, Any], self.validator.META_SCHEMA)
        self.dialect: str = str(meta.get("$id") or meta.get("id"))
        self.keywords: frozenset[str] = frozenset(cast(Any, self.validator).VALIDATORS)
        self.whole_ref: bool = any(each in self.dialect for each in _WHOLE_REF)
        self._specification: Specification[Any] = specification_with(self.dialect, default=Specification.OPAQUE)
        resource = self._specification.create_resource(content)
        known = SPECIFICATIONS.combine(registry) if registry is not None else SPECIFICATIONS
        try:
            self.resolver: Any = known.with_resource(uri, resource).resolver_with_root(resource)
            if uri and resource.id() is None:
                self.resolver = known.with_resource(uri, resource).resolver(uri)
        except (AttributeError, TypeError, ValueError):
            # An `$id` that is no text: nothing in it can be referred to.
            self.resolver = known.resolver()
        self.pointers: dict[int, str] = {}
        self.declared: set[str] = set()
        self.is_dynamic: bool = False
        self._risky_names = False
        for pointer, each in _walked(content):
            self.pointers[id(each)] = pointer
            if isinstance(properties := each.get("properties"), Mapping):
                self.declared.update(map(str, properties))
            self.is_dynamic = self.is_dynamic or "$dynamicRef" in each or "$recursiveRef" in each
            if isinstance(patterns := each.get("patternProperties"), Mapping):
                self._risky_names = self._risky_names or any(map(is_risky, map(str, patterns)))

    def node(self, schema: Any) -> Node:
        """A schema in it, or one that refers to it."""
        return Node(schema, self, self.entered(self.resolver, schema), self.pointers.get(id(schema), ""))

    def entered(self, resolver: Any, schema: Any) -> Any:
        """The resolver inside of a schema, which may have an `$id` of its own."""
        if schema is self.content or not isinstance(schema, Mapping) or not ("$id" in schema or "id" in schema):
            return resolver
        try:
            return resolver.in_subresource(self._specification.create_resource(schema))
        except (AttributeError, TypeError, ValueError):
            return resolver

    def allows(self, node: Node, instance: Any) -> bool | None:
        """Whether `jsonschema` finds an instance valid under a schema of this document; None if it cannot tell."""
        if self._risky_names and _longest_name(instance) > _RISKY_TEXT:
            return None  # it backtracks, and might not come back
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                validator = _guarded(self.validator)(node.schema, _resolver=node.resolver)
                return bool(validator.is_valid(instance))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001  not well-formed schemas raise anything, its parts in Rust no `Exception`
            return None


def escaped(key: str) -> str:
    """A key as a part of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def steps(pointer: str) -> list[str]:
    """The parts of a JSON pointer, as keys."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _is_bool(schema: Any) -> bool:
    return isinstance(schema, bool)


def _walked(content: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    todo: list[tuple[str, Any]] = [("", content)]
    while todo:
        pointer, each = todo.pop()
        if isinstance(each, Mapping):
            yield pointer, each
            todo.extend((f"{pointer}/{escaped(str(key))}", value) for key, value in each.items())
        elif isinstance(each, list):
            todo.extend((f"{pointer}/{index}", value) for index, value in enumerate(each))


def _longest_name(instance: Any) -> int:
    if isinstance(instance, Mapping):
        return max((max(len(key), _longest_name(each)) for key, each in instance.items()), default=0)
    if isinstance(instance, list):
        return max(map(_longest_name, instance), default=0)
    return 0


@lru_cache
def _guarded(validator: Any) -> Any:
    """The same class of `jsonschema`, but multiples are those of the numbers that are written, not of the floats.

    It also gives up where Python's `re` might not come back.
    """

    def pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[Any]:
        if isinstance(instance, str) and len(instance) > _RISKY_TEXT and is_risky(str(pattern)):
            raise NotRegularError(f"`{pattern}` might take very long")
        yield from original(validator, pattern, instance, schema)

    def multiple_of(validator: Any, factor: Any, instance: Any, schema: Any) -> Iterator[Any]:
        is_number = validator.is_type(instance, "number")
        if is_number and (fraction_of(instance) / fraction_of(factor)).denominator != 1:
            yield ValidationError(f"{instance!r} is not a multiple of {factor}")

    original = validator.VALIDATORS["pattern"]
    return extend(validator, {"pattern": pattern, "multipleOf": multiple_of})  # type: ignore[no-untyped-call]
