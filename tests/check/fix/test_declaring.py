"""A new version line, in every style in which people write a declaration; nothing else in the file changes."""

from __future__ import annotations

import libcst as cst
import pytest

from versioned_serde.check.fix.declaring import NotEditableError, SchemaCall, find, retire_value
from versioned_serde.check.fix.source import Entry, Source

ADD = [Entry('add("x")')]
CHOICE = [Entry('add("x")'), Entry("...", "choose")]


def opened(text: str, ending: str = "Schema") -> tuple[Source, cst.Call]:
    source = Source(text)
    return source, next(call for call in source.calls() if source.code(call.func).partition("[")[0].endswith(ending))


def appended(text: str, steps: list[Entry] = ADD) -> str:
    source, call = opened(text)
    SchemaCall(source, call).append(2, steps, 1)
    return source.edited


STYLES = {
    "one line": (
        'orders = Schema("o", Order, Version(1, codec="json"))  # all of them\n',
        'orders = Schema("o", Order, Version(1, codec="json"), Version(2, add("x")), writes=1)  # all of them\n',
    ),
    "one line, with more": (
        'orders = Schema("o", Order, Version(1), writes=1, keys={"a": "b"})\n',
        'orders = Schema("o", Order, Version(1), Version(2, add("x")), writes=1, keys={"a": "b"})\n',
    ),
    "one line, with a comma": (
        'orders = Schema("o", Order, Version(1), )\n',
        'orders = Schema("o", Order, Version(1), Version(2, add("x")), writes=1, )\n',
    ),
    "a line each": (
        'orders = Schema(\n    "o",\n    Order,\n    Version(1),\n    writes=1,\n)\n',
        'orders = Schema(\n    "o",\n    Order,\n    Version(1),\n    Version(2, add("x")),\n    writes=1,\n)\n',
    ),
    "without a comma": (
        'orders = Schema(\n    "o",\n    Order,\n    Version(1)\n)\n',
        'orders = Schema(\n    "o",\n    Order,\n    Version(1),\n    Version(2, add("x")),\n    writes=1\n)\n',
    ),
    "without a comma, with a comment": (
        'orders = Schema(\n    "o",\n    Order,\n    Version(1)  # old\n)\n',
        'orders = Schema(\n    "o",\n    Order,\n    Version(1),  # old\n    Version(2, add("x")),\n    writes=1\n)\n',
    ),
    "without a comma, closed at once": (
        'orders = Schema("o", Order,\n    Version(1))\n',
        'orders = Schema("o", Order,\n    Version(1),\n    Version(2, add("x")),\n    writes=1)\n',
    ),
    "comments": (
        'a = Schema(\n  "o", Order,  # what\n  # old\n  Version(1),  # the first\n  # writes stays\n  writes=1,\n)\n',
        (
            'a = Schema(\n  "o", Order,  # what\n  # old\n  Version(1),  # the first\n  Version(2, add("x")),\n'
            "  # writes stays\n  writes=1,\n)\n"
        ),
    ),
    "two on a line": (
        'a = Schema(\n    "o",\n    Order,\n    Version(1), writes=1,\n)\n',
        'a = Schema(\n    "o",\n    Order,\n    Version(1), Version(2, add("x")), writes=1,\n)\n',
    ),
    "hanging": (
        'a = Schema("o", Order, Version(1),  # old\n           writes=1)\n',
        'a = Schema("o", Order, Version(1),  # old\n           Version(2, add("x")),\n           writes=1)\n',
    ),
    "a version on several lines": (
        'a = Schema(\n    "o",\n    Order,\n    Version(\n        1,\n        codec="json",\n    ),\n    writes=1)\n',
        (
            'a = Schema(\n    "o",\n    Order,\n    Version(\n        1,\n        codec="json",\n    ),\n'
            '    Version(2, add("x")),\n    writes=1)\n'
        ),
    ),
    "tabs": (
        'a = Schema(\n\t"o",\n\tOrder,\n\tVersion(1),\n\twrites=1,\n)\n',
        'a = Schema(\n\t"o",\n\tOrder,\n\tVersion(1),\n\tVersion(2, add("x")),\n\twrites=1,\n)\n',
    ),
    "carriage returns": (
        'a = Schema(\r\n    "o", Order,\r\n    Version(1),\r\n)\r\n',
        'a = Schema(\r\n    "o", Order,\r\n    Version(1),\r\n    Version(2, add("x")),\r\n    writes=1,\r\n)\r\n',
    ),
    "no end of line": (
        'a = Schema("o", Order, Version(1))',
        'a = Schema("o", Order, Version(1), Version(2, add("x")), writes=1)',
    ),
    "another name": (
        'a = vs.Schema("o", Order, vs.Version(1), writes=1)\n',
        'a = vs.Schema("o", Order, vs.Version(1), vs.Version(2, add("x")), writes=1)\n',
    ),
    "keywords": (
        'a = Schema(name="o", model=Order, *(), **{})\n',
        "its versions are computed",
    ),
    "in a call": (
        'r = Registry(\n    Schema("ö", Order, Version(1)),  # ünïcode\n)\n',
        'r = Registry(\n    Schema("ö", Order, Version(1), Version(2, add("x")), writes=1),  # ünïcode\n)\n',
    ),
    "in a class": (
        'class A:\n  s = Schema[Order]("o", Order, Version(1), writes=1)\n',
        'class A:\n  s = Schema[Order]("o", Order, Version(1), Version(2, add("x")), writes=1)\n',
    ),
    "computed": ('a = Schema("o", Order, *VERSIONS, writes=1)\n', "its versions are computed"),
    "a variable": ('a = Schema("o", Order, V1, writes=1)\n', r"`V1` is not a `Version\(...\)` with a number"),
    "a computed number": ('a = Schema("o", Order, Version(N), writes=1)\n', r"`Version\(N\)` is not"),
    "no lines": ('a = Schema("o", Order)\n', "it has no version lines"),
}


@pytest.mark.parametrize(("before", "after"), STYLES.values(), ids=STYLES)
def test_a_line_more(before: str, after: str) -> None:
    if after.startswith(("its ", "it ", "`")):
        with pytest.raises(NotEditableError, match=after):
            appended(before)
    else:
        assert appended(before) == after


def test_what_is_left_open_has_lines_of_its_own() -> None:
    assert appended('a = Schema(\n\t"o",\n\tOrder,\n\tVersion(1),\n)\n', CHOICE) == (
        'a = Schema(\n\t"o",\n\tOrder,\n\tVersion(1),\n'
        '\tVersion(\n\t\t2,\n\t\tadd("x"),\n\t\t...,  # choose\n\t),\n\twrites=1,\n)\n'
    )
    assert appended('a = Schema("o", Order, Version(1), writes=1)\n', CHOICE) == (
        'a = Schema("o", Order, Version(1), Version(\n    2,\n    add("x"),\n    ...,  # choose\n), writes=1)\n'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('    Version(2, add("y")),\n', '    Version(2, add("x"), ...,  # choose\n     add("y")),\n'),
        ('    Version(2, codec="cbor"),\n', '    Version(2, add("x"), ...,  # choose\n     codec="cbor"),\n'),
        ("    Version(2),\n", '    Version(2, add("x"), ...  # choose\n    ),\n'),
        (
            '    Version(\n        2,\n        add("y"),\n    ),\n',
            '    Version(\n        2,\n        add("x"),\n        ...,  # choose\n        add("y"),\n    ),\n',
        ),
    ],
    ids=range(4),
)
def test_steps_more_in_a_draft(before: str, after: str) -> None:
    head, tail = 'a = Schema(\n    "o",\n    Order,\n    Version(1),\n', "    writes=1,\n)\n"
    source, call = opened(head + before + tail)
    SchemaCall(source, call).prepend_steps(2, CHOICE)
    assert source.edited == head + after + tail
    compile(source.edited, "a file", "exec")


def test_a_draft_whose_number_has_a_name() -> None:
    source, call = opened('a = Schema("o", Order, Version(1), Version(number=2, codec="json"))')
    with pytest.raises(NotEditableError, match="by name"):
        SchemaCall(source, call).prepend_steps(2, ADD)
    with pytest.raises(NotEditableError, match="version 3 does not stand"):
        SchemaCall(source, call).prepend_steps(3, ADD)


def test_the_write_version() -> None:
    source, call = opened('a = Schema("o", Order, Version(1), writes = 9)  # nine\n')
    assert not SchemaCall(source, call).set_writes(9)
    assert SchemaCall(source, call).set_writes(10)
    assert source.edited == 'a = Schema("o", Order, Version(1), writes = 10)  # nine\n'
    for text, told in ("writes=N", "is computed"), ("", "says no"):
        source, call = opened(f'a = Schema("o", Order, Version(1), {text})')
        with pytest.raises(NotEditableError, match=told):
            SchemaCall(source, call).set_writes(1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Version(1), Version(2), Version(3), writes=3", "Version(2), Version(3), writes=3, reserved={{{}}}"),
        (
            'Version(1), Version(2), Version(3), reserved = ("b",), writes=3',
            'Version(2), Version(3), reserved = ("b", {},), writes=3',
        ),
        ("Version(1), Version(2), reserved=[], writes=3", "Version(2), reserved={{{}}}, writes=3"),
        ("Version(1), Version(2), reserved={'a'}, writes=3", "Version(2), reserved={{'a'}}, writes=3"),
        (
            "\n    Version(1),  # old\n    # new\n    Version(2),\n    writes=3\n",
            "\n    # new\n    Version(2),\n    writes=3,\n    reserved={{{}}}\n",
        ),
        ("\n    Version(1), Version(2), writes=3\n", "\n    Version(2), writes=3, reserved={{{}}}\n"),
    ],
    ids=range(6),
)
def test_retired_lines(before: str, after: str) -> None:
    source, call = opened(f'a = Schema("o", Order, {before})')
    SchemaCall(source, call).retire(1, "Version(2)", ["a"])
    assert source.edited == f'a = Schema("o", Order, {after})'.replace("{}", '"a"').replace("{{", "{").replace(
        "}}", "}"
    )


def test_computed_reserved_names() -> None:
    source, call = opened('a = Schema("o", Order, Version(1), Version(2), reserved=NAMES)')
    with pytest.raises(NotEditableError, match='`reserved` is computed, and lacks "a"'):
        SchemaCall(source, call).retire(1, "Version(2)", ["a"])


def test_the_form_that_a_line_inherits() -> None:
    source, call = opened(
        'a = Schema("o", O, Version(1, codec=C(), framing="bare"), Version(2, framing="envelope", checksum=False),'
        ' Version(3, coding="gzip"), Version(4, framing="headers"), writes=3)'
    )
    schema = SchemaCall(source, call)
    assert schema.form(3) == {"codec": "C()", "framing": '"envelope"', "checksum": "False", "coding": '"gzip"'}
    assert schema.form(4) == {"codec": "C()", "framing": '"headers"', "coding": '"gzip"'}


def test_retired_values() -> None:
    source, call = opened('p = Parameter("p", {1: 5.0, 2: 10.0, 3: 20.0}, kind="at_most", writes=3)', "Parameter")
    retire_value(source, call, 2)
    assert source.edited == 'p = Parameter("p", {3: 20.0}, kind="at_most", writes=3)'
    source, call = opened('p = Parameter("p", versions={\n    1: 5.0,  # old\n    2: 10.0,\n}, writes=2)', "Parameter")
    retire_value(source, call, 1)
    assert source.edited == 'p = Parameter("p", versions={\n    2: 10.0,\n}, writes=2)'
    for values in "VALUES", "{1: 5.0, **MORE}", "{N: 5.0, 2: 10.0}":
        source, call = opened(f'p = Parameter("p", {values}, writes=2)', "Parameter")
        with pytest.raises(NotEditableError, match="computed"):
            retire_value(source, call, 1)
    source, call = opened('p = Parameter("p", {2: 10.0, 1: 5.0}, writes=2)', "Parameter")
    with pytest.raises(NotEditableError, match="ascending"):
        retire_value(source, call, 1)


def test_a_call_is_found_by_where_it_ends() -> None:
    text = 'é = (Schema("é", Order), Schema("b", Order))\n'
    source = Source(text)
    end = len(text[: text.index("),") + 1].encode())
    assert source.code(find(source, 1, end)) == 'Schema("é", Order)'
    for place in ((1, end - 1), (2, end)):
        with pytest.raises(NotEditableError, match="not found"):
            find(source, *place)


def test_a_text_that_is_no_python() -> None:
    with pytest.raises(ValueError, match="it is no Python"):
        Source("a = (")
