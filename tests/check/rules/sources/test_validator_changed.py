"""A validator of a stored model does something else than it did."""

from __future__ import annotations

from tests.check.rules.sources.conftest import Project
from versioned_serde.check.rules.sources import validator_changed


def validated(body: str, name: str = "checked") -> str:
    return f"""
class Order(BaseModel):
    x: str

    @field_validator("x")
    @classmethod
    def {name}(cls, x: str) -> str:
        {body}

orders = Schema("shop.order", Order, FIRST)
"""


PLAIN = """
class Order(BaseModel):
    x: str

orders = Schema("shop.order", Order, FIRST)
"""


def test_fails_where_its_body_is_another(project: Project) -> None:
    (finding,) = validator_changed.check(project(validated("return x.strip()"), validated("return x")))
    assert (finding.severity, finding.attribute) == ("warning", "x")
    assert finding.message == "`x` has another validator, unlike in v1."


def test_fails_where_one_came_or_went(project: Project) -> None:
    (finding,) = validator_changed.check(project(validated("return x"), PLAIN))
    assert "a new validator" in finding.message
    (finding,) = validator_changed.check(project(PLAIN, validated("return x")))
    assert "no validator" in finding.message


def test_fails_for_what_runs_after_a_dataclass_or_model_is_made(project: Project) -> None:
    made = """
    @dataclass
    class Order:
        x: int

        def __post_init__(self):
            BODY

    orders = Schema("shop.order", Order, FIRST)
    """
    (finding,) = validator_changed.check(project(made.replace("BODY", "assert self.x"), made.replace("BODY", "pass")))
    assert finding.message == "`the top` has another __post_init__, unlike in v1."
    before = made.replace("@dataclass", "").replace("class Order", "class Order(msgspec.Struct)")
    (finding,) = validator_changed.check(
        project(before.replace("BODY", "assert self.x"), before.replace("BODY", "pass"))
    )
    assert "another __post_init__" in finding.message


def test_passes_another_name_and_place(project: Project) -> None:
    old = validated("return x.strip()")
    assert not list(validator_changed.check(project(validated("'Text.'; return x.strip()  # a note", "renamed"), old)))
    assert not list(validator_changed.check(project(f"import os\n\n{old}", old)))
