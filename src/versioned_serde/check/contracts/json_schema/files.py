"""Files with JSON Schemas: what they hold, and where in them it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.contracts.json_schema.documents import escaped
from versioned_serde.check.finding import Place

ENDINGS: Final = (".json", ".yaml", ".yml")
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def loaded(path: Path) -> Any:
    """The content of a file in JSON or YAML.

    Raises:
        ContractError: it cannot be read, or is neither.
    """
    try:
        return parsed(path.read_text(encoding="utf-8-sig"), is_yaml=path.suffix in (".yaml", ".yml"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ContractError(f"`{path}` cannot be read as JSON Schema: {error}") from None
    except RecursionError:
        raise ContractError(f"`{path}` cannot be read as JSON Schema: it is nested too deep.") from None


def parsed(text: str, *, is_yaml: bool) -> Any:
    """What a text holds.

    Raises:
        ValueError: it is no JSON, or YAML with aliases, which can stand for more than fits into memory.
        yaml.YAMLError: it is no YAML.
    """
    if not is_yaml:
        return json.loads(text)
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER)):
        raise ValueError("aliases (`*name`) are not read; write out what they stand for")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  both loaders are the safe one


class Places:
    """Where in a file its parts stand."""

    def __init__(self, path: Path) -> None:
        self._path = path.as_posix()
        self._marks: dict[str, tuple[Any, Any]] = {}
        # Outside of its strings JSON is YAML but for tabs, and in them there are none.
        text = path.read_text(encoding="utf-8-sig").replace("\t", " ")
        try:
            root = yaml.compose(text, Loader=_LOADER)
        except (yaml.YAMLError, RecursionError):
            return  # then the file alone is named
        if root is not None:
            for pointer, key, value in _nodes(root):
                self._marks[pointer] = (key.start_mark, value.end_mark)

    def place(self, pointer: str) -> Place:
        """Where a JSON pointer leads, or what is nearest around it."""
        while pointer not in self._marks and pointer:
            pointer = pointer.rpartition("/")[0]
        if pointer not in self._marks:
            return Place(path=self._path)
        start, end = self._marks[pointer]
        return Place(
            path=self._path,
            line=start.line + 1,
            column=start.column + 1,
            end_line=end.line + 1,
            end_column=end.column + 1,
        )


def _nodes(root: yaml.Node) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Each pointer with the node of its key, from which it is shown, and of its value."""
    todo: list[tuple[str, yaml.Node, yaml.Node]] = [("", root, root)]
    while todo:
        pointer, key, node = todo.pop()
        yield pointer, key, node
        if isinstance(node, yaml.MappingNode):
            todo.extend((f"{pointer}/{escaped(str(name.value))}", name, value) for name, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            todo.extend((f"{pointer}/{index}", value, value) for index, value in enumerate(node.value))


def neighbours(folder: Path) -> Registry[Any]:
    """The files in a folder, which schemas in it refer to by their relative paths. Nothing else is ever fetched."""
    inside = folder.resolve()

    def retrieve(uri: str) -> Resource[Any]:
        parts = urlsplit(uri)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or not path.is_relative_to(inside) or not path.is_file():
            raise LookupError(uri)
        return Resource.from_contents(loaded(path), default_specification=DRAFT202012)

    return Registry(retrieve=retrieve)  # type: ignore[call-arg]  # mypy does not see the fields of attrs
