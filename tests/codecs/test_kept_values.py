"""A kept value that came wrapped in another codec's payload is looked at before it is pasted in."""

from __future__ import annotations

import pytest

from versioned_serde import UnwritableValueError, plugins
from versioned_serde.limits import Limits
from versioned_serde.shape import Attribute, Scalar, Shape
from versioned_serde.tree import Raw

SHAPE = Shape("Order", (Attribute("total", Scalar("int")),))
DAMAGED = {
    "cbor": [b"", b"\xa1\x61a", b"\x01\x02", b"\xff", b"\x1c"],
    "json": [b'1},"total":{"x":1', b"1 2", b"", b"[", b'"\xff"', b"NaN"],
    "msgpack": [b"", b"\x81\xa1a", b"\x01\x02", b"\xc1"],
    "xml": [b"<value>", b"</value><total>2</total><value>", b"", b"<other/>"],
}
WHOLE = {
    "cbor": b"\x9f\xf9\x3c\x00\xc6\x61b\xff",
    "json": b'[1,{"a":1.10}]',
    "msgpack": b"\x81\x91\x01\xa1b",
    "xml": b"<value><a>1.10</a></value>",
}


@pytest.mark.parametrize(("codec", "data"), [(codec, data) for codec, found in DAMAGED.items() for data in found])
def test_a_damaged_value_is_refused(codec: str, data: bytes) -> None:
    encode = plugins.codec(codec).payload(SHAPE, Limits()).encode
    with pytest.raises(UnwritableValueError) as caught:
        encode({"total": 1, "gift": Raw(codec, data)})
    assert str(caught.value).startswith("at `gift`: A kept value is damaged.")


@pytest.mark.parametrize("codec", WHOLE)
def test_a_whole_one_comes_back_as_it_was(codec: str) -> None:
    form = plugins.codec(codec).payload(SHAPE, Limits())
    tree = {"total": 1, "gift": Raw(codec, WHOLE[codec])}
    assert form.decode(form.encode(tree)) == tree
