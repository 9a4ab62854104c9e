"""What can be wrong with a whole shape because it is recursive, however it came about."""

from __future__ import annotations

from versioned_serde.errors import DeclarationError
from versioned_serde.shape import (
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Shape,
    Type,
    UnionType,
)


def check_sound(shape: Shape) -> None:
    """Checks a whole shape and the shapes within it.

    Raises:
        DeclarationError: objects of a shape would have no end; or a union has an arm that its discriminator does not
            tell any more; or a back reference leads nowhere.
    """
    _check(shape, ())


def _check(shape: Shape, around: tuple[Shape, ...]) -> None:
    around = (*around, shape)
    if shape.recursive and not _ends(shape, {outer.name: True for outer in around[:-1]}):
        raise DeclarationError(
            f"Each `{shape.name}` requires another `{shape.name}`, so its values have no end.",
            hint="Make one of the attributes on the way optional or nullable, or a list or map.",
        )
    for attribute in shape.attributes:
        try:
            _check_type(attribute.type, around)
        except DeclarationError as error:
            raise error.inside(attribute.name) from None


def _check_type(type_: Type, around: tuple[Shape, ...]) -> None:
    match type_:
        case RecursiveType():
            _named(type_, around)
        case ObjectType(shape=shape):
            _check(shape, around)
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            _check_type(inner, around)
        case UnionType(discriminator=discriminator, arms=arms):
            for tag, arm in arms:
                _check_type(arm, around)
                # Of another arm `within` makes sure; this one changes with the object around it.
                told = _named(arm, around).get(discriminator) if isinstance(arm, RecursiveType) else None
                if isinstance(arm, RecursiveType) and not _tells(told, tag):
                    raise DeclarationError(
                        f"`{discriminator}` tells the arms of a union apart, so no step can change it within an arm.",
                        hint="Use `retype` for the attribute that holds the union.",
                    )
        case _:
            return


def _tells(attribute: Attribute | None, tag: str | int) -> bool:
    """Whether the attribute can hold the tag, and always one of the tags of its arm."""
    if attribute is None or not isinstance(attribute.type, EnumType):
        return False
    return not attribute.type.open and tag in attribute.type.members


def _named(type_: RecursiveType, around: tuple[Shape, ...]) -> Shape:
    for shape in reversed(around):
        if shape.name == type_.name:
            return shape
    raise DeclarationError(
        f"A back reference names `{type_.name}`, but no shape around it has that name.",
        hint="Use the name of a shape around it, or `ObjectType` with the shape itself.",
    )


def _ends(shape: Shape, known: dict[str, bool]) -> bool:
    """Whether some object of the shape is finite, given which of the shapes around it have finite ones."""
    known = {**known, shape.name: False}
    return all(_type_ends(each.type, known) for each in shape.attributes if each.always_written)


def _type_ends(type_: Type, known: dict[str, bool]) -> bool:
    match type_:
        case RecursiveType(name=name):
            return known.get(name, True)
        case ObjectType(shape=shape):
            return _ends(shape, known)
        case UnionType(arms=arms):
            return any(_type_ends(arm, known) for _, arm in arms)
        case _:
            return True  # null, or nothing in it
