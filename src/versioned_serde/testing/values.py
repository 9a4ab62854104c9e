"""Strategies of valid values of a declared schema, in its newest form and in older ones."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from hypothesis import strategies as st

from versioned_serde import plugins
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.levels import out_of_place
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import Line
from versioned_serde.shape import (
    AnyType,
    Attribute,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
    Type,
    UnionType,
    object_types,
)
from versioned_serde.testing.bounds import annotated, argument, inner, scalars, sizes, split
from versioned_serde.tree import Tree, copied

T = TypeVar("T")
_MOST = 3
"""Elements of a list or map, unless the model asks for more."""
_REFUSED = object()
LETTERS = st.characters(codec="utf-8")
"""All that a text may hold: surrogates have no bytes in UTF-8."""
_ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(LETTERS, max_size=8),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(LETTERS, max_size=4), inside, max_size=2),
    max_leaves=4,
)


@overload
def values_of(schema: Schema[T]) -> st.SearchStrategy[T]: ...
@overload
def values_of(schema: Schema[Any], version: int) -> st.SearchStrategy[dict[str, Any]]: ...
def values_of(schema: Schema[Any], version: int | None = None) -> st.SearchStrategy[Any]:
    """Valid values of a schema.

    Values are drawn by the types and constraints of the model, and kept where the model accepts them and the newest
    version's codec can carry them. Optional attributes are sometimes there and sometimes not, defaults too. NaN and the
    infinities are left out.

    Args:
        schema: the schema.
        version: a listed version. Then values are what a release of that version could have written, as
            `from_version` takes them: dicts by wire names with typed Python values, enums as raw values. Of the model's
            constraints, those of attributes that are still of the same name and type hold, and those that a step says
            (`was=Annotated[int, Ge(0)]`).

    Raises:
        DeclarationError: the version is not listed.
    """
    values = Values(schema)
    return values.newest() if version is None else values.object(line_of(schema, version).shape)


def line_of(schema: Schema[Any], version: int) -> Line:
    """A listed version.

    Raises:
        DeclarationError: it is not listed.
    """
    for line in schema.lines:
        if line.number == version:
            return line
    raise DeclarationError(
        f"Version {version} is not listed.", hint=f"Listed are {', '.join(map(str, schema.versions))}."
    ).located(schema=schema.name)


class Values:
    """Strategies of the trees of one schema, by its shapes."""

    def __init__(self, schema: Schema[Any]) -> None:
        self._schema = schema
        self._annotations: dict[int, dict[str, tuple[Type, Any]]] = {}
        self._note(schema.lines[-1].shape)
        self._was: list[tuple[str, Type, Any]] = []
        for single in schema.lineage.singles:
            # Of whichever step says the older type of one attribute; its constraints are in no class.
            name, was = getattr(single.step, "name", None), getattr(single.step, "was", None)
            if isinstance(name, str) and (attribute := single.older.get(name)) is not None:
                self._was.append((name, attribute.type, was))
        self._recursive: dict[int, st.SearchStrategy[Tree]] = {}
        self._attributes: dict[tuple[int, str, str], st.SearchStrategy[Any]] = {}

    def _note(self, shape: Shape) -> None:
        if id(shape.model) in self._annotations:
            return
        noted = self._annotations[id(shape.model)] = {}
        kind = plugins.kind(shape if shape.model is None else shape.model)
        if kind is not None and shape.model is not None:
            found = annotated(kind, shape)
            known = {each.name: each.type for each in shape.unrolled.attributes}
            noted.update({name: (known[name], found[name]) for name in found if name in known})
        for attribute in shape.attributes:
            for nested in object_types(attribute.type):
                self._note(nested.shape)

    def newest(self) -> st.SearchStrategy[Any]:
        """Instances of the newest model."""
        schema = self._schema
        line = schema.lines[-1]
        encode = line.codec.payload(line.shape, schema._limits).encode  # noqa: SLF001  as the schema compiles it

        def built(tree: Tree) -> Any:
            try:
                value = schema._compiled.build(tree)  # noqa: SLF001  the model's own opinion of it
                encode(schema._compiled.dump(value, None))  # noqa: SLF001
            except (PayloadError, UnwritableValueError):
                return _REFUSED
            return value

        return self.object(line.shape).map(built).filter(lambda value: value is not _REFUSED)

    def object(self, shape: Shape, path: str = "") -> st.SearchStrategy[Tree]:
        """Trees of a shape."""
        if not shape.recursive:
            return self._level(shape, path)
        found = self._recursive.get(id(shape))
        if found is None:
            found = self._recursive[id(shape)] = st.deferred(lambda: self._level(shape, path))
        return found

    def _level(self, shape: Shape, path: str) -> st.SearchStrategy[Tree]:
        attributes = shape.unrolled.attributes
        required = {each.name: self.attribute(shape, each, path) for each in attributes if not each.optional}
        optional = {each.name: self.attribute(shape, each, path) for each in attributes if each.optional}
        return st.fixed_dictionaries(required, optional=optional)

    def attribute(self, shape: Shape, attribute: Attribute, path: str = "") -> st.SearchStrategy[Any]:
        """Values of one attribute, where it is present; now and then its default.

        Args:
            shape: that has it, perhaps of an older version; the schema's, or one that lives as long.
            attribute: the attribute.
            path: of the object that has it.
        """
        found = self._attributes.get((id(shape), attribute.name, path))
        if found is None:
            within = f"{path}.{attribute.name}" if path else attribute.name
            found = self.type(attribute.type, self.annotation(shape, attribute), within)
            default = attribute.default
            if isinstance(default, Constant):
                found |= st.builds(copied, st.just(default.value))
            self._attributes[id(shape), attribute.name, path] = found
        return found

    def annotation(self, shape: Shape, attribute: Attribute) -> Any:
        """What Python says of it, or None: the model of its own attributes, a step of what was there before."""
        type_, annotation = self._annotations.get(id(shape.model), {}).get(attribute.name, (None, None))
        if type_ == attribute.type:
            return annotation
        return next((was for name, type_, was in self._was if (name, type_) == (attribute.name, attribute.type)), None)

    def type(self, type_: Type, annotation: Any, path: str) -> st.SearchStrategy[Any]:
        """Tree values of a type."""
        plain, bounds = split(annotation)
        match type_:
            case Scalar(name=name):
                return scalars(name, plain, bounds, LETTERS)  # type: ignore[no-any-return]
            case EnumType(members=members, open=is_open):
                unheard = st.text(LETTERS, max_size=8) if type_.base == "str" else st.integers(0, 2**31 - 1)
                return st.sampled_from(members) | unheard if is_open else st.sampled_from(members)
            case NullableType(inner=of):
                return st.none() | self.type(of, inner(plain, bounds), path)
            case ListType(item=item, container=container):
                elements = self.type(item, argument(plain, 0), path)
                if container in ("set", "frozenset"):
                    return st.lists(elements, unique_by=repr, **sizes(bounds, _MOST))
                key = self._schema.keys.get(path)
                if isinstance(item, ObjectType) and key is not None and item.shape.get(key) is not None:
                    # Elements of one key are one element to an editor.
                    return st.lists(elements, unique_by=lambda each: repr(each.get(key)), **sizes(bounds, _MOST))
                return st.lists(elements, **sizes(bounds, _MOST))
            case MapType(value=value):
                names = st.text(LETTERS, max_size=8)
                return st.dictionaries(names, self.type(value, argument(plain, 1), path), **sizes(bounds, _MOST))
            case ObjectType(shape=shape):
                return self.object(shape, path)
            case UnionType(discriminator=discriminator):
                return st.one_of(
                    *(
                        st.tuples(self.object(arm.shape, path), st.just(tag)).map(
                            lambda drawn: {**drawn[0], discriminator: drawn[1]}
                        )
                        for tag, arm in type_.objects
                    )
                )
            case AnyType():
                return _ANYTHING
            case RecursiveType():
                raise out_of_place(type_)
