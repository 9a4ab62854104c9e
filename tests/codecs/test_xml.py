"""XML: the common conformance, and what is XML's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from versioned_serde.codecs.xml import plugin
from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.shape import (
    AnyType,
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
)
from versioned_serde.testing.conformance.checks import check_hostile
from versioned_serde.testing.conformance.codecs import CodecConformance
from versioned_serde.testing.conformance.reach import Reach
from versioned_serde.testing.conformance.trees import shaped_trees
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed

CODEC = plugin()


class TestConformance(CodecConformance):
    codec = CODEC
    reach = Reach(tells_kinds=False)  # all is text

    @staticmethod
    def nested(depth: int) -> bytes:
        return b"<record><a>" + b"[" * depth + b"1" + b"]" * depth + b"</a></record>"


@given(shaped_trees(CODEC))
def test_the_payload_is_xml(drawn: tuple[Shape, Tree]) -> None:
    assert etree.fromstring(CODEC.payload(drawn[0], DEFAULT_LIMITS).encode(drawn[1])).tag == "record"


LINE = Shape("Line", (Attribute("sku", Scalar("str")), Attribute("count", Scalar("int"))))
ORDER = Shape(
    "Order",
    (
        Attribute("buyer", Scalar("str")),
        Attribute("total", Scalar("decimal")),
        Attribute("paid", Scalar("bool")),
        Attribute("note", NullableType(Scalar("str"))),
        Attribute("size", EnumType(("s", "l"))),
        Attribute("lines", ListType(ObjectType(LINE))),
        Attribute("prices", MapType(Scalar("float"))),
        Attribute("extra", AnyType()),
        Attribute("entry", Scalar("int")),
    ),
)
_COMPILED = CODEC.payload(ORDER, DEFAULT_LIMITS)
encode, decode = _COMPILED.encode, _COMPILED.decode


def test_the_form() -> None:
    tree: Tree = {
        "buyer": "<ada> & \u00e9",
        "total": Decimal("1.10"),
        "paid": True,
        "note": None,
        "size": "l",
        "lines": [{"sku": "a", "count": 1}, {}],
        "prices": {"plain": 1.0, "two words": 2.0, "\x00": float("nan")},
        "extra": {"any": [1, "<", None]},
        "entry": 1,
        "gift": Typed(ListType(Scalar("str")), ["rose", ""]),
        "from elsewhere": Raw("msgpack", b"\xa1a"),
        COMPLEMENT: [Entry("4.1", "down", {"a": Typed(Scalar("int"), 1)}, {"b": Raw("json", b"1.10")})],
    }
    payload = encode(tree)
    assert payload.decode() == (
        "<record>"
        "<buyer>&lt;ada&gt; &amp; \u00e9</buyer>"
        "<total>1.10</total>"
        "<paid>true</paid>"
        '<note nil="true"/>'
        "<size>l</size>"
        "<lines><item><sku>a</sku><count>1</count></item><item/></lines>"
        '<prices><plain>1.0</plain><entry key="two words">2.0</entry><entry key64="AA==">NaN</entry></prices>'
        '<extra>{"any":[1,"&lt;",null]}</extra>'
        '<entry key="entry">1</entry>'
        "<gift><item>rose</item><item/></gift>"
        '<entry key="from elsewhere" raw="msgpack">oWE=</entry>'
        '<entry key="$kept"><item><step>4.1</step><direction>down</direction>'
        '<witness><a>1</a></witness><kept><b raw="json">MS4xMA==</b></kept></item></entry>'
        "</record>"
    )
    found = decode(payload)
    assert found["gift"] == Raw("xml", b"<value><item>rose</item><item/></value>")
    assert found["from elsewhere"] == Raw("msgpack", b"\xa1a")
    assert encode(found) == payload


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", "<at/>"),
        (" ", "<at> </at>"),
        (" \n\t ", "<at> \n\t </at>"),
        ("a\r\nb\r", "<at>a&#13;\nb&#13;</at>"),
        ("]]>", "<at>]]&gt;</at>"),
        ("\x85\u2028\x7f", "<at>\x85\u2028\x7f</at>"),
        ("\U0001f600", "<at>\U0001f600</at>"),
        ("\x00", '<at encoding="base64">AA==</at>'),
        ("\x1f", '<at encoding="base64">Hw==</at>'),
        ("\ufffe", '<at encoding="base64">77++</at>'),
        ("\ud800", '<at encoding="base64">7aCA</at>'),
        ("\ud83d\ude00", '<at encoding="base64">7aC97biA</at>'),
    ],
)
def test_every_str_survives(text: str, written: str) -> None:
    compiled = CODEC.payload(Shape("S", (Attribute("at", Scalar("str")),)), DEFAULT_LIMITS)
    assert compiled.encode({"at": text}).decode() == f"<record>{written}</record>"
    assert compiled.decode(compiled.encode({"at": text})) == {"at": text}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a_B-1.c", "<a_B-1.c>"),
        ("item", "<item>"),
        ("record", "<record>"),
        ("value", "<value>"),
        ("kept", "<kept>"),
        ("entry", '<entry key="entry">'),
        ("xmlns", '<entry key="xmlns">'),
        ("XmL", '<entry key="XmL">'),
        ("a:b", '<entry key="a:b">'),
        ("{urn:x}a", '<entry key="{urn:x}a">'),
        ("1a", '<entry key="1a">'),
        ("gr\u00f6\u00dfe", '<entry key="gr\u00f6\u00dfe">'),
        ("a\n", '<entry key="a&#10;">'),
        (' \t\r"<', '<entry key=" &#9;&#13;&quot;&lt;">'),
        ("a" * 200, f"<{'a' * 200}>"),
        ("a" * 201, f'<entry key="{"a" * 201}">'),
        ("\x00", '<entry key64="AA==">'),
        ("\udfff", '<entry key64="7b+/">'),
    ],
)
def test_every_name_survives(name: str, written: str) -> None:
    compiled = CODEC.payload(Shape("S", (Attribute(name, Scalar("int")),)), DEFAULT_LIMITS)
    payload = compiled.encode({name: 1})
    assert payload.decode().startswith(f"<record>{written}1</")
    assert compiled.decode(payload) == {name: 1}
    # And as the name of something undeclared, of a map's value and of an entry's value.
    empty = CODEC.payload(Shape("S", ()), DEFAULT_LIMITS)
    assert empty.decode(payload) == {name: Raw("xml", b"<value>1</value>")}
    assert empty.encode(empty.decode(payload)) == payload


def test_what_people_write_by_hand_is_read() -> None:
    payload = b"""\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>
    <!-- an order -->
    <record>
        <buyer>a<!-- not part of it -->d<?php x ?><![CDATA[a<]]>&#33;</buyer>
        <?php y ?>
        <lines>
            <item><count>1</count></item> <!-- the only one -->
        </lines>
        <note></note>
        <entry key="total">1</entry>
    </record>
    """
    assert decode(payload) == {"buyer": "ada<!", "lines": [{"count": 1}], "note": "", "total": Decimal(1)}


def test_undeclared_elements_keep_everything() -> None:
    payload = (
        b'<record xmlns:x="urn:x"><gift color="red" x:b="1"> <!-- c --> <x:y> 1.10 </x:y><?p i?> tail </gift></record>'
    )
    found = decode(payload)
    assert found == {
        "gift": Raw(
            "xml",
            b'<value xmlns:x="urn:x" color="red" x:b="1"> <!-- c --> <x:y> 1.10 </x:y><?p i?> tail </value>',
        )
    }
    assert encode(found) == (
        b'<record><gift xmlns:x="urn:x" color="red" x:b="1"> <!-- c --> <x:y> 1.10 </x:y><?p i?> tail </gift></record>'
    )


FOREIGN = (
    "The element has an XML attribute that it should not have, or lacks one. "
    "XML attributes that other programs add are not supported."
)
REFUSED: list[tuple[bytes, str, str]] = [
    (b"", "", "The payload is not XML at line 1, column 1."),
    (b"{}", "", "The payload is not XML at line 1, column 1."),
    (b"<record>", "", "The payload is not XML at line 1, column 9."),
    (b"<record/>x", "", "The payload is not XML at line 1, column 10."),
    (b"<record>\n<buyer>\xff</buyer></record>", "", "The payload is not XML at line 2, column 8."),
    (b"<record>&gone;</record>", "", "The payload is not XML at line 1, column 15."),
    ("<record/>".encode("utf-16"), "", "The payload is not XML at line 1, column 1."),
    (b"<order/>", "", "The root of the payload is not the element `record`."),
    (b'<record xmlns="urn:x"/>', "", "The root of the payload is not the element `record`."),
    (
        b"<!DOCTYPE record><record/>",
        "",
        "The payload has a DOCTYPE, which is never written and can be used for attacks.",
    ),
    (
        b'<!DOCTYPE record SYSTEM "file:///etc/passwd"><record/>',
        "",
        "The payload has a DOCTYPE, which is never written and can be used for attacks.",
    ),
    (b"<record>x</record>", "", "Expected object, found text."),
    (b"<record><paid>true</paid>x</record>", "", "Expected object, found elements with text between them."),
    (b"<record><!-- c -->x</record>", "", "Expected object, found elements with text between them."),
    (b"<record><buyer/><buyer/></record>", "", "Two elements have the same name in one object."),
    (b'<record><buyer/><entry key="buyer"/></record>', "", "Two elements have the same name in one object."),
    (b'<record><entry key="a"/><entry key64="YQ=="/></record>', "", "Two elements have the same name in one object."),
    (b"<record><entry/></record>", "", "An `entry` does not have exactly one of `key` and `key64`."),
    (
        b'<record><entry key="a" key64="YQ=="/></record>',
        "",
        "An `entry` does not have exactly one of `key` and `key64`.",
    ),
    (b'<record><entry key64="YQ"/></record>', "", "Expected bytes, found text that is not base64."),
    (b'<record><entry key64="/w=="/></record>', "", "A str in base64 is not UTF-8."),
    (
        b'<record><x:a xmlns:x="urn:x"/></record>',
        "",
        "An element is in a namespace. XML that other programs designed is not supported.",
    ),
    (
        b'<record id="7"/>',
        "",
        FOREIGN,
    ),
    (
        b'<record><paid id="7">true</paid></record>',
        "paid",
        FOREIGN,
    ),
    (
        b'<record><buyer key="7"/></record>',
        "buyer",
        FOREIGN,
    ),
    (b"<record><paid>True</paid></record>", "paid", "Expected bool, found text that is not a bool."),
    (b"<record><paid> true </paid></record>", "paid", "Expected bool, found text that is not a bool."),
    (b"<record><paid><a/></paid></record>", "paid", "Expected bool, found elements."),
    (b'<record><buyer encoding="base64">!</buyer></record>', "buyer", "Expected bytes, found text that is not base64."),
    (b'<record><note nil="true">x</note></record>', "note", "Expected null, found text."),
    (b'<record><note nil="true"><a/></note></record>', "note", "Expected null, found elements."),
    (b"<record><lines><item/><a/></lines></record>", "lines", "Expected list, found elements that are not `item`."),
    (b"<record><lines>x</lines></record>", "lines", "Expected list, found text."),
    (
        b"<record><lines><item/><item><count>x</count></item></lines></record>",
        "lines[1].count",
        "Expected int, found text that is not a int.",
    ),
    (b"<record><size>m</size></record>", "size", "Expected one of the enum's members, found another str."),
    (b"<record><prices><a>x</a></prices></record>", "prices[*]", "Expected float, found text that is not a float."),
    (b"<record><extra/></record>", "extra", "The payload is not JSON at character 0."),
    (
        b'<record><gift raw="json" id="1">MQ==</gift></record>',
        "gift",
        FOREIGN,
    ),
    (b'<record><gift raw="json">?</gift></record>', "gift", "Expected bytes, found text that is not base64."),
    (b'<record><gift raw="xml">MQ==</gift></record>', "gift", "An element of XML is kept like one of another codec."),
]


@pytest.mark.parametrize(("payload", "path", "text"), REFUSED)
def test_what_is_refused(payload: bytes, path: str, text: str) -> None:
    with pytest.raises(PayloadError) as caught:
        decode(payload)
    assert caught.value.path == path
    assert str(caught.value) == (f"at `{path}`: {text}" if path else text)


NESTED = (b'<!ENTITY b%d "%s">' % (level, (b"&b%d;" % (level - 1) if level else b"&a;") * 10) for level in range(9))
BOMB = b'<!DOCTYPE record [<!ENTITY a "' + b"y" * 1000 + b'">' + b"".join(NESTED) + b"]>"


@pytest.mark.parametrize(
    "payload",
    [
        BOMB + b"<record><buyer>&b8;</buyer></record>",
        BOMB + b"<record buyer='&b8;'/>",
        b'<!DOCTYPE record [<!ENTITY a SYSTEM "file:///etc/hostname">]><record><buyer>&a;</buyer></record>',
        b'<!DOCTYPE record [<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]><record/>',
        b"<record>" + b"<a>" * 100_000,
        b"<record>" + b"<a>" * 300 + b"</a>" * 300 + b"</record>",
        b"<record><buyer>" + b"x" * 10_000_001 + b"</buyer></record>",
    ],
    ids=["bomb", "bomb in an attribute", "file", "network", "open", "deep", "long"],
)
def test_attacks(payload: bytes) -> None:
    with pytest.raises(PayloadError):
        decode(payload)


def test_depth_of_what_is_not_declared() -> None:
    compiled = CODEC.payload(Shape("S", ()), Limits(max_depth=3))
    fits = b"<record><a><item><item>x</item><item/></item></a></record>"
    assert compiled.encode(compiled.decode(fits)) == fits
    with pytest.raises(LimitError) as caught:
        compiled.decode(b"<record><a><item><item><item/></item></item></a></record>")
    assert str(caught.value) == (
        "at `a`: Objects and lists are nested deeper than 3. "
        "If such data is legitimate, raise `Limits.max_depth` for this schema."
    )


_PARTS = st.sampled_from(
    [
        *("<record>", "</record>", "<lines>", "</lines>", "<item>", "</item>", "<item/>", "<sku>", "</sku>"),
        *("<a>", "</a>", '<a nil="true"/>'),
        *('<entry key="$kept">', '<entry key="a">', '<entry key="note" nil="true"/>', "</entry>"),
        *('<a raw="json">', '<b encoding="base64">', "</b>", "YQ==", " ", "x", "1", "&lt;", "<!-- c -->", "<?p i?>"),
        *('<x:a xmlns:x="u">', "</x:a>", '<a xmlns="u">', "<![CDATA[<]]>", "<step>", "</step>", "<!DOCTYPE a>"),
    ]
)  # fmt: skip


@given(st.lists(_PARTS, max_size=12).map("".join))
def test_hostile_elements(inner: str) -> None:
    check_hostile(CODEC, ORDER, f"<record>{inner}</record>".encode())


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (Scalar("str"), "x" * 10_000_001),
        (Scalar("str"), "\U0001f600" * 2_500_001),
        (Scalar("str"), "\x00" * 7_500_001),
        (Scalar("bytes"), bytes(7_500_001)),
        (MapType(Scalar("int")), {" " * 2_500_001: 1}),
    ],
    ids=["ascii", "wide", "base64", "bytes", "key"],
)
def test_what_readers_would_refuse_is_not_written(type_: Type, value: Any) -> None:
    compiled = CODEC.payload(Shape("S", (Attribute("at", type_),)), DEFAULT_LIMITS)
    with pytest.raises(UnwritableValueError, match=r"than XML readers accept\.$"):
        compiled.encode({"at": value})


def test_the_longest_text_is_read_again() -> None:
    compiled = CODEC.payload(Shape("S", (Attribute("at", Scalar("str")),)), DEFAULT_LIMITS)
    longest = "x" * 10_000_000
    assert compiled.decode(compiled.encode({"at": longest})) == {"at": longest}


@pytest.mark.parametrize("data", [b"", b"<value>", b"<other/>", b"<!DOCTYPE value><value/>"])
def test_damaged_kept_values_are_not_written(data: bytes) -> None:
    with pytest.raises(UnwritableValueError, match=r"^at `gift`: A kept value is damaged\. "):
        encode({"gift": Raw("xml", data)})
    with pytest.raises(UnwritableValueError, match=r"^at `gift`: The name of a kept value's codec"):
        encode({"gift": Raw("\x00", data)})


def test_a_value_does_not_know_its_name() -> None:
    value = CODEC.value(Scalar("int"), DEFAULT_LIMITS)
    assert value.encode(5) == Raw("xml", b"<value>5</value>")
    assert value.decode(decode(b'<record><entry key="a b">5</entry></record>')["a b"]) == 5


def test_anything_that_json_carries() -> None:
    compiled = CODEC.payload(Shape("S", (Attribute("at", AnyType()),)), DEFAULT_LIMITS)
    for value in (None, "", "\ufffe", "\ud800", [1.5, {"$raw": ["json", ""]}], {"": -0.0}):
        assert compiled.decode(compiled.encode({"at": value})) == {"at": value}
