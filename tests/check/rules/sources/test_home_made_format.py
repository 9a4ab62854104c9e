"""A stored model is written past its schema."""

from __future__ import annotations

import pytest

from tests.check.rules.sources.conftest import Project
from versioned_serde.check.rules.sources import home_made_format

ORDER = """
@dataclass
class Order:
    x: int
    y: str = ""

@dataclass
class Page:
    x: int

orders = Schema("shop.order", Order, FIRST)
"""


@pytest.mark.parametrize(
    "line",
    [
        "json.dumps(order.__dict__)",
        "json.dumps({'order': [vars(order)]})",
        "pickle.dumps(order)",
        "struct.pack('>q', order.x)",
        "msgspec.json.encode(order)",
        "','.join([str(order.x), order.y])",
        "dumps(order)",
    ],
)
def test_fails_where_a_stored_model_is_written(project: Project, line: str) -> None:
    code = f"{ORDER}\nfrom pickle import dumps\ndef save(order: Order):\n    return {line}\n"
    (finding,) = home_made_format.check(project(code))
    assert (finding.severity, finding.schema) == ("warning", "shop.order")
    assert finding.place is not None
    assert finding.place.path.endswith("shop_now.py")
    assert finding.place.column == 12


@pytest.mark.parametrize(
    "lines",
    [
        "def save():\n    order = Order(1)\n    return json.dumps(vars(order))",
        "def save(data):\n    order = orders.loads(data)\n    return json.dumps(vars(order))",
        "def save(order: Order | None):\n    return json.dumps(vars(order))",
        "def save(order: 'Order'):\n    def inner():\n        pass\n    return json.dumps(vars(order))",
        "data = json.dumps(vars(Order(1)))",
    ],
)
def test_fails_wherever_the_instance_comes_from(project: Project, lines: str) -> None:
    assert len(list(home_made_format.check(project(f"{ORDER}\n{lines}\n")))) == 1


def test_fails_for_methods_of_models_and_within_them(project: Project) -> None:
    code = """
    class Order(BaseModel):
        x: int

        def text(self):
            return json.dumps(self.model_dump())

        @staticmethod
        def other(x):
            return json.dumps(x)

    orders = Schema("shop.order", Order, FIRST)

    def save(order: Order):
        return order.model_dump_json()
    """
    lines = [each.place.line for each in home_made_format.check(project(code)) if each.place]
    assert lines == [14, 23]


def test_passes_what_is_not_stored_and_what_the_schema_writes(project: Project) -> None:
    code = f"""{ORDER}
def save(page: Page, order: Order, unknown):
    json.dumps(vars(page)), json.dumps(unknown), ",".join([order.y]), ",".join(unknown)
    order = unknown
    json.dumps(vars(order))
    return orders.dumps(Order(1)), str(order)
"""
    assert not list(home_made_format.check(project(code)))
