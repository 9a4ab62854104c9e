from __future__ import annotations

import sys
from pathlib import Path

import pytest

from versioned_serde.check.finding import Place
from versioned_serde.check.project import places
from versioned_serde.check.settings import Settings

SOURCE = """\
import versioned_serde as vs
from versioned_serde import Schema
orders = Schema("shop.order", Order)
carts = [Schema("shop.cart", Cart)]; größe = vs.Parameter("shop.größe", {})
wide = (vs.
    Schema("shop.wide", Wide))
computed = Schema("shop." + "computed", Order)
print("shop.printed")
"""


def test_places_are_where_names_are_declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "placed_shop.py"
    file.write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    module = type(sys)("placed_shop")
    module.__file__ = str(file)
    monkeypatch.setitem(sys.modules, "placed_shop", module)
    names = ["shop.order", "shop.cart", "shop.größe", "shop.wide", "shop.computed", "shop.printed"]
    assert places(Settings(root=tmp_path), names) == {
        "shop.order": Place(path="placed_shop.py", line=3, column=10, end_line=3, end_column=16),
        "shop.cart": Place(path="placed_shop.py", line=4, column=10, end_line=4, end_column=16),
        "shop.größe": Place(path="placed_shop.py", line=4, column=46, end_line=4, end_column=58),
        "shop.wide": Place(path="placed_shop.py", line=5, column=9, end_line=6),
    }
