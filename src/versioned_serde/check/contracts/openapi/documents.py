"""OpenAPI documents, with the files that they refer to. `openapi-spec-validator` judges whether they are such."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from referencing.exceptions import Unresolvable

from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.contracts.located import Located, Pointer
from versioned_serde.check.finding import Place

_VALIDATORS = {"3.0": "OpenAPIV30SpecValidator", "3.1": "OpenAPIV31SpecValidator"}


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a document, or of a file that one refers to.

    Attributes:
        files: all that were read.
        document: the file that it is in.
        pointer: where it is in there.
        value: what it is.
    """

    files: dict[Path, Located]
    document: Located
    pointer: Pointer
    value: Any

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.document.place(self.pointer)

    @property
    def key(self) -> tuple[str, Pointer]:
        """Equal for the same part, however it was reached."""
        return str(self.document.path), self.pointer

    def raw(self, *steps: str | int) -> Node | None:
        """A part of it, not followed if it is a reference; None if there is none."""
        value = self.value
        for step in steps:
            try:
                value = value[step]
            except (IndexError, KeyError, TypeError):
                return None
        return Node(self.files, self.document, (*self.pointer, *steps), value)

    def get(self, *steps: str | int) -> Node | None:
        """A part of it; a reference on the way, or at the end, is followed."""
        node: Node | None = self.followed()
        for step in steps:
            node = node.raw(step) if node is not None else None
            node = node.followed() if node is not None else None
        return node

    def at(self, name: str, otherwise: Any = None) -> Any:
        """The value of a member."""
        found = self.get(name)
        return otherwise if found is None else found.value

    def members(self, *steps: str) -> Iterator[tuple[str, Node]]:
        """The members of a part of it that is an object."""
        node = self.get(*steps)
        if node is not None and isinstance(node.value, dict):
            for name in node.value:
                if (member := node.get(name)) is not None:
                    yield name, member

    def elements(self, *steps: str) -> Iterator[Node]:
        """The elements of a part of it that is a list."""
        node = self.get(*steps)
        if node is not None and isinstance(node.value, list):
            for index in range(len(node.value)):
                element = node.get(index)
                assert element is not None
                yield element

    def followed(self) -> Node:
        """What it refers to, or itself."""
        node, seen = self, set[tuple[str, Pointer]]()
        while isinstance(node.value, dict) and isinstance(ref := node.value.get("$ref"), str):
            if node.key in seen:
                raise self.error(f"the reference `{ref}` leads back to itself")
            seen.add(node.key)
            node = node.target(ref)
        return node

    def target(self, ref: str) -> Node:
        """What a reference in it leads to.

        Raises:
            ContractError: nothing is there, or it is no file beside this one.
        """
        address = urlsplit(ref)
        if address.scheme or address.netloc:
            raise self.error(f"`{ref}` is not in a file beside this one; put a copy there")
        document = self.document
        if address.path:
            path = (document.path.parent / unquote(address.path)).resolve()
            document = self.files.get(path) or self.files.setdefault(path, Located(path))
        node = Node(self.files, document, (), document.value)
        if address.fragment and not address.fragment.startswith("/"):
            raise self.error(f"`{ref}` is not by a JSON pointer")
        for part in address.fragment.split("/")[1:]:
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            found = node.raw(int(name) if isinstance(node.value, list) and name.isdecimal() else name)
            if found is None:
                raise self.error(f"`{ref}` does not exist")
            node = found
        return node

    def error(self, what: str) -> ContractError:
        """An error that says where this is."""
        place = self.place
        return ContractError(f"`{place.path}`, line {place.line}, column {place.column}: {what}.")


def read(path: Path) -> Node:
    """A document that the validator takes for one.

    Raises:
        ContractError: it is none, or refers to something that is not there.
    """
    document = Located(path)
    root = Node({path.resolve(): document}, document, (), document.value)
    version = str(document.value.get("openapi", "")) if isinstance(document.value, dict) else ""
    if isinstance(document.value, dict) and "swagger" in document.value:
        raise root.error("this is version 2.0, which is not known here; convert it to 3.0")
    name = _VALIDATORS.get(version[:3])
    if name is None:
        raise root.error(f"`openapi` is {version or 'not there'}; known are versions 3.0 and 3.1")
    import openapi_spec_validator  # noqa: PLC0415  slower to import than all else, and other contracts have no use for it

    validator: Any = getattr(openapi_spec_validator, name)
    try:
        _check_references(root)
        error = next(validator(document.value, base_uri=path.resolve().as_uri()).iter_errors(), None)
    except Unresolvable as unresolvable:
        raise ContractError(f"`{path}` refers to `{unresolvable.ref}`, which does not exist.") from None
    except RecursionError:
        raise ContractError(f"`{path}` is nested deeper than it can be followed.") from None
    if error is not None:
        while error.context:  # of alternatives, the one that failed deepest is most likely meant
            error = max(error.context, key=lambda each: len(each.absolute_path))
        at = Node(root.files, document, tuple(error.absolute_path), None)
        raise at.error(f"this is not OpenAPI {version}: {error.message[:200]}")
    return root


def _check_references(root: Node) -> None:
    """Follows every reference once, so that a wrong one is told with its place, and nothing is fetched."""
    waiting, seen = [root], set[tuple[str, Pointer]]()
    while waiting:
        node = waiting.pop()
        if node.key in seen:
            continue
        seen.add(node.key)
        if isinstance(node.value, dict):
            ref = node.value.get("$ref")
            if isinstance(ref, str) and "properties" not in node.pointer[-1:]:
                node.followed()  # which fails where references lead back to each other
                waiting.append(node.target(ref))
            parts: list[str | int] = [name for name in node.value if name not in {"example", "examples", "default"}]
        else:
            parts = list(range(len(node.value))) if isinstance(node.value, list) else []
        waiting += [part for each in parts if (part := node.raw(each)) is not None]
