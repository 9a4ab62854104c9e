"""Which schemas write without a tree, and which do not."""

from __future__ import annotations

import dataclasses
from typing import Any

import pydantic
import pytest

from tests.native.pairs import Pair, needs_native
from versioned_serde import Schema, Version
from versioned_serde.codecs.json import JsonCodec
from versioned_serde.models.dataclass import DataclassKind

pytestmark = needs_native


class Plain(pydantic.BaseModel):
    x: int = 0


class WithDict(pydantic.BaseModel):
    x: int = 0

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return {"x": 5}


class Looked:
    def __getattribute__(self, name: str) -> Any:
        return super().__getattribute__(name)


class MixedIn(pydantic.BaseModel, Looked):
    x: int = 0


class Given(pydantic.BaseModel):
    x: int = 0

    @property
    def model_fields_set(self) -> set[str]:
        return {"x"}


@pytest.mark.parametrize("model", [WithDict, MixedIn, Given])
def test_a_class_that_shows_something_else_than_it_holds(model: Any) -> None:
    pair = Pair(model, "json")
    assert pair.encoder is None
    assert pair.check(model(x=1)) is False


class NamedCodec(JsonCodec):
    """Somebody's own codec, of a name that is known."""


@pytest.mark.parametrize(
    "version",
    [
        Version(1, codec="json", framing="envelope", coding="gzip"),
        Version(1, codec="xml", framing="envelope"),
        Version(1, codec=NamedCodec(), framing="envelope"),
    ],
)
def test_what_the_core_does_not_know(version: Version) -> None:
    assert Schema("a.b", Plain, version)._encoder is None


def test_a_kind_of_model_without_a_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Pair(_point(), "json").encoder is not None
    monkeypatch.delattr(DataclassKind, "layout")
    pair = Pair(_point(), "json")
    assert pair.encoder is None
    assert pair.check(pair.schema.model(1)) is False


def _point() -> Any:
    return dataclasses.make_dataclass("Point", [("x", int)])
