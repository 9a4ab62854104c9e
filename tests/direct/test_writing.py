"""Which schemas write without a tree, and which do not."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

from tests.native.pairs import Pair, needs_native
from versioned_serde import Schema, Version
from versioned_serde.codecs.json import JsonCodec
from versioned_serde.describing import Describer
from versioned_serde.direct.writing import direct_encoder
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.models.pydantic import PydanticKind

pytestmark = needs_native


class Plain(pydantic.BaseModel):
    x: int = 0


class WithDict(pydantic.BaseModel):
    x: int = 0

    @property
    def __dict__(self) -> dict[str, Any]:
        return {"x": 5}

    @__dict__.setter
    def __dict__(self, value: dict[str, Any]) -> None: ...


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
    assert Schema("a.b", Plain, version)._compiled.encoder is None


class Kindred:
    """A kind of model from a package that has never heard of layouts."""


def test_a_kind_of_model_without_a_layout() -> None:
    line = Pair(Plain, "json").schema.lines[0]
    lineage = Lineage(1, line.shape, [()], Describer(), lambda type_, raw: None)
    assert direct_encoder(line, lineage, lambda shape: PydanticKind(), DEFAULT_LIMITS, "explicit") is not None
    assert direct_encoder(line, lineage, lambda shape: Kindred(), DEFAULT_LIMITS, "explicit") is None  # type: ignore[arg-type, return-value]
