"""Each change of what a model does is found by its own rule and by no other."""

from __future__ import annotations

import pytest

from tests.check.rules.sources.conftest import Project
from versioned_serde.check.rules.rule import of_family

CODE = """
class Order(BaseModel):
    x: int = Field(default_factory=lambda: {value}{more})

    @field_validator("x")
    @classmethod
    def checked(cls, x: int) -> int:
        {body}

orders = Schema("shop.order", Order, FIRST)
"""


def code(*, value: int = 1, more: str = "", body: str = "return x") -> str:
    return CODE.format(value=value, more=more, body=body)


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (code(), []),
        (code(value=2), ["default-factory-changed"]),
        (code(more=", le=9"), ["strictness-changed"]),
        (code(body="return x + 1"), ["validator-changed"]),
        (code(value=2, more=", le=9"), ["default-factory-changed", "strictness-changed"]),
    ],
)
def test_models(project: Project, now: str, found: list[str]) -> None:
    sources = project(now, code())
    assert [each.rule for module in of_family("sources") for each in module.check(sources)] == found
