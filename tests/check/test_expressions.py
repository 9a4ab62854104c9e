"""What names in source code stand for; what is not certain is not told."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import pytest

from versioned_serde import Schema, Version
from versioned_serde.check import expressions
from versioned_serde.check.expressions import Scope, scopes
from versioned_serde.check.sources import Module


@dataclass
class Order:
    x: int


orders = Schema("shop.order", Order, Version(1, codec="json", framing="envelope"))
NAMESPACE: dict[str, Any] = {"Order": Order, "orders": orders, "expressions": expressions}


def module(code: str) -> Module:
    return Module("shop.py", ast.parse(code), NAMESPACE, "shop")


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("def f(order: Order): order", True),
        ("def f(order: 'Order'): order", True),
        ("def f(order: Order | None = None): order", True),
        ("def f(*, order: Order): order", True),
        ("def f():\n    order = Order(1)\n    order", True),
        ("def f():\n    order: Order = what()\n    order", True),
        ("async def f():\n    order = await orders.loads(b'')\n    order", True),
        ("def f():\n    order = Order.model_validate({})\n    order", True),
        ("def f(order): order", False),
        ("def f(order: 'not python'): order", False),
        ("def f(order: Order):\n    order = what()\n    order", False),
        ("def f():\n    order = orders.dumps(Order(1))\n    order", False),
        ("def f():\n    order = what().loads(b'')\n    order", False),
        ("def f():\n    order = Order.other()\n    order", False),
    ],
)
def test_instances(code: str, known: bool) -> None:
    *_, scope = scopes(module(code))
    for node in scope.parts():
        last = node
        if isinstance(node, ast.Expr):
            assert scope.instance(node.value) is (Order if known else None)
    assert isinstance(last, ast.AST)


def test_methods_know_their_own_class() -> None:
    code = "class Order:\n    def one(self): pass\n    @staticmethod\n    def other(self): pass\n"
    found = {scope.node.name: scope for scope in scopes(module(code)) if not isinstance(scope.node, ast.Module)}
    name = ast.Name("self")
    assert found["one"].instance(name) is Order
    assert found["other"].instance(name) is None


def test_parts_are_those_of_the_function_itself() -> None:
    code = (
        "def f():\n    a = 1\n    def inner():\n        b = 2\n    class C:\n        c = 3\n    if a:\n        d = 4\n"
    )
    top, f, inner = scopes(module(code))
    names = [
        [node.id for node in scope.parts() if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        for scope in (top, f, inner)
    ]
    assert names == [[], ["a", "d"], ["b"]]


def test_live_objects() -> None:
    scope = Scope(module(""), ast.parse(""))

    def live(text: str) -> Any:
        return scope.live(ast.parse(text, mode="eval").body)

    assert live("orders") is orders
    assert live("expressions.Scope") is Scope
    assert live("expressions.Scope._static") is None
    assert live("len") is len
    assert live("unheard.of") is None
    assert live("orders.name") is None  # an object's attributes may be anything
    assert live("1 + 1") is None


def test_parts_of_expressions_are_found() -> None:
    scope = Scope(module(""), ast.parse(""))
    assert scope.among(ast.parse("json([Order(1).x])"), {Order: "shop.order"}) == "shop.order"
    assert scope.among(ast.parse("json([Order])"), {Order: "shop.order"}) is None
