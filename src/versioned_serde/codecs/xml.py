"""XML, by lxml: elements, named like the attributes.

    <record>                                  the value; its attributes in the order of the shape
      <buyer>ada</buyer>                      text forms of `adapters.texts`; a value of any type as JSON text
      <lines><item>..</item></lines>          a list
      <note nil="true"/>                      null
      <note encoding="base64">AA==</note>     a str that XML cannot carry, such as control characters, as its UTF-8
      <entry key="two words">..</entry>       an attribute, or a map's value, whose name is not an ASCII element name
      <entry key64="AA==">..</entry>          the same for a name that XML cannot carry
      <gift raw="msgpack">oWE=</gift>         undeclared, kept from another codec

Maps are written like objects. The complement is the attribute `$kept`, and so an `entry`. There are no namespaces and
no XML attributes but these, and the payload is UTF-8 without an XML declaration; a reader accepts one.

A reader ignores comments, processing instructions and white space between elements; within an undeclared element it
keeps them. It refuses a DOCTYPE, other text between elements, two elements of one name, and foreign XML attributes on
declared elements. Mapping XML that other programs designed, with XML attributes of its own, is out of scope. libxml2
reads elements at most 256 deep, so `Limits.max_depth` counts up to 255 here, and texts of at most 10,000,000 bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from versioned_serde.adapters.json_text import JsonNodes, JsonPieces, encoded, parsed
from versioned_serde.adapters.reading import compile_reader
from versioned_serde.adapters.texts import mismatch, text_form, unwritable
from versioned_serde.adapters.writing import compile_writer
from versioned_serde.adapters.xml_items import exceeds
from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.items import json_items, too_many, unwritably_many
from versioned_serde.levels import too_deep, unwritably_deep
from versioned_serde.limits import Limits
from versioned_serde.protocols import Codec, PayloadCodec, ValueCodec
from versioned_serde.shape import ObjectType, ScalarName, Shape, Type
from versioned_serde.tree import Raw

NAME = "xml"
_RECORD, _VALUE, _ITEM, _ENTRY = "record", "value", "item", "entry"
_NIL = {"nil": "true"}
_BASE64 = {"encoding": "base64"}
_TEXT_BOUND = 10_000_000
_DEEPEST = 255
"""Elements in each other, less the text within the innermost one, that libxml2 reads without `huge_tree`."""

_has_uncarried = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
# Names that begin with `xml` are reserved, in any case; one that is too long is easier to read in quotes.
_is_element_name = re.compile(r"(?!xml|entry$)[a-z_][a-z0-9_.-]{0,199}", re.ASCII | re.IGNORECASE).fullmatch

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the class
Piece = Callable[[Element | None, str, dict[str, str]], Element]
"""Makes the element of a value, which does not know its name: parent (None for the root), name, XML attributes."""


class XmlCodec:
    """The codec `xml`."""

    name = NAME
    id = 4
    retains_unknown = True

    def check(self, shape: Shape) -> None:
        """XML can carry every shape."""

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        """An object as a document whose root is `record`."""
        encode, decode = _compiled(ObjectType(shape), limits, _RECORD)
        return PayloadCodec(encode, decode)

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        """A value as one element, `value`, whatever the name of its attribute."""
        encode, decode = _compiled(type_, limits, _VALUE)

        def read(raw: Raw) -> Any:
            if raw.codec != NAME:
                raise mismatch("a value in xml", "one in another codec")
            return decode(raw.data)

        return ValueCodec(lambda value: Raw(NAME, encode(value)), read)


def plugin() -> Codec:
    """The codec, for whoever looks plug-ins up by name."""
    return XmlCodec()


def _compiled(type_: Type, limits: Limits, root: str) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    limits = replace(limits, max_depth=min(limits.max_depth, _DEEPEST))  # what nobody could read is not written
    write = compile_writer(_Pieces(limits), type_, limits.max_depth)
    nodes = _Nodes(limits)
    read = compile_reader(nodes, type_, limits.max_depth)
    parser = _parser()

    def encode(value: Any) -> bytes:
        try:
            data = _serialized(write(value)(None, root, {}))
        except RecursionError:
            raise unwritably_deep() from None
        if len(data) > limits.max_items and (exceeds(data, limits.max_items) or not readable(data)):
            raise unwritably_many(limits)
        return data

    def readable(data: bytes) -> bool:
        try:
            if nodes.in_json:
                decode(data)
        except LimitError:
            return False
        return True

    def decode(data: bytes) -> Any:
        if exceeds(data, limits.max_items):
            raise too_many(limits)
        try:
            if nodes.in_json and len(data) > limits.max_items:
                # Nodes of its own, because they count together what is in all of its JSON texts.
                counting = _Nodes(limits, counting=True)
                return compile_reader(counting, type_, limits.max_depth)(_parsed(data, root, parser))
            return read(_parsed(data, root, parser))
        except RecursionError:
            raise too_deep(limits) from None

    return encode, decode


def _serialized(element: Element) -> bytes:
    return etree.tostring(element, encoding="utf-8", xml_declaration=False, with_tail=False)


def _parser() -> etree.XMLParser[Element]:
    # UTF-8 alone: in another encoding a payload could mean something else to whoever looks at its bytes.
    return etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)


def _parsed(data: bytes, root: str, parser: etree.XMLParser[Element]) -> Element:
    try:
        element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # libxml2's text may quote the payload.
        line, column = error.position
        raise PayloadError(f"The payload is not XML at line {line}, column {column}.") from None
    if element.getroottree().docinfo.internalDTD is not None:
        raise PayloadError("The payload has a DOCTYPE, which is never written and can be used for attacks.")
    if element.tag != root:
        raise PayloadError(f"The root of the payload is not the element `{root}`.")
    return element


def _children(node: Element, expected: str) -> Iterator[Element]:
    """The elements within one that holds nothing else."""
    _only(node, {})
    if node.text and not node.text.isspace():
        raise mismatch(expected, "text")
    for child in node:
        if child.tail and not child.tail.isspace():
            raise mismatch(expected, "elements with text between them")
        if type(child.tag) is str:  # a comment's tag is a function
            yield child


def _only(node: Element, allowed: dict[str, str]) -> None:
    """Refuses XML attributes other than those of the name, and than those allowed, all of which must be there."""
    if _own_attributes(node) != allowed:
        raise PayloadError(
            "The element has an XML attribute that it should not have, or lacks one.",
            hint="XML attributes that other programs add are not supported.",
        )


def _own_attributes(node: Element) -> dict[str, str]:
    found = dict(node.attrib)
    if node.tag == _ENTRY:
        found.pop("key", None)
        found.pop("key64", None)
    return found


def _name(node: Element) -> str:
    tag = str(node.tag)
    if tag.startswith("{"):
        raise PayloadError("An element is in a namespace.", hint="XML that other programs designed is not supported.")
    if tag != _ENTRY:
        return tag
    match node.get("key"), node.get("key64"):
        case (str(name), None):
            return name
        case (None, str(coded)):
            return _from_base64(coded)
    raise PayloadError("An `entry` does not have exactly one of `key` and `key64`.")


def _text(node: Element, expected: str) -> str:
    parts = [node.text]
    for child in node:
        if type(child.tag) is str:
            raise mismatch(expected, "elements")
        parts.append(child.tail)
    return "".join(filter(None, parts))


def _carried_text(node: Element) -> str:
    """Text that may be in base64."""
    if not _own_attributes(node):
        return _text(node, "str")
    _only(node, _BASE64)
    return _from_base64(_text(node, "str"))


_bytes = text_form("bytes", Limits())


def _from_base64(text: str) -> str:
    try:
        return str(_bytes.read(text), "utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise PayloadError("A str in base64 is not UTF-8.") from None


class _Nodes:
    """Elements, as `reading` wants them."""

    def __init__(self, limits: Limits, *, counting: bool = False) -> None:
        self._limits = limits
        self._counting = counting
        self._items = 0
        self.in_json = False

    def fields(self, node: Element) -> dict[str, Element]:
        found: dict[str, Element] = {}
        for child in _children(node, "object"):
            name = _name(child)
            if name in found:
                raise PayloadError("Two elements have the same name in one object.")
            found[name] = child
        return found

    def items(self, node: Element) -> list[Element]:
        found = list(_children(node, "list"))
        if any(child.tag != _ITEM for child in found):
            raise mismatch("list", "elements that are not `item`")
        return found

    def is_null(self, node: Element) -> bool:
        if "nil" not in node.attrib:
            return False
        _only(node, _NIL)
        if _text(node, "null"):
            raise mismatch("null", "text")
        return True

    def scalar(self, name: ScalarName) -> Callable[[Element], Any]:
        if name == "str":
            return _carried_text
        from_text = text_form(name, self._limits).read

        def read(node: Element) -> Any:
            _only(node, {})
            return from_text(_text(node, name))

        return read

    def anything(self, room: int) -> Callable[[Element], Any]:
        read_json, most = JsonNodes(self._limits).anything(room), self._limits.max_items
        self.in_json = True

        def read(node: Element) -> Any:
            text = _carried_text(node).encode("utf-8", "surrogatepass")
            if self._counting:
                self._items += json_items(text, most)
                if self._items > most:
                    raise too_many(self._limits)
            return read_json(parsed(text, self._limits))

        return read

    def raw(self, room: int) -> Callable[[Element], Raw]:
        def read(node: Element) -> Raw:
            found = _own_attributes(node)
            if "raw" in found:
                codec = found["raw"]
                _only(node, {"raw": codec})
                if codec == NAME:
                    raise PayloadError("An element of XML is kept like one of another codec.")
                return Raw(codec, _bytes.read(_text(node, "bytes")))
            if _nesting(node) > room:
                raise LimitError(
                    f"Objects and lists are nested deeper than {self._limits.max_depth}.", limit="max_depth"
                )
            # The name belongs to the object around it, so that a value stays the same under another name.
            if node.tag == _ENTRY:
                node.attrib.pop("key", None)
                node.attrib.pop("key64", None)
            node.tag = _VALUE
            return Raw(NAME, _serialized(node))

        return read


def _nesting(element: Element) -> int:
    """How many elements are nested around the innermost one: the objects and lists of the value."""
    deepest = depth = 0
    for event, _ in etree.iterwalk(element, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest - 1


class _Pieces:
    """Elements to be made, as `writing` wants them."""

    name = NAME

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    @property
    def null(self) -> Piece:
        return _leaf("", _NIL)

    def scalar(self, name: ScalarName) -> Callable[[Any], Piece]:
        write = text_form(name, self._limits).write
        return _written_text if name == "str" else lambda value: _leaf(write(value), {})

    def anything(self, room: int) -> Callable[[Any], Piece]:
        write = JsonPieces(self._limits).anything(room)
        return lambda value: _written_text(encoded(write(value)).decode())

    def key(self, name: str) -> tuple[str, dict[str, str]]:
        if _is_element_name(name):
            return name, {}
        if len(name) > _TEXT_BOUND // 4:
            raise UnwritableValueError("A name is longer than XML readers accept.")
        return _ENTRY, {"key64": _base64(name)} if _has_uncarried(name) else {"key": name}

    def members(self, pairs: list[tuple[tuple[str, dict[str, str]], Piece]]) -> Piece:
        def make(parent: Element | None, tag: str, attributes: dict[str, str]) -> Element:
            element = _element(parent, tag, attributes)
            for (name, key), piece in pairs:
                piece(element, name, key)
            return element

        return make

    def items(self, pieces: list[Piece]) -> Piece:
        return self.members([((_ITEM, {}), piece) for piece in pieces])

    def own(self, data: bytes) -> Piece:
        try:
            kept = _parsed(data, _VALUE, _parser())
        except PayloadError as error:
            raise UnwritableValueError(f"A kept value is damaged. {error.problem}") from None

        def make(parent: Element | None, tag: str, attributes: dict[str, str]) -> Element:
            kept.tag = tag
            own = dict(kept.attrib)
            kept.attrib.clear()  # so that the order is the same as that of a value which is written for the first time
            kept.attrib.update(attributes | own)
            if parent is not None:
                parent.append(kept)
            return kept

        return make

    def foreign(self, raw: Raw) -> Piece:
        if _has_uncarried(raw.codec):
            raise UnwritableValueError("The name of a kept value's codec is not text that XML can carry.")
        return _leaf(_bytes.write(raw.data), {"raw": raw.codec})


def _element(parent: Element | None, tag: str, attributes: dict[str, str]) -> Element:
    return etree.Element(tag, attributes) if parent is None else etree.SubElement(parent, tag, attributes)


def _base64(text: str) -> str:
    return _bytes.write(text.encode("utf-8", "surrogatepass"))


def _written_text(value: Any) -> Piece:
    if type(value) is not str:
        raise unwritable("str", value)
    return _leaf(_base64(value), _BASE64) if _has_uncarried(value) else _leaf(value, {})


def _leaf(text: str, own: dict[str, str]) -> Piece:
    if len(text) > _TEXT_BOUND // 4 and len(text.encode()) > _TEXT_BOUND:
        raise UnwritableValueError(f"A text of more than {_TEXT_BOUND} bytes is more than XML readers accept.")

    def make(parent: Element | None, tag: str, attributes: dict[str, str]) -> Element:
        element = _element(parent, tag, {**attributes, **own})
        element.text = text or None
        return element

    return make
