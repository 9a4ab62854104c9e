"""What an OpenAPI document says: operations, and the messages of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from versioned_serde.check.contracts.openapi.documents import Node

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Parameters that the specification says to ignore. (https://spec.openapis.org/oas/v3.1.1.html#parameter-object)"""
_STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_variables = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, or a header of a response.

    Attributes:
        name: its name; of a path's parameter its number among them, as names do not matter there.
        where: `query`, `path`, `header` or `cookie`.
        required: whether it is always sent.
        form: how its value is written: style, `explode`, `allowReserved`, media type.
        schema: of its value.
        node: the whole.
    """

    name: str
    where: str
    required: bool
    form: str
    schema: Node | None
    node: Node


@dataclass(frozen=True, slots=True)
class Response:
    """A response of one status, or of a range of them.

    Attributes:
        content: media type -> what it holds.
        headers: by their names in lower case.
        node: the whole.
    """

    content: Mapping[str, Node]
    headers: Mapping[str, Parameter]
    node: Node


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request.

    Attributes:
        required: whether there always is one.
        content: media type -> what it holds.
        node: the whole.
    """

    required: bool
    content: Mapping[str, Node]
    node: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation.

    Attributes:
        name: for people, such as `GET /orders/{id}`.
        from_server: whether the server calls and the client answers, as for webhooks and callbacks.
        parameters: by where they are and their name.
        body: of its requests, if they have one.
        responses: by status, such as `200`, `4XX` or `default`.
        security: alternatives, each a set of schemes with their scopes; empty if it takes no credentials.
        deprecated: whether it is.
        sunset: the date in `x-sunset`.
        id: its `operationId`.
        node: the whole.
    """

    name: str
    from_server: bool
    parameters: Mapping[tuple[str, str], Parameter]
    body: Body | None
    responses: Mapping[str, Response]
    security: tuple[frozenset[str], ...]
    deprecated: bool
    sunset: str | None
    id: str | None
    node: Node


@dataclass(frozen=True, slots=True)
class Api:
    """All operations of a document.

    Attributes:
        operations: by method and path, in which parameters have no names; callbacks with those that they belong to.
        servers: their addresses.
        version: of the specification, such as `3.0`.
        root: the document.
    """

    operations: Mapping[tuple[str, ...], Operation]
    servers: tuple[str, ...]
    version: str
    root: Node


def api(root: Node) -> Api:
    """The operations of a document that is valid."""
    operations: dict[tuple[str, ...], Operation] = {}
    for path, item in _without_extensions(root.members("paths")):
        operations |= _operations(root, (), path, item, from_server=False)
    for name, item in root.members("webhooks"):
        operations |= _operations(root, ("webhook",), name, item, from_server=True)
    servers = tuple(str(each.value.get("url")) for each in root.elements("servers"))
    return Api(operations, servers, str(root.value["openapi"])[:3], root)


def _operations(
    root: Node, around: tuple[str, ...], path: str, item: Node, *, from_server: bool
) -> Iterator[tuple[tuple[str, ...], Operation]]:
    shared = list(item.elements("parameters"))
    for method in _METHODS:
        if (node := item.get(method)) is None:
            continue
        key = (*around, method, _variables.sub("{}", path))
        numbers = {name: str(number) for number, name in enumerate(_variables.findall(path), start=1)}
        parameters = {}
        for each in [*shared, *node.elements("parameters")]:
            made = _parameter(each, each.value["in"], each.value["name"], numbers)
            if made.where != "header" or made.name not in _IGNORED_HEADERS:
                parameters[made.where, made.name] = made
        sunset = node.at("x-sunset")
        yield (
            key,
            Operation(
                name=" ".join((*around, method.upper(), path)),
                from_server=from_server,
                parameters=parameters,
                body=_body(node),
                responses={
                    status.upper() if status != "default" else status: _response(each)
                    for status, each in _without_extensions(node.members("responses"))
                },
                security=_security(root, node),
                deprecated=node.at("deprecated", False) is True,
                sunset=None if sunset is None else str(sunset),
                id=node.at("operationId"),
                node=node,
            ),
        )
        for name, callback in node.members("callbacks"):
            for address, inner in _without_extensions(callback.members()):
                yield from _operations(root, (*key, "callback", name), address, inner, from_server=not from_server)


def _without_extensions(members: Iterable[tuple[str, Node]]) -> Iterator[tuple[str, Node]]:
    return ((name, node) for name, node in members if not name.startswith("x-"))


def _parameter(node: Node, where: str, name: str, numbers: Mapping[str, str]) -> Parameter:
    media = next(node.members("content"), None)
    if media is not None:
        form, schema = media[0], media[1].raw("schema")
    else:
        style = node.at("style", _STYLES[where])
        explode = node.at("explode", style == "form")
        form = (
            style
            + (", exploded" if explode else "")
            + (", with reserved characters" if node.at("allowReserved") else "")
        )
        schema = node.raw("schema")
    known_as = numbers.get(name, name) if where == "path" else name.lower() if where == "header" else name
    return Parameter(known_as, where, node.at("required", False) is True, form, schema, node)


def _body(node: Node) -> Body | None:
    found = node.get("requestBody")
    return None if found is None else Body(found.at("required", False) is True, dict(found.members("content")), found)


def _response(node: Node) -> Response:
    headers = {}
    for name, each in node.members("headers"):
        if name.lower() != "content-type":
            headers[name.lower()] = _parameter(each, "header", name, {})
    return Response(dict(node.members("content")), headers, node)


def _security(root: Node, node: Node) -> tuple[frozenset[str], ...]:
    """The alternatives, as sets of what they take; schemes are told by what they are, and not by their names."""
    listed = node.at("security", root.at("security", []))
    return tuple(
        frozenset(each for name, scopes in alternative.items() for each in _scheme(root, name, scopes))
        for alternative in listed
        if isinstance(alternative, dict)
    )


def _scheme(root: Node, name: str, scopes: list[Any]) -> Iterator[str]:
    node = root.get("components", "securitySchemes", name)
    told: Mapping[str, Any] = node.value if node is not None else {}
    parts = (told.get("type", name), told.get("in"), told.get("name"), told.get("scheme"), told.get("openIdConnectUrl"))
    words = " ".join(str(each).lower() for each in parts if each is not None)
    yield words
    for scope in scopes:
        yield f"{words} with {scope}"
