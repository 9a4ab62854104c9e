"""Documents in JSON and YAML with the places of their parts.

YAML is read as version 1.2 has it: `no` is a string, and so is a date. Keys are strings, as in JSON.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.finding import Place

Pointer = tuple[str | int, ...]
"""A way into a document: names of members, and indices of elements."""

_RESOLVED: Final[tuple[tuple[str, str, str], ...]] = (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("merge", "<<", "<"),
)


# libyaml is about ten times as fast, where PyYAML was built with it.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """The types of plain scalars are those of the core schema of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in _RESOLVED:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))
_Loader.yaml_implicit_resolvers[""] = [("tag:yaml.org,2002:null", re.compile("^$"))]


_surrogate = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}").sub


class Located:
    """A document: its value, and where each part of it stands.

    Attributes:
        path: of its file.
        value: what `json.loads` gives for it.
        shares: whether parts of it are the same, by aliases of YAML: it may stand for more than fits into memory.
    """

    value: Any
    shares: bool

    def __init__(self, path: Path) -> None:
        """Reads a file. What ends in `.yaml` or `.yml` is YAML, all else is JSON.

        Raises:
            ContractError: it is no such document.
        """
        self.path = path
        try:
            text = path.read_bytes().decode("utf-8-sig")
            if path.suffix in {".yaml", ".yml"}:
                self.value, root, self.shares = _yaml(text)
                self._find: Callable[[], yaml.Node | None] = lambda: root
            else:
                self.value, self.shares = json.loads(text), False
                self._find = lambda: _nodes(text)
        except OSError as error:
            raise ContractError(f"`{path}` cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError as error:
            raise ContractError(f"`{path}` is not in UTF-8, from byte {error.start} on.") from None
        except json.JSONDecodeError as error:
            raise ContractError(
                f"`{path}` is no JSON: {error.msg}, line {error.lineno}, column {error.colno}."
            ) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
            raise ContractError(f"`{path}` is no YAML: {error.problem}{where}.") from None
        except yaml.YAMLError as error:
            raise ContractError(f"`{path}` is no YAML: {str(error).splitlines()[0]}.") from None
        except RecursionError:
            raise ContractError(f"`{path}` is nested deeper than it can be followed.") from None
        except ValueError as error:  # an integer of too many digits
            raise ContractError(f"`{path}` cannot be read: {error}.") from None

    @cached_property
    def _root(self) -> yaml.Node | None:
        # Of JSON only where somebody asks for a place: this takes ten times as long as to read it.
        return self._find()

    def place(self, pointer: Sequence[str | int] = ()) -> Place:
        """Where a part stands: the name of a member, or the start of an element.

        For a part that is not there, it is the nearest one around it.

        Args:
            pointer: names and indices; the steps of a JSON pointer, which are all texts, will do.
        """
        node, shown = self._root, self._root
        for step in pointer:
            found = _part(node, step)
            if found is None:
                break
            shown, node = found
        if shown is None:
            return Place(path=self.path.as_posix())
        start, end = shown.start_mark, shown.end_mark
        one_line = start.line == end.line
        return Place(
            path=self.path.as_posix(),
            line=start.line + 1,
            column=start.column + 1,
            end_line=end.line + 1 if one_line else None,
            end_column=end.column + 1 if one_line else None,
        )


def _nodes(text: str) -> yaml.Node | None:
    try:
        # JSON is YAML but for tabs, of which its strings have none, and for halves of surrogate pairs; something of the
        # same length stands here for either.
        return yaml.compose(_surrogate("......", text.replace("\t", " ")), Loader=_Loader)
    except (yaml.YAMLError, RecursionError):
        return None  # such as a key of more than 1024 characters: read, but without places


def _yaml(text: str) -> tuple[Any, yaml.Node | None, bool]:
    depth, shares = 0, False
    for event in yaml.parse(text, Loader=_Loader):  # libyaml follows any depth, and then the stack is too small
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        shares = shares or isinstance(event, yaml.AliasEvent)
        if depth > sys.getrecursionlimit():
            raise RecursionError
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return _value(loader, root, {}), root, shares
    finally:
        loader.dispose()


def _value(loader: _Loader, node: yaml.Node | None, made: dict[int, Any]) -> Any:
    """What a node holds. An alias is the same object again, not a copy, so a small text stays a small value."""
    if node is None:
        return None
    if id(node) in made:
        if made[id(node)] is _OPEN:
            raise yaml.constructor.ConstructorError(None, None, "an anchor that holds itself", node.start_mark)
        return made[id(node)]
    made[id(node)] = _OPEN
    value: Any
    if isinstance(node, yaml.MappingNode):
        loader.flatten_mapping(node)
        value = {}
        for key, each in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key that is no scalar", key.start_mark)
            value[key.value] = _value(loader, each, made)
    elif isinstance(node, yaml.SequenceNode):
        value = [_value(loader, each, made) for each in node.value]
    else:
        value = _scalar(node)
    made[id(node)] = value
    return value


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
        case "float":
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        case _:
            return text


_OPEN: Final = object()


def _part(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """What is shown for a part of a node, and the part."""
    if isinstance(node, yaml.MappingNode):
        # The last one counts, as it does for the value.
        return next(((key, value) for key, value in reversed(node.value) if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and str(step).isdecimal() and int(step) < len(node.value):
        return node.value[int(step)], node.value[int(step)]
    return None
