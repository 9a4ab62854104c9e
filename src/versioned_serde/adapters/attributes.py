"""What model kinds do with one attribute in the same way, and say in the same words."""

from __future__ import annotations

from typing import Any

from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.protocols import Describe
from versioned_serde.shape import Type


def described(name: str, annotation: Any, describe: Describe) -> Type:
    """The type of the attribute with this wire name.

    Raises:
        DeclarationError: with the attribute in its path.
    """
    try:
        return describe(annotation)
    except DeclarationError as error:
        error.inside(name)
        raise
    except RecursionError:
        # A recursive alias such as `type Json = list[Json]`; recursive models are found before it comes to this.
        raise DeclarationError(
            "The type contains itself, so it has no end.", hint="Use `Any` for a value of any depth."
        ).inside(name) from None


def foreign_instance(model: type, instance: object) -> UnwritableValueError:
    """The error for an instance of another class."""
    found = type(instance).__name__
    other = "another class of that name" if found == model.__name__ else f"`{found}`"
    return UnwritableValueError(f"Expected `{model.__name__}`, found {other}.")


def unset(name: str) -> UnwritableValueError:
    """The error for an instance that lacks an attribute which every record has."""
    return UnwritableValueError("The attribute has to be written, but the instance does not have it.").inside(name)


def missing(name: str) -> PayloadError:
    """The error for a payload that lacks a required attribute."""
    return PayloadError("The attribute is required, but missing.").inside(name)


def rejected(model: type, error: Exception) -> PayloadError:
    """The error for a model whose own code raised. Its text may quote the value, so only its type is told."""
    return PayloadError(
        f"`{model.__name__}` rejected the values with a {type(error).__name__}.",
        hint="The text is left out because it may quote them.",
    )
