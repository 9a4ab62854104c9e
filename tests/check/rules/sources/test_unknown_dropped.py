"""A record is rewritten from its value alone."""

from __future__ import annotations

from tests.check.rules.sources.conftest import Project
from versioned_serde.check.rules.sources import unknown_dropped

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


def test_fails_where_one_function_reads_and_writes(project: Project) -> None:
    code = f"""{ORDER}
def edit(data):
    order = orders.loads(data)
    order.x = 2
    return orders.dumps(order)
"""
    (finding,) = unknown_dropped.check(project(code))
    assert (finding.severity, finding.schema) == ("warning", "shop.order")
    assert finding.place is not None
    assert finding.place.line == 24


def test_passes_documents_and_functions_that_do_one_of_both(project: Project) -> None:
    code = f"""{ORDER}
def edit(data):
    document = orders.read(data)
    document.edit()
    return orders.write(document)

def load(data):
    return orders.loads(data)

def first():
    data = orders.dumps(Order(1))
    return orders.loads(data)

def other(data, orders_of_others):
    return orders_of_others.dumps(orders_of_others.loads(data))
"""
    assert not list(unknown_dropped.check(project(code)))


def test_passes_a_model_that_carries_what_it_does_not_know(project: Project) -> None:
    code = """
    class Order(BaseModel, extra="allow"):
        x: int

    orders = Schema("shop.order", Order, FIRST)

    def edit(data):
        return orders.dumps(orders.loads(data))
    """
    assert not list(unknown_dropped.check(project(code)))
    found = list(unknown_dropped.check(project(code.replace(', extra="allow"', ""))))
    assert len(found) == 1
