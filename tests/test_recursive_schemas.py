"""What a schema says of recursive models beside their steps: keys, names, older models, undeclared fields, erasure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional

import pytest

from tests.protos.build import classes
from versioned_serde import Schema, Version, add, remove, rename, within
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.declaration import check_keys
from versioned_serde.describing import Describer
from versioned_serde.errors import AmbiguousEditError, DeclarationError
from versioned_serde.evolution.path import paths

V1 = Version(1, codec="json", framing="envelope")


@dataclass
class Item:
    sku: str
    parts: list[Item] = field(default_factory=list)
    note: str = "-"


@dataclass
class OldItem:
    code: str
    parts: list[OldItem] = field(default_factory=list)
    note: str = "-"


@dataclass
class Order:
    first: Item
    items: list[Item] = field(default_factory=list)


ORDER_KEYS = {"first.parts": "sku", "items": "sku", "items.parts": "sku"}


def test_a_path_ends_where_the_levels_begin() -> None:
    shape = Describer().shape(Order)
    assert [path for path, _ in paths(shape)] == [
        *("first", "first.sku", "first.parts", "first.note"),
        *("items", "items.sku", "items.parts", "items.note"),
    ]
    assert check_keys(shape, {"items.parts": "sku"}) == ["first.parts", "items"]
    with pytest.raises(DeclarationError, match=r"`keys` names `items.parts.parts`, which is not a list of objects"):
        check_keys(shape, {"items.parts.parts": "sku"})


def item(*skus: str) -> Item:
    """Each with the next ones as its parts, twice."""
    parts = [item(skus[1] + str(n), *skus[2:]) for n in (1, 2)] if len(skus) > 1 else []
    return Item(skus[0], parts)


@dataclass
class NewItem:
    sku: str
    parts: list[NewItem] = field(default_factory=list)
    note: str = "-"
    gift: Optional[str] = None  # noqa: UP045


@dataclass
class NewOrder:
    first: NewItem
    items: list[NewItem] = field(default_factory=list)


def gifted(order: Order) -> NewOrder:
    def new(each: Item) -> NewItem:
        return NewItem(each.sku, [new(part) for part in each.parts], each.note, f"for {each.sku}")

    return NewOrder(new(order.first), [new(each) for each in order.items])


def gifts(order: NewOrder) -> set[tuple[str, str | None]]:
    found, waiting = set(), [order.first, *order.items]
    while waiting:
        each = waiting.pop()
        found.add((each.sku, each.gift))
        waiting += each.parts
    return found


def test_a_key_identifies_elements_at_every_level() -> None:
    newer = Schema("x.order", NewOrder, V1, Version(2, within(NewItem, add("gift"))), writes=2, keys=ORDER_KEYS)
    order = Order(item("a", "b", "c", "d"), [item("e", "f", "g")])
    blob = newer.dumps(gifted(order))
    older = Schema("x.order", Order, V1, keys=ORDER_KEYS)
    document = older.read(blob)
    assert "first.parts[0].parts[1].gift" in document.unknown
    changed = Order(item("a", "b", "c", "d"), [item("e", "f", "g")])
    for each in (changed.first, changed.first.parts[0], changed.first.parts[0].parts[1], changed.items[0].parts[1]):
        each.parts.reverse()
        each.note = "moved and changed"
        for part in each.parts:
            part.note = "changed"
    document.set(changed)
    found = newer.loads(older.write(document))
    assert gifts(found) == gifts(gifted(order))
    assert [each.sku for each in found.first.parts[1].parts[0].parts] == ["d2", "d1"]


def test_without_a_key_the_same_edit_is_ambiguous_at_any_level() -> None:
    newer = Schema("x.order", NewOrder, V1, Version(2, within(NewItem, add("gift"))), writes=2, keys=ORDER_KEYS)
    blob = newer.dumps(gifted(Order(item("a", "b", "c"))))
    with pytest.warns(UserWarning, match="`first.parts` has no key"):
        older = Schema("x.order", Order, V1, keys={"items": "sku", "items.parts": "sku"})
    document = older.read(blob)
    changed = item("a", "b", "c")
    changed.parts[0].parts.reverse()
    changed.parts[0].parts[0].note = "changed"
    changed.parts[0].parts[1].note = "changed"
    document.set(Order(changed))
    with pytest.raises(AmbiguousEditError, match=r"first\.parts"):
        older.write(document)


def test_a_version_may_name_the_recursive_class_that_it_had() -> None:
    steps = Version(2, rename("code", "sku"))
    schema = Schema(
        "x.item", Item, Version(1, codec="json", framing="envelope", model=OldItem), steps, writes=2,
        keys={"parts": "sku"},
    )  # fmt: skip
    old = Schema("x.item", OldItem, V1, keys={"parts": "code"})
    assert schema.lines[0].shape == old.lines[0].shape
    assert schema.loads(old.dumps(OldItem("a", [OldItem("b", [OldItem("c")])]))) == Item("a", [Item("b", [Item("c")])])
    with pytest.raises(DeclarationError, match="do not lead back to `Item`"):
        Schema(
            "x.item", Item, Version(1, codec="json", framing="envelope", model=Item), steps, writes=2,
            keys={"parts": "sku"},
        )  # fmt: skip


@dataclass
class Shelf:
    name: str
    box: Optional[Box] = None  # noqa: UP045


@dataclass
class Box:
    label: str
    origin: Optional[Shelf] = None  # noqa: UP045
    also: list[Shelf] = field(default_factory=list)


@pytest.mark.parametrize("codec", ["json", "msgpack", "xml"])
def test_what_an_object_between_two_levels_gained_goes_and_comes_back(codec: str) -> None:
    """The type that its step knows of the attribute is complete, though in the shape it refers to what is around."""
    lines = (Version(1, codec=codec, framing="envelope"), Version(2, within(Box, add("also", fill=list))))
    keys = {"box.also": "name"}
    older, newer = (Schema("x.shelf", Shelf, *lines, writes=writes, keys=keys) for writes in (1, 2))
    shelf = Shelf("a", Box("b", Shelf("c", Box("d")), [Shelf("e", Box("f", None, [Shelf("g")]))]))
    blob = older.dumps(shelf)
    assert newer.identify(blob).version == 1
    assert newer.loads(blob) == shelf


def test_a_name_is_not_used_again_at_any_level() -> None:
    with pytest.raises(DeclarationError, match="at `parts`: The name was used before"):
        Schema("x.item", Item, V1, keys={"parts": "sku"}, reserved=["parts"])
    with pytest.raises(DeclarationError, match="at `note`: The name was given up in one version and is used again"):
        Schema(
            "x.item", Item, V1, Version(2, remove("note", was=str, default="-")), Version(3, add("note")),
            writes=3, keys={"parts": "sku"},
        )  # fmt: skip


TREE = """
message Tree
string name = 1
repeated Tree parts = 2
optional string note = 3
optional Tree next = 4
"""


def test_undeclared_recursive_fields_of_a_message_stay_as_they_are() -> None:
    cls = classes(TREE)["Tree"]

    @dataclass
    class Name:
        name: str

    schema = Schema("x.tree", Name, Version(1, codec=Protobuf(cls), framing="bare"))
    tree = cls(name="a", parts=[cls(name="b", next=cls(note=""), parts=[cls()])], next=cls(name="c"))
    document = schema.read(tree.SerializeToString())
    document.value.name = "changed"
    tree.name = "changed"
    assert cls.FromString(schema.write(document)) == tree
    assert schema.write(document) == tree.SerializeToString(deterministic=True)


def test_messages_in_themselves_take_no_direct_way() -> None:
    cls = classes(TREE + "map Tree by_name = 5")["Tree"]
    for trusted in (False, True):
        with pytest.warns(UserWarning, match="has no key"):
            schema = Schema("x.tree", cls, Version(1, codec="protobuf", framing="bare"), trusted=trusted)
        tree = cls(name="a", parts=[cls(name="b", by_name={str(n): cls(name=str(n)) for n in range(20)})])
        assert schema.dumps(tree) == tree.SerializeToString(deterministic=True)
        assert schema.loads(schema.dumps(tree)) == tree


def test_erasure_reaches_every_level() -> None:
    older: Schema[Any] = Schema("x.item", NewItem, V1, keys={"parts": "sku"})
    step = Version(2, remove("gift", was=str | None))
    both = Schema("x.item", Item, V1, step, writes=2, keys={"parts": "sku"})
    document = both.read(older.dumps(gifted(Order(item("a", "b", "c"))).first))
    second = Version(2, codec="json", framing="envelope", min_reader=1)
    newest = Schema("x.item", Item, second, keys={"parts": "sku"}, reserved=["gift"])
    retired = newest.read(both.write(document))
    assert len(retired.unknown) == 7
    retired.purge()
    assert not retired.unknown
    assert newest.loads(newest.write(retired)) == item("a", "b", "c")
