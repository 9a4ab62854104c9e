"""A view: a part of another team's schema, which is read and edited and never made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, make_dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde import (
    DeclarationError,
    DirectoryStore,
    Records,
    Registry,
    Schema,
    UnwritableValueError,
    Version,
    add,
    rename,
    retype,
    theirs,
    within,
)
from versioned_serde.testing import assert_laws


@dataclass
class Item:
    sku: str
    price: int


@dataclass
class Charge:
    payer: str
    total: Decimal
    tax: Decimal
    due: str | None = None
    items: list[Item] = field(default_factory=list)


def cents(name: str) -> retype:
    return retype(name, was=int, up=lambda each: Decimal(each) / 100, down=lambda each: int(each * 100))


def owner(writes: int) -> Schema[Charge]:
    return Schema(
        "billing.charge",
        Charge,
        Version(1, codec="json", framing="envelope"),
        Version(2, add("due")),
        Version(3, cents("tax"), rename("customer", "payer"), cents("total")),
        writes=writes,
        keys={"items": "sku"},
    )


@dataclass
class Sum:
    """What the other team needs."""

    total: Decimal


def sums(**named: Any) -> Schema[Sum]:
    return Schema(
        "billing.charge",
        Sum,
        Version(2, codec="json", framing="envelope", min_reader=1),
        Version(3, theirs(), theirs(), cents("total")),
        view=True,
        **named,
    )


CHARGE = Charge("ada", Decimal("9.99"), Decimal("1.23"), "today", [Item("a", 1)])


@pytest.mark.parametrize("writes", [2, 3])
def test_a_view_edits_what_it_knows_and_keeps_the_rest(writes: int) -> None:
    view, record = sums(), owner(writes).dumps(CHARGE)
    assert view.loads(record) == Sum(Decimal("9.99"))
    document = view.read(record)
    unedited = view.write(document)
    assert (owner(3).loads(unedited), view.identify(unedited).version) == (CHARGE, writes)
    with document.edit() as value:
        value.total = Decimal("10.50")
    edited = view.write(document)
    assert view.identify(edited).version == writes
    assert owner(3).loads(edited) == Charge("ada", Decimal("10.50"), Decimal("1.23"), "today", [Item("a", 1)])


def test_what_the_owner_kept_on_a_lossy_way_is_not_the_views_to_take() -> None:
    """In version 2 both amounts are cents, and fractions of cents are kept beside them, each under its step's id."""
    record = owner(2).dumps(Charge("ada", Decimal("9.999"), Decimal("1.234")))
    view = sums()
    assert view.loads(record) == Sum(Decimal("9.999"))
    document = view.read(record)
    with document.edit() as value:
        value.total = Decimal("5.555")
    edited = view.write(document)
    assert owner(3).loads(edited) == Charge("ada", Decimal("5.555"), Decimal("1.234"))


def test_a_newer_record_that_the_owner_lets_old_readers_read() -> None:
    view = Schema("billing.charge", Sum, Version(3, codec="json", framing="envelope"), view=True)
    newer = Schema(
        "billing.charge",
        Charge,
        Version(3, codec="json", framing="envelope"),
        Version(4, add("due")),
        writes=4,
        keys={"items": "sku"},
    )
    record = newer.dumps(CHARGE)
    document = view.read(record)
    with document.edit() as value:
        value.total = Decimal(1)
    assert newer.loads(view.write(document)).due == "today"


def test_versions_of_the_owner_that_change_nothing_here() -> None:
    @dataclass
    class Due:
        due: str | None = None

    view = Schema(
        "billing.charge",
        Due,
        Version(2, codec="json", framing="envelope", min_reader=1),
        Version(3, min_reader=3),
        Version(4, min_reader=3),
        view=True,
    )
    assert [(line.number, line.min_reader, line.raised_by) for line in view.lines] == [
        (2, 1, ()),
        (3, 3, ("what its owner changed",)),
        (4, 3, ()),
    ]
    for writes in (2, 3):
        assert view.loads(owner(writes).dumps(CHARGE)) == Due("today")


@pytest.mark.parametrize(
    "make",
    [
        lambda view: view.dumps(Sum(Decimal(1))),
        lambda view: view.pack(Sum(Decimal(1))),
        lambda view: view.dumps_many([Sum(Decimal(1))]),
        lambda view: Registry(view).dumps(Sum(Decimal(1))),
        assert_laws,
    ],
    ids=["dumps", "pack", "dumps_many", "registry", "laws"],
)
def test_a_view_makes_no_records(make: Callable[[Schema[Sum]], Any]) -> None:
    with pytest.raises(UnwritableValueError, match="view of another team's, which knows a part") as caught:
        make(sums())
    assert caught.value.schema == "billing.charge"


def test_nor_does_one_whose_records_need_no_tree() -> None:
    view = Schema("billing.charge", Sum, Version(3, codec="json", framing="envelope"), view=True)
    with pytest.raises(UnwritableValueError, match="view of another team's"):
        view.dumps(Sum(Decimal(1)))


def test_a_view_over_a_store(tmp_path: Any) -> None:
    store = DirectoryStore(tmp_path)
    Records(owner(3), store).insert("1", CHARGE)
    records = Records(sums(), store)

    def change(value: Sum) -> None:
        value.total = Decimal(2)

    records.edit("1", change)
    assert Records(owner(3), store).read("1").value.payer == "ada"
    with pytest.raises(UnwritableValueError):
        records.insert("2", Sum(Decimal(1)))
    with pytest.raises(UnwritableValueError):
        records.replace("1", Sum(Decimal(1)))


def test_a_view_purges_nothing() -> None:
    document = sums(reserved={"fax"}).read(owner(2).dumps(CHARGE))
    with pytest.raises(UnwritableValueError, match="Have its owner purge the record"):
        document.purge()


def test_a_view_has_no_write_version() -> None:
    with pytest.raises(DeclarationError, match="A view has no `writes`"):
        sums(writes=3)
    assert list(sums().write_versions()) == []
    assert list(owner(2).write_versions()) == [("billing.charge", 2)]


def test_what_only_a_view_may_say() -> None:
    for lines, told in (([Version(3, min_reader=3)], "says a min_reader"), ([Version(3)], "changes nothing")):
        with pytest.raises(DeclarationError, match=told):
            Schema("o", Sum, Version(2, codec="json", framing="envelope"), *lines, writes=2)
    with pytest.raises(DeclarationError, match="not between 1 and 3"):
        Schema("o", Sum, Version(2, codec="json", framing="envelope"), Version(3, min_reader=4), view=True)


def test_only_a_view_has_steps_of_others() -> None:
    for step in (theirs(), within("total", theirs())):
        with pytest.raises(DeclarationError, match=r"version 2: `theirs\(\)` stands for a step of another team's"):
            Schema("o", Sum, Version(1, codec="json", framing="envelope"), Version(2, step), writes=1)


def test_several_versions_may_raise() -> None:
    """Nothing new is written, so nothing that an older host could not read comes into the world."""
    lines = [Version(number, min_reader=number) for number in (3, 4, 5)]
    view = Schema("o", Sum, Version(2, codec="json", framing="envelope"), *lines, view=True)
    assert view.versions == (2, 3, 4, 5)


FIELDS: dict[str, tuple[Any, ...]] = {
    "payer": (str,),
    "total": (Decimal,),
    "tax": (Decimal,),
    "due": (str | None, None),
    "items": (list[Item], field(default_factory=list)),
}
AMOUNTS = st.integers(0, 99_999).map(lambda n: Decimal(n) / 1000)
EDITS: dict[str, st.SearchStrategy[Any]] = {
    "payer": st.text("aé", max_size=3),
    "total": st.integers(0, 99_999).map(lambda n: Decimal(n) / 1000),
    "tax": st.integers(0, 99_999).map(lambda n: Decimal(n) / 1000),
    "due": st.none() | st.sampled_from(["", "today"]),
    "items": st.lists(st.builds(Item, st.sampled_from("abc"), st.integers(0, 9)), unique_by=lambda item: item.sku),
}


def part(names: list[str]) -> Schema[Any]:
    """A view of some attributes."""
    steps = {"tax": cents("tax"), "payer": rename("customer", "payer"), "total": cents("total")}
    own = [step if name in names else theirs() for name, step in steps.items()]
    return Schema(
        "billing.charge",
        make_dataclass("Part", [(name, *FIELDS[name]) for name in FIELDS if name in names]),
        Version(1, codec="json", framing="envelope"),
        Version(2, *([add("due")] if "due" in names else []), min_reader=1),
        Version(3, *own, min_reader=3),
        keys={"items": "sku"} if "items" in names else {},
        view=True,
    )


@given(
    st.builds(Charge, EDITS["payer"], AMOUNTS, AMOUNTS, EDITS["due"], EDITS["items"]),
    st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, unique=True),
    st.sampled_from([1, 2, 3]),
    st.data(),
)
def test_whatever_part_it_is(charge: Charge, names: list[str], writes: int, data: st.DataObject) -> None:
    """What the view edits is what it said, and the rest is what it was, down to what its owner kept on a lossy way."""
    view = part(names)
    record = owner(writes).dumps(charge)
    edits = {name: data.draw(EDITS[name]) for name in names if data.draw(st.booleans())}
    document = view.read(record)
    with document.edit() as value:
        for name, new in edits.items():
            setattr(value, name, new)
    edited = view.write(document)
    assert view.identify(edited).version == writes
    assert owner(3).loads(edited) == replace(charge, **edits)
