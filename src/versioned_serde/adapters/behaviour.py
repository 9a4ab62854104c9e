"""What a model does beyond its shape, as short texts: which values it refuses, and what runs when it is made.

The texts are the same in every version of Python and of a model library, and say nothing of names of classes and files.
A function is told by a digest of its body, in which positions, docstrings and annotations do not count.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
import re
import typing
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType, MethodType, UnionType
from typing import Any

_BOUNDS = (
    *("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern", "max_digits", "decimal_places"),
    *("strict", "allow_inf_nan", "strip_whitespace", "to_lower", "to_upper"),
)
"""Constraints by the names that all libraries give them."""
_CONTAINERS: tuple[Any, ...] = (list, tuple, dict, set, frozenset)
_DIGITS = 8
"""Of a digest: it only has to differ from what the same function was before."""
_UNTOLD = {"annotation", "decorator_list", "returns", "type_comment", "type_params", "kind", "ctx"}
"""Parts of a syntax tree that do nothing when the code runs."""
_LIBRARY = "pydantic"
"""The library whose annotations include classes that are constraints, such as `AwareDatetime`."""


def annotation_facts(annotation: Any, place: str = "") -> Iterator[str]:
    """The constraints and checks in an annotation, those of elements with `each` in front."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from metadata_facts(annotation.__metadata__, place)
        yield from annotation_facts(arguments[0], place)
    elif type(annotation).__name__ == "TypeAliasType":
        yield from annotation_facts(annotation.__value__, place)
    elif origin in (typing.Union, UnionType):
        for each in arguments:
            yield from annotation_facts(each, place)
    elif origin is not None and origin is not typing.Literal:
        for each in arguments:
            yield from annotation_facts(each, f"{place}each ")
    elif isinstance(annotation, type) and annotation.__module__.partition(".")[0] == _LIBRARY:
        yield f"{place}{annotation.__name__}"


def metadata_facts(metadata: Iterable[Any], place: str = "") -> Iterator[str]:
    """The same of what stands beside a type."""
    for item in metadata:
        if isinstance(within := getattr(item, "metadata", None), list | tuple):
            yield from metadata_facts(within, place)
        for name in _BOUNDS:
            value = getattr(item, name, None)
            if value is not None and not callable(value):
                told = value.pattern if isinstance(value, re.Pattern) else value
                yield f"{place}{name}={told!r}"
        if callable(check := getattr(item, "func", None)):
            yield f"{place}check {body(check)}"


def factory_facts(factory: Callable[..., Any]) -> Iterator[str]:
    """What computes a default, unless that is an empty container: then the attribute's type says all."""
    if factory not in _CONTAINERS:
        yield f"factory {body(factory)}"


def body(function: Callable[..., Any]) -> str:
    """A digest of what a function does; the name of what is not written in Python; `...` where there is no source."""
    function = inspect.unwrap(function)
    if isinstance(function, functools.partial):
        return body(function.func)
    if isinstance(function, MethodType | staticmethod | classmethod):
        return body(function.__func__)
    if not isinstance(function, FunctionType):
        of_python = getattr(function, "__module__", None) in (None, "builtins")
        return getattr(function, "__qualname__", "...") if of_python else "..."
    found = _node(function.__code__)
    if found is None:
        return "..."
    told = repr([_canonical(found.args), _canonical(found.body)])
    return hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]


def _node(code: CodeType) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
    """The syntax of a function, in the file that it was read from."""
    try:
        tree = _parsed("".join(inspect.findsource(code)[0]))
    except (OSError, SyntaxError, TypeError):
        return None
    if code.co_name != "<lambda>":
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                if node.name == code.co_name and first == code.co_firstlineno:
                    return node
        return None
    places = [(line, column) for line, _, column, _ in code.co_positions() if line is not None and column]
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Lambda)
        and node.lineno == code.co_firstlineno
        and all((node.body.lineno, node.body.col_offset) <= place <= _end(node) for place in places)
    ]
    return min(around, key=lambda node: (_end(node)[0] - node.lineno, _end(node)[1] - node.col_offset), default=None)


def _end(node: ast.Lambda) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _canonical(node: Any) -> Any:
    """A syntax tree as nested lists of what counts in it. Fields that are empty do not, whichever Python has them."""
    match node:
        case ast.AnnAssign(target=target, value=value):
            return (
                None if value is None else ["Assign", ["targets", [_canonical(target)]], ["value", _canonical(value)]]
            )
        case ast.arg(arg=name):
            return name
        case ast.Constant(value=value):
            return [type(value).__name__, repr(value)]
        case ast.JoinedStr(values=values):
            return ["JoinedStr", _pieces(values)]
        case ast.AST():
            fields = [(name, _canonical(getattr(node, name, None))) for name in node._fields if name not in _UNTOLD]
            return [type(node).__name__, *([name, told] for name, told in fields if told not in (None, []))]
        case list():
            told = [_canonical(each) for each in _without_docstring(node)]
            return [each for each in told if each is not None]
        case _:
            return None if node is None else repr(node)


def _pieces(values: list[ast.expr]) -> list[Any]:
    """The pieces of an f-string, texts that follow each other as one: how they are cut differs between releases."""
    told: list[Any] = []
    for value in values:
        text = str(value.value) if isinstance(value, ast.Constant) else None
        if text is not None and told and isinstance(told[-1], str):
            told[-1] += text
        elif text != "":
            told.append(_canonical(value) if text is None else text)
    return told


def _without_docstring(nodes: list[Any]) -> list[Any]:
    match nodes:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
        case _:
            return nodes
