"""The three lines of a service's test: what other releases make of its values, and it of theirs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.test_design_example import VERSIONS, Line, Order
from versioned_serde import DeclarationError, PayloadError, Schema, UnwritableValueError, Version
from versioned_serde.protocols import Codec
from versioned_serde.testing import as_version, assert_laws, from_newer, from_version, newer_packed

orders = Schema("shop.order", Order, *VERSIONS, writes=3, keys={"lines": "sku"})
ADA = Order(buyer="ada", total=Decimal("9.90"), lines=[Line(sku="a")])


def test_the_lines_of_the_design() -> None:
    assert_laws(orders, cases=40)
    assert from_version(orders, 3, {"customer": "ada", "total": 990, "lines": []}).buyer == "ada"
    assert as_version(orders, 3, ADA)["customer"] == "ada"
    assert orders.read(from_newer(orders, ADA, gift="x")).unknown


def test_a_value_as_each_version_sees_it() -> None:
    lines = [{"sku": "a"}]
    assert as_version(orders, 4, ADA) == {"buyer": "ada", "total": Decimal("9.90"), "lines": lines}
    for version in (1, 2, 3):
        assert as_version(orders, version, ADA) == {"customer": "ada", "total": 990, "lines": lines}
    noted = ADA.model_copy(update={"note": "gift"})
    assert as_version(orders, 3, noted)["note"] == "gift"
    assert "note" not in as_version(orders, 2, noted)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_record_of_each_version(version: int) -> None:
    order = from_version(orders, version, {"customer": "ada", "total": 990, "fax": "1", "lines": [{"sku": "a"}]})
    assert order == Order(buyer="ada", total=Decimal("9.9"), lines=[Line(sku="a")])


def test_a_record_of_a_newer_release() -> None:
    document = orders.read(from_newer(orders, ADA, gift=[1, {"a": None}], seal=1.5))
    assert document.value == ADA
    assert document.version == 5
    assert sorted(document.unknown) == ["gift", "seal"]
    with document.edit() as order:
        order.buyer = "grace"
    assert sorted(orders.read(orders.write(document)).unknown) == ["gift", "seal"]


def test_what_is_not_of_the_version_is_refused() -> None:
    with pytest.raises(UnwritableValueError, match=r"shop\.order version 3: at `customer`: Expected str, found int"):
        from_version(orders, 3, {"customer": 5, "total": 990, "lines": []})
    with pytest.raises(PayloadError, match=r"shop\.order version 3: at `total`"):
        from_version(orders, 3, {"customer": "ada", "lines": []})
    with pytest.raises(DeclarationError, match=r"Version 5 is not listed\. Listed are 1, 2, 3, 4\."):
        from_version(orders, 5, {})
    with pytest.raises(DeclarationError, match=r"Version 5 is not listed"):
        as_version(orders, 5, ADA)
    with pytest.raises(UnwritableValueError, match=r"shop\.order version 3: Expected `Order`"):
        as_version(orders, 3, Line(sku="a"))  # type: ignore[misc]
    with pytest.raises(UnwritableValueError, match=r"at `note`: This release knows the attribute"):
        from_newer(orders, ADA, note="x")


def test_a_tag_in_headers() -> None:
    schema = Schema("shop.line", Line, Version(1, codec="json", framing="headers", coding="gzip"))
    line = Line(sku="a")
    assert from_version(schema, 1, {"sku": "a"}) == line
    assert as_version(schema, 1, line) == {"sku": "a"}
    with pytest.raises(UnwritableValueError, match=r"shop\.line: The tag of this version travels in headers"):
        from_newer(schema, line, gift=1)
    assert list(schema.read(*newer_packed(schema, line, {"gift": 1})).unknown) == ["gift"]


def test_bare_records_keep_what_they_do_not_know() -> None:
    schema = Schema("shop.line", Line, Version(1, codec="json", framing="bare"))
    assert list(schema.read(from_newer(schema, Line(sku="a"), gift=1)).unknown) == ["gift"]


def test_a_codec_that_keeps_nothing() -> None:
    class Forgetful:
        name, id, retains_unknown = "forgetful", 200, False

        def __getattr__(self, name: str) -> Any:
            from versioned_serde.codecs.json import JsonCodec  # noqa: PLC0415

            return getattr(JsonCodec(), name)

    codec: Codec = Forgetful()
    schema = Schema("shop.line", Line, Version(1, codec=codec, framing="envelope"))
    with pytest.raises(DeclarationError, match=r"The codec `forgetful` does not keep unknown attributes"):
        from_newer(schema, Line(sku="a"), gift=1)


def test_the_counters_of_the_service_stay_as_they_are() -> None:
    schema = Schema("shop.order", Order, *VERSIONS, writes=3, keys={"lines": "sku"})
    as_version(schema, 1, ADA)
    from_newer(schema, ADA, gift="x")
    assert not any(each.value for each in schema.counts())
