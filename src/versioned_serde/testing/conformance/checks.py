"""Checks that take any codec and any bytes."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.protocols import Codec
from versioned_serde.shape import AnyType, Attribute, Shape, Type
from versioned_serde.testing.conformance.trees import equivalent
from versioned_serde.tree import COMPLEMENT, Raw, Tree

A = TypeVar("A")
R = TypeVar("R")
SECRET = "s3cr3t-7359"  # noqa: S105  looked for in the texts of errors
"""A payload value that no error may show."""


def logged(error: BaseException) -> str:
    """All that a log would show of an error, with the errors that led to it, and without lines of source."""
    shown: list[str] = []
    tell = traceback.TracebackException.from_exception(error)
    waiting: list[traceback.TracebackException | None] = [tell]
    while waiting:
        if (one := waiting.pop()) is not None:
            shown.extend(one.format_exception_only())
            waiting += [one.__cause__, None if one.__suppress_context__ else one.__context__]
    return "".join(shown)


def in_threads(function: Callable[[A], R], arguments: Iterable[A]) -> list[R]:
    """The function's results, in order, from eight threads that take turns often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(function, arguments))
    finally:
        sys.setswitchinterval(before)


def check_round_trip(codec: Codec, shape: Shape, tree: Tree) -> bytes:
    """What is written is read again, and read and written again gives the same bytes. Returns the payload."""
    compiled = codec.payload(shape, DEFAULT_LIMITS)
    payload = compiled.encode(tree)
    assert type(payload) is bytes
    found = compiled.decode(payload)
    assert equivalent(codec, tree, found), (tree, payload, found)
    assert compiled.encode(found) == payload
    return payload


def check_value(codec: Codec, type_: Type, value: Any) -> Raw:
    """The same for one value apart from any object. Returns the `Raw`."""
    compiled = codec.value(type_, DEFAULT_LIMITS)
    raw = compiled.encode(value)
    assert type(raw) is Raw
    assert raw.codec == codec.name
    found = compiled.decode(raw)
    assert equivalent(codec, value, found), (value, raw, found)
    assert compiled.encode(found) == raw
    return raw


def check_unknown_retained(codec: Codec, shape: Shape, narrow: Shape, tree: Tree) -> None:
    """A host that knows only `narrow` reads a payload of `shape` and writes it: nothing is lost."""
    full, old = codec.payload(shape, DEFAULT_LIMITS), codec.payload(narrow, DEFAULT_LIMITS)
    kept = old.decode(full.encode(tree))
    for name, value in kept.items():
        assert name == COMPLEMENT or narrow.get(name) is not None or type(value) is Raw, (name, value)
    assert equivalent(codec, tree, full.decode(old.encode(kept))), (tree, kept)


def check_hostile(codec: Codec, shape: Shape, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Tree | None:
    """Any bytes give a tree, which can be written and read again, or a typed error. Returns the tree or None."""
    compiled = codec.payload(shape, limits)
    try:
        tree = compiled.decode(data)
    except (PayloadError, LimitError):
        return None
    assert type(tree) is dict
    assert equivalent(codec, tree, compiled.decode(compiled.encode(tree))), (data, tree)
    return tree


def check_deep(codec: Codec, payload: Callable[[int], bytes]) -> None:
    """Where the limit lets nesting be deeper than the interpreter's stack, that is a typed error, too.

    `payload`: gives an object whose attribute `a` is nested so many times.
    """
    for attributes in ((Attribute("a", AnyType()),), ()):
        compiled = codec.payload(Shape("Deep", attributes), Limits(max_depth=10**9))
        for depth in (*range(100, 1200, 50), 100_000):
            try:
                compiled.encode(compiled.decode(payload(depth)))
            except (LimitError, UnwritableValueError):
                continue
