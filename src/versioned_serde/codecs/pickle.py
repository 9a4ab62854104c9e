"""Pickles, to be read and left.

    Version(1, codec=Pickle(Order, Line), framing="bare")
    Version(2, codec="json", framing="envelope")

A pickle says what Python is to do, so reading one from a stranger is running a stranger's program. This codec runs
nothing: Python's unpickler reads the bytes, and in place of the listed classes stand records of what a pickle says of
instances (`adapters/unpickling.py`). Then the shape's attributes are looked up in them, of exactly the declared types.

Nothing is written: as long as old hosts read pickles, the service pickles as before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from versioned_serde.adapters.attributes import missing
from versioned_serde.adapters.texts import mismatch, too_long
from versioned_serde.adapters.unpickling import Instance, reader, uuid_of
from versioned_serde.errors import DeclarationError, LimitError, PayloadError, SerdeError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.protocols import Codec, PayloadCodec, ValueCodec
from versioned_serde.shape import (
    REQUIRED,
    AnyType,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import Tree

_SCALARS: dict[str, type] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "bytes": bytes,
    "decimal": Decimal,
    "datetime": datetime,
    "date": date,
    "time": time,
    "timedelta": timedelta,
}
_FIELDS_SET = "__pydantic_fields_set__"


class Pickle:
    """The codec `pickle`, which reads only. It is for the framing `bare`, because no tag names it.

    Args:
        classes: the classes whose instances the pickles hold, models and enums: the class, or `module.name` as it
            stands in the pickles, for a class that has moved or is gone.
        names: wire name -> name in the pickles, where they differ.
        ignore: names in the pickles that are no data, such as cached values. Any other undeclared one is an error.

    Raises:
        DeclarationError: no class is listed, or something else than classes and their names.
    """

    name = "pickle"
    id = 0
    retains_unknown = False

    def __init__(
        self, *classes: type | str, names: Mapping[str, str] | None = None, ignore: tuple[str, ...] = ()
    ) -> None:
        if not classes or not all(isinstance(each, type | str) for each in classes):
            raise DeclarationError(
                "Pickles are read only with the list of the classes that they may hold.",
                hint="List your own models and enums: `codec=Pickle(Order, Line, Color)`.",
            )
        self._classes = {named: each for each in classes for named in [_named(each)]}
        self._names = dict(names or {})
        self._ignore = frozenset(ignore)

    def check(self, shape: Shape) -> None:
        """Every shape can be read."""

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        read = reader({named: _stand_in(named) for named in self._classes}, limits)

        def decode(payload: bytes) -> Tree:
            tree: Tree = _Reading(self._classes, self._names, self._ignore, limits).object(shape, read(payload), 0)
            return tree

        return PayloadCodec(_unwritable, decode)

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        return ValueCodec(_unwritable, _unreadable)


def _named(given: type | str) -> str:
    return given if isinstance(given, str) else f"{given.__module__}.{given.__qualname__}"


def _stand_in(named: str) -> type[Instance]:
    return type(named.rpartition(".")[2], (Instance,), {"named": named})


def _unwritable(_: Any) -> NoReturn:
    raise UnwritableValueError(
        "Pickles are read and never written.",
        hint="Until every host reads the next version, go on pickling as before; then activate it with `writes`.",
    )


def _unreadable(_: Any) -> NoReturn:
    raise PayloadError("No value is kept as a pickle.")


class _Reading:
    """Values of one pickle -> a tree. What the pickle holds in several places is counted in each."""

    def __init__(
        self, classes: Mapping[str, type | str], names: Mapping[str, str], ignore: frozenset[str], limits: Limits
    ) -> None:
        self._classes = classes
        self._names = names
        self._ignore = ignore
        self._limits = limits
        self._items = 0

    def object(self, shape: Shape, value: Any, depth: int) -> Tree:
        depth = self._deeper(depth)
        attributes, given = self._attributes(value)
        self._count(len(attributes))
        tree: Tree = {}
        for attribute in shape.unrolled.attributes:
            python_name = self._names.get(attribute.name, attribute.name)
            if python_name not in attributes:
                if attribute.default is REQUIRED:
                    raise missing(attribute.name)
                continue
            found = attributes.pop(python_name)
            if attribute.always_written or given is None or python_name in given:
                tree[attribute.name] = self._inside(attribute.name, attribute.type, found, depth)
        if undeclared := next((name for name in attributes if name not in self._ignore), None):
            raise PayloadError(
                f"The pickle holds an attribute `{undeclared[:200]}` that this version does not declare.",
                hint="Declare it, or say `Pickle(..., ignore=(...))` if it is no data.",
            )
        return tree

    def _attributes(self, value: Any) -> tuple[dict[str, Any], Any]:
        """Attributes by their names in Python, and the names of those that were set if the pickle says so."""
        given: Any = None
        state = value
        if isinstance(value, Instance):
            state = value.state
            if type(state) is dict and type(state.get("__dict__")) is dict:  # pydantic
                given, state = state.get(_FIELDS_SET), state["__dict__"]
            elif type(state) is tuple and len(state) == 2 and type(state[1]) is dict:  # slots
                state = {**(state[0] or {}), **state[1]}
            elif type(state) is list or (state is None and value.arguments):  # frozen slots; a Struct
                state = self._by_position(value, state or value.arguments)
        if type(state) is not dict or not all(type(name) is str for name in state):
            raise mismatch("an object", _kind(value))
        return dict(state), given if type(given) is set else None

    def _by_position(self, value: Instance, values: Any) -> dict[str, Any] | None:
        cls = self._classes[value.named]
        names = getattr(cls, "__struct_fields__", None) or tuple(getattr(cls, "__dataclass_fields__", ()))
        return dict(zip(names, values, strict=True)) if len(names) == len(values) else None

    def value(self, type_: Type, value: Any, depth: int) -> Any:
        match type_:
            case Scalar(name):
                return self._scalar(name, value)
            case NullableType(inner):
                return None if value is None else self.value(inner, value, depth)
            case EnumType(members=members):
                if isinstance(value, Instance) and len(value.arguments) == 1:
                    value = value.arguments[0]
                if type(value).__name__ == type_.base and (type_.open or value in members):
                    return value
                raise mismatch("a member of the enum", _kind(value))
            case ListType(item):
                return self._list(item, value, depth)
            case MapType(item):
                return self._map(lambda element, at: self.value(item, element, at), value, depth)
            case ObjectType(shape):
                return self.object(shape, value, depth)
            case UnionType(discriminator=discriminator):
                return self._union(type_, discriminator, value, depth)
            case AnyType():
                return self._anything(value, depth)

    def _scalar(self, name: str, value: Any) -> Any:
        if name == "uuid":
            found = uuid_of(value)
            if found is None:
                raise mismatch("a uuid", _kind(value))
            return found
        if type(value) is int and name == "float" and abs(value) <= 2**53:
            return float(value)  # type checkers let an int stand for a float
        if type(value) is not _SCALARS[name]:
            raise mismatch(f"a {name}", _kind(value))
        if type(value) is int and value.bit_length() > self._limits.max_digits * 3.33:
            raise too_long(self._limits)
        return value

    def _list(self, item: Type, value: Any, depth: int) -> list[Any]:
        if type(value) not in (list, tuple, set, frozenset):
            raise mismatch("a list", _kind(value))
        depth = self._deeper(depth)
        self._count(len(value))
        elements = [self._inside(f"[{index}]", item, element, depth) for index, element in enumerate(value)]
        return sorted(elements, key=repr) if isinstance(value, set | frozenset) else elements

    def _map(self, read: Callable[[Any, int], Any], value: Any, depth: int) -> Tree:
        if type(value) is not dict or not all(type(name) is str for name in value):
            raise mismatch("a map with `str` keys", _kind(value))
        depth = self._deeper(depth)
        self._count(len(value))
        result: Tree = {}
        for name, element in value.items():
            try:
                result[name] = read(element, depth)
            except SerdeError as error:
                raise error.inside("[*]") from None  # a key is a payload value too
        return result

    def _union(self, type_: UnionType, discriminator: str, value: Any, depth: int) -> Tree:
        tag = self._attributes(value)[0].get(self._names.get(discriminator, discriminator))
        if isinstance(tag, Instance) and len(tag.arguments) == 1:
            tag = tag.arguments[0]
        arm = type_.arm(tag)
        if arm is None:
            raise PayloadError("The discriminator names none of the union's models.").inside(discriminator)
        tree = self.object(arm.shape, value, depth)
        tree.setdefault(discriminator, tag)  # what tells the arms apart is always written
        return tree

    def _anything(self, value: Any, depth: int) -> Any:
        if type(value) is dict:
            return self._map(self._anything, value, depth)
        if type(value) in (list, tuple):
            depth = self._deeper(depth)
            self._count(len(value))
            return [self._anything(element, depth) for element in value]
        if type(value) is int:
            return self._scalar("int", value)
        if value is None or type(value) in (bool, float, str):
            return value
        raise mismatch("a plain value", _kind(value))

    def _inside(self, place: str, type_: Type, value: Any, depth: int) -> Any:
        try:
            return self.value(type_, value, depth)
        except SerdeError as error:
            raise error.inside(place) from None

    def _deeper(self, depth: int) -> int:
        if depth >= self._limits.max_depth:
            raise LimitError("The pickle is nested too deep.", limit="max_depth")
        return depth + 1

    def _count(self, items: int) -> None:
        self._items += items
        if self._items > self._limits.max_items:
            raise LimitError("The pickle has too many elements and attributes.", limit="max_items")


def _kind(value: Any) -> str:
    return f"a `{value.named}`" if isinstance(value, Instance) else "null" if value is None else type(value).__name__


def plugin() -> Codec:
    """Never the codec by its name alone.

    Raises:
        DeclarationError: always; `Pickle` needs the list of classes.
    """
    return Pickle()
