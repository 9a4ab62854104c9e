"""Requests and responses as texts, in the words of HTTP: what one side sends, and the other does not take."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote, urlencode

from versioned_serde.check.contracts.openapi.api import Operation, Parameter, Response
from versioned_serde.check.contracts.openapi.documents import Node

Sample = Callable[[Node], Any]
"""The value that stands for those of a schema; None if none is found."""

_VARIABLE: Final = re.compile(r"\{[^}]*\}")
_BETWEEN: Final = {"spaceDelimited": " ", "pipeDelimited": "|"}
_SAFE: Final = "|,[]"  # as clients leave them, and people read them
_INSTEAD: Final = "a"  # where a value is wanted and no schema says which


def request(
    operation: Operation,
    sample: Sample,
    *,
    also: Parameter | None = None,
    media: str | None = None,
    credentials: Iterable[str] = (),
) -> str:
    """The smallest request of an operation: what it always has, and no more.

    Args:
        operation: as its caller has it.
        sample: for values.
        also: a parameter that it has besides.
        media: of its body; None for none, unless there always is one.
        credentials: schemes, as `Operation.security` has them.
    """
    method, path = operation.name.split(" ")[-2:]
    query: list[tuple[str, str]] = []
    headers: list[tuple[str, str]] = []
    cookies: list[tuple[str, str]] = []
    places = {"query": query, "header": headers, "cookie": cookies}
    values: dict[str, str] = {}
    for each in operation.parameters.values():
        if each.where == "path":
            values[each.name] = quote(_path_value(each, value_of(each, sample)), safe=",;=.")
        elif each.required or each is also:
            places[each.where] += form(each, value_of(each, sample))
    for scheme in credentials:
        where, pair = _credential(scheme)
        places[where].append(pair)
    numbers = iter(range(1, len(operation.parameters) + 2))
    address = _VARIABLE.sub(lambda _: values.get(str(next(numbers)), _INSTEAD), path)
    lines = [f"{method} {address}{'?' if query else ''}{urlencode(query, quote_via=quote, safe=_SAFE)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if cookies:
        lines.append(f"cookie: {'; '.join(f'{name}={value}' for name, value in cookies)}")
    if operation.body is not None and (media or operation.body.required):
        chosen = media or next(iter(operation.body.content), None)
        lines += _body(chosen, operation.body.content.get(chosen or ""), sample)
    return "\n".join(lines)


def response(status: str, sent: Response, sample: Sample, media: str | None = None) -> str:
    """A response with what it always has: its headers, and a body if `media` is told."""
    lines = [status]
    for each in sent.headers.values():
        if each.required:
            lines += [f"{name}: {value}" for name, value in form(each, value_of(each, sample))]
    if media is not None:
        lines += _body(media, sent.content.get(media), sample)
    return "\n".join(lines)


def status_of(status: str, others: Iterable[str]) -> str:
    """A status of a range, such as `2XX`, that is none of the others; of `default`, an error."""
    if status == "default":
        return "500"
    if not status.endswith("XX"):
        return status
    taken = frozenset(others)
    return next(each for each in (f"{status[0]}{number:02}" for number in range(100)) if each not in taken)


def form(parameter: Parameter, value: Any, as_: str | None = None) -> list[tuple[str, str]]:
    """Names and values of which a parameter is made up, in its own form, or in another one."""
    name = parameter.node.value.get("name", parameter.name)
    style, *flags = (as_ or parameter.form).split(", ")
    exploded = "exploded" in flags
    if "/" in style:
        return [(name, json.dumps(value, ensure_ascii=False))]
    if isinstance(value, dict):
        members = [(key, _plain(each)) for key, each in value.items()]
        if style == "deepObject":
            return [(f"{name}[{key}]", each) for key, each in members]
        if exploded and style == "form":
            return members
        between = "=" if exploded else ","
        return [(name, ",".join(f"{key}{between}{each}" for key, each in members))]
    if isinstance(value, list):
        elements = [_plain(each) for each in value]
        if exploded and style == "form":
            return [(name, each) for each in elements]
        return [(name, _BETWEEN.get(style, ",").join(elements))]
    return [(name, _plain(value))]


def value_of(parameter: Parameter, sample: Sample) -> Any:
    """A value of a parameter; of a list, one of two elements if it may have them."""
    found = sample(parameter.schema) if parameter.schema is not None else None
    if isinstance(found, list) and parameter.schema is not None:
        items = parameter.schema.get("items")
        element = sample(items) if items is not None else None
        said = parameter.schema.followed().value
        bounded = not isinstance(said, dict) or said.keys() & {"maxItems", "uniqueItems"}
        return found if bounded or element is None else [element, element]
    return _INSTEAD if found is None else found


def _path_value(parameter: Parameter, value: Any) -> str:
    pairs = form(parameter, value)
    text = ",".join(each for _, each in pairs) or _INSTEAD
    style = parameter.form.partition(",")[0]
    return f".{text}" if style == "label" else f";{pairs[0][0]}={text}" if style == "matrix" else text


def _body(media: str | None, content: Node | None, sample: Sample) -> Iterator[str]:
    if media is None:
        return
    concrete = media.replace("*/*", "application/octet-stream").replace("/*", "/octet-stream")
    yield f"content-type: {concrete}"
    schema = content.raw("schema") if content is not None else None
    value = sample(schema) if schema is not None else None
    if "json" in media and value is not None:
        yield ""
        yield json.dumps(value, ensure_ascii=False)


def _credential(scheme: str) -> tuple[str, tuple[str, str]]:
    """Where a scheme's credentials are, and how they look."""
    match scheme.split():
        case ["apikey", where, name]:
            return where, (name, _INSTEAD)
        case ["http", how, *_]:
            return "header", ("authorization", f"{how.capitalize()} {_INSTEAD}")
        case _:
            return "header", ("authorization", f"Bearer {_INSTEAD}")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
