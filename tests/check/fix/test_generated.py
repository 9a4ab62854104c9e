"""Made-up changes of a model: after `fix` the service starts, its lock is clean, and the two releases go together."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from tests.check.fix.project import Project, inside
from versioned_serde.check.fix import looking
from versioned_serde.lock.files import check_lock, write_lock

VALUES = {
    "int": ["0", "7"],
    "str": ["''", "'a'"],
    "float": ["0.5", "2.0"],
    "bool": ["True", "False"],
    "str | None": ["None", "'b'"],
    "list[int]": ["field(default_factory=list)"],
}
STYLES = [
    'orders = Schema("shop.order", Order, Version(1, codec="json", framing="envelope"))',
    'orders = Schema(\n    "shop.order",\n    Order,\n    Version(1, codec="json", framing="envelope"),  # old\n)',
    'orders = Schema(\n\t"shop.order", Order,\n\tVersion(1, codec="cbor", framing="envelope"), # old\n\twrites=1)',
    "orders = vs.Schema('shop.order', Order, vs.Version(1, codec='msgpack', framing='envelope'), writes=1)",
]


@dataclass(frozen=True)
class Attribute:
    """Of a made-up model."""

    type: str
    default: str | None

    def __str__(self) -> str:
        return f"{self.type}{'' if self.default is None else f' = {self.default}'}"


def attributes() -> st.SearchStrategy[Attribute]:
    def with_default(type_: str) -> st.SearchStrategy[Attribute]:
        return st.builds(Attribute, st.just(type_), st.sampled_from([None, *VALUES[type_]]))

    return st.sampled_from(sorted(VALUES)).flatmap(with_default)


Model = Mapping[str, Attribute]
MODELS = st.dictionaries(st.sampled_from("abcd"), attributes(), min_size=1)


def changed(attribute: Attribute) -> st.SearchStrategy[Attribute]:
    """Another type, or another default; both at once only where one step says both."""
    if attribute.type == "list[int]":
        return st.builds(Attribute, st.just(attribute.type), st.sampled_from([None, *VALUES[attribute.type]]))
    of_type = st.builds(Attribute, st.just(attribute.type), st.sampled_from([None, *VALUES[attribute.type]]))
    types = st.sampled_from([each for each in VALUES if each != "list[int]"])
    if attribute.default is None:
        return of_type | st.builds(Attribute, types, st.none())
    return of_type | types.flatmap(lambda type_: st.builds(Attribute, st.just(type_), st.sampled_from(VALUES[type_])))


@st.composite
def changes(draw: st.DrawFn) -> tuple[Model, Model]:
    """A model, and what a developer made of it."""
    before = draw(MODELS)
    after = dict(before)
    for name in draw(st.lists(st.sampled_from(sorted(before)), unique=True)):
        match draw(st.sampled_from(["remove", "rename", "change"])):
            case "remove":
                del after[name]
            case "rename":
                after[name.upper()] = after.pop(name)
            case "change":
                after[name] = draw(changed(after[name]))
    after.update(draw(st.dictionaries(st.sampled_from("xyz"), attributes(), max_size=2)))
    return before, after or {"x": Attribute("int", "0")}


def text(model: Model, style: str, end: str) -> str:
    lines = [
        "from dataclasses import dataclass, field",
        "",
        "import versioned_serde as vs",
        "from versioned_serde import Registry, Schema, Version",
        "",
        "@dataclass(kw_only=True)",
        "class Order:  # it is",
        *(f"    {name}: {attribute}" for name, attribute in model.items()),
        *style.split("\n"),
        "registry = Registry(orders)  # all",
        "",
    ]
    return end.join(lines)


class Answers:
    """Somebody who knows the models, and what is right for each."""

    def __init__(self, data: st.DataObject, before: Model, after: Model) -> None:
        self._data = data
        self._models = (before, after)
        self._renamed: dict[str, str] = {}

    def choose(self, question: str, options: list[str]) -> int:
        chosen = self._data.draw(st.integers(0, len(options) - 1))
        if options[chosen].startswith("rename("):
            _, old, _, new, *_ = options[chosen].split('"')
            self._renamed[new] = old
        return chosen

    def say(self, question: str, safe: str) -> str:
        name, asked = question.split('"')[1], question.split("`")[1]
        before, after = self._models
        older = asked == "down" or question.startswith("remove(")
        type_ = before[self._renamed.get(name, name)].type if older else after[name].type
        value = "[1]" if type_ == "list[int]" else VALUES[type_][-1]
        return value if asked == "fill" else f"lambda value: {value}"


@contextmanager
def imported(source: str) -> Iterator[Any]:
    module = ModuleType("made_up_service")
    with patch.dict(sys.modules, {module.__name__: module}):
        exec(compile(source, "made_up_service.py", "exec"), module.__dict__)  # noqa: S102  this test's own text
        yield module


def values(model: Model) -> dict[str, Any]:
    made = {"int": 3, "str": "ada", "float": 1.25, "bool": True, "str | None": "x", "list[int]": [1, 2]}
    return {name: made[attribute.type] for name, attribute in model.items()}


@given(changes(), st.sampled_from(STYLES), st.sampled_from(["\n", "\r\n"]), st.data())
def test_two_releases_go_together_after_fix(
    change: tuple[Model, Model], style: str, end: str, data: st.DataObject
) -> None:
    before, after = change
    with tempfile.TemporaryDirectory() as folder, patch.object(looking, "started", inside):
        root = Path(folder)
        (root / "shop").mkdir()
        (root / "pyproject.toml").write_text('[tool.serde-check]\nregistries = ["shop.serde:registry"]\n')
        project = Project(root)
        with imported(text(before, style, end)) as old:
            write_lock(old.registry, root / "serde-lock")
            stored = old.orders.dumps(old.Order(**values(before)))
            changed = text(after, style, end)
            project.write(changed)
            made = project.apply(Answers(data, before, after))
            assert made.problems == []
            assert_only_inserted(changed, project.text)
            with imported(project.text) as new:
                assert check_lock(new.registry, root / "serde-lock") == []
                assert isinstance(new.orders.loads(stored), new.Order)
                # Whatever this release writes beside the old one, the old one reads.
                assert isinstance(old.orders.loads(new.orders.dumps(new.Order(**values(after)))), old.Order)
                edited = new.orders.read(stored)
                assert isinstance(old.orders.loads(new.orders.write(edited)), old.Order)
        assert project.apply().patch.changed == []


def assert_only_inserted(before: str, after: str) -> None:
    """Every character that was there is there, in its order; but for the number in `writes=1`."""
    rest = iter(after.replace("writes=2", "writes=1"))
    assert all(each in rest for each in before)
    assert ("\r" in before) == (after.count("\r") == after.count("\n"))
